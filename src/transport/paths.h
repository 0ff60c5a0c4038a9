/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TRANSPORT_PATHS_H
#define MOSH_TRANSPORT_PATHS_H

/*
 * A server's paths to its client: where the newest authentic datagram came from is where the client
 * is. Only the newest: one that was under way on an old path when the client left it changes
 * nothing.
 *
 * Whoever can see and hold up datagrams can also send one on with the address of somebody else as
 * its source, before it arrives from where it should. So what goes to an address is limited until
 * the client is known to receive it there: PATHS_UNCONFIRMED_DATAGRAMS, enough for a screen, and
 * beyond these PATHS_UNCONFIRMED_FACTOR times as many bytes as came from there. What is too much is
 * not sent. A path is confirmed by an acknowledgement of a state that was sent for the first time
 * after the client had come there, or by the answer to a challenge that was sent since then. Paths
 * that were confirmed are remembered for a while, so that a client may go to and fro.
 *
 * Pure: an address is a row of bytes, and how to send there is the caller's business.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/msec.h"

#define PATHS_MAX                   8
#define PATHS_ADDRESS_BYTES         64
#define PATHS_TRUST_MS              300000 /* not heard from for so long, a path is a new one */
#define PATHS_UNCONFIRMED_DATAGRAMS 10
#define PATHS_UNCONFIRMED_FACTOR    3

struct path_address {
    uint8_t bytes[PATHS_ADDRESS_BYTES];
    size_t len;
};

struct path {
    struct path_address address;
    msec_t heard;            /* the last time that the client was there */
    uint64_t num_before;     /* the newest state that had been sent by then */
    uint64_t received_bytes; /* all these since it was last unknown */
    uint64_t sent_bytes, sent_datagrams;
    bool confirmed;
    bool held_back; /* something was too much for a path that is not confirmed */
};

/* {0} is one without a client. */
struct paths {
    struct path at[PATHS_MAX]; /* the current one first, then those left before it */
    size_t count;
};

/* The newest authentic datagram. */
struct path_arrival {
    const struct path_address *from;
    size_t bytes;
    uint64_t sent_num, acked_num; /* of our states: sent last, acknowledged last */
    bool answered; /* a challenge of which nothing was sent before the client came there */
};

/* After PATHS_FIRST and PATHS_MOVED there has to be a new challenge, unless paths_confirmed. */
enum paths_change {
    PATHS_SAME,
    PATHS_FIRST, /* there was no client before */
    PATHS_MOVED, /* what was sent before may have gone astray */
    PATHS_OPENED /* confirmed, after something was held back: that is missing there */
};
enum paths_change paths_heard(struct paths *p, msec_t now, const struct path_arrival *a);

/* Where the client is; NULL if there is none. Borrowed until the next paths_heard. */
const struct path_address *paths_current(const struct paths *p);

/* Whether the client is known to be there. */
bool paths_confirmed(const struct paths *p);

/* How many bytes the next datagram there may have: 0 without a client, SIZE_MAX without a limit.
   And that one was sent. */
size_t paths_room(struct paths *p);
void paths_sent(struct paths *p, size_t bytes);

#endif
