/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_SHIFT_H
#define MOSH_TERMINAL_SHIFT_H

/*
 * Finds out whether the end of a row is where it was, but for some columns that were inserted or
 * deleted before it: typing in the middle of a line.
 */

#include <stdbool.h>
#include <stddef.h>

#include "terminal/row.h"

struct shift {
    size_t col, count; /* ICH or DCH of `count` at `col` */
    bool insert;
};

/* Finds a shift that spares writing. *shifted is then what a terminal with `shown` shows after it,
   with erased cells where columns came in, and the caller holds a reference. Never where a wide or
   contested character would be moved, and never in wrapped rows. */
bool shift_find(const struct row *shown, const struct row *to, struct shift *found,
                struct row **shifted);

#endif
