/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "terminal/emulator_internal.h"
#include "util/xalloc.h"

/*
 * The main buffer and the alternate one, of which one is shown. Cursor, pen, margins and modes
 * belong to both; only the saved cursor is each one's own. Nothing of this travels: what a client
 * sees is that all rows have changed.
 */

static const struct style plain;

struct hidden *hidden_new(struct pool *pool, size_t rows, size_t cols)
{
    struct hidden *h = xcalloc(1, sizeof *h);

    h->refs = 1;
    screen_init(&h->screen, pool, rows, cols);
    return h;
}

void hidden_unref(struct hidden *h)
{
    if (!h || --h->refs > 0)
        return;
    screen_release(&h->screen);
    free(h);
}

/* The buffer that no clone shares. */
static struct screen *own_hidden(struct emulator *e)
{
    struct hidden *old = e->hidden;

    if (old->refs > 1) {
        e->hidden = xcalloc(1, sizeof *old);
        e->hidden->refs = 1;
        screen_copy(&e->hidden->screen, &old->screen);
        old->refs--;
    }
    return &e->hidden->screen;
}

void emulator_show_buffer(struct emulator *e, uint8_t buffer)
{
    struct screen *s = &e->screen;
    struct guard *guard = e->guard;

    if (e->buffer == buffer)
        return;
    keyboard_show_buffer(e, e->buffer, buffer);
    e->buffer = buffer;
    screen_swap_rows(s, own_hidden(e));
    e->guard = e->hidden_guard;
    e->hidden_guard = guard;
    /* What was last printed is not there any more: no mark joins it, no wrap follows it. */
    emulator_move_to(e, s->cursor_row, s->cursor_col);
}

void emulator_clear_hidden_buffer(struct emulator *e)
{
    struct screen *hidden = own_hidden(e);

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
    struct screen *hidden = own_hidden(e);
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
