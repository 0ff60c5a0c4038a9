/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "util/log.h"

#include <stdarg.h>
#include <stdio.h>

/* A longer line is cut. Escaping makes up to four characters out of one. */
enum { LINE_BYTES_MAX = 512, ESCAPE_CHARS = 4 };

static struct {
    log_sink *sink;
    void *context;
} target;

void log_set_sink(log_sink *sink, void *context)
{
    target.sink = sink;
    target.context = context;
}

/* Everything but printable ASCII is escaped, and the backslash itself, so that it can be undone. */
static void escape(const char *raw, char *out)
{
    static const char hex[] = "0123456789abcdef";
    for (; *raw; raw++) {
        unsigned char c = (unsigned char)*raw;
        if (c >= 0x20 && c < 0x7F && c != '\\') {
            *out++ = (char)c;
        } else {
            *out++ = '\\';
            *out++ = 'x';
            *out++ = hex[c >> 4];
            *out++ = hex[c & 15];
        }
    }
    *out = '\0';
}

void log_debug(const char *format, ...)
{
    if (!target.sink)
        return;
    char raw[LINE_BYTES_MAX];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(raw, sizeof raw, format, args);
    va_end(args);
    if (len < 0)
        return;
    char line[(LINE_BYTES_MAX - 1) * ESCAPE_CHARS + 1];
    escape(raw, line);
    target.sink(target.context, line);
}
