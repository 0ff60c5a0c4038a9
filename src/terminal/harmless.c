/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/harmless.h"

#include <stdbool.h>

#include "util/buf.h"
#include "util/utf8.h"

static bool is_harmless(uint32_t c)
{
    static const uint32_t ranges[][2] = {
        {0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C},
        {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069},
    };

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (c >= ranges[i][0] && c <= ranges[i][1])
            return false;
    }
    return true;
}

struct text *harmless_text(const uint8_t *bytes, size_t len, size_t characters_max)
{
    struct utf8_decoder decoder = {0};
    struct buf clean = {0};
    struct text *result;
    uint32_t c;

    for (size_t i = 0; i < len && characters_max > 0; i++) {
        char utf8[UTF8_BYTES_MAX];
        if (utf8_feed(&decoder, bytes[i], &c) != UTF8_DONE || !is_harmless(c))
            continue;
        buf_append(&clean, utf8, utf8_encode(c, utf8));
        characters_max--;
    }
    result = text_new(clean.data, clean.len);
    buf_release(&clean);
    return result;
}
