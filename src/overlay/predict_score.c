/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/predict_score.h"

void predict_score_record(struct predict_score *s, bool right, uint32_t job)
{
    s->job = job;
    s->outcomes = s->outcomes << 1 | right;
    if (s->times < PREDICT_SCORE_TIMES)
        s->times++;
}

static unsigned times_right(const struct predict_score *s)
{
    unsigned right = 0;

    for (unsigned i = 0; i < s->times; i++)
        right += s->outcomes >> i & 1;
    return right;
}

bool predict_score_proved(const struct predict_score *s)
{
    unsigned right = times_right(s);

    return right >= PREDICT_SCORE_RIGHT && right * 100 >= s->times * PREDICT_SCORE_PERCENT;
}

bool predict_score_is_clean(const struct predict_score *s)
{
    return times_right(s) == s->times;
}

bool predict_score_proved_once(const struct predict_score *s, uint32_t job, msec_t rtt_ms)
{
    return rtt_ms >= PREDICT_SCORE_LONG_MS && job != 0 && s->job == job && s->times > 0 &&
           predict_score_is_clean(s);
}
