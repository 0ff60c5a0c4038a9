/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/band.h"
#include "terminal/emulator_internal.h"

/*
 * What shifts text: cells within their row, rows and columns within the margins (ECMA-48 8.3, DEC
 * STD 070). Without side margins rows move as pointers; with them cells are copied.
 */

static struct band region(const struct emulator *e)
{
    return (struct band){e->top, e->bottom, e->left, e->right};
}

static bool cursor_is_in_region(const struct emulator *e)
{
    return e->screen.cursor_row >= e->top && e->screen.cursor_row < e->bottom &&
           emulator_is_between(e);
}

/* What goes by cells, or has guarded ones: no program does that in a hurry, and those that are in
   one need not save the registers that this needs. */
static __attribute__((noinline)) void scroll_rarely(struct emulator *e, size_t top, int64_t count)
{
    struct screen *s = &e->screen;
    struct band band = {top, e->bottom, e->left, e->right};

    if (emulator_is_narrowed(e))
        band_scroll(s, &band, count, &s->pen);
    else
        screen_scroll(s, top, e->bottom, count, &s->pen);
    guard_scroll(&e->guard, &band, count);
}

void emulator_scroll(struct emulator *e, size_t top, int64_t count)
{
    struct screen *s = &e->screen;

    if (emulator_is_narrowed(e) || e->guard)
        scroll_rarely(e, top, count);
    else
        screen_scroll(s, top, e->bottom, count, &s->pen);
}

/* As xterm has it, a line is kept that leaves by itself, at the top of the main buffer; not one
   that is deleted there. */
static bool keeps_lines(const struct emulator *e)
{
    return e->history && e->top == 0 && e->buffer == BUFFER_MAIN && !emulator_is_narrowed(e);
}

void emulator_scroll_up(struct emulator *e, int64_t count)
{
    if (keeps_lines(e))
        emulator_keep_rows(e, &e->screen, smaller((size_t)count, e->bottom));
    emulator_scroll(e, e->top, count);
}

void emulator_scroll_line(struct emulator *e)
{
    struct screen *s = &e->screen;

    if (emulator_is_narrowed(e) || e->guard) {
        emulator_scroll_up(e, 1);
        return;
    }
    if (keeps_lines(e))
        history_push(e->history, s->row[0]);
    screen_scroll_line(s, e->top, e->bottom, &s->pen);
}

void emulator_line_feeds(struct emulator *e, size_t count)
{
    const struct screen *s = &e->screen;

    for (; count > 0 && s->cursor_row + 1 != e->bottom; count--)
        (void)emulator_line_feed(e);
    if (count > 0 && emulator_is_between(e))
        emulator_scroll_up(e, (int64_t)count);
}

/* The cells from the cursor to the right margin, to the right or left; beside the margins nothing
   moves. */
static void shift_cells(struct emulator *e, int64_t count)
{
    struct screen *s = &e->screen;
    struct band band = {s->cursor_row, s->cursor_row + 1, s->cursor_col, e->right};

    if (!emulator_is_between(e))
        return;
    if (emulator_is_narrowed(e))
        band_shift(s, &band, count, &s->pen);
    else if (count > 0)
        screen_insert_cells(s, s->cursor_row, s->cursor_col, (size_t)count, &s->pen);
    else
        screen_delete_cells(s, s->cursor_row, s->cursor_col, (size_t)-count, &s->pen);
    guard_shift(&e->guard, &band, count);
}

void emulator_insert_cells(struct emulator *e, size_t count)
{
    shift_cells(e, (int64_t)count);
}

void edit_insert_characters(struct emulator *e, const struct params *params)
{
    shift_cells(e, (int64_t)csi_param(params, 0, 1));
    e->wrap_pending = false;
}

void edit_delete_characters(struct emulator *e, const struct params *params)
{
    shift_cells(e, -(int64_t)csi_param(params, 0, 1));
    e->wrap_pending = false;
}

/* IL and DL are scrolls of the region's rows from the cursor's on; outside of it they do nothing.
 */
static void shift_lines(struct emulator *e, int64_t count)
{
    if (!cursor_is_in_region(e))
        return;
    emulator_scroll(e, e->screen.cursor_row, count);
    emulator_move_to(e, e->screen.cursor_row, e->left);
}

void edit_insert_lines(struct emulator *e, const struct params *params)
{
    shift_lines(e, -(int64_t)csi_param(params, 0, 1));
}

void edit_delete_lines(struct emulator *e, const struct params *params)
{
    shift_lines(e, (int64_t)csi_param(params, 0, 1));
}

/* SU and SD leave the cursor where it is (#883), with a wrap that is pending, and do not ask where
   that is. */
void edit_scroll_up(struct emulator *e, const struct params *params)
{
    emulator_scroll_up(e, (int64_t)csi_param(params, 0, 1));
}

/* With more parameters it is not SD but xterm's highlighting of what the mouse selects. */
void edit_scroll_down(struct emulator *e, const struct params *params)
{
    if (params->count > 1)
        return;
    emulator_scroll(e, e->top, -(int64_t)csi_param(params, 0, 1));
}

/* The columns of the region from `left` on; like lines, only if the cursor is in the region. */
static void shift_columns(struct emulator *e, size_t left, int64_t count)
{
    struct band band = region(e);

    if (!cursor_is_in_region(e))
        return;
    band.left = left;
    band_shift(&e->screen, &band, count, &e->screen.pen);
    guard_shift(&e->guard, &band, count);
}

void edit_insert_columns(struct emulator *e, const struct params *params)
{
    shift_columns(e, e->screen.cursor_col, (int64_t)csi_param(params, 0, 1));
}

void edit_delete_columns(struct emulator *e, const struct params *params)
{
    shift_columns(e, e->screen.cursor_col, -(int64_t)csi_param(params, 0, 1));
}

void edit_scroll_left(struct emulator *e, const struct params *params)
{
    shift_columns(e, e->left, -(int64_t)csi_param(params, 0, 1));
}

void edit_scroll_right(struct emulator *e, const struct params *params)
{
    shift_columns(e, e->left, (int64_t)csi_param(params, 0, 1));
}

/* DECBI and DECFI: one column back or forward; at the margin the region scrolls, at the edge of the
   screen beyond it nothing happens. */
void emulator_back_index(struct emulator *e)
{
    const struct screen *s = &e->screen;

    if (s->cursor_col == e->left)
        shift_columns(e, e->left, 1 + (int64_t)emulator_take_again(e, true, '6', '6'));
    else if (s->cursor_col > 0)
        emulator_move_to(e, s->cursor_row, s->cursor_col - 1);
}

void emulator_forward_index(struct emulator *e)
{
    const struct screen *s = &e->screen;

    if (s->cursor_col + 1 == e->right)
        shift_columns(e, e->left, -1 - (int64_t)emulator_take_again(e, true, '9', '9'));
    else if (s->cursor_col + 1 < s->cols)
        emulator_move_to(e, s->cursor_row, s->cursor_col + 1);
}
