/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_UTIL_WIDTH_H
#define MOSH_UTIL_WIDTH_H

/*
 * How many columns a character takes. Both ends use this table and never the C library's, so they
 * agree whatever systems they run on. width_table.h is made by scripts/gen-width from the Unicode
 * Character Database of the version named here.
 *
 *   2   East Asian Width W and F (UAX #11; CJK planes, assigned or not), emoji presentation, what
 *       is reserved for emoji, U+3248..324F (numbers on black squares), U+4DC0..4DFF (hexagrams)
 *   0   combining marks (Mn, Me), format characters (Cf: ZWJ, ZWNJ, BOM, bidi controls, tags),
 *       and medial and final Hangul Jamo, which join the consonant before them
 *   1   all others: spacing marks, ambiguous ones, private use, unassigned; U+00AD (soft hyphen)
 *       and the signs that enclose what follows (U+0600..0605 and others), though these are Cf
 *  -1   what never prints: C0, DEL, C1, surrogates, noncharacters, U+2028 and U+2029, values
 *       beyond U+10FFFF
 *
 * A stock peer asks its C library. Where glibc 2.36 (Unicode 14) knows a character, the value here
 * is glibc's; test_width compares all of them. That decided the hexagrams, the numbers on black
 * squares, the Jamo and the enclosing signs, on which other tables differ. Where glibc answers -1
 * the stock peer drops the character: that is so for what is unassigned and for what came with
 * Unicode 15, and there the two ends differ until the next absolute cursor motion.
 */

#include <stdint.h>

#define WIDTH_UNICODE_VERSION "15.0.0"

/* Changes whenever an answer of these tables does: two ends with the same one agree on everything.
 */
#define WIDTH_TABLE_VERSION 1

extern const uint8_t width_index[4352], width_blocks[107][64]; /* for the function alone */

/* The columns of `c`: 0, 1, 2 or -1. */
static inline int width_of(uint32_t c)
{
    int bits;

    if (c >= 0x20 && c < 0x7F)
        return 1; /* nearly all there ever is */
    if (c > 0x10FFFF)
        return -1;
    bits = width_blocks[width_index[c >> 8]][(c & 0xFF) >> 2] >> (c & 3) * 2 & 3;
    return bits == 3 ? -1 : bits;
}

#endif
