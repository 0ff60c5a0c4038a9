/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/predict_internal.h"

/* --- lateness --- */

/* The server says that a key must show 50 ms after it gave it to the program. Some programs take
   longer, and another ssh behind the server adds its own way. Until then a screen that is as it
   was is no contradiction. */
static msec_t grace(const struct predict *p)
{
    enum { MARGIN_MS = 100 };

    return msec_min(PREDICT_GRACE_MAX_MS,
                    msec_max(PREDICT_GRACE_MIN_MS, MARGIN_MS + 2 * p->lateness));
}

static void learn_lateness(struct predict *p, msec_t late)
{
    p->lateness = (3 * p->lateness + late) / 4; /* a moving average */
}

/* Since when a prediction should show. Programs wait after Escape, for it may be the beginning of
   something else, until there is another key or for a second; and some draw nothing meanwhile. */
static msec_t due(const struct predict *p, size_t index)
{
    enum { ESCAPE_MS = 1000 };
    const struct predict_queue *q = &p->queue;
    msec_t answered = q->item[index].answered;

    for (size_t i = index; i < q->count && q->item[i].answered != MSEC_NEVER; i++) {
        if (q->item[i].key.op != PREDICT_ESCAPE)
            continue;
        msec_t next = i + 1 < q->count ? q->item[i + 1].answered : MSEC_NEVER;
        answered = msec_max(answered, msec_min(next, msec_after(q->item[i].answered, ESCAPE_MS)));
    }
    return answered;
}

msec_t predict_settle_deadline(const struct predict *p)
{
    return p->queue.count > 0 ? msec_after(due(p, 0), grace(p)) : MSEC_NEVER;
}

static void record(struct predict *p, const struct screen *screen, const struct prediction *item,
                   bool right)
{
    predict_score_record(predict_score_of(p, screen, item->key.class), right,
                         item->job == p->program.job ? item->job : 0);
}

/* --- what came true --- */

/* Whether the oldest prediction, which is right, shows that the program echoes what is typed: a
   sign that was not there before, or, for a space, the cursor that was seen to go over it, if no
   key was typed since that may lead anywhere. */
static bool is_evidence(const struct predict *p, const struct screen *screen)
{
    const struct prediction *item = &p->queue.item[0];
    struct cell actual;
    uint32_t wanted;

    if (item->key.op != PREDICT_TEXT || item->row >= screen->rows)
        return false;
    wanted = item->after->cell[0].glyph;
    actual = screen->row[item->row]->cell[item->from];
    if (predict_blank(wanted))
        return predict_blank(actual.glyph) && item->reached && screen->cursor_row == item->row &&
               screen->cursor_col > item->from && p->boundary_frame < item->frame;
    return actual.glyph == wanted && !predict_alike(item->before->cell[0].glyph, wanted) &&
           !predict_alike(item->stood, wanted) && predict_proves(screen, actual);
}

/* Typed text looks like this here; so will the text that has no answer yet. */
static void learn_style(struct predict *p, const struct screen *screen, struct cell seen)
{
    p->line.style = *pool_style(screen->pool, seen.style);
    p->line.styled = true;
    for (size_t i = 1; i < p->queue.count; i++) {
        struct prediction *item = &p->queue.item[i];
        if (item->row != p->line.row || item->key.op != PREDICT_TEXT)
            continue;
        for (size_t col = 0; col < item->own; col++)
            item->after->cell[col].style = seen.style;
    }
}

static void learn_line(struct predict *p, const struct screen *screen)
{
    const struct prediction *item = &p->queue.item[0];
    struct row *r;

    if (p->line.row != item->row || item->row >= screen->rows)
        return;
    r = screen->row[item->row];
    learn_style(p, screen, r->cell[item->from]);
    if (item->from < p->line.confirmed)
        p->line.confirmed = item->from;
    if (predict_prompts_cols(&p->prompts, screen, item->row) == 0 && item->starts &&
        item->from > item->typed_cols)
        predict_prompts_learn(&p->prompts, r, p->line.confirmed, &p->program);
    /* A terminal's echo of what was typed ahead comes without a prompt. */
    if (predict_prompts_cols(&p->prompts, screen, item->row) > 0)
        predict_prompts_typed(&p->prompts, item->frame, r);
}

