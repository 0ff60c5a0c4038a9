/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/passage.h"

void passage_init(struct passage *p, bool refusable)
{
    *p = (struct passage){.refusable = refusable,
                          .bytes_per_ms = PASSAGE_BYTES_PER_MS,
                          .too_fast = PASSAGE_BYTES_PER_MS_MAX,
                          .trial_ms = PASSAGE_TRIAL_MS};
}

void passage_begin(struct passage *p, msec_t now, uint64_t num, size_t bytes)
{
    unsigned least = (unsigned)(bytes / PASSAGE_INSTRUCTION_MS) + 1;

    p->next_piece = 0;
    p->pace = 0;
    p->trial = false;
    if (bytes <= PASSAGE_SMALL_BYTES)
        return;
    if (p->num == 0)
        p->first_num = num;
    p->num = num;
    if (!p->narrow)
        return;
    if (now >= p->trial_at) {
        p->trial = true;
        p->trial_ms = msec_min(2 * p->trial_ms, PASSAGE_TRIAL_MS_MAX);
        p->trial_at = msec_after(now, p->trial_ms);
        return;
    }
    if (!p->refusable)
        p->pace = p->bytes_per_ms > least ? p->bytes_per_ms : least;
}

size_t passage_payload(const struct passage *p, size_t usual)
{
    bool small = p->narrow && !p->trial && usual > PASSAGE_SMALL_BYTES;

    return small ? PASSAGE_SMALL_BYTES : usual;
}

void passage_piece(struct passage *p, msec_t now, size_t bytes)
{
    if (p->pace > 0)
        p->next_piece = msec_after(now, bytes / p->pace + 1);
}

void passage_acked(struct passage *p, uint64_t num)
{
    if (p->num == 0 || num < p->first_num)
        return;
    p->first_num = p->num;
    p->failures = 0;
    if (num < p->num)
        return; /* it gets through, but slowly */
    p->num = 0;
    if (p->trial)
        passage_init(p, p->refusable);
    else if (p->narrow && p->bytes_per_ms < p->too_fast / 4 * 3)
        p->bytes_per_ms += p->bytes_per_ms / 4 + 1;
}

static void slow_down(struct passage *p)
{
    p->too_fast = p->bytes_per_ms;
    p->bytes_per_ms /= 2;
    if (p->bytes_per_ms < PASSAGE_BYTES_PER_MS_MIN)
        p->bytes_per_ms = PASSAGE_BYTES_PER_MS_MIN;
}

void passage_heard(struct passage *p, msec_t silence_ms)
{
    if (silence_ms >= PASSAGE_SILENCE_MS)
        passage_init(p, p->refusable);
}

void passage_retry(struct passage *p, msec_t now, msec_t heard, bool lossy)
{
    /* A peer that is silent tells nothing about sizes. */
    if (p->num == 0 || msec_since(now, heard) >= PASSAGE_SILENCE_MS)
        return;
    p->failures++;
    if (p->narrow && !p->trial)
        slow_down(p);
    if (!p->narrow && p->failures >= (lossy ? PASSAGE_FAILURES_LOSSY : PASSAGE_FAILURES)) {
        p->narrow = true;
        p->trial_at = msec_after(now, p->trial_ms);
    }
}
