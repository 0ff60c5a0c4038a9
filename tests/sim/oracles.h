/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_ORACLES_H
#define MOSH_TESTS_ORACLES_H

/*
 * What must hold of a simulated session, whatever is done to it.
 *
 *   always       no nonce is used twice and every datagram is well formed (lib/wiretap.h); no side
 *                sends faster than the frame rate, or wakes for nothing; queues and memory have
 *                bounds; what the user sees is the screen as soon as all keys are answered: no
 *                prediction outlives its refutation
 *   at rest      the program has read what was typed, once and in order; server, client and the
 *                user's terminal show the same; hardly anything is sent
 *   after heal   all this is so within a few of the longest times that the peers wait
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"
#include "util/msec.h"

struct sim;

/* A frame interval is never below 20 ms, so that there are 50 in a second, and one at its edge. An
   acknowledgement may go between two frames, 100 ms after something new, and takes along what has
   changed. The bar, the heartbeats and the echo acknowledgements have deadlines of their own. */
#define ORACLE_FRAMES_PER_SECOND_MAX       61
#define ORACLE_INSTRUCTIONS_PER_SECOND_MAX 75
#define ORACLE_IDLE_TURNS_PER_SECOND_MAX   250
#define ORACLE_TURNS_AT_ONE_TIME_MAX       20000
#define ORACLE_MEMORY_MAX                  ((size_t)64 << 20) /* of both machines together */

#define ORACLE_FRAMES_LOOKED_AT 8 /* each so many-th is compared cell by cell */

#define ORACLE_BACKLOG_BYTES_PER_MS 20 /* of what was typed */

/* At rest: in so long, so many datagrams and turns of each side. */
#define ORACLE_REST_MS            30000
#define ORACLE_REST_DATAGRAMS_MAX 22
#define ORACLE_REST_TURNS_MAX     40

struct oracles {
    msec_t second;       /* of the clock, that the following counts are of */
    unsigned idle_turns; /* wake-ups for no reason but a deadline */
    unsigned frames[2];  /* new states, by the direction that they are sent in */
    uint64_t newest_num[2];
    uint64_t instructions_before[2]; /* by enum side */

    uint64_t idle_turns_total;
    uint64_t frames_shown; /* to the user */
    size_t memory_before;  /* when the session began */
    size_t memory_most;    /* above that */
    msec_t healed_ms;      /* how long it took */
};

void oracles_init(struct sim *s);

/* A datagram that is about to be sent. */
void oracles_datagram(struct sim *s, unsigned direction, const struct buf *datagram);

/* A frame that the user has just been shown. */
void oracles_frame(struct sim *s);

/* A turn is over; something has `moved` in it, or nothing has. */
void oracles_turn(struct sim *s, bool moved);

/*
 * S11: lets time pass until everybody has everything, at most three times as long as a peer waits
 * before it tries again: RTO, or the time between two attempts after many that failed. What was
 * typed meanwhile takes its time besides.
 */
void oracles_check_heals(struct sim *s);

/* Lets time pass, and fails unless everything is at rest. */
void oracles_check_rest(struct sim *s);

/* Whether all that was typed was read. Of a program that has asked the terminal anything, answers
   may be between. */
bool oracles_all_read(const struct sim *s);

#endif
