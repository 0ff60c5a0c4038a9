/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator_internal.h"

/*
 * XTWINOPS. The window is the user's: nothing moves or resizes it. What can be asked for is
 * answered as far as it is known; the titles can be put aside, but never read, since who chose them
 * may be somebody else than the one who would type the answer.
 */

enum {
    REPORT_STATE = 11,
    REPORT_POSITION = 13,
    REPORT_PIXELS = 14,
    REPORT_SCREEN_PIXELS = 15,
    REPORT_CELL_PIXELS = 16,
    REPORT_SIZE = 18,
    REPORT_SCREEN_SIZE = 19,
    REPORT_ICON_NAME = 20,
    REPORT_TITLE = 21,
    PUSH_TITLES = 22,
    POP_TITLES = 23,
};
enum { TITLES_BOTH, TITLES_ICON, TITLES_WINDOW };

static void push_titles(struct emulator *e, uint16_t which)
{
    const struct screen *s = &e->screen;

    if (which == TITLES_BOTH || which == TITLES_ICON)
        title_stack_push(&e->icon_names, s->icon_name);
    if (which == TITLES_BOTH || which == TITLES_WINDOW)
        title_stack_push(&e->window_titles, s->window_title);
}

static void pop_titles(struct emulator *e, uint16_t which)
{
    struct screen *s = &e->screen;

    if (which == TITLES_BOTH || which == TITLES_ICON)
        title_stack_pop(&e->icon_names, &s->icon_name);
    if (which == TITLES_BOTH || which == TITLES_WINDOW)
        title_stack_pop(&e->window_titles, &s->window_title);
}

static void put_numbers(struct buf *out, size_t a, size_t b)
{
    buf_append_byte(out, ';');
    buf_append_dec(out, a);
    buf_append_byte(out, ';');
    buf_append_dec(out, b);
}

/* CSI kind ; height ; width t */
static void report(struct emulator *e, size_t kind, size_t height, size_t width)
{
    struct buf *out = reply_room(e);

    if (!out)
        return;
    buf_append_str(out, "\033[");
    buf_append_dec(out, kind);
    put_numbers(out, height, width);
    buf_append_byte(out, 't');
}

/* Nothing where the size of a cell is not known. The screen is taken to be the window. */
static void report_pixels(struct emulator *e, size_t kind, size_t rows, size_t cols)
{
    const struct profile *p = &e->profile;

    if (p->cell_height)
        report(e, kind, rows * p->cell_height, cols * p->cell_width);
}

void reply_size_in_band(struct emulator *e)
{
    const struct screen *s = &e->screen;
    struct buf *out = reply_room(e);

    if (!out)
        return;
    buf_append_str(out, "\033[48");
    put_numbers(out, s->rows, s->cols);
    put_numbers(out, s->rows * e->profile.cell_height, s->cols * e->profile.cell_width);
    buf_append_byte(out, 't');
}

static void answer(struct emulator *e, const char *text)
{
    struct buf *out = reply_room(e);

    if (out)
        buf_append_str(out, text);
}

void window_operation(struct emulator *e, const struct params *params)
{
    uint16_t which = params->count > 1 ? params->value[1] : TITLES_BOTH;
    const struct screen *s = &e->screen;

    switch (params->value[0]) {
    case REPORT_STATE:
        answer(e, "\033[1t"); /* open */
        break;
    case REPORT_POSITION:
        report(e, 3, 0, 0);
        break;
    case REPORT_PIXELS:
        report_pixels(e, 4, s->rows, s->cols);
        break;
    case REPORT_SCREEN_PIXELS:
        report_pixels(e, 5, s->rows, s->cols);
        break;
    case REPORT_CELL_PIXELS:
        report_pixels(e, 6, 1, 1);
        break;
    case REPORT_SIZE:
        report(e, 8, s->rows, s->cols);
        break;
    case REPORT_SCREEN_SIZE:
        report(e, 9, s->rows, s->cols);
        break;
    case REPORT_ICON_NAME:
        answer(e, "\033]L\033\\");
        break;
    case REPORT_TITLE:
        answer(e, "\033]l\033\\");
        break;
    case PUSH_TITLES:
        push_titles(e, which);
        break;
    case POP_TITLES:
        pop_titles(e, which);
        break;
    }
}
