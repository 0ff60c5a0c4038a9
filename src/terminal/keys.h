/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_KEYS_H
#define MOSH_TERMINAL_KEYS_H

/*
 * The user's keys on their way to the program, which has been told that its terminal is an xterm
 * (TERM). Two things are put right:
 *
 * A client keeps its terminal in application cursor mode for the whole session, so cursor keys
 * arrive as ESC O A to ESC O D, Home and End as ESC O H and ESC O F; a program that has not asked
 * for that mode wants ESC [ A.
 *
 * Other terminals send other bytes for some keys: Home and End are CSI 1 ~ and CSI 4 ~ in PuTTY,
 * tmux and on the Linux console, CSI 7 ~ and CSI 8 ~ in rxvt; F1 to F5 are CSI 11 ~ and so on in
 * PuTTY and rxvt, CSI [ A and so on on the Linux console; rxvt has forms of its own for Shift and
 * Ctrl. They become xterm's (R37).
 *
 * Sequences may arrive in pieces. What is pasted is no key.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/tokens.h"
#include "util/buf.h"
#include "util/msec.h"

/* What may begin such a key is not held back for longer: the user may have typed Alt-O or Alt-[. */
#define KEYS_HOLD_MS 50

/* What the program has asked for. */
struct keys_modes {
    bool application_cursor_keys; /* DECCKM */
    bool newline;                 /* LNM: Return is CR and LF */
    bool bracketed_paste;
    bool kitty_keyboard; /* its function keys are as that protocol has them */
};

/* {0} has seen nothing. */
struct keys {
    struct tokens tokens;
    msec_t since; /* when the last byte came */
    struct keys_modes modes;
};

/* Appends to `out` what the program is to read. */
void keys_translate(struct keys *k, msec_t now, const struct keys_modes *modes,
                    const uint8_t *bytes, size_t len, struct buf *out);

/* Gives out what was held back too long; the deadline is MSEC_NEVER when nothing is. */
void keys_flush(struct keys *k, msec_t now, struct buf *out);
msec_t keys_deadline(const struct keys *k);

#endif
