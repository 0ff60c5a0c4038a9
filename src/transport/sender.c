/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/sender.h"

#include <assert.h>
#include <string.h>

/* Where a list that has become too long loses one: far from both ends, because the peer's next
   acknowledgement is most probably about one of the oldest or one of the newest. */
#define EVICT_FROM_END 16

/* A burst in pieces counts for two that are not. From SPLITS_COLLECT on, changes are collected. */
#define SPLITS_STEP    2
#define SPLITS_COLLECT 2
#define SPLITS_MAX     5

void sender_init(struct sender *s, const struct sync_ops *ops, void *initial, msec_t collect_ms,
                 msec_t now)
{
    *s = (struct sender){
        .ops = ops,
        .collect_ms = collect_ms,
        .live = initial,
        .count = 1,
        .ack_due = now, /* say hello at once */
        .changed_since = MSEC_NEVER,
        .last_change = MSEC_NEVER,
        .rest_due = MSEC_NEVER,
        .last_send = MSEC_NEVER,
        .burst_start = MSEC_NEVER,
        .burst_last = MSEC_NEVER,
        .copies = 1,
        .repeat_bytes = SENDER_REPEAT_BYTES_MAX,
        .repeat_refill = now,
        .restart_due = MSEC_NEVER,
        .restarted = MSEC_NEVER,
        .eased_at = MSEC_NEVER,
        .heard = MSEC_NEVER,
        .retry_start = now,
        .retries_since = now,
        .progress = now,
    };
    flight_init(&s->flight, now);
    s->sent[0] = (struct sent_state){
        .num = 0, .first_sent = now, .last_sent = now, .state = ops->clone(initial)};
}

void sender_release(struct sender *s)
{
    if (!s->ops)
        return;
    for (size_t i = 0; i < s->count; i++)
        s->ops->free(s->sent[i].state);
    s->ops->free(s->live);
    buf_wipe(&s->resend_diff);
    *s = (struct sender){0};
}

static struct sent_state *newest(struct sender *s)
{
    return &s->sent[s->count - 1];
}

/* --- timing --- */

/* How long the peer may take until its acknowledgement is here. */
static msec_t ack_wait_ms(const struct rtt *rtt)
{
    return rtt_rto_ms(rtt) + SENDER_ACK_DELAY_MS;
}

/* Whether there is something that will be sent again if the peer says nothing. */
static bool is_waiting(const struct sender *s)
{
    return s->content_num > s->sent[0].num || (s->heard == MSEC_NEVER && s->count > 1);
}

/* The peer has taken its leave and we only confirm it: what we still have is of no use to it. */
static bool is_seeing_off(const struct sender *s)
{
    return s->ack_num == INSTRUCTION_SHUTDOWN && !s->closing;
}

static bool is_farewell_sent(struct sender *s)
{
    return newest(s)->num == INSTRUCTION_SHUTDOWN;
}

/* The time from `due` on when content may be sent. */
static msec_t content_time(const struct sender *s, const struct rtt *rtt, msec_t due)
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

static bool is_urgent(const struct sender *s, const void *from, const void *to)
{
    return !s->ops->urgent || s->ops->urgent(from, to);
}

static bool is_awaited(const struct sender *s, const void *from, const void *to)
{
    return s->ops->awaited && s->ops->awaited(from, to);
}

