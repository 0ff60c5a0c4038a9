/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_CONTESTED_H
#define MOSH_TERMINAL_CONTESTED_H

/*
 * Characters that terminals, or the C library of a stock client, may give another width than our
 * table does: symbols that became wide with the emoji, what each new version of Unicode adds beyond
 * the basic plane, and clusters. Not contested are emoji that all tables have had as wide since
 * Unicode 9, CJK, and the marks of old that everybody puts above or below a letter.
 */

#include <stdbool.h>

#include "terminal/row.h"

/* `c` is a cell of a row of this pool. */
bool cell_is_contested(const struct pool *pool, struct cell c);

/* Whether that is so of a text that takes one column where each code point has columns of its own,
   as in stock's mirrors: there U+FE0F, which asks for an emoji, has none. */
bool narrow_text_is_contested(const char *utf8, size_t len);

#endif
