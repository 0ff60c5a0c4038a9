/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/cluster.h"

#include <string.h>

#include "terminal/pool.h"
#include "util/grapheme.h"
#include "util/utf8.h"
#include "util/width.h"

/* U+FE0F takes the symbol before it to two columns in some terminals, and in others not. */
static size_t columns_at_most(uint32_t code, uint32_t before)
{
    int columns = width_of(code);

    if (code == 0xFE0F)
        return grapheme_has_emoji_style(before) && width_of(before) == 1;
    return columns > 0 ? (size_t)columns : 0;
}

struct cluster_part cluster_fitting(const char *utf8, size_t len, size_t width)
{
    static const char joiner[] = "\xE2\x80\x8D";
    const uint8_t *at = (const uint8_t *)utf8, *end = at + len;
    struct cluster_part part = {0};
    uint32_t before = 0;

    for (size_t most = 0; at < end && part.len < CLUSTER_STOCK_TAKES_BELOW;) {
        uint32_t code = utf8_decode(&at);
        int columns = width_of(code);
        most += columns_at_most(code, before);
        if (most > width && width > 1)
            break;
        if (columns > 0 && part.width + (size_t)columns > width)
            break;
        part.width += columns > 0 ? (size_t)columns : 0;
        part.characters += columns > 0;
        part.len = (size_t)(at - (const uint8_t *)utf8);
        before = code;
    }
    /* What it would have joined is not there. */
    while (part.len < len && part.len > 3 && memcmp(utf8 + part.len - 3, joiner, 3) == 0)
        part.len -= 3;
    return part;
}

bool cluster_is_settled(const char *utf8, size_t len, size_t width)
{
    struct cluster_part part = cluster_fitting(utf8, len, width);

    return part.len == len && part.width == width && part.characters == 1;
}
