/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/osc.h"

#include "terminal/colour.h"
#include "terminal/emulator_internal.h"
#include "terminal/reduce.h"

/*
 * The colours of the whole terminal: the palette (OSC 4, 104), foreground, background and cursor
 * (OSC 10 to 12, 110 to 112), in the forms of colour.h.
 *
 * A question mark in place of a colour asks for it. The answer is what the program has set, or what
 * the client said that its terminal has; without either there is none, as from a terminal that does
 * not know the question.
 */

static bool is_question(const struct osc_text *colour)
{
    return colour->len == 1 && colour->bytes[0] == '?';
}

static uint32_t known(uint32_t set, uint32_t profile)
{
    return set != COLOUR_DEFAULT ? COLOUR_VALUE(set) : profile;
}

/* Beyond the first sixteen, which users choose for themselves, terminals agree. */
static uint32_t palette_colour(const struct emulator *e, uint8_t index)
{
    const struct palette *set = e->screen.registers.palette;
    uint32_t fallback = PROFILE_NO_COLOUR;

    if (index < PROFILE_PALETTE)
        fallback = e->profile.palette[index];
    else if (e->profile.colours >= PALETTE_COLOURS)
        fallback = palette_rgb(index);
    return known(set ? set->colour[index] : COLOUR_DEFAULT, fallback);
}

/* Colours are answered with four digits for each component, as xterm does. */
static void put_component(struct buf *out, uint32_t value, char before)
{
    static const char digits[] = "0123456789abcdef";

    buf_append_byte(out, (uint8_t)before);
    for (int i = 0; i < 2; i++) {
        buf_append_byte(out, (uint8_t)digits[value >> 4 & 0xF]);
        buf_append_byte(out, (uint8_t)digits[value & 0xF]);
    }
}

/* `index`: of the palette, or -1 */
static void report_colour(struct emulator *e, unsigned command, int index, uint32_t rgb, bool bell)
{
    struct buf *out = reply_room(e);

    if (!out || rgb == PROFILE_NO_COLOUR)
        return;
    buf_append_str(out, "\033]");
    buf_append_dec(out, command);
    if (index >= 0) {
        buf_append_byte(out, ';');
        buf_append_dec(out, (uint64_t)index);
    }
    buf_append_str(out, ";rgb");
    put_component(out, rgb >> 16 & 0xFF, ':');
    put_component(out, rgb >> 8 & 0xFF, '/');
    put_component(out, rgb & 0xFF, '/');
    buf_append_str(out, bell ? "\a" : "\033\\");
}

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
        if (!parse_index(&number, &index))
            continue;
        if (is_question(&colour))
            report_colour(e, 4, index, palette_colour(e, index), text->bell);
        else if (colour_parse(colour.bytes, colour.len, &rgb))
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

/* Colours beyond the first belong to the numbers that follow. */
static void set_colours(struct emulator *e, size_t first, const struct osc_text *text)
{
    struct registers *r = &e->screen.registers;
    uint32_t *const colours[] = {&r->foreground, &r->background, &r->cursor_colour};
    const struct profile *p = &e->profile;
    const uint32_t fallbacks[] = {p->foreground, p->background, p->cursor};
    struct osc_text left = *text, colour;
    uint32_t rgb;

    for (size_t i = first; i < sizeof colours / sizeof *colours && osc_next(&left, &colour); i++) {
        if (is_question(&colour))
            report_colour(e, 10 + (unsigned)i, -1, known(*colours[i], fallbacks[i]), text->bell);
        else if (colour_parse(colour.bytes, colour.len, &rgb))
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
