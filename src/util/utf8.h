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

/* Writes 1 to 4 bytes and returns how many. `c` must be a Unicode scalar value. */
size_t utf8_encode(uint32_t c, char out[UTF8_BYTES_MAX]);

/* Whether all of `bytes` is well-formed. */
bool utf8_valid(const uint8_t *bytes, size_t len);

#endif
