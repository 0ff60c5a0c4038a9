/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/transport_internal.h"

#include "util/log.h"

/* How long the one who was asked for the end stays after it last heard the question: a few round
   trips, in which a question that is repeated would have come again. Being short matters: a user
   who left a shell waits for it. */
#define LINGER_ROUND_TRIPS 4
#define LINGER_MIN_MS      200
#define LINGER_MAX_MS      2000
#define LINGER_LIMIT_MS    5000 /* in all */

/* The last number but one is never used: the one after it means the end of the session. */
#define STATE_NUM_LIMIT (INSTRUCTION_SHUTDOWN - 1)

bool transport_is_over(const struct transport *t)
{
    return t->phase != TRANSPORT_RUNNING && t->phase != TRANSPORT_CLOSING;
}

static msec_t linger_until(const struct transport *t)
{
    msec_t silence = LINGER_ROUND_TRIPS * rtt_rto_ms(&t->rtt);
    silence = msec_min(msec_max(silence, LINGER_MIN_MS), LINGER_MAX_MS);
    msec_t limit = msec_after(t->farewell_first, LINGER_LIMIT_MS);
    return msec_min(msec_after(t->farewell_last, silence), limit);
}

void transport_finish(struct transport *t, enum transport_phase phase)
{
    log_debug("session over: phase %d", (int)phase);
    t->phase = phase;
    if (phase != TRANSPORT_CLOSED)
        outgoing_cancel(&t->outgoing);
}

void transport_settle(struct transport *t)
{
    if (transport_is_over(t))
        return;
    if (sender_newest_num(&t->sender) == STATE_NUM_LIMIT) {
        transport_finish(t, TRANSPORT_EXHAUSTED);
    } else if (t->peer_closing) {
        if (t->peer_confirmed || t->clock.now >= linger_until(t))
            transport_finish(t, TRANSPORT_CLOSED);
    } else if (t->confirmed) {
        transport_finish(t, TRANSPORT_CLOSED);
    } else if (t->phase == TRANSPORT_CLOSING && t->clock.now >= t->give_up_at) {
        transport_finish(t, TRANSPORT_ABANDONED);
    }
}

msec_t transport_settle_due(const struct transport *t)
{
    if (t->peer_closing)
        return linger_until(t);
    return t->phase == TRANSPORT_CLOSING ? t->give_up_at : MSEC_NEVER;
}

void transport_shutdown(struct transport *t, msec_t now, msec_t give_up_ms)
{
    steady_advance(&t->clock, now);
    if (transport_is_over(t) || t->peer_closing)
        return;
    if (t->phase == TRANSPORT_RUNNING)
        sender_close(&t->sender, t->clock.now);
    t->phase = TRANSPORT_CLOSING;
    t->give_up_at = msec_after(t->clock.now, give_up_ms);
}

enum transport_phase transport_phase(const struct transport *t)
{
    return t->phase;
}

bool transport_peer_closing(const struct transport *t)
{
    return t->peer_closing;
}

void transport_note_farewell(struct transport *t, const struct instruction *in)
{
    if (!t->peer_closing) {
        t->peer_closing = true;
        t->farewell_first = t->clock.now;
        if (t->phase == TRANSPORT_RUNNING)
            t->phase = TRANSPORT_CLOSING;
    }
    t->farewell_last = t->clock.now;
    /* The peer forgets all but its last state when it knows that we have it. */
    if (in->throwaway_num == INSTRUCTION_SHUTDOWN)
        t->peer_confirmed = true;
}
