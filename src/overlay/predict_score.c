/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/predict_score.h"

void predict_score_record(struct predict_score *s, bool right)
{
    s->outcomes = s->outcomes << 1 | right;
    if (s->times < PREDICT_SCORE_TIMES)
        s->times++;
}

bool predict_score_proved(const struct predict_score *s)
{
    unsigned right = 0;

    for (unsigned i = 0; i < s->times; i++)
        right += s->outcomes >> i & 1;
    return right >= PREDICT_SCORE_RIGHT && right * 100 >= s->times * PREDICT_SCORE_PERCENT;
}
