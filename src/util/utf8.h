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

static inline bool utf8_continues(uint8_t byte)
{
    return (byte & 0xC0) == 0x80;
}

/* How many bytes, 2 to 4, the character at the front of `left` bytes takes; 0 if it is ASCII, not
   whole, or ill-formed. The same characters that utf8_feed takes (table 3-7 of The Unicode
   Standard). */
static inline size_t utf8_length(const uint8_t *at, size_t left)
{
    if (left < 2 || at[0] < 0xC2 || !utf8_continues(at[1]))
        return 0;
    if (at[0] < 0xE0)
        return 2;
    if (left < 3 || !utf8_continues(at[2]))
        return 0;
    if (at[0] < 0xF0)
        return (at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F) ? 0 : 3;
    if (left < 4 || !utf8_continues(at[3]) || at[0] > 0xF4)
        return 0;
    return (at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F) ? 0 : 4;
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
