/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_OVERLAY_PREDICT_SCORE_H
#define MOSH_OVERLAY_PREDICT_SCORE_H

/*
 * How often a key did what was expected of it, of the last times that it was pressed. {0} is one
 * that was never pressed.
 */

#include <stdbool.h>
#include <stdint.h>

#define PREDICT_SCORE_TIMES   20
#define PREDICT_SCORE_RIGHT   2  /* at least so often, */
#define PREDICT_SCORE_PERCENT 90 /* and in so many of a hundred cases */

struct predict_score {
    uint32_t outcomes; /* a bit each, the last one lowest */
    uint8_t times;     /* how many of them count */
};

void predict_score_record(struct predict_score *s, bool right);
bool predict_score_proved(const struct predict_score *s);

#endif
