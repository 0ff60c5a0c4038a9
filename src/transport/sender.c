/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/sender_internal.h"

#include <assert.h>
#include <string.h>

/* Where a list that has become too long loses one: far from both ends, because the peer's next
   acknowledgement is most probably about one of the oldest or one of the newest. */
#define EVICT_FROM_END 16

#define SPLITS_STEP 2 /* what a burst in pieces counts for */
#define SPLITS_MAX  5

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

    s->rest_due = first && sender_is_eager(s, rtt) ? msec_after(now, s->collect_ms) : MSEC_NEVER;
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
    bool change = now >= sender_change_due(s, rtt, now);
    struct step step = {.repeat = now >= sender_repeat_due(s, rtt),
                        .retry = now >= sender_resend_due(s, rtt)};
    bool content = change || step.repeat || step.retry;
    if (!content && now < s->ack_due)
        return false;

    step.bare = is_seeing_off(s) || (!content && sender_content_time(s, rtt, now) > now);
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

    sender_ease_less(s, rtt, now);
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
