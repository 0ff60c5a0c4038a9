/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/charset.h"

#include <stddef.h>
#include <string.h>

#include "terminal/parser.h"

enum { FIRST_GRAPHIC = 0x5F, LAST_GRAPHIC = 0x7E, FIRST_TECHNICAL = 0x21 };

#define NOTHING 0xFFFD /* a place that no character has */

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

static const uint16_t technical[LAST_GRAPHIC - FIRST_TECHNICAL + 1] = {
            0x23B7, 0x250C, 0x2500, 0x2320, 0x2321, 0x2502, 0x23A1, /* !"#$%&' */
    0x23A3, 0x23A4, 0x23A6, 0x239B, 0x239D, 0x239E, 0x23A0, 0x23A8, /* ()*+,-./ */
    0x23AC, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, /* 0 to 7 */
    NOTHING, NOTHING, NOTHING, NOTHING, 0x2264, 0x2260, 0x2265, 0x222B, /* 89:;<=>? */
    0x2234, 0x221D, 0x221E, 0x00F7, 0x0394, 0x2207, 0x03A6, 0x0393, /* @ABCDEFG */
    0x223C, 0x2243, 0x0398, 0x00D7, 0x039B, 0x21D4, 0x21D2, 0x2261, /* HIJKLMNO */
    0x03A0, 0x03A8, NOTHING, 0x03A3, NOTHING, NOTHING, 0x221A, 0x03A9, /* PQRSTUVW */
    0x039E, 0x03A5, 0x2282, 0x2283, 0x2229, 0x222A, 0x2227, 0x2228, /* XYZ[\]^_ */
    0x00AC, 0x03B1, 0x03B2, 0x03C7, 0x03B4, 0x03B5, 0x03C6, 0x03B3, /* `abcdefg */
    0x03B7, 0x03B9, 0x03B8, 0x03BA, 0x03BB, NOTHING, 0x03BD, 0x2202, /* hijklmno */
    0x03C0, 0x03C8, 0x03C1, 0x03C3, 0x03C4, NOTHING, 0x0192, 0x03C9, /* pqrstuvw */
    0x03BE, 0x03C5, 0x03B6, 0x2190, 0x2191, 0x2192, 0x2193,         /* xyz{|}~ */
};

/* Where national sets differ from ASCII, and from each other. */
static const char national_places[] = "#@[\\]^_`{|}~";

static const uint16_t national[][sizeof national_places - 1] = {
    /* NOLINTNEXTLINE(misc-redundant-expression): the first of a range that begins with it. */
    [CHARSET_BRITISH - CHARSET_BRITISH]         = {0xA3, '@', '[', '\\', ']', '^', '_', '`', '{', '|', '}', '~'},
    [CHARSET_DUTCH - CHARSET_BRITISH]           = {0xA3, 0xBE, 0x133, 0xBD, '|', '^', '_', '`', 0xA8, 0x192, 0xBC, 0xB4},
    [CHARSET_FINNISH - CHARSET_BRITISH]         = {'#', '@', 0xC4, 0xD6, 0xC5, 0xDC, '_', 0xE9, 0xE4, 0xF6, 0xE5, 0xFC},
    [CHARSET_FRENCH - CHARSET_BRITISH]          = {0xA3, 0xE0, 0xB0, 0xE7, 0xA7, '^', '_', '`', 0xE9, 0xF9, 0xE8, 0xA8},
    [CHARSET_FRENCH_CANADIAN - CHARSET_BRITISH] = {'#', 0xE0, 0xE2, 0xE7, 0xEA, 0xEE, '_', 0xF4, 0xE9, 0xF9, 0xE8, 0xFB},
    [CHARSET_GERMAN - CHARSET_BRITISH]          = {'#', 0xA7, 0xC4, 0xD6, 0xDC, '^', '_', '`', 0xE4, 0xF6, 0xFC, 0xDF},
    [CHARSET_ITALIAN - CHARSET_BRITISH]         = {0xA3, 0xA7, 0xB0, 0xE7, 0xE9, '^', '_', 0xF9, 0xE0, 0xF2, 0xE8, 0xEC},
    [CHARSET_NORWEGIAN - CHARSET_BRITISH]       = {'#', 0xC4, 0xC6, 0xD8, 0xC5, 0xDC, '_', 0xE4, 0xE6, 0xF8, 0xE5, 0xFC},
    [CHARSET_PORTUGUESE - CHARSET_BRITISH]      = {'#', '@', 0xC3, 0xC7, 0xD5, '^', '_', '`', 0xE3, 0xE7, 0xF5, '~'},
    [CHARSET_SPANISH - CHARSET_BRITISH]         = {0xA3, 0xA7, 0xA1, 0xD1, 0xBF, '^', '_', '`', 0xB0, 0xF1, 0xE7, '~'},
    [CHARSET_SWEDISH - CHARSET_BRITISH]         = {'#', 0xC9, 0xC4, 0xD6, 0xC5, 0xDC, '_', 0xE9, 0xE4, 0xF6, 0xE5, 0xFC},
    [CHARSET_SWISS - CHARSET_BRITISH]           = {0xF9, 0xE0, 0xE9, 0xE7, 0xEA, 0xEE, 0xE8, 0xF4, 0xE4, 0xF6, 0xFC, 0xFB},
};

