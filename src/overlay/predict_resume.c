/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/predict_internal.h"
#include "util/width.h"

/*
 * Where prediction goes on when it is not known where the cursor will be: at a prompt, behind what
 * was typed and shows already, or at last when all keys were answered that may have led anywhere.
 */

/* With the keys that are on their way. */
static void go_on(struct predict *p, const struct screen *screen)
{
    p->lost = false;
    predict_start_at_cursor(p, screen);
    for (size_t i = 0; i < p->open_count; i++)
        predict_key(p, screen, &p->open[i]);
}

static size_t after_boundary(const struct predict *p)
{
    size_t i = p->open_count;

    while (i > 0 && !predict_is_boundary(p->open[i - 1].key))
        i--;
    return i;
}

size_t predict_read_ahead(const struct predict *p)
{
    return p->boundary_keys - (p->open_count - after_boundary(p));
}

/* Keys that are on their way are for this prompt if they follow the Enter that it answers, or were
   typed when it was there. Of those that have arrived, and do not show, nobody knows where they
   are: the program before may have read them, or they are still in the terminal's queue. */
static bool begin_at_prompt(struct predict *p, const struct screen *screen)
{
    enum predict_prompt_answer answer;
    size_t read = p->typed.read;

    if (p->echo_ack < p->unseen_frame)
        return false;
    answer = predict_prompts_answer(&p->prompts, screen, p->echo_ack, read);
    if (answer == PREDICT_PROMPT_NONE)
        return false;
    if (answer == PREDICT_PROMPT_ENTERED)
        predict_skip_open(p, after_boundary(p));
    if (p->prompts.typed > read) /* these show already */
        predict_skip_open(p, p->prompts.typed - read);
    for (size_t i = 0; i < p->open_count; i++)
        p->open[i].ahead = false; /* it is known now who reads it */
    predict_queue_release(&p->queue);
    predict_lose(p);
    p->line = (struct predict_line){
        .row = screen->cursor_row,
        .floor = p->prompts.cols,
        .confirmed = p->prompts.cols,
    };
    p->trusted = p->provisional = true;
    go_on(p, screen);
    if (p->lost)
        predict_prompts_again(&p->prompts, p->resume_frame);
    return true;
}

/* --- what shows already --- */

/* Open keys [from, to) stand before the cursor, from column `col` on. */
struct shown {
    size_t from, to, col;
    bool unique;
};

/* How far, backwards from the key before `to`, typed text stands before the cursor. */
static struct shown match(const struct predict *p, const struct screen *screen, size_t to)
{
    const struct cell *cell = screen->row[screen->cursor_row]->cell;
    struct shown s = {.from = to, .to = to, .col = screen->cursor_col, .unique = true};

    while (s.from > 0 && p->open[s.from - 1].key.op == PREDICT_TEXT &&
           p->open[s.from - 1].mode != PREDICT_VI_COMMAND) {
        uint32_t code = p->open[s.from - 1].key.code;
        int width = width_of(code);
        uint32_t glyph = width == 2 ? code | CELL_WIDE : code;
        if (width < 1 || s.col < (size_t)width ||
            !predict_alike(cell[s.col - (size_t)width].glyph, glyph))
            break;
        s.col -= (size_t)width;
        s.from--;
    }
    return s;
}

/* What shows may be what was answered just now. */
static bool answered_alike(const struct predict *p, const struct shown *s)
{
    size_t count = s->to - s->from;

    if (count > PREDICT_ANSWERED)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (p->answered[i] != p->open[s->to - 1 - i].key.code)
            return false;
    }
    return true;
}

static struct shown find_shown(const struct predict *p, const struct screen *screen)
{
    struct shown best = {0};

    for (size_t to = p->open_count; to > 0; to--) {
        struct shown s = match(p, screen, to);
        if (s.to - s.from > best.to - best.from)
            best = s;
        else if (s.to - s.from == best.to - best.from)
            best.unique = false;
    }
    best.unique &= !answered_alike(p, &best);
    return best;
}

/* The cursor went over a single character that was not there before. */
static bool is_new(const struct predict *p, const struct screen *screen, const struct shown *s)
{
    const struct row *now = screen->row[screen->cursor_row];

    return p->seen && p->seen->cols == now->cols && p->seen_place.row == screen->cursor_row &&
           p->seen_place.col == s->col &&
           !predict_alike(p->seen->cell[s->col].glyph, now->cell[s->col].glyph);
}

/* When one of them was typed, the cursor was already where it is now. */
static bool stood_before(const struct predict *p, const struct screen *screen,
                         const struct shown *s)
{
    for (size_t i = s->from; i < s->to; i++) {
        if (predict_place_is(&p->open[i].seen, screen))
            return true;
    }
    return false;
}

