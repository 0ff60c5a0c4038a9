/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_UTIL_HEX_H
#define MOSH_UTIL_HEX_H

/* Hexadecimal digits, in either case. */

#include <stdint.h>

/* The value of one, or -1. */
static inline int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif
