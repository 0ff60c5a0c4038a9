/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_OVERLAY_PREDICT_EDIT_H
#define MOSH_OVERLAY_PREDICT_EDIT_H

/*
 * What a key does to one line of text, were the program at the other end an ordinary line editor.
 * Knows nothing of time, of screens or of trust.
 *
 * Only what belongs to the text is pushed about: it ends before two blanks in a row, before a
 * border, and where the user's own text is known to end. So right prompts, other panes and what a
 * shell suggests stay where they are.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "overlay/predict_keys.h"
#include "terminal/row.h"

#define PREDICT_COL_UNKNOWN SIZE_MAX

/* A line as it looks before a key; its cells are changed to what they are after it. */
struct predict_text {
    struct pool *pool;
    struct cell *cell;
    size_t cols;     /* the line's share of the row: up to the screen's edge or a border */
    size_t floor;    /* where the user's text begins, or PREDICT_COL_UNKNOWN */
    size_t end;      /* after it, likewise */
    size_t col;      /* of the cursor */
    bool wide_emoji; /* U+FE0F makes a symbol take two columns */
    bool overwrite;  /* new characters take the place of old ones */
    uint32_t style;  /* of new characters */
};

/* Columns [from, to) were changed. The key itself wrote the first `own` of them; the rest is text
   that it pushed about. */
struct predict_change {
    size_t from, to, own;
};

/* Erased, a space or a no-break space: these look alike. */
bool predict_blank(uint32_t glyph);

/* Whether all of the columns [from, to) are. */
bool predict_all_blank(const struct cell *cells, size_t from, size_t to);

/* Whether two glyphs look alike. */
bool predict_alike(uint32_t a, uint32_t b);

/* Box drawing, or a vertical bar. */
bool predict_bar(uint32_t glyph);

/* Where the text at column `col` or right of it ends: the user's, if that is known. */
size_t predict_text_end(const struct predict_text *t, size_t col);

/* Does what the key does; `t->col` and `t->end` follow. False if that cannot be known. Up, Down
   and Enter leave the line and are not for here. */
bool predict_edit(struct predict_text *t, struct predict_key key, struct predict_change *change);

#endif
