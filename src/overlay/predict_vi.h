/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_OVERLAY_PREDICT_VI_H
#define MOSH_OVERLAY_PREDICT_VI_H

/*
 * Editors like vi, in which a letter is a command or text, depending on the mode: which mode a key
 * leads to, and where a command moves the cursor. POSIX describes them ("vi", "Command Mode"). Of
 * the commands only some are known here; after any other one the mode is not known, either.
 *
 * A program is such an editor if typed text appears while it says in its last row that it inserts.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "overlay/predict_keys.h"
#include "terminal/screen.h"
#include "util/msec.h"

enum predict_vi_mode {
    PREDICT_VI_UNKNOWN, /* or this is no such editor */
    PREDICT_VI_INSERT,  /* keys are text */
    PREDICT_VI_COMMAND,
    PREDICT_VI_LINE, /* keys are text in the last row, up to Enter */
};

/* {0} is the state at the start. */
struct predict_vi {
    uint32_t job;              /* the program that is one, or 0 */
    enum predict_vi_mode mode; /* after the keys that were typed */
    bool keeps_trust;          /* nothing but the cursor's place is in doubt, */
    msec_t answered;           /* and since when it should be known; or never */
};

/* The mode after a key. */
enum predict_vi_mode predict_vi_next(enum predict_vi_mode mode, struct predict_key key);

/* Whether the editor says that it inserts. */
bool predict_vi_inserts(const struct screen *screen);

/* A row of its text. */
struct predict_vi_row {
    const struct cell *cell;
    size_t cols;
};

/* After the last character. */
size_t predict_vi_end(const struct predict_vi_row *row);

/* The cursor's column when it comes to a row in command mode, where it would like to be in column
   `goal`. */
size_t predict_vi_landing(const struct predict_vi_row *row, size_t goal);

/* Where a command leads within the row; for those that begin to insert, where that is. False if
   it is no such command, or it leads elsewhere. */
bool predict_vi_move(const struct predict_vi_row *row, uint32_t command, size_t *col);

#endif
