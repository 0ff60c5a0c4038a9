/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SESSION_LOOKBACK_H
#define MOSH_SESSION_LOOKBACK_H

/*
 * Looking back: the pager, and the requests by which it gets its lines from the server, one at a
 * time. It takes the user's keys while it is open; the session goes on behind it.
 *
 * An answer arrives as a whole or not at all, so over a bad link a long one may not arrive for
 * long. When one is late the same is asked for in smaller pieces.
 */

#include <stdbool.h>
#include <stdint.h>

#include "overlay/pager.h"
#include "statesync/hostscreen.h"
#include "statesync/userstream.h"
#include "terminal/tokens.h"
#include "util/msec.h"

#define LOOKBACK_LINES_MAX       256 /* at a time; not above LINES_COUNT_MAX */
#define LOOKBACK_LINES_MIN       8
#define LOOKBACK_PATIENCE_MS     1500  /* an answer is late after that time, at first */
#define LOOKBACK_PATIENCE_MAX_MS 48000 /* and at last */

/* {0} has not looked back yet. */
struct lookback {
    struct pager pager;
    uint64_t requests;   /* made so far */
    bool waiting;        /* for the answer to the last one */
    msec_t late;         /* when that will be late */
    msec_t patience_ms;  /* longer once pieces cannot get smaller; 0: nothing asked for yet */
    uint32_t most;       /* lines to ask for at a time */
    bool served;         /* the server has an answer of ours, which is to be dropped */
    struct text *answer; /* the one that was taken last; NULL: there is none */
};

void lookback_release(struct lookback *l);

/* What the user types, while the pager is open. */
void lookback_token(struct lookback *l, const struct token *t);

/* Takes what is new from the server, and asks for what is wanted next. */
void lookback_update(struct lookback *l, msec_t now, const struct hostscreen *screen,
                     struct userstream *user);
msec_t lookback_deadline(const struct lookback *l);

#endif
