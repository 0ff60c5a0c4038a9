/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_PROGRESS_H
#define MOSH_LAUNCH_PROGRESS_H

/*
 * What `mosh` is doing, for a user who waits: on a terminal, one line that changes and vanishes in
 * the end; or each step on a line of its own, with its time, to be kept.
 *
 * While ssh runs, it may at any moment ask for a password on /dev/tty, of which nobody is told. So
 * our line stands beneath the cursor, which stays where it was: what ssh writes comes first, in a
 * line of its own, and if it goes on into ours it overwrites it. All that is erased is behind the
 * cursor and in the line beneath it. Only what every descendant of the VT100 knows is used.
 *
 * There is one terminal, so there is one of this; messages (launch/say.h) get along with it.
 */

#include "util/err.h"
#include "util/msec.h"

enum progress_manner {
    PROGRESS_NOTHING,
    PROGRESS_LINE,  /* only if standard error is a terminal that can do it; else nothing */
    PROGRESS_STEPS, /* each is kept */
};

/* Times are counted from `start`. */
void progress_begin(enum progress_manner manner, msec_t start);

/* The next step. */
void progress_step(const char *format, ...) PRINTF_LIKE(1, 2);

/* Others are about to write to the terminal; and they have, at the end of a line. */
void progress_hide(void);
void progress_show(void);

/* The line vanishes for good. */
void progress_end(void);

#endif
