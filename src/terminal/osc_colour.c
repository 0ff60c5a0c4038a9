/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/osc.h"

#include "terminal/colour.h"
#include "terminal/emulator_internal.h"

/*
 * The colours of the whole terminal: the palette (OSC 4, 104), foreground, background and cursor
 * (OSC 10 to 12, 110 to 112), in the forms of colour.h.
 */

static bool parse_index(const struct osc_text *text, uint8_t *index)
{
    unsigned value = 0;

    for (size_t i = 0; i < text->len; i++) {
        if (text->bytes[i] < '0' || text->bytes[i] > '9')
            return false;
        value = value * 10 + (unsigned)(text->bytes[i] - '0');
        if (value >= PALETTE_COLOURS)
            return false;
    }
    *index = (uint8_t)value;
    return text->len > 0;
}

/* index ; colour ; index ; colour ... */
void osc_set_palette(struct emulator *e, const struct osc_text *text)
{
    struct osc_text left = *text, number, colour;
    uint8_t index;
    uint32_t rgb;

    while (osc_next(&left, &number) && osc_next(&left, &colour)) {
        if (parse_index(&number, &index) && colour_parse(colour.bytes, colour.len, &rgb))
            palette_set(&e->screen.registers.palette, index, COLOUR_RGB | rgb);
    }
}

/* index ; index ..., or all */
void osc_reset_palette(struct emulator *e, const struct osc_text *text)
{
    struct registers *r = &e->screen.registers;
    struct osc_text left = *text, number;
    uint8_t index;

    if (text->len == 0) {
        palette_unref(r->palette);
        r->palette = NULL;
    }
    while (osc_next(&left, &number)) {
        if (parse_index(&number, &index))
            palette_set(&r->palette, index, COLOUR_DEFAULT);
    }
}

/* More colours than one belong to the numbers that follow. */
static void set_colours(struct emulator *e, size_t first, const struct osc_text *text)
{
    struct registers *r = &e->screen.registers;
    uint32_t *const colours[] = {&r->foreground, &r->background, &r->cursor_colour};
    struct osc_text left = *text, colour;
    uint32_t rgb;

    for (size_t i = first; i < sizeof colours / sizeof *colours && osc_next(&left, &colour); i++) {
        if (colour_parse(colour.bytes, colour.len, &rgb))
            *colours[i] = COLOUR_RGB | rgb;
    }
}

void osc_set_foreground(struct emulator *e, const struct osc_text *text)
{
    set_colours(e, 0, text);
}

void osc_set_background(struct emulator *e, const struct osc_text *text)
{
    set_colours(e, 1, text);
}

void osc_set_cursor_colour(struct emulator *e, const struct osc_text *text)
{
    set_colours(e, 2, text);
}

void osc_reset_foreground(struct emulator *e, const struct osc_text *text)
{
    (void)text;
    e->screen.registers.foreground = COLOUR_DEFAULT;
}

void osc_reset_background(struct emulator *e, const struct osc_text *text)
{
    (void)text;
    e->screen.registers.background = COLOUR_DEFAULT;
}

void osc_reset_cursor_colour(struct emulator *e, const struct osc_text *text)
{
    (void)text;
    e->screen.registers.cursor_colour = COLOUR_DEFAULT;
}
