/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "launch/visible.h"

enum { SAY_BYTES_MAX = 1024 };

static void (*before)(void);

bool say_result(const struct buf *text)
{
    return fwrite(text->data, 1, text->len, stdout) == text->len && fflush(stdout) == 0;
}

void say_before(void (*hook)(void))
{
    before = hook;
}

void write_all(int fd, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    while (len > 0) {
        ssize_t written = write(fd, at, len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        at += written;
        len -= (size_t)written;
    }
}

static PRINTF_LIKE(1, 0) void say_list(const char *format, va_list args)
{
    char raw[SAY_BYTES_MAX];
    struct visible v = {0};
    struct buf line = {0};
    vsnprintf(raw, sizeof raw, format, args);
    for (char *p = raw; *p; p++) { /* one line is one line */
        if (*p == '\n' || *p == '\r')
            *p = ' ';
    }
    buf_append_str(&line, "mosh: ");
    visible_put(&v, raw, strlen(raw), &line);
    visible_end(&v, &line);
    buf_append_byte(&line, '\n');
    if (before)
        before();
    write_all(STDERR_FILENO, line.data, line.len); /* in one go: ssh may be writing too */
    buf_release(&line);
}

void say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say_list(format, args);
    va_end(args);
}

void die(enum exit_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say_list(format, args);
    va_end(args);
    exit((int)status);
}
