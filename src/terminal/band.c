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

static bool cuts(const struct row *r, size_t col)
{
    return col < r->cols && r->cell[col].glyph & CELL_TRAIL;
}

/* Erases the character that a boundary, given by the column on its right, cuts apart. */
static void split(struct screen *s, size_t row, size_t col)
{
    struct style own;

    if (!cuts(s->row[row], col))
        return;
    own = *pool_style(s->pool, s->row[row]->cell[col].style);
    screen_erase(s, row, col - 1, col + 1, &own);
}

/* The cells of a row were written up to, but not including, column `end`. */
static void note_written(struct row *r, size_t end)
{
    if (end > r->used)
        r->used = (uint16_t)end;
    if (end == r->cols)
        r->wrapped = false;
}

static bool is_blank(const struct screen *s, const struct band *b, size_t row)
{
    return s->row[row]->used <= b->left;
}

/* Copies the band's columns of a row to another. */
static void copy_cells(struct screen *s, const struct band *b, size_t to, size_t from)
{
    const struct row *source = s->row[from];
    struct row *r;

    if (s->row[to] == source || (is_blank(s, b, to) && is_blank(s, b, from)))
        return;
    r = screen_row(s, to);
    memcpy(r->cell + b->left, source->cell + b->left, (b->right - b->left) * sizeof *r->cell);
    note_written(r, smaller(b->right, source->used));
    if (b->right == r->cols)
        r->wrapped = false;
}

static void erase_cells(struct screen *s, size_t row, const struct band *b,
                        const struct style *fill)
{
    if (!is_blank(s, b, row) || fill->background != COLOUR_DEFAULT)
        screen_erase(s, row, b->left, b->right, fill);
}

static void split_edges(struct screen *s, const struct band *b)
{
    for (size_t row = b->top; row < b->bottom; row++) {
        split(s, row, b->left);
        split(s, row, b->right);
    }
}

static void swap_cells(struct row *a, struct row *b, size_t from, size_t to)
{
    for (size_t col = from; col < to; col++) {
        struct cell cell = a->cell[col];
        a->cell[col] = b->cell[col];
        b->cell[col] = cell;
    }
}

/* Two rows exchange what is beside the band. */
static void swap_outside(struct screen *s, const struct band *b, size_t row)
{
    struct row *upper, *lower;
    uint16_t used;
    bool wrapped;

    if (s->row[row]->used == 0 && s->row[row + 1]->used == 0)
        return;
    upper = screen_row(s, row);
    lower = screen_row(s, row + 1);
    used = upper->used > lower->used ? upper->used : lower->used;
    wrapped = upper->wrapped;

    swap_cells(upper, lower, 0, b->left);
    swap_cells(upper, lower, b->right, s->cols);
    upper->used = lower->used = used;
    upper->wrapped = b->right < s->cols && lower->wrapped;
    lower->wrapped = b->right < s->cols && wrapped;
}

static void turn(struct row **rows, size_t count, bool up)
{
    struct row *first = rows[0], *last = rows[count - 1];

    memmove(rows + !up, rows + up, (count - 1) * sizeof *rows);
    rows[up ? count - 1 : 0] = up ? first : last;
}

/* By one row, in a band that is most of the screen: the rows move, and what is beside the band
   comes back. So the cost of a line feed, which is a single byte, is a third of the screen at most
   (R50). Their identities go with the greater part of them, which a scroll is found by. */
static void scroll_rows(struct screen *s, const struct band *b, bool up, const struct style *fill)
{
    size_t height = b->bottom - b->top;

    turn(s->row + b->top, height, up);
    for (size_t i = 1; i < height; i++)
        swap_outside(s, b, up ? b->bottom - 1 - i : b->top + i - 1);
    erase_cells(s, up ? b->bottom - 1 : b->top, b, fill);
}

void band_scroll(struct screen *s, const struct band *b, int64_t count, const struct style *fill)
{
    size_t height = b->bottom - b->top, shift = distance(count, height);
    size_t kept = height - shift;

    assert(is_on_screen(s, b));
    if (shift == 0)
        return;
    split_edges(s, b);
    if (shift == 1 && kept > 0 && b->right - b->left > s->cols * 2 / 3) {
        scroll_rows(s, b, count > 0, fill);
        return;
    }
    for (size_t i = 0; i < kept; i++) {
        if (count > 0)
            copy_cells(s, b, b->top + i, b->top + i + shift);
        else
            copy_cells(s, b, b->bottom - 1 - i, b->bottom - 1 - i - shift);
    }
    for (size_t i = kept; i < height; i++)
        erase_cells(s, count > 0 ? b->top + i : b->bottom - 1 - i, b, fill);
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
    struct row *r;

    split(s, row, b->left);
    split(s, row, b->right);
    split(s, row, count > 0 ? b->right - shift : b->left + shift);
    r = screen_row(s, row);
    memmove(r->cell + first, r->cell + b->left + (count > 0 ? 0 : shift),
            (width - shift) * sizeof *r->cell);
    /* What stands there is gone already, in part: it is no character that could be cut. */
    erased_cells(r, blank, blank + shift, pool_intern_erased(s->pool, fill));
    note_written(r, b->right);
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
