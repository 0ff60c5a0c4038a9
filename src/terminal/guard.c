/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/guard.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/smaller.h"
#include "util/xalloc.h"

struct guard {
    size_t refs;
    size_t rows, cols;
    uint8_t marked[]; /* row by row, 1 or 0 */
};

struct guard *guard_new(size_t rows, size_t cols)
{
    struct guard *g = xcalloc(1, sizeof *g + rows * cols);

    g->refs = 1;
    g->rows = rows;
    g->cols = cols;
    return g;
}

struct guard *guard_ref(struct guard *g)
{
    if (g)
        g->refs++;
    return g;
}

void guard_unref(struct guard *g)
{
    if (g && --g->refs == 0)
        free(g);
}

size_t guard_footprint(const struct guard *g)
{
    return g ? 1 + (sizeof *g + g->rows * g->cols) / g->refs : 0;
}

/* The one that nobody shares, at a place in it. */
static uint8_t *own(struct guard **slot, size_t row, size_t col)
{
    struct guard *g = *slot;

    assert(row < g->rows && col <= g->cols);
    if (g->refs > 1) {
        *slot = xmemdup(g, sizeof *g + g->rows * g->cols);
        (*slot)->refs = 1;
        g->refs--;
    }
    return (*slot)->marked + row * g->cols + col;
}

void guard_mark(struct guard **g, size_t row, size_t from, size_t to, bool on)
{
    memset(own(g, row, from), on, to - from);
}

bool guard_covers(const struct guard *g, size_t row, size_t col)
{
    return g && g->marked[row * g->cols + col];
}

/* Erases what is not marked, in one loop without a branch: a program may have protected every other
   character, and this has to cost no more than the screen (R50). So a cell is taken as one word,
   which is kept or not. */
static void erase_unmarked(struct row *r, const uint8_t *marked, size_t from, size_t to,
                           uint32_t style)
{
    const struct cell blank = {.style = style};
    uint64_t erased, cell;

    memcpy(&erased, &blank, sizeof erased);
    for (size_t col = from; col < to; col++) {
        memcpy(&cell, &r->cell[col], sizeof cell);
        cell = (r->cell[col].glyph & -(uint32_t)marked[col]) != 0 ? cell : erased;
        memcpy(&r->cell[col], &cell, sizeof cell);
    }
    if (style != 0 && to > r->used)
        r->used = (uint16_t)to;
    if (cell_is_erased(r->cell[r->cols - 1u]))
        r->wrapped = false;
}

void guard_erase(const struct guard *g, struct screen *s, size_t row, size_t from, size_t to,
                 const struct style *fill)
{
    const uint8_t *marked = g->marked + row * g->cols;
    struct row *r;

    if (!memchr(marked + from, 1, to - from)) {
        screen_erase(s, row, from, to, fill);
        return;
    }
    r = screen_row(s, row);
    /* A wide character is protected whole, and goes whole. */
    from -= row_cuts(r, from);
    to += row_cuts(r, to);
    erase_unmarked(r, marked, from, to, pool_intern_erased(s->pool, fill));
}

static size_t distance(int64_t count, size_t most)
{
    return smaller((size_t)(count < 0 ? -count : count), most);
}

void guard_scroll(struct guard **g, const struct band *b, int64_t count)
{
    size_t height = b->bottom - b->top, width = b->right - b->left;
    size_t shift = distance(count, height);

    if (!*g)
        return;
    for (size_t i = 0; i < height; i++) {
        size_t to = count > 0 ? b->top + i : b->bottom - 1 - i;
        size_t from = count > 0 ? to + shift : to - shift;
        uint8_t *marked = own(g, to, b->left);
        if (i + shift < height)
            memcpy(marked, own(g, from, b->left), width);
        else
            memset(marked, 0, width);
    }
}

void guard_shift(struct guard **g, const struct band *b, int64_t count)
{
    size_t width = b->right - b->left, shift = distance(count, width);

    if (!*g)
        return;
    for (size_t row = b->top; row < b->bottom; row++) {
        uint8_t *marked = own(g, row, b->left);
        if (count > 0) {
            memmove(marked + shift, marked, width - shift);
            memset(marked, 0, shift);
        } else {
            memmove(marked, marked + shift, width - shift);
            memset(marked + width - shift, 0, shift);
        }
    }
}

void guard_resize(struct guard **slot, size_t above, size_t rows, size_t cols)
{
    struct guard *old = *slot;

    if (!old)
        return;
    *slot = guard_new(rows, cols);
    for (size_t row = 0; row < rows && row + above < old->rows; row++)
        memcpy((*slot)->marked + row * cols, old->marked + (row + above) * old->cols,
               smaller(cols, old->cols));
    guard_unref(old);
}
