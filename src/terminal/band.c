/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/band.h"

#include <assert.h>
#include <string.h>

#include "util/smaller.h"

static bool is_on_screen(const struct screen *s, const struct band *b)
{
    return b->top < b->bottom && b->bottom <= s->rows && b->left < b->right && b->right <= s->cols;
}

static size_t distance(int64_t count, size_t most)
{
    return smaller((size_t)(count < 0 ? -count : count), most);
}

/* Erases the characters that the edges cut apart. */
static void split_edges(struct screen *s, const struct band *b, size_t row)
{
    const struct row *r = s->row[row];

    if (row_cuts(r, b->left) || row_cuts(r, b->right)) {
        row_split(screen_row(s, row), b->left);
        row_split(s->row[row], b->right);
    }
}

static bool is_blank(const struct screen *s, const struct band *b, size_t row)
{
    return s->row[row]->used <= b->left;
}

/* Copies columns of a row, as far as one of the two has something there. */
static void copy_columns(struct row *r, const struct row *source, size_t from, size_t to)
{
    to = smaller(to, r->used > source->used ? r->used : source->used);
    if (from < to)
        memcpy(r->cell + from, source->cell + from, (to - from) * sizeof *r->cell);
}

/* Copies the band's columns of a row to another. */
static void copy_inside(struct screen *s, const struct band *b, size_t to, size_t from)
{
    const struct row *source = s->row[from];
    struct row *r;

    if (s->row[to] == source || (is_blank(s, b, to) && is_blank(s, b, from)))
        return;
    r = screen_row(s, to);
    copy_columns(r, source, b->left, b->right);
    row_extend(r, smaller(b->right, source->used));
    if (b->right == r->cols)
        r->wrapped = false;
}

static bool has_nothing(const struct row *r)
{
    return r->used == 0 && r->marks == 0 && r->input == 0;
}

/* Copies to a row what another has beside the band. The marks are no part of the band, either. */
static void copy_outside(struct screen *s, const struct band *b, size_t to,
                         const struct row *source)
{
    struct row *r = s->row[to];

    if (r == source || (has_nothing(r) && has_nothing(source)))
        return;
    r = screen_row(s, to);
    r->marks = source->marks;
    r->input = source->input;
    copy_columns(r, source, 0, b->left);
    copy_columns(r, source, b->right, s->cols);
    if (source->used > b->right || r->used > b->right)
        r->used = source->used > b->right ? source->used : (uint16_t)b->right;
    row_extend(r, smaller(source->used, b->left));
    r->wrapped = b->right < s->cols && source->wrapped;
}

static void erase_inside(struct screen *s, size_t row, const struct band *b,
                         const struct style *fill)
{
    if (!is_blank(s, b, row) || fill->background != COLOUR_DEFAULT)
        screen_erase(s, row, b->left, b->right, fill);
}

/* The i-th row of the band from the edge where rows come in, when it scrolls up or down. */
static size_t row_from_edge(const struct band *b, bool up, size_t i)
{
    return up ? b->bottom - 1 - i : b->top + i;
}

/* By one row, in a band that is most of the screen: the rows move, and what is beside the band
   comes back. So the cost of a line feed, which is a single byte, is half of the screen at most
   (R50). Their identities go with the greater part of them, which a scroll is found by. */
static void scroll_rows(struct screen *s, const struct band *b, bool up, const struct style *fill)
{
    size_t height = b->bottom - b->top, coming = row_from_edge(b, up, 0);
    struct row **row = s->row + b->top, *leaving = s->row[row_from_edge(b, up, height - 1)];

    memmove(row + !up, row + up, (height - 1) * sizeof *row);
    s->row[coming] = row_new(s->pool, s->cols);
    for (size_t i = 0; i + 1 < height; i++)
        copy_outside(s, b, row_from_edge(b, up, i), s->row[row_from_edge(b, up, i + 1)]);
    copy_outside(s, b, row_from_edge(b, up, height - 1), leaving);
    row_unref(leaving);
    erase_inside(s, coming, b, fill);
}

void band_scroll(struct screen *s, const struct band *b, int64_t count, const struct style *fill)
{
    size_t height = b->bottom - b->top, shift = distance(count, height);
    size_t kept = height - shift;

    assert(is_on_screen(s, b));
    if (shift == 0)
        return;
    for (size_t row = b->top; row < b->bottom; row++)
        split_edges(s, b, row);
    if (shift == 1 && kept > 0 && b->right - b->left > s->cols / 2) {
        scroll_rows(s, b, count > 0, fill);
        return;
    }
    for (size_t i = kept; i > 0; i--) {
        size_t to = row_from_edge(b, count > 0, shift + i - 1);
        copy_inside(s, b, to, row_from_edge(b, count > 0, i - 1));
    }
    for (size_t i = 0; i < shift; i++)
        erase_inside(s, row_from_edge(b, count > 0, i), b, fill);
}

static void erased_cells(struct row *r, size_t from, size_t to, uint32_t style)
{
    for (size_t col = from; col < to; col++)
        r->cell[col] = (struct cell){.style = style};
}

static void shift_row(struct screen *s, size_t row, const struct band *b, int64_t count,
                      const struct style *fill)
{
    size_t width = b->right - b->left, shift = distance(count, width);
    size_t first = count > 0 ? b->left + shift : b->left;
    size_t blank = count > 0 ? b->left : b->right - shift;
    struct row *r = screen_row(s, row);

    row_split(r, b->left);
    row_split(r, b->right);
    row_split(r, count > 0 ? b->right - shift : b->left + shift);
    memmove(r->cell + first, r->cell + b->left + (count > 0 ? 0 : shift),
            (width - shift) * sizeof *r->cell);
    /* What stands there is gone already, in part: it is no character that could be cut. */
    erased_cells(r, blank, blank + shift, pool_intern_erased(s->pool, fill));
    row_extend(r, b->right);
}

void band_shift(struct screen *s, const struct band *b, int64_t count, const struct style *fill)
{
    assert(is_on_screen(s, b));
    if (count == 0)
        return;
    for (size_t row = b->top; row < b->bottom; row++) {
        if (!is_blank(s, b, row) || fill->background != COLOUR_DEFAULT)
            shift_row(s, row, b, count, fill);
    }
}