/* What comes after the slot's character in an escape sequence, as a PARSER_KEY of the rest. */
static const struct {
    uint16_t name;
    uint8_t set;
} sets[] = {
    {'0', CHARSET_GRAPHICS},
    {'B', CHARSET_ASCII},
    {'<', CHARSET_SUPPLEMENTAL}, {'%' << 8 | '5', CHARSET_SUPPLEMENTAL},
    {'>', CHARSET_TECHNICAL},
    {'A', CHARSET_BRITISH},
    {'4', CHARSET_DUTCH},
    {'5', CHARSET_FINNISH}, {'C', CHARSET_FINNISH},
    {'R', CHARSET_FRENCH}, {'f', CHARSET_FRENCH},
    {'9', CHARSET_FRENCH_CANADIAN}, {'Q', CHARSET_FRENCH_CANADIAN},
    {'K', CHARSET_GERMAN},
    {'Y', CHARSET_ITALIAN},
    {'6', CHARSET_NORWEGIAN}, {'E', CHARSET_NORWEGIAN}, {'`', CHARSET_NORWEGIAN},
    {'%' << 8 | '6', CHARSET_PORTUGUESE},
    {'Z', CHARSET_SPANISH},
    {'7', CHARSET_SWEDISH}, {'H', CHARSET_SWEDISH},
    {'=', CHARSET_SWISS},
};
/* clang-format on */

static void designate_94(struct charsets *c, uint32_t slot, uint32_t name, bool with_national)
{
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        if (sets[i].name == name && (with_national || sets[i].set <= CHARSET_BRITISH))
            c->set[slot] = sets[i].set;
    }
}

void charsets_designate(struct charsets *c, uint32_t key, bool with_national)
{
    bool two = key > 0xFFFF; /* intermediates */
    uint32_t first = two ? key >> 16 : key >> 8, name = two ? key & 0xFFFF : key & 0xFF;

    if (first >= '(' && first <= '+')
        designate_94(c, first - '(', name, with_national);
    else if (first >= '-' && first <= '/' && name == 'A')
        c->set[first - ','] = CHARSET_LATIN1; /* G0 holds no set of 96 */
}

/* DEC's set is older than Latin-1, and has five of its characters in other places. */
static uint32_t supplemental(uint8_t code)
{
    switch (code) {
    case 0x28:
        return 0xA4; /* currency sign */
    case 0x57:
        return 0x152; /* OE */
    case 0x5D:
        return 0x178; /* Y with diaeresis */
    case 0x77:
        return 0x153;
    case 0x7D:
        return 0xFF;
    default:
        return code | 0x80u;
    }
}

static uint32_t in_national(uint8_t set, uint8_t code)
{
    const char *place = strchr(national_places, code);

    return place ? national[set - CHARSET_BRITISH][place - national_places] : code;
}

uint32_t charsets_translate(struct charsets *c, uint8_t code)
{
    uint8_t set = c->set[c->single ? c->single : c->shift];

    c->single = 0;
    switch (set) {
    case CHARSET_ASCII:
        return code;
    case CHARSET_GRAPHICS:
        return code >= FIRST_GRAPHIC ? graphics[code - FIRST_GRAPHIC] : code;
    case CHARSET_SUPPLEMENTAL:
        return code >= FIRST_TECHNICAL ? supplemental(code) : code;
    case CHARSET_TECHNICAL:
        return code >= FIRST_TECHNICAL ? technical[code - FIRST_TECHNICAL] : code;
    case CHARSET_LATIN1:
        return code | 0x80u;
    default:
        return in_national(set, code);
    }
}
