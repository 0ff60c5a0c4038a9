/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When something of the sender's is due. */

#include "transport/sender_internal.h"

msec_t sender_content_time(const struct sender *s, const struct rtt *rtt, msec_t due)
{
    if (s->held)
        return MSEC_NEVER;
    if (s->restart_due != MSEC_NEVER)
        due = msec_max(due, s->restart_due);
    bool quiet = is_waiting(s) && due >= msec_after(s->progress, ack_wait_ms(rtt));
    if (quiet && s->last_send != MSEC_NEVER)
        due = msec_max(due, msec_after(s->last_send, s->pace_ms));
    if (s->frames_last > SENDER_FRAMES_AHEAD_MS)
        due = msec_max(due, s->frames_last - SENDER_FRAMES_AHEAD_MS);
    return msec_max(due, s->hold_until);
}

static bool is_awaited(const struct sender *s, const void *from, const void *to)
{
    return s->ops->awaited && s->ops->awaited(from, to);
}

msec_t sender_interval_ms(const struct sender *s, const struct rtt *rtt)
{
    msec_t interval = rtt_frame_interval_ms(rtt);

    if (s->content_bytes <= SENDER_SMALL_BYTES)
        return interval;
    return msec_min(interval << s->eased, FRAME_MAX_MS);
}

/* How long it takes until it shows what a change of the interval has brought. */
static msec_t easing_ms(const struct rtt *rtt)
{
    return rtt_srtt_ms(rtt) + FRAME_MAX_MS;
}

void sender_ease_less(struct sender *s, const struct rtt *rtt, msec_t now)
{
    if (s->eased == 0 || msec_since(now, s->eased_at) < 2 * easing_ms(rtt))
        return;
    s->eased--;
    s->eased_at = now;
}

void sender_marked(struct sender *s, const struct rtt *rtt, msec_t now)
{
    if (s->eased < SENDER_EASED_MAX && msec_since(now, s->eased_at) >= easing_ms(rtt)) {
        s->eased++;
        s->eased_at = now;
    } else if (s->eased == SENDER_EASED_MAX) {
        s->eased_at = now;
    }
    flight_marked(&s->flight, now, rtt_srtt_ms(rtt));
}

/*
 * When the next change may be sent. One with which an acknowledgement can go that is owed need not
 * wait for the whole interval: the datagram would have to be sent anyway. On a slow path that only
 * holds for a server, whose answers have the pace of what the client sends; for a client it would
 * mean more datagrams.
 */
static msec_t frame_time(const struct sender *s, const struct rtt *rtt)
{
    msec_t interval = sender_interval_ms(s, rtt);

    if (!s->ack_owed || s->last_change == MSEC_NEVER || (is_slow(rtt) && !s->answers))
        return s->frame_free;
    if (is_slow(rtt))
        interval -= interval / SENDER_ANSWER_PART;
    else
        interval = msec_max(interval / 2, FRAME_MIN_MS);
    return msec_min(s->frame_free, msec_after(s->last_change, interval));
}

static msec_t lazy_time(const struct sender *s, const struct rtt *rtt)
{
    msec_t interval = rtt_frame_interval_ms(rtt);

    if (s->last_change == MSEC_NEVER)
        return 0;
    msec_t wait_ms = interval + msec_min(interval / 2, SENDER_LAZY_MS_MAX);
    return msec_after(s->last_change, msec_max(wait_ms, SENDER_LAZY_MS_MIN));
}

static bool is_long(const struct rtt *rtt)
{
    return rtt->measured && rtt_srtt_ms(rtt) >= SENDER_LONG_SRTT_MS;
}

/*
 * Whether a first change is sent without waiting for more. On a path that takes long itself the
 * rest, if there should be any, would cost a datagram to save next to nothing.
 */
bool sender_is_eager(const struct sender *s, const struct rtt *rtt)
{
    return s->splits < SENDER_SPLITS_COLLECT && !(is_long(rtt) && s->answers);
}

/* When it will seem that no more pieces come. */
static msec_t quiet_since(const struct sender *s, const struct rtt *rtt)
{
    if (s->burst_last == MSEC_NEVER)
        return MSEC_NEVER;
    return msec_after(msec_max(s->burst_last, s->changed_since),
                      is_long(rtt) ? SENDER_PIECE_LONG_MS : SENDER_PIECE_MS);
}

