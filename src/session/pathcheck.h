/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SESSION_PATHCHECK_H
#define MOSH_SESSION_PATHCHECK_H

/*
 * A client without a user, that finds out how good the ways to a server are: a state machine that
 * takes part in a session as any client does, so that every server will do, and goes through the
 * server's addresses one after the other. On each:
 *
 *   contact    how long until the first datagram comes back
 *   exchanges  a key is typed and waits for its acknowledgement, PATHCHECK_EXCHANGES times: round
 *              trips, losses, and how long the echo of the first of them takes
 *   sizes      datagrams that are filled with chaff, for the largest that gets there
 *   a screen   where it is the first that answered: more text is typed than one datagram can carry
 *              back
 *
 * The program in the session has to be harmless and has to have its keys echoed: `cat` is enough.
 *
 * Pure. The addresses stay outside, where they are numbers: what is pulled says which of them it
 * goes to, and what comes says from which of them it came. After each input call pathcheck_tick.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/seal.h"
#include "util/buf.h"
#include "util/msec.h"
#include "util/random.h"

#define PATHCHECK_PATHS_MAX          8
#define PATHCHECK_EXCHANGES          20
#define PATHCHECK_CONTACT_MS         5000 /* for so long the first datagram is waited for, ... */
#define PATHCHECK_CONTACT_REFUSED_MS 1500 /* ... or so long where the network says no */
#define PATHCHECK_EXCHANGE_MS        5000 /* an exchange that takes longer will not come to an end */
#define PATHCHECK_EXCHANGES_MS       20000 /* all of them */
#define PATHCHECK_SCREEN_MS          4000
#define PATHCHECK_CLOSE_MS           2000

/* What the protocol makes of a network is no concern of ours: sizes are of IP packets. */
#define PATHCHECK_PACKET_MAX    1500
#define PATHCHECK_PACKET_LOWEST 576 /* nothing smaller is tried */

struct pathcheck_result {
    bool answered;
    msec_t first_ms; /* until the first datagram came back */

    unsigned exchanges; /* that came to an end */
    /* Of PATHCHECK_EXCHANGES, those that had to be repeated or never came to an end. Nearly all of
       them were lost on the way there, for more than one datagram comes back for each. */
    unsigned lost;
    unsigned round_trips;
    msec_t rtt_min_ms, rtt_mean_ms, rtt_max_ms; /* of these, if there are any */
    bool echoed;
    msec_t echo_ms; /* from the key to its echo on the screen */

    uint64_t sent, received; /* datagrams */
    uint64_t missing;        /* datagrams that the server sent here and that did not come */

    size_t packet_passed;   /* the largest that got there; 0: not tried */
    size_t packet_lost;     /* the smallest that did not; 0: all did */
    size_t packet_told;     /* what a router, or the system, said it would take; 0 */
    size_t packet_received; /* the largest that came from there */
    bool screen_tried, screen_filled;
};

struct pathcheck_config {
    uint8_t key[KEY_BYTES];
    size_t path_count;
    bool is_ipv6[PATHCHECK_PATHS_MAX];
    random_fn *random;
    void *random_context;
};

struct pathcheck;

struct pathcheck *pathcheck_new(const struct pathcheck_config *config, msec_t now);
void pathcheck_free(struct pathcheck *c);

void pathcheck_datagram(struct pathcheck *c, msec_t now, size_t path, const uint8_t *bytes,
                        size_t len, bool congested);

/* Measures no further, and ends the session. */
void pathcheck_stop(struct pathcheck *c, msec_t now);

/* The network says that nobody is there. It informs, and decides nothing but how long to wait. */
void pathcheck_refused(struct pathcheck *c, size_t path);

/* The last datagram was too large to leave, or for a router; `packet_max` is what it would have
   taken, or 0. */
void pathcheck_too_large(struct pathcheck *c, size_t path, size_t packet_max);

void pathcheck_tick(struct pathcheck *c, msec_t now);
bool pathcheck_pull(struct pathcheck *c, struct buf *out, size_t *path);
msec_t pathcheck_deadline(struct pathcheck *c, msec_t now);
bool pathcheck_finished(const struct pathcheck *c);

const struct pathcheck_result *pathcheck_result(const struct pathcheck *c, size_t path);

/* Whether the end of the session was agreed on: otherwise the server does not know of it. */
bool pathcheck_closed(const struct pathcheck *c);

#endif
