/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/style.h"

#include <stddef.h>
#include <string.h>

/* The codes that follow "CSI 0", in the order in which stock mosh writes its own. */
static const struct {
    uint16_t attribute;
    char code;
} attribute_codes[] = {
    {STYLE_BOLD, '1'},    {STYLE_FAINT, '2'},     {STYLE_ITALIC, '3'}, {STYLE_BLINK, '5'},
    {STYLE_INVERSE, '7'}, {STYLE_INVISIBLE, '8'}, {STYLE_STRUCK, '9'},
};

bool style_equal(const struct style *a, const struct style *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

struct style style_erased(const struct style *pen)
{
    return (struct style){.background = pen->background};
}

/* `base` is 30 for the foreground and 40 for the background. */
static void put_colour(uint32_t colour, uint64_t base, struct buf *out)
{
    uint32_t value = COLOUR_VALUE(colour);

    if (colour == COLOUR_DEFAULT)
        return;
    buf_append_byte(out, ';');
    if (COLOUR_KIND(colour) == COLOUR_INDEXED && value < 8) {
        buf_append_dec(out, base + value);
        return;
    }
    buf_append_dec(out, base + 8);
    if (COLOUR_KIND(colour) == COLOUR_INDEXED) {
        buf_append_str(out, ";5;");
        buf_append_dec(out, value & 0xFF);
        return;
    }
    buf_append_str(out, ";2;");
    buf_append_dec(out, value >> 16);
    buf_append_byte(out, ';');
    buf_append_dec(out, value >> 8 & 0xFF);
    buf_append_byte(out, ';');
    buf_append_dec(out, value & 0xFF);
}

void style_put_sgr(const struct style *s, struct buf *out)
{
    buf_append_str(out, "\033[0");
    for (size_t i = 0; i < sizeof attribute_codes / sizeof *attribute_codes; i++) {
        /* Kept in numerical order: 4 comes between 3 and 5. */
        if (attribute_codes[i].code == '5' && s->underline != UNDERLINE_NONE)
            buf_append_str(out, ";4");
        if (s->attributes & attribute_codes[i].attribute) {
            buf_append_byte(out, ';');
            buf_append_byte(out, (uint8_t)attribute_codes[i].code);
        }
    }
    put_colour(s->foreground, 30, out);
    put_colour(s->background, 40, out);
    if (s->attributes & STYLE_OVERLINE)
        buf_append_str(out, ";53");
    buf_append_byte(out, 'm');
}
