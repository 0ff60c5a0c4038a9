/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_DISPLAY_H
#define MOSH_TERMINAL_DISPLAY_H

/*
 * Turns the difference of two screens into bytes for a terminal: the shortest that is safe. Used
 * on the server, whose "terminal" is the client's mirror, and on the client for the real one.
 *
 * What holds at the end of every diff: the reader's parser is in its ground state, margins are
 * full, insert and origin mode are off, autowrap is on, no wrap is pending that matters, and the
 * pen is the new screen's. Nothing that a terminal would answer is ever emitted. What terminals
 * disagree about is never relied on: after the last column of a row the cursor is placed
 * absolutely.
 */

#include "terminal/caps.h"
#include "terminal/screen.h"
#include "util/buf.h"

/*
 * Appends what makes a terminal that shows `from` show `to`. Both must share a pool. `from` may be
 * NULL when nothing is known of the terminal: everything is then drawn. Appends nothing if the two
 * are equal.
 */
void display_diff(const struct caps *caps, const struct screen *from, const struct screen *to,
                  struct buf *out);

/*
 * Appends the screen as lines of text with their styles, without the empty ones at its end, for a
 * terminal that goes on where its cursor is: what stays of a session when its own screen is gone.
 */
void display_print(const struct caps *caps, const struct screen *s, struct buf *out);

#endif
