/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SESSION_CLIENT_H
#define MOSH_SESSION_CLIENT_H

/*
 * The client's side of a session as a state machine: a transport whose local object is the user's
 * input and whose remote object is the screen, the escape key, the overlays, and the drawing of
 * frames for the user's terminal. Pure, as session/server.h. After each input call client_tick.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "overlay/noanswer.h"
#include "overlay/predict.h"
#include "session/probe.h"
#include "terminal/caps.h"
#include "transport/transport.h"
#include "transport/ways.h"
#include "util/buf.h"
#include "util/escapekey.h"
#include "util/msec.h"

#define CLIENT_COLLECT_MS         0     /* a key is sent at once */
#define CLIENT_CONNECT_BAR_MS     250   /* nothing heard yet: say so */
#define CLIENT_DIAGNOSE_MS        3000  /* nothing heard yet: say why that may be */
#define CLIENT_CONNECT_GIVE_UP_MS 60000 /* nothing heard yet, and no server waits longer */
#define CLIENT_UNACKED_BYTES_MAX  65536 /* beyond it what is typed waits with us */
#define CLIENT_WAITING_BYTES_MAX  ((size_t)4 << 20) /* and beyond that, with the terminal */
#define CLIENT_STATUS_MS          1000 /* how often the panel with the status is drawn anew */
#define CLIENT_LEAVE_MS           8000 /* a server that is there gets so long to let us go */
#define CLIENT_LEAVE_SILENT_MS    800  /* one that has been silent, or seems gone, so long */
#define CLIENT_FRAME_SHORT_BYTES  100  /* of a frame that the terminal will not show by halves */
#define CLIENT_HOLD_ESC_MS        5    /* with a keyboard protocol an ESC waits for its sequence, */
#define CLIENT_HOLD_KEY_MS        100  /* and what it began for its end: it may be our key */
#define CLIENT_NO_HISTORY_MS      3000 /* so long the bar says that there is nothing to look back at */
#define CLIENT_STALE_KEY_MS       1000 /* what was passed on incomplete is over after that */

struct client_config {
    uint8_t key[KEY_BYTES];
    size_t rows, cols; /* of the terminal; any value will do */
    struct caps caps;
    enum probe_extent probe;  /* whether the terminal may be asked what it can do */
    bool silent;              /* the server is told nothing, and takes us for a stock client */
    bool no_clipboard;        /* what programs write to it does not reach the terminal */
    int escape_key;           /* 1 to 127, or ESCAPE_KEY_NONE */
    const char *title_prefix; /* put before window titles; "" for none; borrowed */
    const char *version;      /* of this program, for those who want to know; borrowed, or NULL */
    struct noanswer server;   /* address, port and how they were found: for messages alone */
    size_t addresses;         /* how many the server has, in order of preference; 0 counts as 1 */
    enum predict_mode predict_mode;
    bool predict_overwrite;
    enum predict_mark predict_mark; /* where the terminal has it; else underlined */
    random_fn *random;
    void *random_context;
};

enum client_signal {
    CLIENT_SIGNAL_END,     /* TERM, INT, HUP, QUIT, PIPE */
    CLIENT_SIGNAL_RESUMED, /* the terminal is ours again: draw everything */
};

/* Reads MOSH_PREDICTION_DISPLAY's value: adaptive, always, never or experimental; NULL is adaptive.
   False if it is none of these. */
bool client_parse_predict_mode(const char *value, enum predict_mode *mode);

const char *client_predict_mode_name(enum predict_mode mode);

/* Reads MOSH_PREDICTION_MARK's value: underline, dotted, dashed or faint; NULL is underline. False
   if it is none of these. */
bool client_parse_predict_mark(const char *value, enum predict_mark *mark);

struct client;

struct client *client_new(const struct client_config *config, msec_t now);
void client_free(struct client *c);

/* --- what comes in --- */

/* A datagram that came from the server's address `from`, or from one that is not known: WAYS_NONE.
 */
int client_datagram_from(struct client *c, msec_t now, size_t from, const uint8_t *bytes,
                         size_t len, bool congested);
int client_datagram(struct client *c, msec_t now, const uint8_t *bytes, size_t len, bool congested);
void client_keys(struct client *c, msec_t now, const uint8_t *bytes, size_t len);
void client_keys_closed(struct client *c, msec_t now); /* the terminal is gone */
void client_resize(struct client *c, msec_t now, size_t rows, size_t cols);
void client_signal(struct client *c, msec_t now, enum client_signal signal);

