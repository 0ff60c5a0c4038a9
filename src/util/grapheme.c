/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "util/grapheme.h"

#include "util/grapheme_table.h"
#include "util/width.h"

/* Values of the property Grapheme_Cluster_Break; and, apart from these, Extended_Pictographic and
   the values of Indic_Conjunct_Break, each within the one value of the former that it has. */
enum class {
    OTHER,
    CONTROL, /* and CR and LF: what comes between them is no matter here */
    EXTEND,
    ZWJ,
    REGIONAL_INDICATOR,
    PREPEND,
    SPACING_MARK,
    HANGUL_L,
    HANGUL_V,
    HANGUL_T,
    HANGUL_LV,
    HANGUL_LVT,
    PICTOGRAPHIC,
    CONSONANT,
    LINKER, /* an Extend: a virama that joins consonants */
    ZWNJ,   /* an Extend, but it ends a conjunct */
};

static enum class class_of(uint32_t c) {
    if (c > 0x10FFFF) return CONTROL;
    return (enum class)(grapheme_blocks[grapheme_index[c >> 8]][(c & 0xFF) >> 1] >> (c & 1) * 4 &
                        15);
}

static bool extends(enum class c)
{
    return c == EXTEND || c == LINKER || c == ZWNJ;
}

/* GB6 to GB8 */
static bool joins_syllable(enum class before, enum class after)
{
    switch (before) {
    case HANGUL_L:
        return after == HANGUL_L || after == HANGUL_V || after == HANGUL_LV || after == HANGUL_LVT;
    case HANGUL_V:
    case HANGUL_LV:
        return after == HANGUL_V || after == HANGUL_T;
    case HANGUL_T:
    case HANGUL_LVT:
        return after == HANGUL_T;
    default:
        return false;
    }
}

enum { EMOJI_NONE, EMOJI_BEGUN, EMOJI_JOINER };
enum { CONJUNCT_NONE, CONJUNCT_BEGUN, CONJUNCT_LINKED };

static bool joins(const struct grapheme *g, enum class before, enum class after)
{
    if (before == CONTROL || after == CONTROL)
        return false; /* GB4, GB5 */
    if (joins_syllable(before, after))
        return true;
    if (extends(after) || after == ZWJ || after == SPACING_MARK || before == PREPEND)
        return true; /* GB9, GB9a, GB9b */
    if (after == CONSONANT)
        return g->conjunct == CONJUNCT_LINKED; /* GB9c */
    if (after == PICTOGRAPHIC)
        return g->emoji == EMOJI_JOINER;           /* GB11 */
    return after == REGIONAL_INDICATOR && g->flag; /* GB12, GB13 */
}

static void follow(struct grapheme *g, enum class c)
{
    if (c == PICTOGRAPHIC)
        g->emoji = EMOJI_BEGUN;
    else if (c == ZWJ && g->emoji == EMOJI_BEGUN)
        g->emoji = EMOJI_JOINER;
    else if (!extends(c) || g->emoji == EMOJI_JOINER)
        g->emoji = EMOJI_NONE;

    if (c == CONSONANT)
        g->conjunct = CONJUNCT_BEGUN;
    else if (c == LINKER && g->conjunct == CONJUNCT_BEGUN)
        g->conjunct = CONJUNCT_LINKED;
    else if (c != LINKER && c != EXTEND && c != ZWJ)
        g->conjunct = CONJUNCT_NONE;

    g->flag = c == REGIONAL_INDICATOR && !g->flag;
    g->previous = (uint8_t)(c + 1);
}

bool grapheme_joins(struct grapheme *g, uint32_t code)
{
    enum class c = class_of(code);
    bool joined = g->previous != 0 && joins(g, (enum class)(g->previous - 1), c);

    follow(g, c);
    return joined;
}

bool grapheme_has_emoji_style(uint32_t code)
{
    size_t low = 0, high = sizeof emoji_styled / sizeof *emoji_styled;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (code > emoji_styled[middle][1])
            low = middle + 1;
        else
            high = middle;
    }
    return low < sizeof emoji_styled / sizeof *emoji_styled && code >= emoji_styled[low][0];
}
