/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator_internal.h"

/*
 * SGR: the pen (ECMA-48 8.3.117; colours as in ITU-T T.416, and with semicolons as in xterm).
 *
 * A code stands alone, or has colons after it and means nothing without them. The colours 38, 48
 * and 58 also take the parameters after a semicolon: those are always consumed as a unit, valid or
 * not, so that no component of a colour is ever taken for a code of its own (R11).
 */

enum {
    SGR_UNDERLINE = 4,
    SGR_DOUBLE_UNDERLINE = 21,
    SGR_FOREGROUND = 38,
    SGR_BACKGROUND = 48,
    SGR_UNDERLINE_COLOUR = 58
};
enum { COLOUR_SPACE_RGB = 2, COLOUR_SPACE_INDEXED = 5 };

/* Of the two ways to blink one is in force. */
#define ANY_BLINK (STYLE_BLINK | STYLE_RAPID_BLINK)

/* First `off`, then `on`. */
/* clang-format off */
static const struct {
    uint16_t on, off;
} attributes[] = {
    [1] = {.on = STYLE_BOLD},
    [2] = {.on = STYLE_FAINT},
    [3] = {.on = STYLE_ITALIC},
    [5] = {.on = STYLE_BLINK, .off = ANY_BLINK},
    [6] = {.on = STYLE_RAPID_BLINK, .off = ANY_BLINK},
    [7] = {.on = STYLE_INVERSE},
    [8] = {.on = STYLE_INVISIBLE},
    [9] = {.on = STYLE_STRUCK},
    [22] = {.off = STYLE_BOLD | STYLE_FAINT},
    [23] = {.off = STYLE_ITALIC},
    [25] = {.off = ANY_BLINK},
    [27] = {.off = STYLE_INVERSE},
    [28] = {.off = STYLE_INVISIBLE},
    [29] = {.off = STYLE_STRUCK},
    [53] = {.on = STYLE_OVERLINE},
    [55] = {.off = STYLE_OVERLINE},
};
/* clang-format on */

/* Colours are called by these codes and the seven that follow. */
enum {
    SGR_FOREGROUND_0 = 30,
    SGR_BACKGROUND_0 = 40,
    SGR_FOREGROUND_8 = 90,
    SGR_BACKGROUND_8 = 100,
};

static void apply_code(struct style *pen, unsigned code)
{
    switch (code) {
    case 0:
        *pen = (struct style){.link = pen->link}; /* which OSC 8 alone begins and ends */
        break;
    case SGR_UNDERLINE:
        pen->underline = UNDERLINE_SINGLE;
        break;
    case SGR_DOUBLE_UNDERLINE:
        pen->underline = UNDERLINE_DOUBLE;
        break;
    case 24:
        pen->underline = UNDERLINE_NONE;
        break;
    case SGR_FOREGROUND_0 ... SGR_FOREGROUND_0 + 7:
        pen->foreground = COLOUR_INDEXED | (code - SGR_FOREGROUND_0);
        break;
    case 39:
        pen->foreground = COLOUR_DEFAULT;
        break;
    case SGR_BACKGROUND_0 ... SGR_BACKGROUND_0 + 7:
        pen->background = COLOUR_INDEXED | (code - SGR_BACKGROUND_0);
        break;
    case 49:
        pen->background = COLOUR_DEFAULT;
        break;
    case 59:
        pen->underline_colour = COLOUR_DEFAULT;
        break;
    case SGR_FOREGROUND_8 ... SGR_FOREGROUND_8 + 7:
        pen->foreground = COLOUR_INDEXED | (code - SGR_FOREGROUND_8 + 8);
        break;
    case SGR_BACKGROUND_8 ... SGR_BACKGROUND_8 + 7:
        pen->background = COLOUR_INDEXED | (code - SGR_BACKGROUND_8 + 8);
        break;
    default:
        if (code < sizeof attributes / sizeof *attributes)
            pen->attributes =
                (uint16_t)((pen->attributes & ~attributes[code].off) | attributes[code].on);
    }
}

static void set_colour(struct style *pen, unsigned code, uint32_t colour)
{
    if (code == SGR_FOREGROUND)
        pen->foreground = colour;
    else if (code == SGR_BACKGROUND)
        pen->background = colour;
    else
        pen->underline_colour = colour;
}

static void set_indexed(struct style *pen, unsigned code, unsigned index)
{
    if (index <= 255)
        set_colour(pen, code, COLOUR_INDEXED | index);
}

static void set_rgb(struct style *pen, unsigned code, const uint16_t rgb[3])
{
    if (rgb[0] <= 255 && rgb[1] <= 255 && rgb[2] <= 255)
        set_colour(pen, code, COLOUR_RGB | (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2]);
}

static bool takes_colour(unsigned code)
{
    return code == SGR_FOREGROUND || code == SGR_BACKGROUND || code == SGR_UNDERLINE_COLOUR;
}

/* `value[0]` and what is joined to it by colons. Anything else than 4:n, 38:5:n and 38:2:...
   means nothing. */
static void apply_joined(struct style *pen, const uint16_t *value, size_t count)
{
    if (value[0] == SGR_UNDERLINE && count == 2) {
        if (value[1] <= UNDERLINE_DASHED)
            pen->underline = value[1];
    } else if (takes_colour(value[0])) {
        if (value[1] == COLOUR_SPACE_INDEXED && count == 3)
            set_indexed(pen, value[0], value[2]);
        else if (value[1] == COLOUR_SPACE_RGB && count == 5)
            set_rgb(pen, value[0], value + 2);
        else if (value[1] == COLOUR_SPACE_RGB && count >= 6) /* with a colour space, or its place */
            set_rgb(pen, value[0], value + 3);
    }
}

/* A colour with semicolons: `value[0]` is its code, `count` parameters are left. Returns how many
   belong to it; an incomplete one has all of them. */
static size_t apply_colour(struct style *pen, const uint16_t *value, size_t count)
{
    size_t needed = 1;

    if (count >= 2 && value[1] == COLOUR_SPACE_INDEXED)
        needed = 3;
    else if (count >= 2 && value[1] == COLOUR_SPACE_RGB)
        needed = 5;
    if (needed > count)
        return count;
    if (needed == 3)
        set_indexed(pen, value[0], value[2]);
    else if (needed == 5)
        set_rgb(pen, value[0], value + 2);
    return needed;
}

/* How many parameters from `first` on are joined by colons; at least that one. */
static size_t joined_count(const struct params *params, size_t first)
{
    size_t end = first + 1;

    while (end < params->count && params->joined >> end & 1)
        end++;
    return end - first;
}

void sgr_apply(struct emulator *e, const struct params *params)
{
    struct style *pen = &e->screen.pen;

    for (size_t i = 0; i < params->count;) {
        const uint16_t *value = params->value + i;
        size_t count = params->joined ? joined_count(params, i) : 1;

        if (count > 1)
            apply_joined(pen, value, count);
        else if (takes_colour(value[0]))
            count = apply_colour(pen, value, params->count - i);
        else
            apply_code(pen, value[0]);
        i += count;
    }
}
