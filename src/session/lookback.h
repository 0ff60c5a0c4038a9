/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SESSION_LOOKBACK_H
#define MOSH_SESSION_LOOKBACK_H

/*
 * Looking back: the pager, and the requests by which it gets its lines from the server, one at a
 * time. It takes the user's keys while it is open; the session goes on behind it.
 */

#include <stdbool.h>
#include <stdint.h>

#include "overlay/pager.h"
#include "statesync/hostscreen.h"
#include "statesync/userstream.h"
#include "terminal/tokens.h"

struct lookback {
    struct pager pager;
    uint64_t requests;   /* made so far */
    bool waiting;        /* for the answer to the last one */
    bool served;         /* the server has an answer of ours, which is to be dropped */
    struct text *answer; /* the one that was taken last; NULL: there is none */
};

void lookback_release(struct lookback *l);

/* What the user types, while the pager is open. */
void lookback_token(struct lookback *l, const struct token *t);

/* Takes what is new from the server, and asks for what is wanted next. */
void lookback_update(struct lookback *l, const struct hostscreen *screen, struct userstream *user);

#endif