static void learn_written(struct predict *p, const struct screen *screen, bool evidence)
{
    const struct prediction *item = &p->queue.item[0];

    if (item->key.op == PREDICT_TEXT && item->row < screen->rows && item->job == p->program.job &&
        predict_is_editor(p, screen, item->row, item->from))
        predict_written_note(&p->written, screen, item->row, item->from, item->from + item->own,
                             item->job, evidence && !predict_blank(item->after->cell[0].glyph));
}

/* The text after the cursor did not move as expected. That is no reason to doubt what is typed,
   but to leave that text alone. */
static void leave_rest_alone(struct predict *p, size_t row)
{
    for (size_t i = 0; i < p->queue.count; i++) {
        struct prediction *item = &p->queue.item[i];
        if (item->row == row && item->cols > item->own)
            item->cols = item->own;
    }
    if (p->line.row == row) {
        p->line.fixed = true;
        p->line.end = PREDICT_COL_UNKNOWN;
    }
}

static void come_true(struct predict *p, msec_t now, const struct screen *screen)
{
    struct prediction *item = &p->queue.item[0];
    bool pushed = item->row >= screen->rows || predict_queue_pushed(&p->queue, 0, screen);
    bool did_something =
        item->cols > 0 || item->cursor.row != p->base.row || item->cursor.col != p->base.col;
    bool evidence = is_evidence(p, screen);

    if (item->key.class != PREDICT_CLASS_TEXT && did_something)
        record(p, screen, item, pushed);
    if (item->trusted)
        predict_pace_record(&p->pace, true);
    learn_written(p, screen, evidence);
    if (evidence) {
        if (item->answered != MSEC_NEVER)
            learn_lateness(p, msec_since(now, item->answered));
        predict_pace_answer(&p->pace, now, item->made);
        learn_line(p, screen);
        predict_earn(p, screen, &p->queue.item[0]);
        predict_vi_prove(p, screen, &p->queue.item[0]);
    }
    if (item->heir && pushed && item->key.op != PREDICT_TEXT)
        predict_trust_epoch(
            p, item->epoch); /* the line is the one that it was, and so is its program */
    if (!pushed)
        leave_rest_alone(p, item->row);
    p->base = item->cursor;
    predict_queue_drop(&p->queue, 0);
}

/* --- what did not --- */

static void note_error(struct predict *p, msec_t now)
{
    if (msec_since(now, p->error) < PREDICT_ERRORS_MS)
        p->suppressed_until = msec_after(now, PREDICT_SUPPRESS_MS);
    p->error = now;
}

static void blame(struct predict *p, msec_t now, const struct screen *screen, size_t index)
{
    const struct prediction *item = &p->queue.item[index];
    bool seen = index < predict_shown(p, now) && item->row < screen->rows;

    if (seen) {
        note_error(p, now);
        *predict_score_of(p, screen, item->key.class) = (struct predict_score){0};
    }
    record(p, screen, item, false);
    if (item->trusted)
        predict_pace_record(&p->pace, false);
    if (item->provisional)
        predict_prompts_unlearn(&p->prompts);
}

/* Takes back a prediction and what follows from it: what is typed later in its row, or everything
   if nothing came of it at all. */
static void take_back(struct predict *p, size_t index, enum predict_verdict verdict)
{
    size_t row = p->queue.item[index].row;
    bool whole = verdict == PREDICT_IS_LATE;
    bool lost = whole || p->queue.item[p->queue.count - 1].row == row;

    for (size_t i = p->queue.count; i-- > index;) {
        if (whole || p->queue.item[i].row == row)
            predict_queue_drop(&p->queue, i);
    }
    if (lost)
        predict_lose(p);
    else
        predict_become_tentative(p);
}

/* Enter led elsewhere, which says something of the program for which it was typed. */
static void note_other_enter(struct predict *p, const struct screen *screen,
                             const struct prediction *item)
{
    if (item->key.op == PREDICT_ENTER && item->job == p->program.job)
        record(p, screen, item, false);
}

static void refute(struct predict *p, msec_t now, const struct screen *screen, size_t index,
                   enum predict_verdict verdict)
{
    enum { LATER_MS = 100, LATENESS_MAX_MS = 200 };

