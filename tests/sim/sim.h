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
 * The machines are watched all the time (oracles.h). A violation fails the running cmocka test,
 * after the seed was printed.
 *
 *   sim      the machines and the pump
 *   network  addresses, sizes, sockets; what is between the machines and lib/link.h
 *   program  what runs at the far end, and hostile: what is written by those who mean harm
 *   oracles  what must hold
 *   plan     the events of a session, drawn from a seed or read from a file
 *   session  a plan carried out
 *   runner   many sessions in processes of their own, and the shortest plan that fails
 */

#include <stdbool.h>
#include <stdint.h>

#include "../lib/link.h"
#include "../lib/unit.h"
#include "../lib/wiretap.h"
#include "oracles.h"
#include "program.h"
#include "session/client.h"
#include "session/server.h"
#include "terminal/emulator.h"

enum side { CLIENT, SERVER };

/* One of the two computers: how its monotonic clock differs from the time, and whether it runs. */
struct machine {
    int64_t ahead_ms;
    msec_t back_ms; /* by so much in all has it stepped back */
    bool standing;  /* its clock does not move from `stands_at` */
    msec_t stands_at;
    msec_t stood_ms;   /* for so long in all, until it went on */
    bool stopped;      /* the process is; what arrives waits in the socket */
    msec_t wakes;      /* when it has said that it will have something to do */
    bool awake;        /* it has, at this moment: as in the programs, nobody calls it else */
    struct buf socket; /* each with its length before it */
};

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
    struct machine machine[2]; /* by enum side */
    struct forger *forger[2];  /* by direction: who has the key, too; NULL before needed */
    struct oracles oracles;
    struct buf *nonces[2]; /* of what is sent, by enum side; NULL: not kept */
    size_t payload_max;    /* of datagrams, from now on; 0: TRANSPORT_PAYLOAD_MINIMUM */
    size_t refused_bytes;  /* systems refuse larger datagrams (EMSGSIZE); 0: none */
    bool congested;        /* all that arrives carries the mark ECN CE */

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
void sim_write(struct sim *s, const struct buf *output);  /* by the program */

/* What a machine takes for the time; its clock steps, or stands still until it is let go. */
msec_t sim_time(const struct sim *s, enum side side);
void sim_step_clock(struct sim *s, enum side side, int64_t by_ms);
void sim_stop_clock(struct sim *s, enum side side, bool stop);

/* SIGSTOP and SIGCONT, or a scheduler that forgets the process. */
void sim_stop(struct sim *s, enum side side, bool stop);

/* What the machines take for the largest payload. If that is TRANSPORT_PAYLOAD_IPV4, as they learn
   from the kind of network, and they look for a larger one; else it does not change. */
void sim_set_payload(struct sim *s, size_t bytes);

bool sim_over(const struct sim *s);

/* Fails with a message unless the client and the user's terminal show what the server has. */
void sim_check_screens(struct sim *s);

/* Fails the test; says how to repeat the run. If there is a hook, it is told why instead, and does
   not come back (runner.c). */
void sim_fail(const struct sim *s, const char *why) NORETURN;
void sim_set_failure_hook(void (*hook)(const char *why));

#endif
