/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/predict_pace.h"

void predict_pace_update(struct predict_pace *p, msec_t now, msec_t frame_interval_ms,
                         msec_t oldest)
{
    bool active = oldest != MSEC_NEVER;
    msec_t age = active ? msec_since(now, oldest) : 0;

    if (frame_interval_ms > PREDICT_SHOW_ABOVE_MS)
        p->slow = true;
    else if (frame_interval_ms <= PREDICT_HIDE_UPTO_MS && !active)
        p->slow = false; /* what is shown stays until it is settled */
    if (frame_interval_ms > PREDICT_UNDERLINE_ABOVE_MS)
        p->very_slow = true;
    else if (frame_interval_ms <= PREDICT_UNDERLINE_UPTO_MS)
        p->very_slow = false;
    if (age >= PREDICT_BIG_GLITCH_MS)
        p->glitch = PREDICT_BIG_GLITCH_ANSWERS;
    else if (age >= PREDICT_GLITCH_MS && p->glitch < PREDICT_GLITCH_ANSWERS)
        p->glitch = PREDICT_GLITCH_ANSWERS;
}

void predict_pace_sure(struct predict_pace *p, msec_t rtt_ms, msec_t oldest)
{
    if (rtt_ms > PREDICT_SURE_ABOVE_MS && p->right >= PREDICT_SURE_RIGHT)
        p->sure = true;
    else if ((rtt_ms <= PREDICT_SURE_UPTO_MS && oldest == MSEC_NEVER) || p->right == 0)
        p->sure = false;
}

void predict_pace_record(struct predict_pace *p, bool right)
{
    if (!right)
        p->right = 0;
    else if (p->right < PREDICT_SURE_RIGHT)
        p->right++;
}

void predict_pace_answer(struct predict_pace *p, msec_t now, msec_t made)
{
    if (p->glitch == 0 || msec_since(now, made) >= PREDICT_GLITCH_MS ||
        msec_since(now, p->repaired) < PREDICT_REPAIR_INTERVAL_MS)
        return;
    p->glitch--;
    p->repaired = now;
}

bool predict_pace_shows(const struct predict_pace *p, enum predict_mode mode)
{
    if (mode == PREDICT_ADAPTIVE)
        return p->slow || p->sure || p->glitch > 0;
    return mode != PREDICT_NEVER;
}

bool predict_pace_underlines(const struct predict_pace *p)
{
    return p->very_slow || p->glitch > PREDICT_GLITCH_ANSWERS;
}

msec_t predict_pace_deadline(const struct predict_pace *p, msec_t oldest)
{
    if (p->glitch < PREDICT_GLITCH_ANSWERS)
        return msec_after(oldest, PREDICT_GLITCH_MS);
    if (p->glitch < PREDICT_BIG_GLITCH_ANSWERS)
        return msec_after(oldest, PREDICT_BIG_GLITCH_MS);
    return MSEC_NEVER;
}
