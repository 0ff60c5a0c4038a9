/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_OVERLAY_PREDICT_INTERNAL_H
#define MOSH_OVERLAY_PREDICT_INTERNAL_H

/* What the files of the prediction engine share; for them alone. */

#include "overlay/predict.h"

#define PREDICT_NO_ROW SIZE_MAX

/* A new epoch begins. What was typed before keeps the trust that it had. */
void predict_become_tentative(struct predict *p);

/* Nothing is predicted until the queue is settled; then all begins anew at the cursor. */
void predict_lose(struct predict *p);

/* What was learned of the line remains, if it is the same; but it was changed. */
void predict_start_at_cursor(struct predict *p, const struct screen *screen);

/* Predicts one more key, unless it is not known where it goes. */
void predict_key(struct predict *p, const struct screen *screen, const struct predict_open *key);

struct predict_score *predict_score_of(struct predict *p, const struct screen *screen,
                                       enum predict_class class);

/* How many predictions are drawn: those before the first that may not be. */
size_t predict_shown(const struct predict *p, msec_t now);

/* predict_make.c: predicts what a key does. False if that cannot be known. */
bool predict_make(struct predict *p, const struct screen *screen, const struct predict_open *key);

/* predict_resume.c: begins anew at a prompt that waits for what is typed; or where the cursor is,
   if it can be told what the program has got. */
void predict_resume(struct predict *p, const struct screen *screen);

/* predict_settle.c: whether what was seen of a character proves that the program echoes. */
bool predict_proves(const struct screen *screen, struct cell seen);

/* predict_settle.c: a line that nothing introduces, with nothing below it. */
bool predict_line_is_bare(const struct screen *screen, size_t row, size_t from);

/* predict_settle.c: compares what was answered with the screen. */
void predict_settle(struct predict *p, msec_t now, const struct screen *screen);

/* When the oldest prediction that was answered, and has not come true, counts as wrong. */
msec_t predict_settle_deadline(const struct predict *p);

#endif
