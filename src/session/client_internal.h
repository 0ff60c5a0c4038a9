/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SESSION_CLIENT_INTERNAL_H
#define MOSH_SESSION_CLIENT_INTERNAL_H

/*
 * What the files of the client share:
 *
 *   client.c        its life: the server, the window, the network, time
 *   client_input.c  what the user's terminal sends: keys, and answers about itself
 *   client_frame.c  what it is shown: the bar, and frames
 *   client_status.c  how the session is
 */

#include "overlay/overlay.h"
#include "session/client.h"
#include "session/escape.h"
#include "session/lookback.h"
#include "statesync/userstream.h"
#include "terminal/events.h"
#include "terminal/tokens.h"
#include "util/steady.h"

/* What the bar's message is about; the later ones matter more. */
enum topic {
    TOPIC_NONE,
    TOPIC_CONNECTING,
    TOPIC_NO_HISTORY,
    TOPIC_PAGER,
    TOPIC_ESCAPE,
    TOPIC_LEAVING
};

struct client {
    struct transport *transport;
    struct steady clock; /* of all times here, and of those that come to functions of this file */
    struct ways ways;    /* to the server */
    size_t beside;       /* where the last datagram goes, too */
    uint64_t pulled;     /* instructions of which a datagram was pulled, */
    unsigned pieces;     /* and how many of the last one were */
    bool answer_due;     /* the server is to know soon that it has reached us */
    struct caps first_caps; /* what was known of the terminal before it was asked */
    struct caps caps;       /* and is known by now */
    bool caps_changed;
    bool silent;
    struct buf profile;       /* what the server was told last */
    struct buf learned;       /* bytes for the terminal that follow from that */
    struct noanswer noanswer; /* and with it, where the server is */
    const char *version;
    msec_t started;
    size_t rows, cols; /* of the user's terminal */

    struct tokens tokens; /* what the terminal sends */
    msec_t tokens_since;  /* when what waits in there was begun */
    struct probe probe;
    struct escape escape;
    bool suspend;
    struct buf waiting; /* typed, and not yet in the user's stream */

    struct lookback lookback;
    msec_t no_history_until; /* for so long the bar says that there is nothing to look back at */

    struct overlay overlay;
    enum predict_mark predict_mark; /* as the user wants it */
    struct buf panel;               /* what it says, if it is open */
    enum topic topic;

    struct screen drawn; /* the last frame */
    bool repaint;        /* who knows what the terminal shows by now */
    struct event_gate gate;
    msec_t news_due; /* when what the last frame had to keep back can be written */

    const char *leaving; /* why, for the bar; NULL while we stay */
    bool send_failed;    /* since the server was last heard */
};

/* client.c: the server, as far as it was heard. */
bool client_connected(const struct client *c);
msec_t client_contact_time(const struct client *c);
msec_t client_reply_time(const struct client *c);

/* client.c: what was typed, and the end of it. */
struct userstream *client_typed(struct client *c);
void client_pass_on_waiting(struct client *c);
void client_leave(struct client *c, msec_t now, const char *why);

/* client_input.c */
void client_tell_profile(struct client *c);
void client_compare_predictions(struct client *c, msec_t now);
msec_t client_tokens_deadline(const struct client *c);

/* client_status.c: how the session is, in lines for the panel. */
void client_status_text(const struct client *c, msec_t now, struct buf *out);

/* client_frame.c */
void client_update_bar(struct client *c, msec_t now);

#endif