/* A single character stands anywhere by chance, unless it is new or follows the prompt; two do not,
   if the cursor has moved since the last key that may have moved it. */
static bool is_no_chance(const struct predict *p, const struct screen *screen,
                         const struct shown *s)
{
    size_t prompt = predict_prompts_cols(&p->prompts, screen, screen->cursor_row);

    if (!s->unique || s->to == s->from || predict_place_is(&p->boundary_place, screen) ||
        stood_before(p, screen, s))
        return false;
    return s->to - s->from >= 2 || (prompt > 0 && s->col == prompt) || is_new(p, screen, s);
}

/* It proves that the program echoes, unless the terminal may have done so before the program began
   to read. */
static bool is_proof(struct predict *p, const struct screen *screen, const struct shown *s)
{
    const struct cell *cell = screen->row[screen->cursor_row]->cell;
    const struct screen *then = &p->boundary_screen;
    bool proves = false;

    if (!predict_line_editor(screen, &p->program) || s->from < after_boundary(p) ||
        (p->program.known && p->open[s->from].made < p->modes_since) ||
        (p->open[s->from].ahead && !predict_is_editor(p, screen, screen->cursor_row, s->col)))
        return false;
    if (predict_asks_for_secret(p, screen, screen->cursor_row, cell, s->col))
        return false;
    /* Another field may have got it, that shows what was typed before into this one. */
    for (size_t i = after_boundary(p); p->program.alternate && i < s->from; i++) {
        if (p->open[i].key.op != PREDICT_TEXT)
            return false;
    }
    for (size_t col = s->col; col < screen->cursor_col; col++)
        proves |= !predict_blank(cell[col].glyph) && predict_proves(screen, cell[col]);
    /* It was typed after the boundary; what stood there before is something else, and so is what
       was typed before and may show only now. */
    if (p->echo_ack < p->boundary_frame || then->rows != screen->rows || then->cols != screen->cols)
        return false;
    for (size_t col = s->col; col < screen->cursor_col; col++) {
        uint32_t stood = then->row[screen->cursor_row]->cell[col].glyph;
        if (!predict_blank(stood) && predict_alike(stood, cell[col].glyph))
            return false;
    }
    return proves && !predict_line_is_bare(screen, screen->cursor_row, s->col);
}

static bool go_on_after_shown(struct predict *p, const struct screen *screen)
{
    struct shown s;
    bool proof;

    if (p->echo_ack < p->unseen_frame)
        return false;
    s = find_shown(p, screen);
    if (!is_no_chance(p, screen, &s))
        return false;
    proof = is_proof(p, screen, &s);
    predict_queue_release(&p->queue);
    predict_skip_open(p, s.to);
    if (p->line.row != screen->cursor_row)
        p->line = (struct predict_line){
            .row = screen->cursor_row,
            .floor = s.col,
            .confirmed = s.col,
        };
    predict_become_tentative(p);
    p->trusted = proof;
    go_on(p, screen);
    return true;
}

/* How many keys show already, though they are not acknowledged: the oldest ones, if their text is
   all that stands before the cursor. False if that cannot be told. */
static bool count_shown(const struct predict *p, const struct screen *screen, size_t *count)
{
    const struct cell *cell = screen->row[screen->cursor_row]->cell;
    const struct predict_key *first = &p->open[0].key;
    bool blank = p->open_count > 0 && first->op == PREDICT_TEXT && predict_blank(first->code);

    *count = p->open_count;
    while (*count > 0) {
        struct shown s = match(p, screen, *count);
        if (s.to > 0 && s.from == 0)
            return !blank && predict_all_blank(cell, 0, s.col);
        (*count)--;
    }
    return true;
}

/* Some of the keys may show already, though they are not acknowledged; then this was wrong, and the
   next time will tell. What is wrong is not seen, for nothing in this epoch is trusted yet; or,
   where trust is kept, it is known how many these are. */
void predict_resume(struct predict *p, msec_t now, const struct screen *screen)
{
    size_t shown;

    if (begin_at_prompt(p, screen) || !p->lost || go_on_after_shown(p, screen) ||
        p->echo_ack < p->resume_frame || predict_vi_waits(p, now, screen))
        return;
    /* What is shown stays until it is settled. */
    if (p->queue.count > 0 && p->queue.item[0].trusted)
        return;
    p->trusted = predict_vi_resume(p, screen) && count_shown(p, screen, &shown);
    if (p->trusted)
        predict_skip_open(p, shown);
    predict_queue_release(&p->queue);
    go_on(p, screen);
}
