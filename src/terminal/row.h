/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_ROW_H
#define MOSH_TERMINAL_ROW_H

/*
 * A row of cells, shared between snapshots and copied on write.
 *
 * A row has an identity that it keeps when it scrolls and when it is copied for writing, so that a
 * scroll is found by matching identities; whether two rows look the same is decided by their
 * cells. `used` bounds the part that differs from the blank cell: all cells from there on are
 * blank ({0}), which lets clearing, comparing and copying stop early.
 *
 * Rows that were cleared are one shared row as long as nobody writes to them. Its identity is 0,
 * which matches nothing: that a blank row looks like another is no sign that anything scrolled.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "terminal/pool.h"

/*
 * One column of the screen. {0} is the blank cell: erased, never written, plain.
 *
 * glyph: a code point, or a cluster with CELL_CLUSTER; 0 for an erased cell, which is not the same
 * as a typed space. A wide character fills two cells: its own with CELL_WIDE, and one that holds
 * CELL_TRAIL alone and the same style. Combining marks that found nothing to stand on are a cluster
 * that begins with U+00A0.
 *
 * A cluster is a number of the pool. But a letter below U+4000 with one mark or two of U+0300 to
 * U+036F, which nearly all clusters of text are, stands in the glyph itself, with CELL_SPELLED, and
 * no table has to be asked.
 */
struct cell {
    uint32_t glyph;
    uint32_t style; /* a number of the pool */
};

#define CELL_CODE_MASK 0x001FFFFFu
#define CELL_CLUSTER   0x00200000u
#define CELL_WIDE      0x00400000u
#define CELL_TRAIL     0x00800000u
#define CELL_SPELLED   0x80000000u

/* Of a cluster that is spelled out; marks count from 1, and 0 is none. */
#define CELL_LETTER_MASK      0x00003FFFu
#define CELL_MARK_MASK        0x0000007Fu
#define CELL_MARK_SHIFT       14
#define CELL_OTHER_MARK_SHIFT 24
#define CELL_MARK_FIRST       0x0300u
#define CELL_MARKS            0x70u

/* The marks in a spelled cluster; the second is 0 if there is none. */
static inline uint32_t cell_mark(uint32_t glyph)
{
    return CELL_MARK_FIRST - 1 + (glyph >> CELL_MARK_SHIFT & CELL_MARK_MASK);
}
static inline uint32_t cell_other_mark(uint32_t glyph)
{
    uint32_t mark = glyph >> CELL_OTHER_MARK_SHIFT & CELL_MARK_MASK;

    return mark ? CELL_MARK_FIRST - 1 + mark : 0;
}

/* Whether a letter, alone or spelled with a mark, can be spelled with one more. */
static inline bool cell_takes_mark(uint32_t glyph, uint32_t code)
{
    bool letter = glyph & CELL_SPELLED ? !(glyph >> CELL_OTHER_MARK_SHIFT & CELL_MARK_MASK)
                                       : (glyph & ~CELL_WIDE) - 1 < CELL_LETTER_MASK;

    return letter && code - CELL_MARK_FIRST < CELL_MARKS;
}

/* And the glyph of that. */
static inline uint32_t cell_with_mark(uint32_t glyph, uint32_t code)
{
    uint32_t mark = code - CELL_MARK_FIRST + 1;

    return glyph | CELL_CLUSTER | CELL_SPELLED |
           mark << (glyph & CELL_SPELLED ? CELL_OTHER_MARK_SHIFT : CELL_MARK_SHIFT);
}

/* What a shell has said of a row (OSC 133), as bits; where its input starts stands beside. */
enum row_mark {
    ROW_PROMPT = 1,     /* A: a prompt starts here */
    ROW_OUTPUT = 2,     /* C: the output of a command */
    ROW_OUTPUT_END = 4, /* D */
};

struct row {
    struct pool *pool;
    struct row *previous, *next; /* the pool's list of living rows */
    uint64_t identity;
    uint32_t refs;
    uint16_t cols;
    uint16_t used;
    bool wrapped;   /* the text goes on in the next row */
    uint8_t marks;  /* of enum row_mark */
    uint16_t input; /* B: 1 + the column where the user's input starts; 0: not here */
    struct cell cell[];
};

static inline bool cell_equal(struct cell a, struct cell b)
{
    uint64_t x, y; /* one comparison of these, which memcmp is not everywhere */

    memcpy(&x, &a, sizeof x);
    memcpy(&y, &b, sizeof y);
    return x == y;
}

static inline bool cell_is_erased(struct cell c)
{
    return c.glyph == 0;
}

/* Columns that a cell's character takes; 1 for a trail, which takes none of its own. */
static inline size_t cell_width(struct cell c)
{
    return c.glyph & CELL_WIDE ? 2 : 1;
}

/* A blank row with a new identity; the caller holds one reference. */
struct row *row_new(struct pool *p, size_t cols);

/* A row of erased cells of a style, which others may share; the caller holds one reference. */
struct row *row_blank(struct pool *p, size_t cols, uint32_t style);

static inline struct row *row_ref(struct row *r)
{
    r->refs++;
    return r;
}

static inline void row_unref(struct row *r)
{
    if (r && --r->refs == 0)
        pool_give_row(r);
}

/* Same cells, marks and wrap flag; the identity does not count. */
bool row_equal(const struct row *a, const struct row *b);

/* The next column from `col` on in which they differ, or `end`; many that do not at a time. */
size_t row_next_difference(const struct row *a, const struct row *b, size_t col, size_t end);

/* Makes *slot a row that nobody shares, copying it if need be, and returns it. */
struct row *row_make_own(struct row **slot);
static inline bool row_is_own(const struct row *r)
{
    return r->refs == 1 && r->identity != 0;
}
static inline struct row *row_own(struct row **slot)
{
    return row_is_own(*slot) ? *slot : row_make_own(slot);
}

/* Makes one that is somebody's own like a new one. */
void row_wipe(struct row *r);

/* Whether a boundary, given by the column on its right, cuts a wide character apart; and what is
   left of one that lost its other half: nothing but the background. */
static inline bool row_cuts(const struct row *r, size_t col)
{
    return col < r->cols && r->cell[col].glyph & CELL_TRAIL;
}
void row_erase_half(struct row *r, size_t col);

/* Erases the wide character that a boundary cuts apart, if there is one. */
static inline void row_split(struct row *r, size_t col)
{
    if (!row_cuts(r, col))
        return;
    row_erase_half(r, col - 1);
    row_erase_half(r, col);
}

/* The row was written up to column `end`. */
static inline void row_extend(struct row *r, size_t end)
{
    if (end > r->used)
        r->used = (uint16_t)end;
    if (end == r->cols)
        r->wrapped = false;
}

/* Adds a code point to what stands in a cell, which is not erased; not to a text of `taken_below`
   bytes or more, and not if there is no room for one more cluster. */
static inline void row_join(struct row *r, size_t col, uint32_t code, size_t taken_below)
{
    uint32_t glyph = r->cell[col].glyph;
    uint32_t cluster = pool_extend_cluster(r->pool, glyph, code, taken_below);

    if (cluster != POOL_NO_CLUSTER)
        r->cell[col].glyph = cluster | (glyph & CELL_WIDE);
}

/* Appends what the cell shows in UTF-8: a space where it is erased, nothing for a trail. */
void row_put_text(const struct row *r, size_t col, struct buf *out);

#endif
