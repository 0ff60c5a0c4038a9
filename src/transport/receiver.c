/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/receiver.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/xalloc.h"

#define STATES_INITIAL 16

void receiver_init(struct receiver *r, const struct sync_ops *ops, void *initial)
{
    *r = (struct receiver){.ops = ops, .newest_time = MSEC_NEVER};
    r->cap = STATES_INITIAL;
    r->states = xcalloc(r->cap, sizeof *r->states);
    r->states[0] = (struct received_state){.state = initial, .footprint = ops->footprint(initial)};
    r->footprint = r->states[0].footprint;
    r->count = 1;
}

void receiver_release(struct receiver *r)
{
    for (size_t i = 0; i < r->count; i++)
        r->ops->free(r->states[i].state);
    free(r->states);
    *r = (struct receiver){0};
}

void receiver_refuse(struct receiver *r, bool refuse)
{
    r->refusing = refuse;
}

/* Index of the first state whose number is `num` or more; `count` if there is none. */
static size_t lower_bound(const struct receiver *r, uint64_t num)
{
    size_t low = 0, high = r->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r->states[middle].num < num)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool holds(const struct receiver *r, uint64_t num)
{
    size_t i = lower_bound(r, num);
    return i < r->count && r->states[i].num == num;
}

static void forget(struct receiver *r, size_t from, size_t count)
{
    for (size_t i = from; i < from + count; i++) {
        r->footprint -= r->states[i].footprint;
        r->ops->free(r->states[i].state);
    }
    memmove(&r->states[from], &r->states[from + count],
            (r->count - from - count) * sizeof *r->states);
    r->count -= count;
}

/* What one state was charged for something that it shared falls to the others when it is gone. */
static void recount(struct receiver *r)
{
    r->footprint = 0;
    for (size_t i = 0; i < r->count; i++) {
        r->states[i].footprint = r->ops->footprint(r->states[i].state);
        r->footprint += r->states[i].footprint;
    }
}

/* What the oldest state already has was handed to the application long ago. */
static void subtract_oldest(struct receiver *r)
{
    void *known = r->ops->clone(r->states[0].state);
    for (size_t i = 0; i < r->count; i++)
        r->ops->subtract(r->states[i].state, known);
    r->ops->free(known);
}

static void forget_below(struct receiver *r, uint64_t throwaway_num)
{
    size_t count = lower_bound(r, throwaway_num);
    if (count == 0)
        return;
    forget(r, 0, count);
    if (r->ops->subtract)
        subtract_oldest(r);
    recount(r);
}

bool receiver_numbers_valid(const struct instruction *in)
{
    if (in->throwaway_num > in->old_num || in->old_num > in->new_num)
        return false;
    /* Only a peer that repeats its farewell sends a step from a state to itself. */
    return in->old_num < in->new_num || in->new_num == INSTRUCTION_SHUTDOWN;
}

static bool is_over(const struct receiver *r, size_t extra_bytes)
{
    return r->count >= RECEIVER_STATES_MAX || r->footprint + extra_bytes > RECEIVER_BYTES_MAX;
}

/* The sum is never too small, since it is counted anew when states have gone. It may be too large:
   a new state shares what others were charged for alone. */
static bool is_full(struct receiver *r, size_t extra_bytes)
{
    if (!is_over(r, extra_bytes))
        return false;
    recount(r);
    return is_over(r, extra_bytes);
}

/*
 * Makes room for one state in a full list. The peer's next base is most probably its oldest (what
 * it knows that we have) or one of its newest, so the middle gives way; senders thin out their own
 * lists in the same place. The oldest, the newest and the base itself always stay.
 */
static bool make_room(struct receiver *r, size_t extra_bytes, size_t base)
{
    uint64_t base_num = r->states[base].num;
    size_t staying = r->states[0].footprint + r->states[r->count - 1].footprint;
    if (base > 0 && base < r->count - 1)
        staying += r->states[base].footprint;
    if (staying + extra_bytes > RECEIVER_BYTES_MAX)
        return false;
    do {
        while (is_over(r, extra_bytes)) {
            size_t middle = r->count / 2;
            if (r->states[middle].num == base_num)
                middle--;
            if (middle == 0 || middle + 1 >= r->count)
                return false; /* what stays has become too much, now that nobody shares it */
            forget(r, middle, 1);
        }
        recount(r);
    } while (is_over(r, extra_bytes));
    return true;
}

static void insert(struct receiver *r, struct received_state entry)
{
    if (r->count == r->cap) {
        r->cap *= 2;
        r->states = xreallocarray(r->states, r->cap, sizeof *r->states);
    }
    size_t at = lower_bound(r, entry.num);
    memmove(&r->states[at + 1], &r->states[at], (r->count - at) * sizeof *r->states);
    r->states[at] = entry;
    r->count++;
    r->footprint += entry.footprint;
}

/* Whether a full list lets this one in all the same; the peer's farewell always. */
static bool let_in(const struct receiver *r, msec_t now, const struct instruction *in)
{
    return now >= r->full_until || in->new_num == INSTRUCTION_SHUTDOWN;
}

/* Adds the state that `in` makes of the one at index `base`. */
static int take(struct receiver *r, msec_t now, const struct instruction *in, size_t base)
{
    void *state = r->ops->clone(r->states[base].state);
    int rc = 0;
    if (in->diff.len > 0 && r->ops->apply(state, in->diff.data, in->diff.len) < 0) {
        rc = ERR_MALFORMED;
        goto out;
    }
    size_t footprint = r->ops->footprint(state);
    if (is_full(r, footprint)) {
        rc = ERR_LIMIT;
        if (!let_in(r, now, in) || !make_room(r, footprint, base))
            goto out;
        rc = 0;
        r->full_until = msec_after(now, RECEIVER_FULL_PAUSE_MS);
    }
    insert(r, (struct received_state){.num = in->new_num, .state = state, .footprint = footprint});
    state = NULL;
out:
    if (state)
        r->ops->free(state);
    return rc;
}

int receiver_input(struct receiver *r, msec_t now, const struct instruction *in)
{
    if (!receiver_numbers_valid(in))
        return ERR_MALFORMED;
    if (holds(r, in->new_num))
        return RECEIVER_KNOWN;
    if (!holds(r, in->old_num))
        return ERR_BASE;
    forget_below(r, in->throwaway_num); /* never the base: throwaway <= old */

    if (r->refusing && in->diff.len > 0 && in->new_num != INSTRUCTION_SHUTDOWN)
        return ERR_LIMIT;
    if (is_full(r, 0) && !let_in(r, now, in)) /* before any work is done for it */
        return ERR_LIMIT;
    bool newest = in->new_num > receiver_newest_num(r);
    int rc = take(r, now, in, lower_bound(r, in->old_num));
    if (rc < 0)
        return rc;
    if (!newest)
        return RECEIVER_STORED;
    r->newest_time = now;
    return RECEIVER_NEWEST;
}

const void *receiver_newest(const struct receiver *r)
{
    return r->states[r->count - 1].state;
}

uint64_t receiver_newest_num(const struct receiver *r)
{
    return r->states[r->count - 1].num;
}

msec_t receiver_newest_time(const struct receiver *r)
{
    return r->newest_time;
}
