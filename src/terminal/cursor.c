/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator_internal.h"

void emulator_home(struct emulator *e)
{
    emulator_move_to(e, e->origin ? e->top : 0, e->origin ? e->left : 0);
}

void emulator_set_margins(struct emulator *e, size_t top, size_t bottom)
{
    e->top = top;
    e->bottom = bottom;
}

void emulator_set_side_margins(struct emulator *e, size_t left, size_t right)
{
    e->left = left;
    e->right = right;
    /* A wrap is pending at the margin, or not at all. */
    if (e->screen.cursor_col + 1 != emulator_line_end(e))
        e->wrap_pending = false;
}

void emulator_reset_margins(struct emulator *e)
{
    emulator_set_margins(e, 0, e->screen.rows);
    emulator_set_side_margins(e, 0, e->screen.cols);
}

/* To the left margin; from beyond it, which origin mode knows not, to the edge. */
void emulator_carriage_return(struct emulator *e)
{
    const struct screen *s = &e->screen;

    emulator_move_to(e, s->cursor_row, e->origin || s->cursor_col >= e->left ? e->left : 0);
}

/* Where a motion to the left ends: at the left margin, or for a cursor beyond it at the edge. */
static size_t left_limit(const struct emulator *e)
{
    return e->screen.cursor_col >= e->left ? e->left : 0;
}

/* From the beginning of a row to the end of the one above; false if it goes no farther. */
static bool back_to_row_above(struct emulator *e)
{
    struct screen *s = &e->screen;
    bool at_top = s->cursor_row == e->top || s->cursor_row == 0;
    size_t bottom = s->cursor_row == e->top ? e->bottom : s->rows;

    if (!e->autowrap)
        return false;
    if (!e->reverse_wrap_always && (at_top || !s->row[s->cursor_row - 1]->wrapped))
        return false;
    s->cursor_row = at_top ? bottom - 1 : s->cursor_row - 1;
    s->cursor_col = e->right - 1;
    return true;
}

static void back_over_rows(struct emulator *e, size_t count)
{
    struct screen *s = &e->screen;

    /* The cursor counts as beyond the last column that it is shown in. */
    if (e->wrap_pending && e->autowrap)
        count--;
    for (;;) {
        size_t step = smaller(count, s->cursor_col - left_limit(e));
        s->cursor_col -= step;
        count -= step;
        if (count == 0 || !back_to_row_above(e))
            break;
        count--;
        /* Once round the region, and the cursor is here again. */
        if (e->reverse_wrap_always && s->cursor_row + 1 == e->bottom)
            count %= (e->bottom - e->top) * (e->right - e->left);
    }
    emulator_move_to(e, s->cursor_row, s->cursor_col);
}

void emulator_back(struct emulator *e, size_t count)
{
    const struct screen *s = &e->screen;

    if (emulator_wraps_back(e))
        back_over_rows(e, count);
    else
        emulator_move_to(e, s->cursor_row,
                         s->cursor_col - smaller(count, s->cursor_col - left_limit(e)));
}

bool emulator_line_feed(struct emulator *e)
{
    struct screen *s = &e->screen;
    bool at_margin = s->cursor_row + 1 == e->bottom;
    bool scrolls = at_margin && emulator_is_between(e);
    bool stuck = !scrolls && (at_margin || s->cursor_row + 1 == s->rows);

    if (scrolls)
        emulator_scroll_line(e);
    s->cursor_row += !(at_margin || stuck);
    emulator_is_placed(e);
    return !stuck;
}

void emulator_reverse_line_feed(struct emulator *e)
{
    struct screen *s = &e->screen;
    bool at_margin = s->cursor_row == e->top;
    bool at_edge = s->cursor_row == 0;

    if (at_margin && emulator_is_between(e))
        emulator_scroll(e, e->top, -1);
    emulator_move_to(e, s->cursor_row - !(at_margin || at_edge), s->cursor_col);
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
        .protecting = e->protecting,
    };
}

/* In origin mode the margins, which may have been moved, hold the cursor. */
static void move_within_origin(struct emulator *e, size_t row, size_t col)
{
    if (e->origin) {
        row = row < e->top ? e->top : smaller(row, e->bottom - 1);
        col = col < e->left ? e->left : smaller(col, e->right - 1);
    }
    emulator_move_to(e, row, col);
}

void emulator_restore_cursor(struct emulator *e)
{
    const struct saved_cursor *saved = &e->saved[e->buffer];
    struct screen *s = &e->screen;
    uint32_t link = s->pen.link;

    s->pen = saved->pen;
    s->pen.link = link;
    e->charsets = saved->charsets;
    if (saved->is_set)
        e->autowrap = saved->autowrap;
    e->origin = saved->origin;
    e->protecting = saved->protecting;
    move_within_origin(e, saved->row, saved->col);
    /* The screen may have another width now, or other margins. */
    e->wrap_pending = saved->wrap_pending && s->cursor_col + 1 == emulator_line_end(e);
}

void emulator_forget_saved_cursor(struct emulator *e)
{
    e->saved[e->buffer] = (struct saved_cursor){.autowrap = true};
}
