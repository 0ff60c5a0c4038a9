/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_NETWORK_H
#define MOSH_TESTS_NETWORK_H

/*
 * What is between the machines and the link: the client's address and the server's before each
 * datagram, sizes that a system refuses, sockets that fill while a process is stopped; and those
 * who send what the machines have not sent.
 */

#include "sim.h"

/* Takes what the machines have to send, and gives what has arrived; whether there was anything. */
bool network_pull(struct sim *s);
bool network_deliver(struct sim *s);

/* A process that was stopped reads what has come meanwhile. */
void network_drain_socket(struct sim *s, enum side side);

/* What somebody sends who reads along, or who has the key. */
enum forgery {
    FORGERY_NOISE,     /* random bytes, of any length */
    FORGERY_MUTATED,   /* the last datagram, a bit of it changed */
    FORGERY_REPLAYED,  /* the last datagram once more */
    FORGERY_REFLECTED, /* the last datagram, to the one who has sent it */
    FORGERY_BOMB,      /* from here on with the key: an instruction that grows without end, */
    FORGERY_TRUNCATED, /* a stream that ends early, */
    FORGERY_NO_STREAM, /* random bytes for a stream, */
    FORGERY_NONSENSE,  /* a stream of random bytes for an instruction, */
    FORGERY_BAD_BASE,  /* an instruction based on what nobody has, */
    FORGERY_BAD_DIFF,  /* and one whose difference makes no sense */
    FORGERIES,
};

/* Has it arrive now; fails the test if it changes what the machine knows. */
void network_forge(struct sim *s, enum link_direction direction, enum forgery what, uint64_t seed);

void network_release(struct sim *s);

#endif
