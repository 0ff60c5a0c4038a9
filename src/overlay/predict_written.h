/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_OVERLAY_PREDICT_WRITTEN_H
#define MOSH_OVERLAY_PREDICT_WRITTEN_H

/*
 * What the user has written in an editor: the places at which typed text was seen to appear, and
 * the text itself. As long as it stands there, in the same program, what is typed in its midst will
 * appear, too; in a form with several fields that cannot be said of any other place.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/screen.h"

#define PREDICT_WRITTEN 24

/* Columns [from, to) of row `at`. */
struct predict_line_written {
    struct row *row; /* as it was then */
    size_t at, from, to;
    uint32_t job; /* the program's */
};

/* {0} is the state at the start. */
struct predict_written {
    struct predict_line_written line[PREDICT_WRITTEN]; /* the newest first */
    size_t count;
};

void predict_written_forget(struct predict_written *w);

/* Says that the screen has scrolled by so many rows (positive: up). */
void predict_written_scroll(struct predict_written *w, int64_t rows);

/* Typed text has appeared in columns [from, to) of a row, in this program. It joins what was
   written beside it. Text that is no proof by itself (`proves`) is only taken where it does. */
void predict_written_note(struct predict_written *w, const struct screen *screen, size_t row,
                          size_t from, size_t to, uint32_t job, bool proves);

/* What was written on a row of the screen, and still stands there; NULL if there is nothing. */
const struct predict_line_written *predict_written_on(const struct predict_written *w,
                                                      const struct screen *screen, size_t row,
                                                      uint32_t job);

#endif
