/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_HISTORY_H
#define MOSH_TERMINAL_HISTORY_H

/*
 * Lines that left the main buffer at its top, for who wants to look back. They are numbered from 0
 * for as long as the session lasts; what was forgotten leaves a gap at the beginning and never has
 * its number used again.
 *
 * A line is a copy of its row's cells up to the last one that is used, in a ring of bytes; one of
 * Latin-1 in a single style, which most are, takes a byte for each. So the row itself can be used
 * again while it is still in the processor's cache, and memory is taken for what was written and
 * not for the width of the window. The ring grows with what is kept. A line stays as it was: it is
 * not wrapped again in a window of another width.
 *
 * The cells hold numbers of a pool, which has to know of the history (pool_set_history).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/row.h"

#define HISTORY_LINES_MAX 10000 /* when there are so many, some go at once */
#define HISTORY_BYTES_MAX ((size_t)4 << 20)

struct history;

struct history *history_new(void);
void history_free(struct history *h);

/* Appends a copy of the row; the oldest lines make room. */
void history_push(struct history *h, const struct row *r);

/* Says that the text of the newest line goes on in what follows it. */
void history_set_wrapped(struct history *h);

/* Forgets all lines; or the oldest ones, until those that are left have no more than so many styles
   in them, and clusters. */
void history_clear(struct history *h);
void history_shrink(struct history *h, size_t styles);

/* Lines [oldest, next) are kept. */
uint64_t history_oldest(const struct history *h);
uint64_t history_next(const struct history *h);

/* Of a line that is kept: how many of its cells are used, whether its text goes on in the next
   line, and these cells, for which there must be room. */
size_t history_used(const struct history *h, uint64_t number);
bool history_wrapped(const struct history *h, uint64_t number);
void history_read(const struct history *h, uint64_t number, struct cell *out);

/* Visits cells of which each has what one or more of those that are kept have: for the pool, which
   wants to know what is in use. */
typedef void history_visitor(void *context, const struct cell *cells, size_t count);
void history_visit(const struct history *h, history_visitor *visit, void *context);

/* Bytes of memory. */
size_t history_footprint(const struct history *h);

#endif
