/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_BENCH_SESSION_H
#define MOSH_BENCH_SESSION_H

/* A mosh-server and a mosh-client, ours or others, with a wire between them and a terminal around
   the client, as a measurement needs them. What cannot be done ends the process with a message. */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "relay.h"
#include "server.h"
#include "sys/pty.h"
#include "terminal/emulator.h"
#include "util/msec.h"

#define SESSION_LIMIT_MS 120000 /* for anything to appear on the screen */

struct session {
    struct bench_server server;
    struct relay relay;
    struct pty pty;
    pid_t client;
    struct emulator *terminal; /* the user's */
};

/* Starts both programs; the server runs `command`, ended by NULL. */
void session_open(struct session *s, const char *server, const char *client, size_t rows,
                  size_t cols, const char *const *command);
void session_close(struct session *s);   /* and ends them */
void session_release(struct session *s); /* when they have ended by themselves */

void session_type(struct session *s, const char *bytes, size_t len);

/* Passes on what waits in the wire and the terminal, after at most `wait_ms` milliseconds. */
void session_turn(struct session *s, int wait_ms);
void session_go_on_for(struct session *s, msec_t span);

bool session_shows(const struct session *s, const char *text);
void session_wait_for(struct session *s, const char *text);

#endif
