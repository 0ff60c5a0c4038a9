/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_UTIL_GRAPHEME_H
#define MOSH_UTIL_GRAPHEME_H

/*
 * Where a grapheme cluster ends: what a user takes for one character (UAX #29, extended grapheme
 * clusters, with conjuncts of Indic scripts as of Unicode 15.1). grapheme_table.h is made by
 * scripts/gen-grapheme from the Unicode Character Database of the version that width.h names.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What has to be known of the text before a code point. {0} is the beginning of a text, or that
   nothing is known. */
struct grapheme {
    uint8_t previous; /* class of the last code point, and one more */
    uint8_t emoji;    /* how far the text is on the way to be joined by ZWJ */
    uint8_t conjunct; /* the same by a virama */
    bool flag;        /* a regional indicator that lacks its other half */
};

/* Takes the next code point. True if it belongs to the cluster of the one before. */
bool grapheme_joins(struct grapheme *g, uint32_t code);

/* VARIATION SELECTOR-16 */
#define GRAPHEME_EMOJI_STYLE 0xFE0F

/* Whether U+FE0F after this one asks for the emoji, which takes two columns. */
bool grapheme_has_emoji_style(uint32_t code);

/* A flag is made of two of them. */
static inline bool grapheme_is_regional_indicator(uint32_t code)
{
    return code >= 0x1F1E6 && code <= 0x1F1FF;
}

#endif
