/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SESSION_SERVER_H
#define MOSH_SESSION_SERVER_H

/*
 * The server's side of a session as a state machine: a transport whose local object is the screen
 * and whose remote object is the user's input, the echo acknowledgement, the queue of input for
 * the program, and the rules by which a session begins and ends. Pure: what happens outside comes
 * in by calls, what is to be done outside is pulled. After each input call server_tick.
 *
 * Should the caller's clock step backwards, spans of time go on from where they were
 * (util/steady.h).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/facts.h"
#include "terminal/profile.h"
#include "transport/paths.h"
#include "transport/transport.h"
#include "util/buf.h"
#include "util/msec.h"

#define SERVER_COLLECT_MS        8      /* output that comes in pieces is gathered for so long */
#define SERVER_ATTACH_MS         60000  /* a client has to appear within this time */
#define SERVER_DETACH_MS         40000  /* after so much silence nothing more is sent */
#define SERVER_INPUT_QUEUE_BYTES 262144 /* beyond it new input is left with the client */
#define SERVER_HOLD_MS           150    /* a program may draw unseen for no longer than that */
#define SERVER_LOOK_AGAIN_MS     20     /* a program may change its terminal after what it wrote */
#define SERVER_GOODBYE_MS        10000  /* for so long a client is told that the session ends */

/* A program that ends while the client is away leaves its last screen. For so long (or for the
   network timeout, if that is shorter) the server waits for the client to come and see it. */
#define SERVER_LINGER_MS 3600000

struct server_config {
    uint8_t key[KEY_BYTES];
    size_t rows, cols;         /* of the pty before the client says its size; any value will do */
    msec_t network_timeout_ms; /* no word from the client for so long ends the session; 0: never */
    msec_t signal_timeout_ms;  /* a usr1 is heeded only after so much silence; 0: always */
    random_fn *random;
    void *random_context;
    const char *version; /* of this program, for those who want to know; NULL: not told */
};

enum server_signal {
    SERVER_SIGNAL_END,  /* TERM, INT: shut down; at once if there is no client or it is repeated */
    SERVER_SIGNAL_USR1, /* as END, unless the client was heard within signal_timeout_ms */
};

struct server;

struct server *server_new(const struct server_config *config, msec_t now);
void server_free(struct server *s);

/* --- what comes in --- */

/* A datagram that came from `from`. *event tells whether that is now the client's address. */
int server_datagram_from(struct server *s, msec_t now, const struct path_address *from,
                         const uint8_t *bytes, size_t len, bool congested,
                         struct transport_event *event);

/* The same where there is but one path, and nobody could be harmed by it. */
int server_datagram(struct server *s, msec_t now, const uint8_t *bytes, size_t len, bool congested,
                    struct transport_event *event);
void server_pty_output(struct server *s, msec_t now, const uint8_t *bytes, size_t len);

/* What is known of the program, for clients that want to know. To be asked and told after the
   output that has come, and before server_tick, so that a prompt is never sent without the silence
   that belongs to it. */
bool server_wants_facts(const struct server *s);
void server_program_facts(struct server *s, const struct facts *facts);

/* The program has ended, or the pty is closed. `status` is what the client's command ends with,
   from 0 to 255, or negative where there is no such thing. */
void server_child_ended(struct server *s, msec_t now, int status);
void server_signal(struct server *s, msec_t now, enum server_signal signal);

/* transport_set_network: how datagrams go by now. And a size that is not to change. */
void server_set_network(struct server *s, bool is_ipv6);
void server_set_payload_max(struct server *s, size_t udp_payload_bytes);
void server_tick(struct server *s, msec_t now);

/* --- what goes out --- */

/* Replaces `out`. It goes to server_client_address: not all that there would be to send is given
   out to an address where the client has not proved to be (transport/paths.h). */
bool server_pull_datagram(struct server *s, struct buf *out);

/* transport_pulled_probe, transport_refused: of the datagram that was pulled last. */
bool server_pulled_probe(const struct server *s);
void server_refused(struct server *s);

/* Where the client is; NULL if it is not known. Borrowed until the next server_datagram_from. */
const struct path_address *server_client_address(const struct server *s);

/* Input for the program: borrowed bytes, and how many of them were written. Answers to the
   program's own questions are among them. What was typed after a change of the window's size is not
   given out before that size. */
size_t server_pty_input(const struct server *s, const uint8_t **bytes);
void server_pty_written(struct server *s, msec_t now, size_t len);

/* A size for the pty, once for each change. */
bool server_pull_winsize(struct server *s, size_t *rows, size_t *cols);

/* Whether output of the program is wanted now; never during a shutdown. */
bool server_wants_output(const struct server *s);

/* True from the first state of the client on: the program may be started. */
bool server_child_released(const struct server *s);

/* Newest state of the client's input, or MSEC_NEVER: for the login record. */
msec_t server_client_time(const struct server *s);

/* Whether there is a client to send to; false again after SERVER_DETACH_MS of silence. */
bool server_attached(const struct server *s);

/* transport_last_word: for who has no memory left. A client that asks how the session ended is told
   that it failed. */
const struct buf *server_last_word(struct server *s);

msec_t server_deadline(struct server *s, msec_t now);
bool server_finished(const struct server *s);

/* What the client has said of itself; profile_silent before, and if it is a stock client. When the
   child is released, everything that will be known at that time is. */
const struct profile *server_profile(const struct server *s);

/* For logs, tests and the wish to know. */
struct transport *server_transport(struct server *s);
const struct screen *server_screen(const struct server *s);

#endif
