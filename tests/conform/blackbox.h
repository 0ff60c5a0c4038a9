/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_BLACKBOX_H
#define MOSH_TESTS_BLACKBOX_H

/*
 * A session with a mosh-server that we cannot look into: its program writes what a test gives it,
 * and its client is in this process. What the client has of the screen when all has come through is
 * the server's view. A title marks the end.
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "picture.h"
#include "session/client.h"
#include "sys/udp.h"
#include "util/buf.h"

struct blackbox {
    size_t rows, cols;
    char folder[64], fifo[96];
    struct endpoint server;
    struct client_config config;
    struct client *client;
    int udp, player; /* descriptors: of the network, and where streams are written to */
    pid_t server_pid;
    size_t shown; /* streams so far */
};

/* For main, when the program's arguments are "--player FIFO": the program in the session. */
int blackbox_play(const char *fifo);

/* Ends the process with a message if that does not go. `server` is a program's path, `self` that of
   this one. */
void blackbox_begin(struct blackbox *b, const char *server, const char *self, size_t rows,
                    size_t cols);
void blackbox_end(struct blackbox *b);

/* Whether a stream came through. The screen is as it was before, so streams begin with RIS. */
bool blackbox_show(struct blackbox *b, const struct buf *stream);

/* What the client has of the screen; or, after the server had to draw all of it again, what the
   server has: a difference that was lost on the way is none between emulators. */
void blackbox_take(const struct blackbox *b, struct picture *p);
bool blackbox_take_again(struct blackbox *b, struct picture *p);

#endif
