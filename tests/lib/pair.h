/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_PAIR_H
#define MOSH_TESTS_PAIR_H

/*
 * Two transports, a client's and a server's, joined by a simulated network on a virtual clock, each
 * with a textlog. Byte number n of each log is a function of n, so that what arrives is checked
 * without a copy of what was sent. Everything that is sent passes a wiretap, and every number is
 * checked to stand for one content. A violation fails the running cmocka test and names the seed.
 */

#include <stdbool.h>

#include "link.h"
#include "transport/transport.h"
#include "unit.h"
#include "wiretap.h"

enum side { CLIENT, SERVER };

struct numbered_end {
    uint64_t num, end;
};

struct endpoint {
    struct transport *transport;
    struct wiretap *tap;
    struct rng rng;
    size_t room;               /* for the next datagram; 0: enough */
    size_t refused_bytes;      /* the system refuses larger datagrams; 0: none */
    bool only_probes;          /* of the path's MTU: all else that it sends is lost */
    struct numbered_end *ends; /* which position each number that was sent stands for */
    size_t ends_count, ends_cap;
    uint64_t remote_end;                 /* how far the peer's log has come */
    uint64_t instructions;               /* sent */
    uint64_t contents;                   /* of those, with a diff */
    msec_t last_sent, last_content_sent; /* MSEC_NEVER before the first */
    msec_t reply_time; /* when something of ours was last acknowledged, or MSEC_NEVER */
};

struct pair {
    uint64_t seed;
    const char *profile_name;
    struct link *link;
    struct endpoint side[2];
    size_t payload_max;
    bool congested; /* all that arrives carries the mark */
    bool dense;     /* what is typed cannot be compressed; from the beginning on */
    msec_t now;
    uint64_t rounds; /* of the pump: wake-ups */
};

extern const uint8_t pair_key[KEY_BYTES];

void pair_init(struct pair *p, uint64_t seed, const struct link_profile *profile);
void pair_release(struct pair *p);

/* Appends to a side's log and ticks. */
void pair_type(struct pair *p, enum side side, size_t len);

/* Runs both pumps until the clock shows `until`, which passes at once to the next event. */
void pair_run(struct pair *p, msec_t until);
void pair_run_for(struct pair *p, msec_t span);

/* Runs until each side has what the other typed; how long that took, or MSEC_NEVER after `limit`.
 */
msec_t pair_converge(struct pair *p, msec_t limit);

/* Whether a side has all that the other one typed. */
bool pair_has_all(const struct pair *p, enum side side);

/* Runs until both sides are over; false after `limit`. */
bool pair_end(struct pair *p, msec_t limit);
bool side_over(const struct pair *p, enum side side);

#endif
