/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_TABS_H
#define MOSH_TERMINAL_TABS_H

/*
 * Tab stops. There is a place for every column that a screen may ever have, so that a screen that
 * grows finds the stops of its new columns here.
 */

#include <stddef.h>
#include <stdint.h>

#include "terminal/screen.h"

struct tabs {
    uint64_t stops[SCREEN_SIDE_MAX / 64]; /* bit col % 64 of word col / 64 */
};

void tabs_init(struct tabs *t);  /* a stop at every eighth column */
void tabs_clear(struct tabs *t); /* none at all */

/* For one column, which is below SCREEN_SIDE_MAX. */
void tabs_set(struct tabs *t, size_t col);
void tabs_unset(struct tabs *t, size_t col);

/* The nearest stop to the right of a column, or `last` if there is none before that. */
size_t tabs_next(const struct tabs *t, size_t col, size_t last);

/* The nearest stop to the left of a column, or 0. */
size_t tabs_previous(const struct tabs *t, size_t col);

#endif
