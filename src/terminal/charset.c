/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/charset.h"

#include <stddef.h>

#include "terminal/parser.h"

enum { FIRST_GRAPHIC = 0x5F, LAST_GRAPHIC = 0x7E };

/* clang-format off */
static const uint16_t graphics[LAST_GRAPHIC - FIRST_GRAPHIC + 1] = {
            0x0020, /* _ blank */
    0x25C6, 0x2592, /* ` diamond, a checkerboard */
    0x2409, 0x240C, /* b HT, c FF */
    0x240D, 0x240A, /* d CR, e LF */
    0x00B0, 0x00B1, /* f degree, g plus or minus */
    0x2424, 0x240B, /* h NL, i VT */
    0x2518, 0x2510, /* j, k: corners at the right, bottom and top */
    0x250C, 0x2514, /* l, m: corners at the left, top and bottom */
    0x253C,         /* n crossing */
    0x23BA, 0x23BB, /* o, p: horizontal lines, highest ... */
    0x2500,         /* q in the middle */
    0x23BC, 0x23BD, /* r, s: ... to lowest */
    0x251C, 0x2524, /* t, u: a tee to the right, to the left */
    0x2534, 0x252C, /* v, w: upwards, downwards */
    0x2502,         /* x vertical line */
    0x2264, 0x2265, /* y not greater, z not less */
    0x03C0, 0x2260, /* { pi, | not equal */
    0x00A3, 0x00B7, /* } pound, ~ centred dot */
};
/* clang-format on */

void charsets_designate(struct charsets *c, uint32_t key)
{
    static const struct {
        char final;
        uint8_t set;
    } sets[] = {{'0', CHARSET_GRAPHICS}, {'A', CHARSET_BRITISH}, {'B', CHARSET_ASCII}};
    uint32_t slot = (key >> 8) - '('; /* then come ) * + */

    if (slot >= sizeof c->set)
        return;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        if ((key & 0xFF) == (uint8_t)sets[i].final)
            c->set[slot] = sets[i].set;
    }
}

uint32_t charsets_translate(struct charsets *c, uint8_t code)
{
    uint8_t set = c->set[c->single ? c->single : c->shift];

    c->single = 0;
    if (set == CHARSET_GRAPHICS && code >= FIRST_GRAPHIC && code <= LAST_GRAPHIC)
        return graphics[code - FIRST_GRAPHIC];
    if (set == CHARSET_BRITISH && code == '#')
        return 0xA3;
    return code;
}
