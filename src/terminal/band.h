/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_BAND_H
#define MOSH_TERMINAL_BAND_H

/*
 * Scrolling and shifting within a rectangle of the screen, for the side margins (DECSLRM). Cells
 * are copied from row to row, and each row keeps its identity: the rest of it stays where it is.
 * But if that is little, and the step is one row, it is the rest that is copied. Wide characters
 * that an edge of the rectangle cuts apart are erased, each half to its own background, as in
 * screen.h. A shell's marks are of whole rows, and stay, too.
 *
 * What goes over the whole width is screen.h's, and much cheaper.
 */

#include "terminal/screen.h"

/* Rows [top, bottom), columns [left, right); neither is empty, and both are on the screen. */
struct band {
    size_t top, bottom;
    size_t left, right;
};

/* Moves the cells up (count > 0) or down (count < 0); what comes in is erased to `fill`'s
   background. */
void band_scroll(struct screen *s, const struct band *b, int64_t count, const struct style *fill);

/* Shifts the cells of every row to the right (count > 0) or left (count < 0). */
void band_shift(struct screen *s, const struct band *b, int64_t count, const struct style *fill);

#endif
