/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_OVERLAY_PREDICT_SCORE_H
#define MOSH_OVERLAY_PREDICT_SCORE_H

/*
 * How often a key did what was expected of it, of the last times that it was pressed. {0} is one
 * that was never pressed.
 */

#include <stdbool.h>
#include <stdint.h>

#include "util/msec.h"

#define PREDICT_SCORE_TIMES   20
#define PREDICT_SCORE_RIGHT   2   /* at least so often, */
#define PREDICT_SCORE_PERCENT 90  /* and in so many of a hundred cases */
#define PREDICT_SCORE_LONG_MS 200 /* a round trip that is too long to wait for a second proof */

struct predict_score {
    uint32_t outcomes; /* a bit each, the last one lowest */
    uint8_t times;     /* how many of them count */
    uint32_t job;      /* the program of the last one, or 0 */
};

void predict_score_record(struct predict_score *s, bool right, uint32_t job);
bool predict_score_proved(const struct predict_score *s);

/* Whether it never did anything else. */
bool predict_score_is_clean(const struct predict_score *s);

/* Where the round trip is long, once is enough in the very program in which it was. */
bool predict_score_proved_once(const struct predict_score *s, uint32_t job, msec_t rtt_ms);

#endif
