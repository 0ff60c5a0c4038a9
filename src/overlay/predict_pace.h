/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_OVERLAY_PREDICT_PACE_H
#define MOSH_OVERLAY_PREDICT_PACE_H

/*
 * Whether the network is so slow that predictions are worth showing, and so slow that they should
 * be marked as such. Thresholds have a distance between on and off, so that a link at the border
 * does not make the screen flicker. Numbers and rules are those of stock mosh.
 *
 * Where the server tells what it knows of the program, and predictions have come true for a while,
 * they are shown as soon as they can be felt.
 *
 * On a link that is fast as a rule, a single key that stays unanswered (a glitch) turns
 * predictions on, until enough keys in a row have been answered quickly.
 */

#include <stdbool.h>

#include "util/msec.h"

enum predict_mode {
    PREDICT_ADAPTIVE, /* on slow links only */
    PREDICT_ALWAYS,
    PREDICT_NEVER,
    PREDICT_EXPERIMENTAL, /* always, and bolder */
};

#define PREDICT_SHOW_ABOVE_MS      30 /* of the frame interval, which is half the round-trip time */
#define PREDICT_HIDE_UPTO_MS       20
#define PREDICT_UNDERLINE_ABOVE_MS 80
#define PREDICT_UNDERLINE_UPTO_MS  50
#define PREDICT_SURE_ABOVE_MS      10 /* of the round-trip time, if predictions are surely right */
#define PREDICT_SURE_UPTO_MS       6
#define PREDICT_SURE_RIGHT         10   /* so many in a row have to have been */
#define PREDICT_GLITCH_MS          250  /* unanswered for so long: show */
#define PREDICT_GLITCH_ANSWERS     10   /* so many quick answers cure it */
#define PREDICT_BIG_GLITCH_MS      5000 /* unanswered for so long: underline, too */
#define PREDICT_BIG_GLITCH_ANSWERS 20
#define PREDICT_REPAIR_INTERVAL_MS 150 /* answers that come more densely count once */

/* {0} is the state at the start. */
struct predict_pace {
    bool slow;
    bool very_slow;
    bool sure;       /* slow enough for predictions that are surely right */
    unsigned right;  /* how many were, since the last error */
    unsigned glitch; /* quick answers still wanted */
    msec_t repaired; /* when the last one was counted */
};

/* `oldest` is when the oldest unsettled prediction was made, MSEC_NEVER if there is none. */
void predict_pace_update(struct predict_pace *p, msec_t now, msec_t frame_interval_ms,
                         msec_t oldest);

/* The round-trip time, 0 where the server does not tell what it knows of the program. */
void predict_pace_sure(struct predict_pace *p, msec_t rtt_ms, msec_t oldest);

/* Whether a prediction that could be shown has come true. */
void predict_pace_record(struct predict_pace *p, bool right);

/* A prediction that was made at `made` has come true. */
void predict_pace_answer(struct predict_pace *p, msec_t now, msec_t made);

bool predict_pace_shows(const struct predict_pace *p, enum predict_mode mode);
bool predict_pace_underlines(const struct predict_pace *p);

/* When predict_pace_update would next change something by the passing of time. */
msec_t predict_pace_deadline(const struct predict_pace *p, msec_t oldest);

#endif