msec_t sender_change_due(struct sender *s, const struct rtt *rtt, msec_t now)
{
    if (is_seeing_off(s) || is_farewell_sent(s) || s->ops->equal(s->live, newest(s)->state)) {
        s->changed_since = MSEC_NEVER;
        return MSEC_NEVER;
    }
    msec_t earliest = flight_free(&s->flight);
    if (is_awaited(s, newest(s)->state, s->live))
        return sender_content_time(s, rtt, earliest);
    if (!is_urgent(s, newest(s)->state, s->live))
        return sender_content_time(s, rtt,
                                   msec_max(earliest, msec_max(s->frame_free, lazy_time(s, rtt))));
    if (s->changed_since == MSEC_NEVER)
        s->changed_since = now;
    if (s->rest_due != MSEC_NEVER && s->changed_since <= s->rest_due)
        return sender_content_time(s, rtt,
                                   msec_max(earliest, msec_min(s->rest_due, quiet_since(s, rtt))));
    msec_t collected = s->changed_since;
    if (!sender_is_eager(s, rtt))
        collected = msec_min(msec_after(collected, s->collect_ms), quiet_since(s, rtt));
    return sender_content_time(s, rtt, msec_max(earliest, msec_max(collected, frame_time(s, rtt))));
}

/* Nothing was heard, though it was asked twice, and asking takes little; or something was at last,
   but what was sent last may have been too early. */
static bool is_in_outage(const struct sender *s)
{
    bool silent = s->retries > 0 && s->heard <= s->retries_since;

    return s->retry_prompted || (silent && s->content_bytes <= SENDER_SMALL_BYTES);
}

/*
 * How long an acknowledgement is waited for. In an outage so short a time that what gets through
 * first arrives within a round trip and SENDER_OUTAGE_MS from when it can. On a path that was never
 * measured the guess would be more than a second; a lost hello is not worth that. A farewell is
 * acknowledged without delay.
 */
static msec_t first_wait_ms(const struct sender *s, const struct rtt *rtt)
{
    if (s->heard == MSEC_NEVER)
        return SENDER_HELLO_RETRY_MS;
    if (s->closing)
        return msec_max(rtt_rto_ms(rtt), rtt_frame_interval_ms(rtt));
    if (is_in_outage(s))
        return msec_min(ack_wait_ms(rtt), rtt_srtt_ms(rtt) / 2 + SENDER_OUTAGE_MS);
    return ack_wait_ms(rtt);
}

/*
 * When retries begin to wait longer and longer. An outage is over when something gets through, so
 * for some seconds it is tried all the time. A peer that was not heard for as long already when
 * there was something to tell gets no such time; neither does one that is leaving, or was never
 * heard.
 */
static msec_t patient_until(const struct sender *s)
{
    if (s->closing || s->heard == MSEC_NEVER || !is_in_outage(s))
        return s->retries_since;
    msec_t heard_until = msec_after(s->heard, SENDER_PATIENT_MS);
    return msec_min(msec_after(s->retries_since, SENDER_PATIENT_MS),
                    msec_max(s->retries_since, heard_until));
}

/* When patience is over each wait is as long as all of them together were since then. */
static msec_t retry_wait_ms(const struct sender *s, const struct rtt *rtt)
{
    msec_t first_ms = first_wait_ms(s, rtt);
    bool lasting = msec_since(s->retry_start, s->retries_since) >= SENDER_PATIENT_MS;
    msec_t longest_ms = lasting ? SENDER_HEARTBEAT_MS : SENDER_RETRY_MAX_MS;

    if (s->retry_prompted)
        return first_ms;
    return msec_max(first_ms, msec_min(msec_since(s->retry_start, patient_until(s)), longest_ms));
}

static msec_t retry_due(const struct sender *s, const struct rtt *rtt)
{
    if (!is_waiting(s) || is_seeing_off(s))
        return MSEC_NEVER;
    msec_t due = msec_after(s->retry_start, retry_wait_ms(s, rtt));
    return sender_content_time(s, rtt, msec_max(due, s->frame_free));
}

msec_t sender_repeat_due(const struct sender *s, const struct rtt *rtt)
{
    if (s->repeats == 0 || !is_waiting(s) || is_seeing_off(s))
        return MSEC_NEVER;
    return sender_content_time(s, rtt, s->repeat_due);
}

/* When all goes again because the path is another one. */
static msec_t restart_time(const struct sender *s, const struct rtt *rtt)
{
    if (s->restart_due == MSEC_NEVER || is_seeing_off(s))
        return MSEC_NEVER;
    return sender_content_time(s, rtt, s->restart_due);
}

/* When something that was sent goes again. */
msec_t sender_resend_due(const struct sender *s, const struct rtt *rtt)
{
    return msec_min(retry_due(s, rtt), restart_time(s, rtt));
}

msec_t sender_deadline(struct sender *s, const struct rtt *rtt, msec_t now)
{
    msec_t again = msec_min(sender_resend_due(s, rtt), sender_repeat_due(s, rtt));
    return msec_min(s->ack_due, msec_min(sender_change_due(s, rtt, now), again));
}
