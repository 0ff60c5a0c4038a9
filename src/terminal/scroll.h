/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_SCROLL_H
#define MOSH_TERMINAL_SCROLL_H

/*
 * Finds out what scrolled between two screens, from the identities that rows keep when they move.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/screen.h"

/* As for screen_scroll: rows [top, bottom) move up by `count`, or down if it is negative. */
struct scroll {
    size_t top, bottom;
    int64_t count;
};

/* Finds the scroll of `from` that saves painting on the way to `to`, which has the same size.
   Returns false if there is none. Of several, finds the one of most rows. */
bool scroll_find(const struct screen *from, const struct screen *to, struct scroll *found);

#endif
