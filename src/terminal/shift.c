/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/shift.h"

#include <string.h>

#include "terminal/contested.h"

/* A shift has to spare more cells than this: its sequence, and perhaps a move to it. */
#define WORTH_CELLS 8

static bool are_equal(const struct cell *a, const struct cell *b, size_t count)
{
    return memcmp(a, b, count * sizeof *a) == 0;
}

/* The column after the last one that is not blank. */
static size_t text_end(const struct row *r)
{
    size_t end = r->used;

    while (end > 0 && cell_equal(r->cell[end - 1], (struct cell){0}))
        end--;
    return end;
}

/* What everybody moves in the same way: characters of one column. */
static bool can_move(const struct row *r, size_t from, size_t to)
{
    for (size_t col = from; col < to; col++)
        if (r->cell[col].glyph & (CELL_WIDE | CELL_TRAIL) ||
            cell_is_contested(r->pool, r->cell[col]))
            return false;
    return true;
}

static struct row *shifted_row(const struct row *shown, const struct shift *s, size_t tail)
{
    struct row *r = row_new(shown->pool, shown->cols);
    size_t from = s->insert ? s->col : s->col + s->count;
    size_t to = s->insert ? s->col + s->count : s->col;

    memcpy(r->cell, shown->cell, s->col * sizeof *r->cell);
    memcpy(r->cell + to, shown->cell + from, tail * sizeof *r->cell);
    r->used = (uint16_t)(to + tail);
    return r;
}

/* Rows whose texts end with the same character, `s` saying how much longer one is than the other.
 */
static __attribute__((noinline)) bool find(const struct row *shown, const struct row *to,
                                           struct shift s, size_t shorter, struct shift *found,
                                           struct row **shifted)
{
    const struct cell *inserted = s.insert ? to->cell : shown->cell; /* the one with more columns */
    const struct cell *deleted = s.insert ? shown->cell : to->cell;
    size_t tail;

    s.col = row_next_difference(shown, to, 0, shorter);
    tail = shorter - s.col;
    if (tail <= WORTH_CELLS || !are_equal(inserted + s.col + s.count, deleted + s.col, tail) ||
        !can_move(shown, s.col, s.insert ? shorter : shorter + s.count) ||
        !can_move(to, s.col, s.insert ? shorter + s.count : shorter))
        return false;
    *found = s;
    *shifted = shifted_row(shown, &s, tail);
    return true;
}

bool shift_find(const struct row *shown, const struct row *to, struct shift *found,
                struct row **shifted)
{
    size_t shown_end = text_end(shown), to_end = text_end(to);
    struct shift s = {.insert = to_end > shown_end};
    size_t shorter = s.insert ? shown_end : to_end;

    s.count = (s.insert ? to_end : shown_end) - shorter;
    /* Nearly always a glance is enough. */
    if (s.count == 0 || shorter <= WORTH_CELLS || shown->wrapped || to->wrapped ||
        !cell_equal(shown->cell[shown_end - 1], to->cell[to_end - 1]))
        return false;
    return find(shown, to, s, shorter, found, shifted);
}
