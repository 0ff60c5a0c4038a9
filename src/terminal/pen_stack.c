/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator_internal.h"

/*
 * XTPUSHSGR and XTPOPSGR: the pen is put aside, whole or in the parts that are named, and comes
 * back. A stack that is full, or empty, stays as it is. A hyperlink is not of the pen.
 */

/* Parts of a pen are named by the SGR numbers that set them, but for the last two. */
enum { PART_UNDERLINE = 4, PART_DOUBLE_UNDERLINE = 21, PART_FOREGROUND = 30, PART_BACKGROUND = 31 };

static uint32_t part(uint32_t number)
{
    return number < 32 ? (uint32_t)1 << number : 0;
}

void pen_push(struct emulator *e, const struct params *params)
{
    struct pen_stack *stack = &e->pens;
    uint32_t parts = 0;

    for (size_t i = 0; i < params->count; i++)
        parts |= part(params->value[i]);
    if (stack->count == PEN_STACK_MAX)
        return;
    /* Number 0 is what an absent parameter is. */
    stack->pushed[stack->count++] = (struct pushed_pen){
        .pen = e->screen.pen,
        .parts = params->count == 1 && parts == part(0) ? UINT32_MAX : parts,
    };
}

static uint16_t attributes_in(uint32_t parts)
{
    static const uint16_t attributes[] = {
        [1] = STYLE_BOLD,    [2] = STYLE_FAINT,     [3] = STYLE_ITALIC, [5] = STYLE_BLINK,
        [7] = STYLE_INVERSE, [8] = STYLE_INVISIBLE, [9] = STYLE_STRUCK,
    };
    uint16_t found = parts == UINT32_MAX ? UINT16_MAX : 0;

    for (uint32_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        if (parts & part(i))
            found |= attributes[i];
    }
    return found;
}

void pen_pop(struct emulator *e, const struct params *params)
{
    struct style *pen = &e->screen.pen;
    const struct pushed_pen *pushed;
    uint16_t attributes;

    (void)params;
    if (e->pens.count == 0)
        return;
    pushed = &e->pens.pushed[--e->pens.count];
    attributes = attributes_in(pushed->parts);
    pen->attributes =
        (uint16_t)((pen->attributes & ~attributes) | (pushed->pen.attributes & attributes));
    if (pushed->parts & (part(PART_UNDERLINE) | part(PART_DOUBLE_UNDERLINE)))
        pen->underline = pushed->pen.underline;
    if (pushed->parts & part(PART_FOREGROUND))
        pen->foreground = pushed->pen.foreground;
    if (pushed->parts & part(PART_BACKGROUND))
        pen->background = pushed->pen.background;
    if (pushed->parts == UINT32_MAX)
        pen->underline_colour = pushed->pen.underline_colour;
}
