/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TRANSPORT_SENDER_INTERNAL_H
#define MOSH_TRANSPORT_SENDER_INTERNAL_H

/* What the files of the sender share: sender.c makes instructions of what it knows and was told,
   sender_time.c says when. */

#include "transport/sender.h"

/* From so many on, changes are collected: a burst in pieces counts for two that are not. */
#define SENDER_SPLITS_COLLECT 2

static inline struct sent_state *newest(struct sender *s)
{
    return &s->sent[s->count - 1];
}

/* How long the peer may take until its acknowledgement is here. */
static inline msec_t ack_wait_ms(const struct rtt *rtt)
{
    return rtt_rto_ms(rtt) + SENDER_ACK_DELAY_MS;
}

/* Whether there is something that will be sent again if the peer says nothing. */
static inline bool is_waiting(const struct sender *s)
{
    return s->content_num > s->sent[0].num || (s->heard == MSEC_NEVER && s->count > 1);
}

/* The peer has taken its leave and we only confirm it: what we still have is of no use to it. */
static inline bool is_seeing_off(const struct sender *s)
{
    return s->ack_num == INSTRUCTION_SHUTDOWN && !s->closing;
}

static inline bool is_farewell_sent(struct sender *s)
{
    return newest(s)->num == INSTRUCTION_SHUTDOWN;
}

static inline bool is_urgent(const struct sender *s, const void *from, const void *to)
{
    return !s->ops->urgent || s->ops->urgent(from, to);
}

static inline bool is_slow(const struct rtt *rtt)
{
    return rtt_frame_interval_ms(rtt) > SENDER_SLOW_INTERVAL_MS;
}

/* The retries begin anew. */
static inline void begin_retries(struct sender *s, msec_t now)
{
    s->retries = 0;
    s->retries_since = now;
    s->retry_prompted = false;
}

/* --- sender_time.c --- */

/* The time from `due` on when content may be sent. */
msec_t sender_content_time(const struct sender *s, const struct rtt *rtt, msec_t due);

/* Whether a first change is sent without waiting for more. */
bool sender_is_eager(const struct sender *s, const struct rtt *rtt);

/* When there is a change to send; when something that was sent goes again because it was not
   acknowledged, or the path is another one; and when because copies may get lost. MSEC_NEVER. */
msec_t sender_change_due(struct sender *s, const struct rtt *rtt, msec_t now);
msec_t sender_resend_due(const struct sender *s, const struct rtt *rtt);
msec_t sender_repeat_due(const struct sender *s, const struct rtt *rtt);

/* No marks of late, so a little more is tried. */
void sender_ease_less(struct sender *s, const struct rtt *rtt, msec_t now);

#endif