static bool is_slow(const struct rtt *rtt)
{
    return rtt_frame_interval_ms(rtt) > SENDER_SLOW_INTERVAL_MS;
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

/* No marks, so a little more is tried. */
static void ease_less(struct sender *s, const struct rtt *rtt, msec_t now)
{
    if (s->eased == 0 || msec_since(now, s->eased_at) < 2 * easing_ms(rtt))
        return;
    s->eased--;
    s->eased_at = now;
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
static bool is_eager(const struct sender *s, const struct rtt *rtt)
{
    return s->splits < SPLITS_COLLECT && !(is_long(rtt) && s->answers);
}

/* When it will seem that no more pieces come. */
static msec_t quiet_since(const struct sender *s, const struct rtt *rtt)
{
    if (s->burst_last == MSEC_NEVER)
        return MSEC_NEVER;
    return msec_after(msec_max(s->burst_last, s->changed_since),
                      is_long(rtt) ? SENDER_PIECE_LONG_MS : SENDER_PIECE_MS);
}

static msec_t change_due(struct sender *s, const struct rtt *rtt, msec_t now)
{
    if (is_seeing_off(s) || is_farewell_sent(s) || s->ops->equal(s->live, newest(s)->state)) {
        s->changed_since = MSEC_NEVER;
        return MSEC_NEVER;
    }
    msec_t earliest = flight_free(&s->flight);
    if (is_awaited(s, newest(s)->state, s->live))
        return content_time(s, rtt, earliest);
    if (!is_urgent(s, newest(s)->state, s->live))
        return content_time(s, rtt, msec_max(earliest, msec_max(s->frame_free, lazy_time(s, rtt))));
    if (s->changed_since == MSEC_NEVER)
        s->changed_since = now;
    if (s->rest_due != MSEC_NEVER && s->changed_since <= s->rest_due)
        return content_time(s, rtt, msec_max(earliest, msec_min(s->rest_due, quiet_since(s, rtt))));
    msec_t collected = s->changed_since;
    if (!is_eager(s, rtt))
        collected = msec_min(msec_after(collected, s->collect_ms), quiet_since(s, rtt));
    return content_time(s, rtt, msec_max(earliest, msec_max(collected, frame_time(s, rtt))));
}

/* The retries begin anew. */
static void begin_retries(struct sender *s, msec_t now)
{
    s->retries = 0;
    s->retries_since = now;
    s->retry_prompted = false;
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
    return content_time(s, rtt, msec_max(due, s->frame_free));
}

static msec_t repeat_due(const struct sender *s, const struct rtt *rtt)
{
    if (s->repeats == 0 || !is_waiting(s) || is_seeing_off(s))
        return MSEC_NEVER;
    return content_time(s, rtt, s->repeat_due);
}

/* When all goes again because the path is another one. */
static msec_t restart_time(const struct sender *s, const struct rtt *rtt)
{
    if (s->restart_due == MSEC_NEVER || is_seeing_off(s))
        return MSEC_NEVER;
    return content_time(s, rtt, s->restart_due);
}

/* When something that was sent goes again. */
static msec_t resend_due(const struct sender *s, const struct rtt *rtt)
{
    return msec_min(retry_due(s, rtt), restart_time(s, rtt));
}

msec_t sender_deadline(struct sender *s, const struct rtt *rtt, msec_t now)
{
    msec_t again = msec_min(resend_due(s, rtt), repeat_due(s, rtt));
    return msec_min(s->ack_due, msec_min(change_due(s, rtt, now), again));
}

/* --- what was heard --- */

void sender_heard(struct sender *s, msec_t now, msec_t silence_ms)
{
    s->heard = now;
    if (silence_ms >= SENDER_SILENCE_MS && is_waiting(s) && s->retries > 0)
        s->retry_prompted = true;
}

static void subtract_oldest(struct sender *s)
{
    void *known = s->ops->clone(s->sent[0].state);
    for (size_t i = 0; i < s->count; i++)
        s->ops->subtract(s->sent[i].state, known);
    s->ops->subtract(s->live, known);
    s->ops->free(known);
}

static void forget_older(struct sender *s, size_t count)
{
    for (size_t i = 0; i < count; i++)
        s->ops->free(s->sent[i].state);
    s->count -= count;
    memmove(s->sent, s->sent + count, s->count * sizeof s->sent[0]);
    if (s->ops->subtract)
        subtract_oldest(s);
}

bool sender_acked(struct sender *s, msec_t now, uint64_t num)
{
    size_t i = s->count - 1;
    while (i > 0 && s->sent[i].num != num)
        i--;
    if (i == 0)
        return false;
    forget_older(s, i);
    flight_acked(&s->flight, num);
    s->acked_any = true;
    s->progress = now;
    bool prompted = s->retry_prompted;
    begin_retries(s, now);
    s->retry_prompted = prompted && is_waiting(s);
    if (s->count > 1)
        s->retry_start = msec_max(s->retry_start, s->sent[1].last_sent);
    if (num == INSTRUCTION_SHUTDOWN)
        s->ack_due = now; /* the peer may leave as soon as it knows that we know */
    return true;
}

/*
 * The peer waits for SENDER_ACK_DELAY_MS longer than its RTO, which cannot be far from ours. Of
 * what that allows for besides the round trip, half is safe to use; a key may be typed meanwhile,
 * with which the acknowledgement travels for nothing.
 */
static msec_t ack_delay_ms(const struct rtt *rtt)
{
    msec_t slack = msec_since(rtt_rto_ms(rtt), rtt_srtt_ms(rtt)) / 2;

    return SENDER_ACK_DELAY_MS + msec_min(slack, SENDER_ACK_SLACK_MS_MAX);
}

static msec_t next_farewell_time(const struct sender *s, const struct rtt *rtt)
{
    if (s->last_send == MSEC_NEVER)
        return 0;
    return msec_after(s->last_send, rtt_frame_interval_ms(rtt));
}

void sender_acknowledge(struct sender *s, const struct rtt *rtt, msec_t now, uint64_t num,
                        bool urgent)
{
    s->ack_num = num;
    if (num == INSTRUCTION_SHUTDOWN) {
        s->ack_due = msec_min(s->ack_due, msec_max(now, next_farewell_time(s, rtt)));
    } else if (urgent) {
        s->ack_owed = true;
        s->ack_due = msec_min(s->ack_due, msec_after(now, ack_delay_ms(rtt)));
    } else if (s->answers && s->ack_due <= msec_after(now, SENDER_BEAT_EARLY_MS)) {
        s->ack_due = msec_min(s->ack_due, now); /* two heartbeats, one wake-up */
    }
}

/* --- what is sent --- */

/* Index of the newest state that the peer should have by now, if nothing was lost. */
static size_t probably_held(const struct sender *s, const struct rtt *rtt, msec_t now)
{
    size_t i = 0;
    while (i + 1 < s->count && msec_since(now, s->sent[i + 1].last_sent) < ack_wait_ms(rtt))
        i++;
    return i;
}

/* Chooses the base for `target` and writes the difference. Returns the index of the base. */
static size_t diff_from_best_base(struct sender *s, const struct rtt *rtt, msec_t now,
                                  const void *target, struct buf *diff)
{
    size_t base = probably_held(s, rtt, now);
    s->ops->diff(s->sent[base].state, target, diff);
    if (base == 0 || diff->len == 0)
        return base;
    struct buf *resend = &s->resend_diff;
    buf_clear(resend);
    s->ops->diff(s->sent[0].state, target, resend);
    if (resend->len > diff->len && (resend->len >= SENDER_PROSPECTIVE_BYTES ||
                                    resend->len - diff->len >= SENDER_PROSPECTIVE_SURPLUS))
        return base;
    buf_swap(resend, diff);
    return 0;
}

static void append(struct sender *s, msec_t now, uint64_t num, const void *target)
{
    s->sent[s->count++] = (struct sent_state){
        .num = num, .first_sent = now, .last_sent = now, .state = s->ops->clone(target)};
    if (s->count <= SENDER_STATES_MAX)
        return;
    size_t evicted = s->count - EVICT_FROM_END;
    s->ops->free(s->sent[evicted].state);
    memmove(&s->sent[evicted], &s->sent[evicted + 1], (s->count - evicted - 1) * sizeof s->sent[0]);
    s->count--;
}

void sender_skip(struct sender *s, msec_t now, uint64_t num)
{
    if (num > newest(s)->num)
        append(s, now, num, newest(s)->state);
}

/*
 * Gives `target` its number; `fresh`: it is not the newest state. A repetition keeps the number
 * that its content has, but every so often there is a new one, by which the peer sees that we are
 * alive.
 */
static uint64_t number_state(struct sender *s, msec_t now, const void *target, bool fresh)
{
    uint64_t last_num = newest(s)->num;
    bool beat = now >= s->ack_due || s->restart_due != MSEC_NEVER ||
                msec_since(now, newest(s)->first_sent) >= SENDER_HEARTBEAT_MS;
    uint64_t num = fresh || beat ? last_num + 1 : last_num;
    if (s->closing)
        num = INSTRUCTION_SHUTDOWN;
    if (num == last_num) {
        newest(s)->last_sent = now;
        return num;
    }
    append(s, now, num, target);
    if (fresh || s->closing)
        s->content_num = num;
    return num;
}

/* The peer's farewell is confirmed again unasked, for as long as we are there. */
static msec_t next_ack_ms(const struct sender *s, const struct rtt *rtt)
{
    if (s->ack_num == INSTRUCTION_SHUTDOWN)
        return rtt_rto_ms(rtt);
    return SENDER_HEARTBEAT_MS + (s->answers ? SENDER_BEAT_LATE_MS : 0);
}

/* What was sent is a frame: the next one may follow after the interval. If it was sent without
   collecting, the rest of it may follow when that would have been over. */
static void note_frame(struct sender *s, const struct rtt *rtt, msec_t now)
{
    msec_t interval = sender_interval_ms(s, rtt);
    bool first = s->last_change == MSEC_NEVER || msec_since(now, s->last_change) >= interval;

    s->rest_due = first && is_eager(s, rtt) ? msec_after(now, s->collect_ms) : MSEC_NEVER;
    s->frame_free = msec_after(now, interval);
    s->last_change = now;
}

static void note_repeat(struct sender *s, msec_t now)
{
    s->repeats--;
    s->repeat_ms *= 2;
    s->repeat_due = msec_after(now, s->repeat_ms);
}

/* An instruction in the making. */
struct step {
    bool retry, repeat; /* something that was sent goes again */
    bool bare;          /* empty, from the last state, for the sake of the acknowledgement */
    bool fresh;         /* the state is not what was sent last */
    bool waited;        /* something was not acknowledged before, either */
    size_t base;        /* the state that the difference starts from */
    uint64_t last_num;  /* the newest state before */
};

static void make_empty(struct sender *s, struct step *step, struct instruction *out)
{
    step->bare = true;
    step->base = s->count - 1;
    buf_clear(&out->diff);
}

/* Writes the difference. Returns the state that it leads to. */
static const void *make_diff(struct sender *s, const struct rtt *rtt, msec_t now, struct step *step,
                             struct instruction *out)
{
    const void *target = is_farewell_sent(s) ? newest(s)->state : s->live;

    buf_clear(&out->diff);
    if (step->bare) {
        make_empty(s, step, out);
    } else if (step->retry || step->repeat) {
        step->base = 0;
        s->ops->diff(s->sent[0].state, target, &out->diff);
    } else {
        step->base = diff_from_best_base(s, rtt, now, target, &out->diff);
    }
    if (out->diff.len > SENDER_DIFF_BYTES_MAX) {
        make_empty(s, step, out);
        s->hold_until = msec_after(now, SENDER_RETRY_MAX_MS);
        s->ack_due = msec_min(s->ack_due, now); /* makes the step one to a new number */
    }
    return step->bare ? newest(s)->state : target;
}

static void note_repeats(struct sender *s, msec_t now, const struct step *step,
                         const struct instruction *out)
{
    bool anew = !step->bare && (step->retry || out->new_num != step->last_num);

    s->content = !step->bare && out->diff.len > 0;
    s->repeatable = anew && step->base == 0 && out->diff.len > 0;
    if (anew)
        s->repeats = 0; /* until the size is known */
    else if (step->repeat)
        note_repeat(s, now);
}

static void note_retry(struct sender *s, msec_t now, const struct step *step)
{
    if (!step->waited && is_waiting(s)) {
        s->progress = now;
        begin_retries(s, now);
        s->retry_start = now;
    }
    if (step->retry && is_waiting(s)) {
        s->retries++;
        s->retry_prompted = false;
    }
    if (step->retry || (step->base == 0 && step->fresh))
        s->retry_start = now;
}

bool sender_make(struct sender *s, const struct rtt *rtt, msec_t now, struct instruction *out)
{
    bool change = now >= change_due(s, rtt, now);
    struct step step = {.repeat = now >= repeat_due(s, rtt), .retry = now >= resend_due(s, rtt)};
    bool content = change || step.repeat || step.retry;
    if (!content && now < s->ack_due)
        return false;

    step.bare = is_seeing_off(s) || (!content && content_time(s, rtt, now) > now);
    if (s->closing && !is_farewell_sent(s))
        step.bare = false;
    const void *target = make_diff(s, rtt, now, &step, out);
    step.waited = is_waiting(s);
    step.last_num = newest(s)->num;
    step.fresh = !s->ops->equal(newest(s)->state, target);
    bool urgent = step.retry || (step.fresh && is_urgent(s, newest(s)->state, target));
    out->old_num = s->sent[step.base].num;
    out->throwaway_num = s->sent[0].num;
    out->ack_num = s->ack_num;
    out->new_num = number_state(s, now, target, step.fresh);
    assert(out->old_num < out->new_num || out->new_num == INSTRUCTION_SHUTDOWN);

    ease_less(s, rtt, now);
    s->last_send = now;
    s->ack_owed = false;
    if (step.fresh)
        s->frames_last = msec_max(s->frames_last, now) + FRAME_MIN_MS;
    if (urgent)
        note_frame(s, rtt, now);
    else if (!step.repeat && is_slow(rtt))
        s->frame_free = msec_max(s->frame_free, msec_after(now, rtt_frame_interval_ms(rtt)));
    note_repeats(s, now, &step, out);
    s->ack_due = msec_after(now, next_ack_ms(s, rtt));
    if (!step.bare) {
        s->changed_since = MSEC_NEVER;
        s->restart_due = MSEC_NEVER;
    }
    note_retry(s, now, &step);
    return true;
}

static void refill_repeats(struct sender *s, msec_t now)
{
    msec_t gained =
        msec_min(msec_since(now, s->repeat_refill), 1000) * SENDER_REPEAT_BYTES_PER_S / 1000;

    s->repeat_refill = now;
    s->repeat_bytes = (uint32_t)msec_min(s->repeat_bytes + gained, SENDER_REPEAT_BYTES_MAX);
}

void sender_note_size(struct sender *s, const struct rtt *rtt, size_t bytes)
{
    flight_sent(&s->flight, s->last_send, newest(s)->num, bytes, ack_wait_ms(rtt));
    if (s->content)
        s->content_bytes = bytes;
    s->pace_ms = msec_min(bytes / SENDER_QUIET_BYTES_PER_MS, SENDER_HEARTBEAT_MS);
    bool silent = s->retries > 1;
    if (s->copies <= 1 || silent || !s->repeatable || bytes > SENDER_SMALL_BYTES)
        return;
    refill_repeats(s, s->last_send);
    s->repeats = s->copies - 1;
    while (s->repeats * bytes > s->repeat_bytes)
        s->repeats--;
    s->repeat_bytes -= (uint32_t)(s->repeats * bytes);
    s->repeat_ms = SENDER_REPEAT_MS;
    s->repeat_due = msec_after(s->last_send, s->repeat_ms);
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

void sender_set_copies(struct sender *s, unsigned copies)
{
    s->copies = copies;
}

void sender_touched(struct sender *s, msec_t now)
{
    msec_t age = msec_since(now, s->burst_start);

    s->burst_last = now;
    if (age <= s->collect_ms) {
        s->burst_split |= age > 0;
        return;
    }
    if (s->burst_split)
        s->splits = s->splits + SPLITS_STEP < SPLITS_MAX ? s->splits + SPLITS_STEP : SPLITS_MAX;
    else if (s->splits > 0)
        s->splits--;
    s->burst_start = now;
    s->burst_split = false;
}

void sender_hold(struct sender *s, bool hold)
{
    s->held = hold;
}

void sender_hurry(struct sender *s, msec_t now)
{
    s->ack_due = msec_min(s->ack_due, now);
    s->retry_prompted = true;
}

void sender_restart(struct sender *s, msec_t now)
{
    flight_init(&s->flight, now);
    for (size_t i = 0; i < s->count; i++)
        s->sent[i].last_sent = 0;
    s->rest_due = MSEC_NEVER;
    begin_retries(s, now);
    if (s->restart_due != MSEC_NEVER)
        return;
    s->restart_due = msec_after(now, s->collect_ms);
    if (msec_since(now, s->restarted) < SENDER_RESTART_MS) {
        s->restart_due = msec_after(s->restarted, SENDER_RESTART_MS);
    } else {
        s->last_send = MSEC_NEVER;
        s->frame_free = 0;
    }
    s->restarted = s->restart_due;
    s->ack_due = msec_min(s->ack_due, s->restart_due);
}

msec_t sender_waiting_since(const struct sender *s)
{
    return is_waiting(s) ? s->progress : MSEC_NEVER;
}

void sender_close(struct sender *s, msec_t now)
{
    s->closing = true;
    begin_retries(s, now);
    s->ack_due = msec_min(s->ack_due, now);
}

msec_t sender_last_send(const struct sender *s)
{
    return s->last_send;
}

uint64_t sender_newest_num(const struct sender *s)
{
    return s->sent[s->count - 1].num;
}

uint64_t sender_acked_num(const struct sender *s)
{
    return s->sent[0].num;
}

msec_t sender_acked_time(const struct sender *s)
{
    return s->acked_any ? s->sent[0].first_sent : MSEC_NEVER;
}
