/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SESSION_SERVER_INTERNAL_H
#define MOSH_SESSION_SERVER_INTERNAL_H

/*
 * What the files of the server share:
 *
 *   server.c        its life: the program's output, the network, time
 *   server_input.c  what the user sends, on its way to the program, and when it was echoed
 */

#include "session/echoack.h"
#include "session/echoed.h"
#include "session/server.h"
#include "statesync/hostscreen.h"
#include "terminal/keys.h"
#include "util/steady.h"

/* Why the session ends, and with it how long the other side is told so. */
enum ending {
    NOT_ENDING,
    ENDING_ASKED, /* a signal or a timeout: only the client's knowing is at stake */
    ENDING_CHILD, /* the last screen is news for a client that is away */
};

struct server {
    struct transport *transport;
    struct steady clock; /* of all times here */
    struct paths paths;  /* to the client; empty if there is but one */
    msec_t network_timeout_ms, signal_timeout_ms;
    msec_t started;
    bool attached;

    /* The user's stream up to item `delivered` went through the key translation into `input`,
       which the program has yet to read. */
    uint64_t delivered;
    struct keys keys;
    struct buf input;
    struct echoack echoack;
    struct echoed echoed;
    uint64_t unechoed; /* newest state in `input`, to be recorded once that is empty; 0: none */
    uint64_t given;    /* the newest one that was */

    struct facts facts; /* about the program, as they were told last */
    bool facts_due;     /* there is something else to send that they can go with */
    msec_t look_again;  /* when the facts about the program are to be looked at; MSEC_NEVER */
    msec_t held_since;  /* the program draws and wants to be waited for; MSEC_NEVER: it does not */

    size_t pty_rows, pty_cols;
    bool winsize_due;
    size_t before_winsize;  /* while it is: bytes of `input` from before it */
    struct profile profile; /* of the client */
    struct serverinfo info; /* before the command's end */

    enum ending ending;
    bool finished;
};

static inline struct hostscreen *live_screen(const struct server *s)
{
    return transport_local(s->transport);
}

/* --- server_input.c --- */

/* Takes what is new in the user's input. */
void server_deliver(struct server *s, msec_t now);

/* Queues an answer of the terminal's own for the program, and releases it. */
void server_deliver_reply(struct server *s, struct buf *reply);

/* What follows once the queue is shorter: the program was given what the user typed. */
void server_note_given(struct server *s, msec_t now);

/* The client's states up to this one are echoed, as far as they will be. */
void server_acknowledge_echo(struct server *s, uint64_t num);

#endif
