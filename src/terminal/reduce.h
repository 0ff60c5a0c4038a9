/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_REDUCE_H
#define MOSH_TERMINAL_REDUCE_H

/*
 * The nearest that a terminal can show of a style: an underline of another kind as a plain one,
 * a colour as the nearest of those that it has, and without what it has nothing like.
 *
 * Towards a client that announced nothing this is more than looks. It would take the parts of some
 * sequences for others, and a program that asks for them would disturb its screen (R11).
 */

#include <stdint.h>

#include "terminal/caps.h"
#include "terminal/palette.h"
#include "terminal/style.h"

/* 0xRRGGBB of an entry of the palette of 256 as xterm has it until somebody changes it. */
uint32_t palette_rgb(uint8_t index);

/* The colour, if need be, of those that a terminal with `colours` (caps.h) has. Of 256 it is one of
   the upper 240, since users choose the first sixteen for themselves. */
uint32_t reduce_colour(uint32_t colour, uint32_t colours);

/* `palette`: what a program has made of the palette, or NULL; it counts where the terminal cannot
   be told. */
struct style reduce_rare_style(const struct caps *caps, const struct palette *palette,
                               const struct style *s);
static inline struct style reduce_style(const struct caps *caps, const struct palette *palette,
                                        const struct style *s)
{
    enum { ON_ALL = STYLE_BOLD | STYLE_ITALIC | STYLE_BLINK | STYLE_INVERSE | STYLE_INVISIBLE };
    bool on_all = (s->attributes & ~ON_ALL) == 0 && s->underline <= UNDERLINE_SINGLE &&
                  s->underline_colour == COLOUR_DEFAULT && s->link == 0;

    /* Nearly always there is nothing to do. */
    if (on_all && caps->colours >= COLOURS_DIRECT && (!palette || caps->palette))
        return *s;
    return reduce_rare_style(caps, palette, s);
}

/* The form in which it understands the rest. */
static inline enum style_form reduce_form(const struct caps *caps)
{
    return caps->colours == 16 ? STYLE_FORM_SET_16 : STYLE_FORM_SET;
}

#endif
