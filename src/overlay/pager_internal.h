/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_OVERLAY_PAGER_INTERNAL_H
#define MOSH_OVERLAY_PAGER_INTERNAL_H

/* What the files of the pager share: pager has the lines, the view and the keys, pager_search finds
   text, pager_draw makes the frame. */

#include "overlay/pager.h"

/* The positions that there are: [first, end). */
int64_t pager_first(const struct pager *p);
int64_t pager_end(const struct pager *p);
int64_t pager_bottom(const struct pager *p); /* the end of what is in view */

/* What is at a position, or NULL if there is nothing, or it has yet to be fetched. */
const struct row *pager_row(const struct pager *p, int64_t position);
bool pager_is_missing(const struct pager *p, int64_t position); /* has yet to be fetched */

/* Moves as far as it takes to have a position in view. */
void pager_show(struct pager *p, int64_t position);

/* Looks for the pattern, upwards or downwards: a new one from what is in view on, the same again
   from where it was found. */
void pager_search(struct pager *p, bool upwards, bool anew);
void pager_search_on(struct pager *p);

/* The columns of a row that belong to the pattern, where it is found: sets of those from `cols` on
   that the row's text, which begins in the rows before it, has. */
struct pager_match {
    size_t from, to; /* columns, `to` excluded; in the row that it begins in */
};

/* The next place in a row, at or behind column `from`, where the pattern begins. What goes on in
   the next row is found, too; `to` is then beyond the row's columns. */
bool pager_find(const struct pager *p, int64_t position, size_t from, struct pager_match *match);

#endif
