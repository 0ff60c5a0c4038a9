/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_KEYS_H
#define MOSH_TERMINAL_KEYS_H

/*
 * The user's keys on their way to the program. A client keeps its terminal in application cursor
 * mode for the whole session, so cursor keys always arrive as ESC O A to ESC O D, Home and End as
 * ESC O H and ESC O F; a program that has not asked for that mode wants ESC [ A. The three bytes
 * may arrive apart.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"
#include "util/msec.h"

/* A lone ESC O is not held back for longer than this: the user may have typed Alt-O. */
#define KEYS_HOLD_MS 50

struct keys {
    uint8_t state;
    msec_t held_since; /* when the O that is held back came */
};

/* Appends to `out` what the program is to read. */
void keys_translate(struct keys *k, msec_t now, bool application_cursor_keys, const uint8_t *bytes,
                    size_t len, struct buf *out);

/* Gives out what was held back too long; the deadline is MSEC_NEVER when nothing is. */
void keys_flush(struct keys *k, msec_t now, struct buf *out);
msec_t keys_deadline(const struct keys *k);

#endif
