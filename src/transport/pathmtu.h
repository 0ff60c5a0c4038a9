/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TRANSPORT_PATHMTU_H
#define MOSH_TRANSPORT_PATHMTU_H

/*
 * How large the datagrams on a path may be: a search upwards from the size that passes nearly
 * everywhere, after RFC 8899 (Datagram Packetization Layer Path MTU Discovery), sections 5 and 6.
 *
 * A probe is a datagram that says nothing, filled up to the size in question and sent with the
 * "don't fragment" bit; the peer tells that it has arrived. So its loss costs nothing, and shows
 * something. A size is tried three times before it counts as too large. Tried first is what
 * Ethernet carries; if that does not pass, the search halves a list of the sizes that are usual in
 * networks.
 *
 * Larger datagrams are of use for large instructions alone. So a probe has to be earned: it goes
 * behind a large instruction, when the size in question would have spared some datagrams since the
 * last one. An idle session sends none, and nothing here has a deadline.
 *
 * Should what goes in larger datagrams not be acknowledged, these are given up at once, and the
 * search begins again after a while. When it has ended, it does so after ten minutes, for paths
 * change.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/msec.h"

#define PATHMTU_HEADERS_IPV4   28 /* bytes of IP and UDP in a packet */
#define PATHMTU_HEADERS_IPV6   48
#define PATHMTU_PAYLOAD_MAX    2048 /* what a receiver has room for */
#define PATHMTU_TRIES          3
#define PATHMTU_SPACING_MS     1000   /* from one probe to the next, at least */
#define PATHMTU_SPARED         8      /* datagrams that earn a probe */
#define PATHMTU_RAISE_MS       600000 /* from the end of a search to the next */
#define PATHMTU_BLACK_HOLE_MS  20000  /* the same after a black hole; then twice as long ... */
#define PATHMTU_FAILURES_LOSSY 3 /* in a row are a black hole where much is lost; else one is */

struct pathmtu {
    size_t usual;   /* UDP payload that passes without being tried */
    size_t headers; /* before it in a packet; 0: nothing larger is tried */
    size_t size;    /* of datagrams now, at most */

    /* The search, in a list of sizes: those below `passed` pass, those from `failed` on do not. */
    size_t passed, failed;
    unsigned tries;   /* of the next size that were lost */
    size_t spared;    /* datagrams, had there been the next size, since the last probe */
    msec_t search_at; /* if the two have met: when they part again */
    msec_t hole_ms;   /* how long a search waits after the next black hole */

    bool awaited;      /* the answer to the newest probe */
    msec_t answer_due; /* by then */
    uint32_t probes;   /* sent so far: the number of the newest. Path or no path, it grows */

    uint64_t first_num; /* of the instructions in larger datagrams that are not acknowledged, */
    uint64_t num;       /* the first and the last; 0: there are none */
    unsigned failures;  /* in a row */
};

/* A path of which nothing is known: the first one, or another. The numbers of probes go on. */
void pathmtu_begin(struct pathmtu *m, size_t usual, size_t headers);

/* Whether larger datagrams than now would be of use to an instruction of so many bytes. */
bool pathmtu_is_large(const struct pathmtu *m, size_t bytes);

/* An instruction of so many bytes, the one of state `num`, is sent. */
void pathmtu_sent(struct pathmtu *m, uint64_t num, size_t bytes);
void pathmtu_acked(struct pathmtu *m, uint64_t num);

/* What is not acknowledged, by a peer that is heard, has to be sent again. */
void pathmtu_retry(struct pathmtu *m, msec_t now, bool lossy);

/* The UDP payload of the probe that is due; 0 if there is none. */
size_t pathmtu_probe(struct pathmtu *m, msec_t now);

/* It is sent, with the number m->probes. The answer may take `answer_ms`. */
void pathmtu_probed(struct pathmtu *m, msec_t now, msec_t answer_ms);

/* The newest probe that has arrived, as the peer says. */
void pathmtu_arrived(struct pathmtu *m, msec_t now, uint32_t probe);

/* The system refuses the size: that of the probe, or else that of datagrams now. False if the
   latter is the usual one. */
bool pathmtu_refused(struct pathmtu *m, msec_t now, bool probe);

#endif
