/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TRANSPORT_RECEIVER_H
#define MOSH_TRANSPORT_RECEIVER_H

/*
 * The numbered states of the peer's object. The peer may base its next difference on any state that
 * it has not told us to forget, so all of them are kept, in the order of their numbers; only the
 * last is ever shown to the application.
 *
 * What a peer can make us keep is bounded by number and by memory. A list that is full takes
 * nothing more, and as what is not taken is not acknowledged, the peer keeps it and comes back.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transport/sync.h"
#include "util/err.h"
#include "util/msec.h"
#include "wire/instruction.h"

#define RECEIVER_STATES_MAX    1024
#define RECEIVER_BYTES_MAX     ((size_t)32 << 20)
#define RECEIVER_FULL_PAUSE_MS 15000 /* a full list still takes one state in so long */

struct received_state {
    uint64_t num;
    void *state;
    size_t footprint; /* bytes, as sync_ops.footprint said */
};

struct receiver {
    const struct sync_ops *ops;
    struct received_state *states; /* ascending by number; never empty */
    size_t count, cap;
    size_t footprint; /* sum over the states */
    msec_t newest_time;
    msec_t full_until; /* while the list is full, nothing is taken before this time */
    bool refusing;
};

/* Takes ownership of `initial`, which becomes state 0. */
void receiver_init(struct receiver *r, const struct sync_ops *ops, void *initial);
void receiver_release(struct receiver *r);

/* While refusing, instructions that change something are dropped, except the one that ends the
   session: a peer that leaves must be able to. */
void receiver_refuse(struct receiver *r, bool refuse);

enum receiver_result {
    RECEIVER_KNOWN,  /* we hold that state already */
    RECEIVER_STORED, /* older than the newest: kept as a base for later ones, no more */
    RECEIVER_NEWEST, /* the newest state now */
};

/* Whether the numbers of an instruction can come from a conforming sender. */
bool receiver_numbers_valid(const struct instruction *in);

/*
 * Takes an instruction. Returns a receiver_result; or ERR_MALFORMED
 * (numbers that contradict each other, a diff that does not apply), ERR_BASE (a base that we do
 * not hold) or ERR_LIMIT (refusing, or full), when no state was added.
 */
int receiver_input(struct receiver *r, msec_t now, const struct instruction *in) MUST_CHECK;

const void *receiver_newest(const struct receiver *r); /* borrowed until the next input */
uint64_t receiver_newest_num(const struct receiver *r);
msec_t receiver_newest_time(const struct receiver *r); /* arrival; MSEC_NEVER for state 0 */

#endif
