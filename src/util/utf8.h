/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_UTIL_UTF8_H
#define MOSH_UTIL_UTF8_H

/*
 * UTF-8 as in RFC 3629, a byte at a time, so that a character may be split between reads.
 * Ill-formed input becomes U+FFFD, one for each maximal subpart (The Unicode Standard, 3.9).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_REPLACEMENT 0xFFFDu
#define UTF8_BYTES_MAX   4

struct utf8_decoder {
    uint32_t partial;     /* bits of the character gathered so far */
    uint8_t missing;      /* continuation bytes still to come; 0 between characters */
    uint8_t lower, upper; /* range that the next continuation byte has to lie in */
};

enum utf8_result {
    UTF8_MORE,   /* byte taken, the character is not complete */
    UTF8_DONE,   /* byte taken, *out holds a character (or U+FFFD for a byte that can start none) */
    UTF8_BROKEN, /* byte NOT taken, *out is U+FFFD for what came before; feed the byte again */
};

enum utf8_result utf8_feed(struct utf8_decoder *d, uint8_t byte, uint32_t *out);

/*
 * The printable character at the front of `left` bytes, at least one, and how many it takes: 0 if
 * none is there that is whole, well-formed as utf8_feed has it, and no control. Of four bytes at
 * once, since a branch that depends on the length is foreseen seldom enough.
 */
static inline size_t utf8_take(const uint8_t *at, size_t left, uint32_t *code)
{
    uint32_t bytes = 0, c; /* the first in the lowest eight bits; none continues what is cut off */

    if (at[0] >= 0x20 && at[0] < 0x7F) {
        *code = at[0];
        return 1;
    }
    if (left >= UTF8_BYTES_MAX)
        bytes = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    else
        for (size_t i = 0; i < left; i++)
            bytes |= (uint32_t)at[i] << 8 * i;
    if ((bytes & 0xC0C0F0) == 0x8080E0) {
        *code = c = (bytes & 0x0F) << 12 | (bytes >> 2 & 0xFC0) | (bytes >> 16 & 0x3F);
        return c >= 0x800 && (c < 0xD800 || c > 0xDFFF) ? 3 : 0;
    }
    if ((bytes & 0xC0E0) == 0x80C0) {
        *code = c = (bytes & 0x1F) << 6 | (bytes >> 8 & 0x3F);
        return c >= 0xA0 ? 2 : 0;
    }
    if ((bytes & 0xC0C0C0F8) == 0x808080F0) {
        *code = c = (bytes & 0x07) << 18 | (bytes << 4 & 0x3F000) | (bytes >> 10 & 0xFC0) |
                    (bytes >> 24 & 0x3F);
        return c >= 0x10000 && c <= 0x10FFFF ? 4 : 0;
    }
    return 0;
}

/* Takes a character from the front of what is known to be well-formed. */
static inline uint32_t utf8_decode(const uint8_t **text)
{
    const uint8_t *at = *text;

    if (at[0] < 0x80) {
        *text += 1;
        return at[0];
    }
    if (at[0] < 0xE0) {
        *text += 2;
        return (at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu);
    }
    if (at[0] < 0xF0) {
        *text += 3;
        return (at[0] & 0x0Fu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
    }
    *text += 4;
    return (at[0] & 0x07u) << 18 | (at[1] & 0x3Fu) << 12 | (at[2] & 0x3Fu) << 6 | (at[3] & 0x3Fu);
}

/* Writes 1 to 4 bytes and returns how many. `c` must be a Unicode scalar value. */
size_t utf8_encode(uint32_t c, char out[UTF8_BYTES_MAX]);

/* Whether all of `bytes` is well-formed. */
bool utf8_valid(const uint8_t *bytes, size_t len);

#endif
