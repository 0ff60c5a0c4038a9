/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_BENCH_RELAY_H
#define MOSH_BENCH_RELAY_H

/* A wire between client and server on this machine that counts what passes, can be cut, can lose
   datagrams, and can have the server see the client at another address. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sys/endpoint.h"

struct relay_count {
    size_t datagrams, bytes; /* UDP payload */
};

struct relay {
    int client_side, server_side; /* to poll for reading */
    uint16_t port;                /* where the client shall send to */
    struct endpoint server, client;
    struct relay_count up, down; /* to the server, to the client */
    bool cut_up, cut_down;       /* nothing reaches the server; the client */
    unsigned lost_percent;       /* of the datagrams each way, by chance */
    unsigned chance;
};

void relay_open(struct relay *r, uint16_t server_port);
void relay_close(struct relay *r);
void relay_pass(struct relay *r); /* all that waits */
void relay_move(struct relay *r); /* the client comes from another port now */

#endif
