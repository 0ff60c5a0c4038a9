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

/* The same, because it is not known where a key leads to; but all that was expected came true. */
void predict_lose_place(struct predict *p, const struct predict_open *key);

/* The oldest keys that have no answer need no prediction any more. */
void predict_skip_open(struct predict *p, size_t count);

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

/* predict_make.c: the last character on the line as it is predicted; of what was typed last, if the
   line is not known; or 0. */
uint32_t predict_line_code(const struct predict *p, const struct screen *screen);

/* predict_make.c: where the cursor will be after all that is predicted. */
struct predict_place predict_last_place(const struct predict *p);

/* predict_make.c: a prediction of what a key does, before anything is known of it. */
struct prediction predict_item(const struct predict *p, const struct predict_open *key);

/* predict_make.c: keeps what a key changes in the prediction's row; `before` and `after` are the
   whole row. */
void predict_item_cells(struct prediction *item, const struct screen *screen,
                        const struct cell *before, const struct cell *after,
                        const struct predict_change *change);

/* predict_make.c: adds it to the queue, in the present epoch. */
void predict_push(struct predict *p, struct prediction *item);

/* predict_make.c: the column that a key tries to keep which leads to another row, from column
   `col`. */
size_t predict_goal(struct predict *p, const struct predict_open *key, size_t col);

/* predict_command.c: predicts what a command of an editor like vi does, and Escape. False if that
   cannot be known. `cells` has room for two rows. */
bool predict_make_command(struct predict *p, const struct screen *screen,
                          const struct predict_open *key, struct cell *cells);
bool predict_make_escape(struct predict *p, const struct screen *screen,
                         const struct predict_open *key, struct cell *cells);

/* predict_command.c: the mode in which a key is read that is typed now. */
enum predict_vi_mode predict_vi_take(struct predict *p, struct predict_key key);

/* predict_command.c: it is not known any more. */
void predict_vi_forget(struct predict *p);

/* predict_command.c: the key has been answered of which it was not known where it leads. Whether
   its effect is still to come. */
bool predict_vi_waits(struct predict *p, msec_t now, const struct screen *screen);

/* predict_command.c: predictions go on at the cursor; whether what follows is as trusted as what
   came before. */
bool predict_vi_resume(struct predict *p, const struct screen *screen);

/* predict_command.c: typed text, the oldest in the queue, has appeared. */
void predict_vi_prove(struct predict *p, const struct screen *screen,
                      const struct prediction *item);

/* predict_resume.c: begins anew at a prompt that waits for what is typed; or where the cursor is,
   if it can be told what the program has got. */
void predict_resume(struct predict *p, msec_t now, const struct screen *screen);

/* predict_resume.c: how many of the keys after the newest boundary were answered. */
size_t predict_read_ahead(const struct predict *p);

/* predict_trust.c: whether what was seen of a character proves that the program echoes. */
bool predict_proves(const struct screen *screen, struct cell seen);

/* predict_trust.c: whether the program is one that shows all by itself, judging by what stands in
   the first columns of a row. */
bool predict_is_editor(struct predict *p, const struct screen *screen, size_t row, size_t cols);

/* predict_trust.c: a line that nothing introduces, with nothing below it. */
bool predict_line_is_bare(const struct screen *screen, size_t row, size_t from);

/* predict_trust.c: the line in which the cursor is ends here: what is there to know of it? */
void predict_note_line(struct predict *p, const struct screen *screen);

/* predict_trust.c: typed text, the oldest in the queue, has appeared. */
void predict_earn(struct predict *p, const struct screen *screen, const struct prediction *item);
void predict_trust_epoch(struct predict *p, uint64_t epoch);

/* predict_trust.c: whether a sign stands in columns [from, to) after which something is asked for.
 */
bool predict_asks(const struct cell *cell, size_t from, size_t to);

/* predict_trust.c: whether what stands in the first columns of a row looks like a question for a
   password. */
bool predict_asks_for_secret(const struct predict *p, const struct screen *screen, size_t row,
                             const struct cell *cell, size_t cols);

/* predict_settle.c: compares what was answered with the screen. */
void predict_settle(struct predict *p, msec_t now, const struct screen *screen);

/* When the oldest prediction that was answered, and has not come true, counts as wrong. */
msec_t predict_settle_deadline(const struct predict *p);

#endif
