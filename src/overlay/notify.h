/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_OVERLAY_NOTIFY_H
#define MOSH_OVERLAY_NOTIFY_H

/*
 * The bar on the top row that says what the user has to know: nothing heard for a while, a network
 * error, the commands of the escape key. It draws on a copy of the screen, never on the state.
 * Texts are ours alone: nothing that a peer or a program wrote appears in them.
 *
 * A silence is told in seconds for the first minute and in minutes from then on, so that a client
 * left alone without a network writes to its terminal once a minute.
 */

#include <stdbool.h>

#include "terminal/screen.h"
#include "util/msec.h"

#define NOTIFY_TEXT_MAX        127
#define NOTIFY_CONTACT_LATE_MS 6500  /* nothing new from the server for so long: say so */
#define NOTIFY_REPLY_LATE_MS   10000 /* nothing of ours acknowledged for so long: say so */
#define NOTIFY_MESSAGE_MS      1000  /* how long an ordinary message stays */
#define NOTIFY_NETWORK_MS      3100  /* how long a network error stays */

struct notify {
    char message[NOTIFY_TEXT_MAX + 1]; /* empty: none */
    msec_t message_expires;            /* MSEC_NEVER: permanent */
    bool message_without_hint;         /* the text says itself what to press */
    char network_error[NOTIFY_TEXT_MAX + 1];
    msec_t network_error_expires;
    char hint[32];  /* how to quit, for example "Ctrl-^ ."; empty if there is no way */
    msec_t contact; /* newest state from the server */
    msec_t reply;   /* sending time of our newest acknowledged state */
};

void notify_init(struct notify *n, const char *quit_keys, msec_t now);

void notify_set_contact(struct notify *n, msec_t contact, msec_t reply);

/* Shows a text. An ordinary one goes after NOTIFY_MESSAGE_MS. */
void notify_message(struct notify *n, msec_t now, const char *text, bool permanent, bool with_hint);
void notify_clear(struct notify *n);

/* A network error, shown beside the message if there is one; that what is sent seems to leave
   again, after which it stays for a moment, since errors may come by turns; and its end. */
void notify_network_error(struct notify *n, msec_t now, const char *text);
void notify_network_works(struct notify *n, msec_t now);
void notify_network_is_back(struct notify *n, msec_t now);

/* Draws the bar, if there is anything to say, and hides the cursor if it is in its way. */
void notify_apply(const struct notify *n, msec_t now, struct screen *s);

/* When what notify_apply draws will next look different; always after `now`. */
msec_t notify_deadline(const struct notify *n, msec_t now);

#endif
