/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_OVERLAY_PANEL_H
#define MOSH_OVERLAY_PANEL_H

/*
 * Lines of text in a box below the bar, over whatever is there: why nothing comes from the server,
 * or how the session is. It draws on a copy of the screen, as the bar does.
 */

#include "terminal/screen.h"
#include "util/buf.h"

/* The longest line that a window of 80 columns shows whole. */
#define PANEL_LINE_MAX 78

/* Draws printable ASCII text, whose lines end with a newline, as much of it as there is room for.
   Hides the cursor if it is in the box. */
void panel_apply(const struct buf *text, struct screen *s);

#endif
