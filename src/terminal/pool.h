/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_POOL_H
#define MOSH_TERMINAL_POOL_H

/*
 * What the screens of one session share: rows, and the tables that give a style, a grapheme
 * cluster and a hyperlink a small number so that a cell stays eight bytes.
 *
 * A screen and all its clones use one pool. Numbers mean something only within it, so only screens
 * of one pool can be compared. When a table has grown by enough, the pool marks what the cells
 * of all living rows still use and forgets the rest; numbers in use never change. A number that
 * was looked up stays valid until the next call that may intern one of its kind, unless a living
 * row holds it. A table that is full of numbers in use gives the plain style, or no cluster:
 * output of a program can make the screen poorer, never the process larger.
 */

#include <stddef.h>
#include <stdint.h>

#include "terminal/intern.h"
#include "terminal/links.h"
#include "terminal/style.h"
#include "util/text.h"

#define POOL_STYLES_MAX           ((uint32_t)1 << 18)
#define POOL_CLUSTERS_MAX         ((uint32_t)1 << 16)
#define POOL_NO_CLUSTER           INTERN_NONE /* the table is full: the cell stays as it is */
#define CLUSTER_STOCK_TAKES_BELOW 32 /* bytes: to a cell with more a stock mosh adds no mark */
#define CLUSTER_BYTES_MAX         63 /* UTF-8 of one cell: that of the longest family there is is 35 */

struct row;
struct history;

/* The UTF-8 of a cluster. */
struct cluster_text {
    size_t len;
    char bytes[CLUSTER_BYTES_MAX];
};

/* pool.c's own, and here only so that the next style can be compared with the last one at once. */
struct pool {
    size_t refs;
    struct intern styles;
    struct intern clusters;
    struct links links;
    struct row *rows;        /* living */
    struct history *history; /* borrowed; NULL: none */
    struct row *blank;
    struct row *spare; /* blank ones of one width, for those to come */
    size_t spare_count;
    uint64_t identities; /* handed out so far */
    struct style last_style;
    uint32_t last_style_number;
    uint32_t last_erased; /* a background */
    uint32_t last_erased_number;
};

struct pool *pool_new(void); /* the caller holds one reference */
struct pool *pool_ref(struct pool *p);
void pool_unref(struct pool *p);

/* Number of a style; 0 is the plain one. Fast for the style that was asked for last. */
uint32_t pool_change_style(struct pool *p, const struct style *s);
static inline uint32_t pool_intern_style(struct pool *p, const struct style *s)
{
    return style_equal(s, &p->last_style) ? p->last_style_number : pool_change_style(p, s);
}

/* Number of the style that cells erased with a pen have (style_erased): nearly always 0. */
uint32_t pool_change_erased(struct pool *p, const struct style *pen);
static inline uint32_t pool_intern_erased(struct pool *p, const struct style *pen)
{
    return pen->background == COLOUR_DEFAULT ? 0 : pool_change_erased(p, pen);
}

/* Borrowed until the next call that may intern one. */
const struct style *pool_style(const struct pool *p, uint32_t number);

/* Glyph, but for its width, of a cluster of 2 or more code points in UTF-8, at most
   CLUSTER_BYTES_MAX bytes, or POOL_NO_CLUSTER. */
uint32_t pool_intern_cluster(struct pool *p, const char *utf8, size_t len);

/* The same of what a cell's glyph becomes with one code point more; POOL_NO_CLUSTER, too, if its
   text has `taken_below` bytes already. */
uint32_t pool_extend_cluster(struct pool *p, uint32_t glyph, uint32_t code, size_t taken_below);

struct cluster_text pool_cluster(const struct pool *p, uint32_t glyph);

/* Number of a hyperlink (links.h), or 0 if the table is full. It is valid as long as a living row
   has a style with it, or somebody holds a reference to its text. */
uint32_t pool_intern_link(struct pool *p, const char *text, size_t len);

/* Borrowed; NULL for 0 and for numbers that are not valid any more. */
struct text *pool_link(const struct pool *p, uint32_t number);

/* Lines that are kept beside the rows: what their cells use counts as in use, too. But no more than
   a quarter of a table is left to them; the oldest go, so that what is on the screen has room. NULL
   when they end, which has to be before the pool does. */
void pool_set_history(struct pool *p, struct history *h);

/* For row.c alone. The pool counts no reference for the rows it lists, nor for the blank one. A row
   that was given back is kept for a while, so that scrolling allocates nothing. */
struct row *pool_take_row(struct pool *p, size_t cols); /* blank, with a new identity */
void pool_give_row(struct row *r);                      /* that nobody refers to */
static inline uint64_t pool_new_identity(struct pool *p)
{
    return ++p->identities;
}
static inline struct row **pool_blank_row(struct pool *p) /* the one handed out last, or NULL */
{
    return &p->blank;
}

#endif