    if (verdict == PREDICT_IS_LATE)
        p->lateness = msec_min(p->lateness + LATER_MS, LATENESS_MAX_MS);
    /* Where Enter leads to is nobody's mistake. */
    note_other_enter(p, screen, &p->queue.item[index]);
    if (p->queue.item[index].key.op != PREDICT_ENTER)
        blame(p, now, screen, index);
    if (p->mode != PREDICT_EXPERIMENTAL || verdict != PREDICT_IS_WRONG) {
        take_back(p, index, verdict);
        return;
    }
    if (index == 0)
        p->base = p->queue.item[0].cursor; /* a wrong sign, but a sign */
    predict_queue_drop(&p->queue, index);
}

/* --- all of it --- */

/* Whether the predictions are beyond judgement: the cursor has left their path, and since the first
   of them a key that may do anything has been answered, or one of which it is not known where it
   leads. What that did to the screen says nothing of the keys before it. */
static bool overtaken(const struct predict *p, int64_t reached)
{
    if (reached >= 0 || p->queue.count == 0)
        return false;
    if (p->boundary_frame >= p->queue.item[0].frame && p->echo_ack >= p->boundary_frame)
        return true;
    if (p->lost && p->vi.keeps_trust && p->echo_ack >= p->resume_frame)
        return true;
    for (size_t i = 0; i < p->queue.count; i++) {
        const struct prediction *item = &p->queue.item[i];
        if (item->key.op == PREDICT_ENTER && item->answered != MSEC_NEVER)
            return true;
    }
    return false;
}

/* All the same it is known in which mode the program is, and all that was typed shows. */
static bool keeps_trust(const struct predict *p, const struct screen *screen)
{
    for (size_t i = 0; i < p->queue.count; i++) {
        if (predict_queue_judge(&p->queue, i, screen, (int64_t)p->queue.count) != PREDICT_CAME_TRUE)
            return false;
    }
    return p->lost && p->vi.keeps_trust;
}

/* The acknowledgement of a key comes later than its effect. Where a sign has appeared that was
   typed there, and the cursor has gone over it, there is no need to wait for it. */
static bool shows_unanswered(const struct predict *p, const struct screen *screen, int64_t reached)
{
    const struct prediction *item = p->queue.item; /* the oldest, if there is one */

    return p->queue.count > 0 && item->answered == MSEC_NEVER && item->key.op == PREDICT_TEXT &&
           reached > 0 && item->row < screen->rows && !predict_blank(item->after->cell[0].glyph) &&
           predict_line_editor(screen, &p->program) && is_evidence(p, screen);
}

/* The program has read it, and what was typed before. */
static void forget_open(struct predict *p, const struct prediction *item)
{
    size_t read = 0;

    while (read < p->open_count && p->open[read].number <= item->number)
        read++;
    predict_skip_open(p, read);
}

/* Settles one prediction; false if there is nothing to settle. */
static bool settle_one(struct predict *p, msec_t now, const struct screen *screen, int64_t reached)
{
    if (shows_unanswered(p, screen, reached)) {
        forget_open(p, &p->queue.item[0]);
        p->right++;
        come_true(p, now, screen);
        return true;
    }
    for (size_t i = 0; i < p->queue.count && p->queue.item[i].answered != MSEC_NEVER; i++) {
        enum predict_verdict verdict = predict_queue_judge(&p->queue, i, screen, reached);
        if (i == 0 && verdict == PREDICT_CAME_TRUE) {
            p->right++;
            come_true(p, now, screen);
            return true;
        }
        if (verdict == PREDICT_IS_WRONG ||
            (verdict == PREDICT_IS_LATE && now >= msec_after(due(p, i), grace(p)))) {
            p->wrong++;
            refute(p, now, screen, i, verdict);
            return true;
        }
    }
    return false;
}

void predict_settle(struct predict *p, msec_t now, const struct screen *screen)
{
    int64_t reached;

    for (size_t i = 0; i < p->queue.count && p->queue.item[i].frame <= p->echo_ack; i++)
        p->queue.item[i].answered = msec_min(p->queue.item[i].answered, now);
    do {
        reached = predict_queue_reached(&p->queue, &p->base, screen);
        if (overtaken(p, reached)) {
            for (size_t i = 0; i < p->queue.count; i++)
                note_other_enter(p, screen, &p->queue.item[i]);
            if (!keeps_trust(p, screen))
                predict_lose(p);
            predict_queue_release(&p->queue);
        }
    } while (settle_one(p, now, screen, reached));
}
