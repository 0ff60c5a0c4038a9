/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator_internal.h"

/*
 * The main buffer and the alternate one, of which one is shown. Cursor, pen, margins and modes
 * belong to both; only the saved cursor is each one's own. Nothing of this travels: what a client
 * sees is that all rows have changed.
 */

static const struct style plain;

void emulator_show_buffer(struct emulator *e, uint8_t buffer)
{
    struct screen *s = &e->screen;
    struct row **rows = s->row;
    struct guard *guard = e->guard;

    if (e->buffer == buffer)
        return;
    keyboard_show_buffer(e, e->buffer, buffer);
    e->buffer = buffer;
    s->row = e->hidden.row;
    e->hidden.row = rows;
    e->guard = e->hidden_guard;
    e->hidden_guard = guard;
    /* What was last printed is not there any more: no mark joins it, no wrap follows it. */
    emulator_move_to(e, s->cursor_row, s->cursor_col);
}

void emulator_clear_hidden_buffer(struct emulator *e)
{
    struct screen *hidden = &e->hidden;

    guard_unref(e->hidden_guard);
    e->hidden_guard = NULL;
    for (size_t row = 0; row < hidden->rows; row++) {
        if (hidden->row[row]->used > 0)
            screen_erase(hidden, row, 0, hidden->cols, &plain);
    }
}

/* The main buffer waits with its cursor, which was saved: the row of that stays, as it does in the
   buffer that is shown, so that a shell finds its last lines when the editor ends. */
void emulator_resize_hidden_buffer(struct emulator *e, size_t rows, size_t cols)
{
    struct screen *hidden = &e->hidden;
    struct saved_cursor *saved = &e->saved[BUFFER_MAIN];
    size_t above = 0;

    if (e->buffer != BUFFER_MAIN && saved->is_set) {
        hidden->cursor_row = smaller(saved->row, hidden->rows - 1);
        emulator_keep_rows(e, hidden, screen_rows_above(hidden, rows));
        above = screen_keep_cursor(hidden, rows);
        saved->row = hidden->cursor_row;
    }
    screen_resize(hidden, rows, cols, &plain);
    guard_resize(&e->hidden_guard, above, rows, cols);
}