/* The result of sending: NULL when it works, else the system's text for the error, which the bar
   shows. The session goes on, but a user who leaves is not kept waiting for such a server (F28). */
void client_send_result(struct client *c, msec_t now, const char *error);

/* The machine has other addresses, links or routes than before, or has slept: everything is sent
   anew from another port, and the server is asked to answer (session/client.c). */
void client_network_changed(struct client *c, msec_t now);

/* Where datagrams go by now; for messages alone. */
void client_show_address(struct client *c, const char *address, bool is_ipv6);

/* What the network said of a datagram, in the system's words; for the explanation alone. */
void client_network_says(struct client *c, enum noanswer_news news, const char *error);

/* transport_set_network: how datagrams go by now. And a size that is not to change. */
void client_set_network(struct client *c, bool is_ipv6);
void client_set_payload_max(struct client *c, size_t udp_payload_bytes);
void client_tick(struct client *c, msec_t now);

/* --- what goes out --- */

/* Appends questions to the terminal, if it may be asked. To be called when the terminal has become
   ours, before the next frame, which will be a whole one. Answers come among the keys. */
void client_ask_terminal(struct client *c, msec_t now, struct buf *out);

/* When the terminal is about to be given back: appends what makes sure that nothing of what it has
   to say comes later, if there is need. Then, while client_terminal_owes is true, what the terminal
   sends is ours and goes to client_drain; but for a fraction of a second only. */
void client_ask_last(struct client *c, msec_t now, struct buf *out);
bool client_terminal_owes(const struct client *c, msec_t now);
void client_drain(struct client *c, msec_t now, const uint8_t *bytes, size_t len);

bool client_pull_datagram(struct client *c, struct buf *out);

/* transport_pulled_probe, transport_refused: of the datagram that was pulled last. */
bool client_pulled_probe(const struct client *c);
void client_refused(struct client *c);

/* transport_last_word: for who has no memory left. It goes to client_address. */
const struct buf *client_last_word(struct client *c);

/* To which of the server's addresses the datagram goes that was pulled last; and to which as well,
   or WAYS_NONE. */
size_t client_address(const struct client *c);
size_t client_address_beside(const struct client *c);

/* Whether it is in doubt that datagrams reach the server. */
bool client_in_doubt(const struct client *c, msec_t now);

/* Appends the next frame for the terminal, if it would change anything. Call only when the last
   frame has left: what is not drawn is not queued, so a slow terminal sees newer frames, not more.
 */
void client_draw(struct client *c, msec_t now, struct buf *out);

/* The last frame: without bar and title prefix. The terminal's own reset follows outside. */
void client_draw_last(struct client *c, msec_t now, struct buf *out);

/* False while too much input waits to be acknowledged: leave the rest with the terminal. A paste
   into a program that reads nothing is far from enough, so the escape key behind it is heeded. */
bool client_wants_keys(const struct client *c);

/* What is known of the terminal by now, and true once for each time that this has changed. */
const struct caps *client_caps(const struct client *c);
bool client_pull_caps_change(struct client *c);

/* True once for each time that the user asked for it. */
bool client_pull_suspend(struct client *c);

/* True when another source port is to be tried: before the next datagram is pulled, if the network
   has changed. Then call client_hopped, whether or not there is one. */
bool client_hop_due(const struct client *c, msec_t now);
void client_hopped(struct client *c, msec_t now);

msec_t client_deadline(struct client *c, msec_t now);

enum client_end {
    CLIENT_RUNNING,
    CLIENT_ENDED,         /* orderly: both sides know */
    CLIENT_NEVER_REACHED, /* nothing was ever heard from the server */
    CLIENT_UNANSWERED,    /* we left, and the server did not say that it knows */
    CLIENT_KEY_EXHAUSTED, /* the key's limit was reached */
};
enum client_end client_state(const struct client *c);

/* What the command ended with that the server was asked to run, as the server says; negative if it
   has not said so, or is one that does not. */
int client_exit_status(const struct client *c);

/* Appends why it may be that nothing was ever heard: overlay/noanswer.h. */
void client_explain_silence(const struct client *c, msec_t now, struct buf *out);

/* For logs, tests and the wish to know. */
uint32_t client_server_features(const struct client *c); /* FEATURE_... that both sides know */
const struct probe_facts *client_terminal(const struct client *c);
struct transport *client_transport(struct client *c);
const struct screen *client_screen(const struct client *c); /* newest from the server */

#endif
