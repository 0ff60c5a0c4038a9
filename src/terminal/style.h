/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_STYLE_H
#define MOSH_TERMINAL_STYLE_H

/*
 * How a character looks: colours, attributes, underline and hyperlink. A style is a plain value
 * without padding, so that two are equal exactly when their bytes are.
 */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "util/buf.h"

/* A colour: the terminal's own, an index into the palette of 256, or direct RGB. The sixteen basic
   colours are palette entries 0 to 15. */
#define COLOUR_DEFAULT  0u
#define COLOUR_INDEXED  0x01000000u /* | index 0..255 */
#define COLOUR_RGB      0x02000000u /* | 0xRRGGBB */
#define COLOUR_KIND(c)  ((c)&0xFF000000u)
#define COLOUR_VALUE(c) ((c)&0x00FFFFFFu)

enum style_attribute {
    STYLE_BOLD = 1 << 0,
    STYLE_FAINT = 1 << 1,
    STYLE_ITALIC = 1 << 2,
    STYLE_BLINK = 1 << 3,
    STYLE_INVERSE = 1 << 4,
    STYLE_INVISIBLE = 1 << 5,
    STYLE_STRUCK = 1 << 6,
    STYLE_OVERLINE = 1 << 7,
    STYLE_RAPID_BLINK = 1 << 8, /* instead of STYLE_BLINK, never beside it */
};

enum style_underline {
    UNDERLINE_NONE,
    UNDERLINE_SINGLE,
    UNDERLINE_DOUBLE,
    UNDERLINE_CURLY,
    UNDERLINE_DOTTED,
    UNDERLINE_DASHED,
};

#define STYLE_WORDS 3

struct style {
    union {
        struct {
            uint32_t foreground;
            uint32_t background;
            uint32_t underline_colour;
            uint16_t attributes; /* of enum style_attribute */
            uint16_t underline;  /* enum style_underline */
            uint32_t link;       /* hyperlink of the pool, 0 for none */
            uint32_t unused;     /* 0 */
        };
        uint64_t word[STYLE_WORDS]; /* all of it, for those who copy and compare */
    };
};

static inline bool style_equal(const struct style *a, const struct style *b)
{
    return ((a->word[0] ^ b->word[0]) | (a->word[1] ^ b->word[1]) | (a->word[2] ^ b->word[2])) == 0;
}

/* What an erased cell keeps of the pen: the background alone (BCE). */
struct style style_erased(const struct style *pen);

/* How a style is written. */
enum style_form {
    /* "CSI 0 ; ... m", which sets exactly this style from any other, as stock mosh writes it:
       colours after semicolons, those of the palette from 8 on as 38;5;n. What stock does not know,
       it gets no style with (reduce.h); the colour of the underline has colons, since stock would
       take what follows semicolons for codes of their own. */
    STYLE_FORM_SET,
    STYLE_FORM_SET_16, /* the same for a terminal with 16 colours: the bright ones as 90 and 100 */
    STYLE_FORM_REPORT, /* what DECRQSS answers: no CSI, all colours after colons */
};

/* Appends the SGR sequence (ECMA-48 8.3.117) of a style, but for the hyperlink. */
void style_put_sgr(const struct style *s, enum style_form form, struct buf *out);

/* The same for a terminal whose pen is `from`: what changes, where that is less to write. For those
   who know how to take each attribute back: stock mirrors, and terminals of our days. */
void style_put_change(const struct style *from, const struct style *to, enum style_form form,
                      struct buf *out);

#endif
