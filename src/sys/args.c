/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/args.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool args_has_controls(const char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7F)
            return true;
    }
    return false;
}

int args_decimal(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
    uint64_t n = 0;

    if (!*text)
        return -1;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return -1;
        uint64_t digit = (uint64_t)(*text - '0');
        if (n > (UINT64_MAX - digit) / 10)
            return -1;
        n = n * 10 + digit;
    }
    if (n < min || n > max)
        return -1;
    *out = n;
    return 0;
}

const char *args_port_range(const char *text, struct port_range *out)
{
    char low_text[8];
    const char *colon = strchr(text, ':');
    size_t low_len = colon ? (size_t)(colon - text) : strlen(text);
    uint64_t low, high;

    if (!*text) {
        *out = (struct port_range){0, 0};
        return NULL;
    }
    if (low_len >= sizeof low_text)
        return "a port is a decimal number from 0 to 65535";
    memcpy(low_text, text, low_len);
    low_text[low_len] = '\0';
    if (args_decimal(low_text, 0, UINT16_MAX, &low) != 0 ||
        (colon && args_decimal(colon + 1, 0, UINT16_MAX, &high) != 0))
        return "a port is a decimal number from 0 to 65535";
    if (!colon)
        high = low;
    if (colon && low == 0)
        return "port 0, which lets the system choose, cannot begin a range";
    if (low > high)
        return "the range ends below its beginning";
    *out = (struct port_range){(uint16_t)low, (uint16_t)high};
    return NULL;
}

static PRINTF_LIKE(2, 0) void say(const char *program, const char *format, va_list args)
{
    fprintf(stderr, "%s: ", program);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
}

void args_fail(const char *program, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(program, format, args);
    va_end(args);
    exit(1);
}

void args_warn(const char *program, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(program, format, args);
    va_end(args);
}
