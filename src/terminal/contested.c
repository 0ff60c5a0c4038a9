/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/contested.h"

#include "util/grapheme.h"
#include "util/utf8.h"

struct range {
    uint32_t first, last;
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Wide since Unicode 9 at the latest. Skin tones are not here: after an emoji they join it. */
static const struct range old_emoji[] = {
    {0x1F300, 0x1F320}, {0x1F32D, 0x1F335}, {0x1F337, 0x1F37C}, {0x1F37E, 0x1F393},
    {0x1F3A0, 0x1F3CA}, {0x1F3CF, 0x1F3D3}, {0x1F3E0, 0x1F3F0}, {0x1F3F8, 0x1F3FA},
    {0x1F400, 0x1F43E}, {0x1F442, 0x1F4FC}, {0x1F4FF, 0x1F53D}, {0x1F54B, 0x1F54E},
    {0x1F550, 0x1F567}, {0x1F595, 0x1F596}, {0x1F5FB, 0x1F64F}, {0x1F680, 0x1F6C5},
    {0x1F910, 0x1F91E}, {0x1F920, 0x1F927}, {0x1F933, 0x1F93E}, {0x1F940, 0x1F94B},
    {0x1F950, 0x1F95E}, {0x1F980, 0x1F991},
};

/* Combining marks of Latin, Greek and Cyrillic, Hebrew, Arabic, Thai, for symbols, and of kana. */
static const struct range old_marks[] = {
    {0x0300, 0x036F}, {0x0483, 0x0486}, {0x0591, 0x05BD}, {0x064B, 0x0652}, {0x0E31, 0x0E31},
    {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x20D0, 0x20DC}, {0x3099, 0x309A},
};

static bool is_in(uint32_t code, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    return false;
}

static bool is_contested_alone(uint32_t code, bool wide)
{
    if (code < 0x10000)
        return wide && code >= 0x2000 && code < 0x2E80;
    if (code >= 0x20000 && code <= 0x3FFFF)
        return false;
    return !(wide && is_in(code, old_emoji, COUNT(old_emoji)));
}

/* A letter and old marks, or another cluster. `fine`: a mark that is not contested either. */
static bool is_contested_cluster(const char *utf8, size_t len, bool wide, uint32_t fine)
{
    const uint8_t *at = (const uint8_t *)utf8, *end = at + len;
    uint32_t base = utf8_decode(&at);

    if (base >= 0x10000 || is_contested_alone(base, wide))
        return true;
    while (at < end) {
        uint32_t mark = utf8_decode(&at);
        if (mark != fine && !is_in(mark, old_marks, COUNT(old_marks)))
            return true;
    }
    return false;
}

bool narrow_text_is_contested(const char *utf8, size_t len)
{
    return is_contested_cluster(utf8, len, false, GRAPHEME_EMOJI_STYLE);
}

bool cell_is_contested(const struct pool *pool, struct cell c)
{
    uint32_t code = c.glyph & CELL_CODE_MASK;
    bool wide = c.glyph & CELL_WIDE;
    struct cluster_text text;

    if (c.glyph & CELL_SPELLED) /* its marks are old */
        code &= CELL_LETTER_MASK;
    if (!(c.glyph & CELL_CLUSTER) || c.glyph & CELL_SPELLED)
        return code >= 0x2000 && is_contested_alone(code, wide);
    text = pool_cluster(pool, c.glyph);
    return is_contested_cluster(text.bytes, text.len, wide, 0);
}
