/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_SIM_H
#define MOSH_TESTS_SIM_H

/*
 * A whole session in one process on a virtual clock: the user's terminal, the client, a bad
 * network, the server and the program. All chance comes from one seed.
 *
 * The network carries addresses as the real one does: the server sends to where the newest
 * authentic datagram came from, and what it sends to an address that the client has left is lost.
 *
 * The machines are watched all the time (see sim.c: the rules of the pump). A violation fails the
 * running cmocka test, after the seed was printed.
 */

#include <stdbool.h>
#include <stdint.h>

#include "../lib/link.h"
#include "../lib/unit.h"
#include "../lib/wiretap.h"
#include "program.h"
#include "session/client.h"
#include "session/server.h"
#include "terminal/emulator.h"

struct sim {
    uint64_t seed;
    const char *what; /* for messages: what the run is about */
    msec_t now;
    struct rng rng; /* of the machines: chaff */

    struct client *client;
    struct server *server;
    struct emulator *terminal; /* the user's */
    struct program program;
    struct link *link;
    struct wiretap *tap[2]; /* by direction: what every peer relies on */
    size_t pty_rows, pty_cols;

    uint8_t client_address; /* of the socket that sends */
    uint8_t oldest_address; /* of those that still listen */
    uint8_t reachable;      /* of the server's addresses, a bit for each */
    uint8_t blocked;  /* an address of the client's that the network passes no more; 0: none */
    bool unreachable; /* the client's system says so of the network */
    bool asleep;      /* the client's machine */
    bool disturbed;   /* by the test, all the time: the machines wake often */
    uint64_t bytes_to[256]; /* what the server has sent, by address */
    bool terminal_busy;     /* frames are not drawn */

    struct buf typed; /* by the user */

    /* Of the current second of the clock. */
    msec_t second;
    unsigned idle_turns;             /* wake-ups for no reason but a deadline */
    uint64_t instructions_before[2]; /* client's, server's */
    uint64_t idle_turns_total;
};

void sim_init(struct sim *s, uint64_t seed, const struct link_profile *profile,
              enum program_kind kind, size_t rows, size_t cols);
/* The same with a server that has so many addresses. */
void sim_init_at(struct sim *s, uint64_t seed, const struct link_profile *profile,
                 enum program_kind kind, size_t rows, size_t cols, size_t addresses);
void sim_release(struct sim *s);

/* Lets time pass, at most until `until`; ends early when both machines have ended. */
void sim_run(struct sim *s, msec_t until);

/* The same, but ends when the client has a state of the screen beyond `num`; whether it has. */
bool sim_run_to_newer(struct sim *s, uint64_t num, msec_t until);

void sim_type(struct sim *s, const uint8_t *keys, size_t len);
void sim_resize(struct sim *s, size_t rows, size_t cols); /* of the user's window */
void sim_roam(struct sim *s);                             /* the client's address changes, */
void sim_network_changed(struct sim *s);                  /* and it knows; it wakes up, too */

bool sim_over(const struct sim *s);

/* Fails with a message unless the client and the user's terminal show what the server has. */
void sim_check_screens(struct sim *s);

/* Fails the test; says how to repeat the run. */
void sim_fail(const struct sim *s, const char *why) NORETURN;

#endif
