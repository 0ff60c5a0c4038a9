/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator_internal.h"

void emulator_move_to(struct emulator *e, size_t row, size_t col)
{
    struct screen *s = &e->screen;

    s->cursor_row = e->mark_row = smaller(row, s->rows - 1);
    s->cursor_col = e->mark_col = smaller(col, s->cols - 1);
    e->wrap_pending = false;
}

void emulator_home(struct emulator *e)
{
    emulator_move_to(e, e->origin ? e->top : 0, 0);
}

void emulator_set_margins(struct emulator *e, size_t top, size_t bottom)
{
    e->top = top;
    e->bottom = bottom;
}

bool emulator_line_feed(struct emulator *e)
{
    struct screen *s = &e->screen;
    bool at_margin = s->cursor_row + 1 == e->bottom;
    bool stuck = !at_margin && s->cursor_row + 1 == s->rows;

    if (at_margin)
        screen_scroll(s, e->top, e->bottom, 1, &s->pen);
    emulator_move_to(e, s->cursor_row + !(at_margin || stuck), s->cursor_col);
    return !stuck;
}

void emulator_reverse_line_feed(struct emulator *e)
{
    struct screen *s = &e->screen;
    bool at_margin = s->cursor_row == e->top;
    bool stuck = !at_margin && s->cursor_row == 0;

    if (at_margin)
        screen_scroll(s, e->top, e->bottom, -1, &s->pen);
    emulator_move_to(e, s->cursor_row - !(at_margin || stuck), s->cursor_col);
}

/* Each buffer has its own. Of the pen, a hyperlink is neither saved nor restored: that would end or
 * revive it. */
void emulator_save_cursor(struct emulator *e)
{
    const struct screen *s = &e->screen;

    e->saved[e->buffer] = (struct saved_cursor){
        .is_set = true,
        .row = s->cursor_row,
        .col = s->cursor_col,
        .pen = s->pen,
        .charsets = e->charsets,
        .wrap_pending = e->wrap_pending,
        .autowrap = e->autowrap,
        .origin = e->origin,
    };
}

void emulator_restore_cursor(struct emulator *e)
{
    const struct saved_cursor *saved = &e->saved[e->buffer];
    struct screen *s = &e->screen;
    uint32_t link = s->pen.link;

    s->pen = saved->pen;
    s->pen.link = link;
    e->charsets = saved->charsets;
    e->autowrap = saved->autowrap;
    e->origin = saved->origin;
    emulator_move_to(e, saved->row, saved->col);
    /* The screen may have another width now. */
    e->wrap_pending = saved->wrap_pending && s->cursor_col + 1 == s->cols;
}

void emulator_forget_saved_cursor(struct emulator *e)
{
    e->saved[e->buffer] = (struct saved_cursor){.autowrap = true};
}
