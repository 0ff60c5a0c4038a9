/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_EMULATOR_H
#define MOSH_TERMINAL_EMULATOR_H

/*
 * A terminal: takes the bytes that a program writes, keeps the screen, answers the program's
 * questions. UTF-8 only; no locale. Follows ECMA-48 and xterm's control sequences;
 * man/mosh-server.1 says which.
 *
 *   parser    bytes -> characters, controls, sequences (the DEC state machine)
 *   emulator  printing, cursor, margins, tabs; holds all that is not part of the screen
 *   csi, osc  sorted tables of sequences, with a small handler each
 *   reply     answers to the program
 *
 * No input can make it fail. The work for one sequence is bounded by the size of the screen.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/profile.h"
#include "terminal/screen.h"
#include "util/buf.h"

enum emulator_role {
    /* Faces a program; behaves as terminals do. */
    EMULATOR_HOST,
    /* The client's copy, fed by a server's diffs. A backspace while a wrap is pending only cancels
       the wrap, and the string terminator ESC \ leaves it pending: that is what the diffs of stock
       servers count on. Never answers. */
    EMULATOR_MIRROR,
};

struct emulator;
struct history;

struct emulator *emulator_new(enum emulator_role role, size_t rows, size_t cols);
void emulator_free(struct emulator *e);

/* The same, whose screen shares a pool with others, so that they can have the same rows. */
struct emulator *emulator_new_in(struct pool *pool, enum emulator_role role, size_t rows,
                                 size_t cols);

/* A snapshot with everything, the parser's state included; shares rows and the pool. */
struct emulator *emulator_clone(const struct emulator *e);

/* Interprets output of a program. Answers are appended to `reply`, which may be NULL. */
void emulator_write(struct emulator *e, const uint8_t *bytes, size_t len, struct buf *reply);

/* The size must be valid. */
void emulator_resize(struct emulator *e, size_t rows, size_t cols);

/* For a mirror: an event that the server has numbered (events.h). Malformed ones are ignored. */
void emulator_take_event(struct emulator *e, uint64_t number, uint32_t kind, struct reader name,
                         struct reader text);

/* Appends what the program is to read about its new size, if it has asked for that (mode 2048). */
void emulator_report_size(struct emulator *e, struct buf *reply);

/* Synchronized output (mode 2026): the program is drawing and does not want it to be seen before it
   is done. Who has waited long enough ends it. */
bool emulator_synchronized(const struct emulator *e);
void emulator_end_synchronized(struct emulator *e);

/* From now on lines that leave the main buffer at its top are kept. They belong to this emulator
   alone: its clones have none. NULL before. */
void emulator_keep_history(struct emulator *e);
const struct history *emulator_history(const struct emulator *e);

/* Bytes of memory of this snapshot, as screen_footprint counts them. */
size_t emulator_footprint(const struct emulator *e);

/* Borrowed until the next change. */
const struct screen *emulator_screen(const struct emulator *e);

/* What is known of the user's terminal, for answers to programs. A change that the program asked to
   be told of is appended to `reply`, which may be NULL. */
void emulator_set_profile(struct emulator *e, const struct profile *profile, struct buf *reply);

/* Which keyboard protocols programs may use: those that the user's terminal has. None at first; a
   mirror follows whatever it is told. */
void emulator_allow_keyboards(struct emulator *e, bool kitty, bool modify_other_keys);

/* The alternate screen (modes 47, 1047, 1049). */
bool emulator_shows_alternate(const struct emulator *e);

/* DECCKM: what the cursor keys have to send. LNM: what Return has to. */
bool emulator_application_cursor_keys(const struct emulator *e);
bool emulator_newline(const struct emulator *e);

#endif
