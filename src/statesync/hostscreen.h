/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_STATESYNC_HOSTSCREEN_H
#define MOSH_STATESYNC_HOSTSCREEN_H

/*
 * The server's object: the terminal, and the echo acknowledgement, which is the newest state of
 * the user's input that has surely had the time to show on this screen.
 *
 * The server's copies face a program; the client's are mirrors fed by diffs. State 0 is a blank
 * screen whose size is not transmitted, so a diff based on it always carries the size, and no
 * other state is equal to it: were the first state sent as "nothing changed", the client would
 * take its own size for the server's.
 *
 * What a diff may contain depends on what the client has announced (terminal/profile.h), and that
 * is part of the state: between two states of the same features everything that these carry is
 * exact, and a diff to a state of others draws the screen anew, since what the client has of the
 * older one may be poorer than what we have.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "statesync/serverinfo.h"
#include "terminal/caps.h"
#include "terminal/emulator.h"
#include "terminal/facts.h"
#include "transport/sync.h"
#include "util/msec.h"

#define ECHO_ACK_DELAY_MS 50

struct hostscreen;

extern const struct sync_ops hostscreen_ops;

/* State 0. */
struct hostscreen *hostscreen_new(enum emulator_role role, size_t rows, size_t cols);

/* From now on this copy is a state of its own, even while it still looks like state 0. A server
   does this to its live object; a mirror leaves state 0 with the first diff. */
void hostscreen_leave_zero(struct hostscreen *h);

struct emulator *hostscreen_emulator(struct hostscreen *h); /* borrowed */

/* FEATURE_... that both sides know; 0 at first. */
uint32_t hostscreen_features(const struct hostscreen *h);
void hostscreen_set_features(struct hostscreen *h, uint32_t features);
struct caps hostscreen_caps(const struct hostscreen *h); /* the vocabulary that follows from them */

/* What is known of the program. It is a part of every state with FEATURE_FACTS, and not known
   without. Whether the alternate screen is shown, and the mode of the cursor keys, the terminal
   itself knows: the setter ignores these. */
struct facts hostscreen_facts(const struct hostscreen *h);
void hostscreen_set_facts(struct hostscreen *h, const struct facts *facts);

/* What is told of the server: a part of every state with FEATURE_SERVER, and empty without. */
struct serverinfo hostscreen_serverinfo(const struct hostscreen *h);
void hostscreen_set_serverinfo(struct hostscreen *h, const struct serverinfo *info);

/* Once lines of the history were asked for, which of them are kept is a part of every state: the
   lines [*oldest, *next), and the screen's top row will be *next when it scrolls off. False
   before. */
bool hostscreen_history(const struct hostscreen *h, uint64_t *oldest, uint64_t *next);

/* The newest answer (statesync/lines.h), encoded; NULL if there is none. The setter takes it over.
 */
struct text *hostscreen_lines(const struct hostscreen *h);
void hostscreen_set_lines(struct hostscreen *h, struct text *lines);

const struct screen *hostscreen_screen(const struct hostscreen *h);
uint64_t hostscreen_echo_ack(const struct hostscreen *h);
void hostscreen_set_echo_ack(struct hostscreen *h, uint64_t state_num); /* never backwards */

/* The client waits for the acknowledgement of this state: with it, its predictions go on. Says only
   how soon it is sent, and only to clients that know FEATURE_FACTS. */
void hostscreen_await_echo_ack(struct hostscreen *h, uint64_t state_num);

#endif
