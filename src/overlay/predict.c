/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/predict.h"

#include <string.h>

#include "overlay/predict_internal.h"
#include "util/width.h"

void predict_init(struct predict *p, enum predict_mode mode, bool overwrite)
{
    *p = (struct predict){
        .mode = mode,
        .overwrite = overwrite,
        .epoch = 1,
        .lost = true,
        .error = MSEC_NEVER,
        .unrest = MSEC_NEVER,
        .line = {.row = PREDICT_NO_ROW},
    };
}

static void forget_boundary_screen(struct predict *p)
{
    if (p->boundary_screen.rows > 0)
        screen_release(&p->boundary_screen);
}

void predict_release(struct predict *p)
{
    predict_queue_release(&p->queue);
    predict_prompts_forget(&p->prompts);
    predict_written_forget(&p->written);
    forget_boundary_screen(p);
    row_unref(p->seen);
    p->seen = NULL;
}

/* --- trust --- */

void predict_become_tentative(struct predict *p)
{
    p->epoch++;
    p->trusted = false;
    p->provisional = false;
}

static void lose(struct predict *p)
{
    predict_become_tentative(p);
    p->lost = true;
    p->line = (struct predict_line){.row = PREDICT_NO_ROW};
}

void predict_lose(struct predict *p)
{
    lose(p);
    predict_vi_forget(p);
}

void predict_lose_place(struct predict *p, const struct predict_open *key)
{
    bool trusted = p->trusted && !p->provisional;

    lose(p);
    p->resume_frame = key->frame;
    p->vi.keeps_trust = trusted && predict_vi_next(key->mode, key->key) != PREDICT_VI_UNKNOWN;
    p->vi.answered = MSEC_NEVER;
}

void predict_reset(struct predict *p)
{
    predict_queue_release(&p->queue);
    predict_lose(p);
    p->open_count = 0;
    p->resume_frame = p->unseen_frame = p->frame;
}

/* Keys mean different things to different programs. The modes that programs set tell some of them
   apart, so each combination has scores of its own. */
struct predict_score *predict_score_of(struct predict *p, const struct screen *screen,
                                       enum predict_class class)
{
    unsigned context = (unsigned)screen->bracketed_paste |
                       (unsigned)(screen_mouse_reporting(screen) != MOUSE_OFF) << 1 |
                       (unsigned)screen->focus_reporting << 2 | (unsigned)p->program.alternate << 3;

    return &p->score[context][class];
}

/* --- following the screen --- */

static void follow_size(struct predict *p, const struct screen *screen)
{
    if (p->rows == screen->rows && p->cols == screen->cols)
        return;
    p->rows = screen->rows;
    p->cols = screen->cols;
    p->mark_identity = 0;
    predict_prompts_forget(&p->prompts);
    predict_written_forget(&p->written);
    predict_reset(p);
}

static void scroll(struct predict *p, int64_t rows)
{
    predict_queue_scroll(&p->queue, rows);
    predict_written_scroll(&p->written, rows);
    p->base.row = (size_t)((int64_t)p->base.row - rows);
    if (p->line.row != PREDICT_NO_ROW)
        p->line.row = (size_t)((int64_t)p->line.row - rows);
}

static void follow_program(struct predict *p, msec_t now, const struct facts *program)
{
    if (p->program.echo != program->echo || p->program.canonical != program->canonical ||
        p->program.job != program->job || p->program.known != program->known)
        p->unrest = p->modes_since = now;
    if (p->program.job != program->job && p->vi.mode != PREDICT_VI_UNKNOWN) {
        predict_become_tentative(p);
        predict_vi_forget(p);
    }
    p->program = *program;
}

/* When the row that we know has moved, so has what is predicted around it. */
static void follow_scroll(struct predict *p, const struct screen *screen)
{
    if (p->mark_identity == 0 || screen->row[p->mark_row]->identity == p->mark_identity)
        return;
    for (size_t row = 0; row < screen->rows; row++) {
        if (screen->row[row]->identity == p->mark_identity) {
            scroll(p, (int64_t)p->mark_row - (int64_t)row);
            return;
        }
    }
}

static void remember(struct predict *p, const struct screen *screen)
{
    struct row *r = row_ref(screen->row[screen->cursor_row]);
    const struct predict_place *place = &p->base;

    for (size_t i = 0; i < p->queue.count; i++) {
        p->queue.item[i].reached |= predict_place_is(place, screen);
        place = &p->queue.item[i].cursor;
    }
    row_unref(p->seen);
    p->seen = r;
    p->seen_place = (struct predict_place){.row = screen->cursor_row, .col = screen->cursor_col};
}

/* The nearest row to the cursor's, upwards, that can be known again. */
static void mark_row(struct predict *p, const struct screen *screen)
{
    size_t row = p->base.row < screen->rows ? p->base.row : screen->rows - 1;

    while (row > 0 && screen->row[row]->identity == 0)
        row--;
    p->mark_row = row;
    p->mark_identity = screen->row[row]->identity;
}

void predict_start_at_cursor(struct predict *p, const struct screen *screen)
{
    if (p->line.row != screen->cursor_row)
        p->line = (struct predict_line){.row = PREDICT_NO_ROW};
    p->line.end = PREDICT_COL_UNKNOWN;
    p->base = (struct predict_place){.row = screen->cursor_row, .col = screen->cursor_col};
}

/* The cursor is where no key has brought it: something happens there that we know nothing of. It
   may be a question for a password. */
static void watch_cursor(struct predict *p, msec_t now, const struct screen *screen)
{
    /* A prompt whose program has changed is one no more. */
    if (p->provisional && p->queue.count == 0 && !p->prompts.waits)
        predict_become_tentative(p);
    if (predict_queue_reached(&p->queue, &p->base, screen) >= 0)
        return;
    p->unrest = now;
    if (p->lost)
        return;
    if (p->queue.count > 0) {
        predict_lose(p);
    } else {
        predict_vi_forget(p);
        predict_become_tentative(p);
        predict_start_at_cursor(p, screen);
    }
}

/* --- keys --- */

void predict_key(struct predict *p, const struct screen *screen, const struct predict_open *key)
{
    if (p->lost || predict_make(p, screen, key))
        return;
    predict_lose_place(p, key);
}

static void note_answered(struct predict *p, struct predict_key key)
{
    memmove(p->answered + 1, p->answered, (PREDICT_ANSWERED - 1) * sizeof p->answered[0]);
    p->answered[0] = key.op == PREDICT_TEXT ? key.code : 0;
}

void predict_skip_open(struct predict *p, size_t count)
{
    for (size_t i = 0; i < count; i++)
        note_answered(p, p->open[i].key);
    p->open_count -= count;
    memmove(p->open, p->open + count, p->open_count * sizeof *p->open);
}

static void forget_answered(struct predict *p)
{
    size_t answered = 0;

    while (answered < p->open_count && p->open[answered].frame <= p->echo_ack)
        answered++;
    predict_skip_open(p, answered);
}

static void add_typed(struct predict_typed *t, struct predict_key key)
{
    bool rubs_out = key.class == PREDICT_CLASS_BACKSPACE;

    if ((key.op == PREDICT_TEXT || rubs_out) && t->count < PREDICT_TYPED)
        t->code[t->count++] = rubs_out ? PREDICT_TYPED_RUBOUT : key.code;
    else
        t->else_too = true;
}

/* A program with a screen of its own, and not one with shells in its windows: it reads what is
   typed after Enter, too. */
static bool has_screen(const struct predict *p)
{
    return p->program.alternate && (p->windows_job == 0 || p->windows_job != p->program.job);
}

/* After it nothing is what it was. */
static void cross_boundary(struct predict *p, msec_t now, const struct screen *screen,
                           struct predict_key key)
{
    p->unrest = now;
    p->boundary_frame = p->frame;
    p->boundary_keys = 0;
    p->boundary_cols = 0;
    p->typed = (struct predict_typed){0};
    p->boundary_place =
        (struct predict_place){.row = screen->cursor_row, .col = screen->cursor_col};
    forget_boundary_screen(p);
    screen_copy(&p->boundary_screen, screen);
    predict_note_line(p, screen);
    if (key.op == PREDICT_ENTER)
        predict_prompts_enter(&p->prompts, p->frame, predict_line_code(p, screen), !has_screen(p));
    else if (key.op == PREDICT_UNKNOWN || key.op == PREDICT_ESCAPE)
        predict_prompts_doubt(&p->prompts, p->frame);
}

static void take_key(struct predict *p, msec_t now, const struct screen *screen,
                     struct predict_key key)
{
    struct predict_open open = {
        .key = key,
        .number = ++p->keys,
        .frame = p->frame,
        .made = now,
        .job = p->program.job,
        .seen = {.row = screen->cursor_row, .col = screen->cursor_col},
        .typed_cols = p->boundary_cols,
        .ahead = p->echo_ack < p->boundary_frame,
        .mode = predict_vi_take(p, key),
    };

    p->boundary_keys++;
    if (key.op == PREDICT_TEXT && width_of(key.code) > 0)
        p->boundary_cols += (size_t)width_of(key.code);
    add_typed(&p->typed, key);
    if (predict_is_boundary(key))
        cross_boundary(p, now, screen, key);
    p->last_code = key.op == PREDICT_TEXT && !predict_blank(key.code) ? key.code : 0;
    if (p->open_count == PREDICT_OPEN_MAX) {
        p->open_count = 0;
        p->resume_frame = p->unseen_frame = p->frame;
    }
    p->open[p->open_count++] = open;
    predict_key(p, screen, &open);
}

/* Of what is typed for a program that hides it, nothing is kept but that it ends. */
static void take_secret(struct predict *p, msec_t now, const struct screen *screen,
                        struct predict_key key)
{
    if (predict_is_boundary(key))
        cross_boundary(p, now, screen, key);
    p->typed = (struct predict_typed){.else_too = true};
    p->last_code = 0;
    predict_reset(p);
}

/* --- interface --- */

/* When the oldest prediction was made that changes something and has no answer, or never. */
static msec_t oldest_unanswered(const struct predict *p)
{
    for (size_t i = 0; i < p->queue.count; i++) {
        if (p->queue.item[i].answered == MSEC_NEVER && p->queue.item[i].cols > 0)
            return p->queue.item[i].made;
    }
    return MSEC_NEVER;
}

/* The program reads a line that is not to be seen. */
static bool asks_for_secret(const struct facts *program)
{
    return program->known && program->canonical && !program->echo;
}

void predict_update(struct predict *p, msec_t now, const struct predict_facts *facts,
                    const struct screen *screen)
{
    if (p->mode == PREDICT_NEVER)
        return;
    p->echo_ack = facts->echo_ack;
    p->rtt_ms = facts->rtt_ms;
    follow_program(p, now, &facts->program);
    forget_answered(p);
    follow_size(p, screen);
    follow_scroll(p, screen);
    p->typed.read = predict_read_ahead(p);
    predict_prompts_follow(&p->prompts, screen, &p->program, &p->typed, p->echo_ack, p->frame);
    if (asks_for_secret(&p->program)) {
        predict_reset(p);
    } else {
        predict_settle(p, now, screen);
        watch_cursor(p, now, screen);
        predict_resume(p, now, screen);
    }
    remember(p, screen);
    mark_row(p, screen);
    predict_pace_update(&p->pace, now, facts->frame_interval_ms, oldest_unanswered(p));
    predict_pace_sure(&p->pace, facts->program.known ? facts->rtt_ms : 0, oldest_unanswered(p));
}

void predict_keys(struct predict *p, msec_t now, const struct predict_facts *facts,
                  const struct screen *screen, const uint8_t *bytes, size_t len)
{
    struct reader input = {.at = bytes, .left = len};
    struct predict_key key;

    if (p->mode == PREDICT_NEVER || len == 0)
        return;
    p->frame = facts->sent_num + 1;
    if (len > PREDICT_BULK_BYTES) {
        predict_reader_clear(&p->reader);
        predict_reset(p);
        p->boundary_frame = p->frame; /* there may have been an Enter in it */
        p->typed.else_too = true;
        predict_prompts_doubt_all(&p->prompts, p->frame);
        return;
    }
    while (predict_reader_next(&p->reader, screen, &input, &key)) {
        if (key.op == PREDICT_NOTHING)
            continue;
        if (asks_for_secret(&facts->program))
            take_secret(p, now, screen, key);
        else
            take_key(p, now, screen, key);
    }
}

msec_t predict_deadline(const struct predict *p, msec_t now)
{
    msec_t deadline;

    if (p->queue.count == 0)
        return MSEC_NEVER;
    deadline =
        msec_min(predict_settle_deadline(p), predict_pace_deadline(&p->pace, oldest_unanswered(p)));
    return now < p->suppressed_until ? msec_min(deadline, p->suppressed_until) : deadline;
}

/* --- drawing --- */

/* What is hidden also hides what was typed after it: shown alone, that would look wrong. */
size_t predict_shown(const struct predict *p, msec_t now)
{
    size_t count = 0;

    if (!predict_pace_shows(&p->pace, p->mode) || now < p->suppressed_until)
        return 0;
    while (count < p->queue.count && p->queue.item[count].trusted)
        count++;
    return count;
}

static void mark_style(struct style *style, enum predict_mark mark)
{
    static const enum style_underline lines[] = {
        [PREDICT_UNDERLINE] = UNDERLINE_SINGLE,
        [PREDICT_DOTTED] = UNDERLINE_DOTTED,
        [PREDICT_DASHED] = UNDERLINE_DASHED,
    };

    if (mark == PREDICT_FAINT)
        style->attributes |= STYLE_FAINT;
    else if (style->underline == UNDERLINE_NONE || mark != PREDICT_UNDERLINE)
        style->underline = (uint16_t)lines[mark];
}

static void draw_cell(const struct predict *p, struct screen *frame, size_t row, size_t col,
                      struct cell cell, bool marked)
{
    struct cell actual = frame->row[row]->cell[col];

    if (cell.glyph & CELL_TRAIL || predict_alike(cell.glyph, actual.glyph))
        return;
    if (marked) {
        struct style style = *pool_style(frame->pool, cell.style);
        mark_style(&style, p->mark);
        cell.style = pool_intern_style(frame->pool, &style);
    }
    screen_put(frame, row, col, cell.glyph, cell.style);
}

static void draw_cells(const struct predict *p, struct screen *frame, const struct prediction *item,
                       bool marked)
{
    if (item->row >= frame->rows)
        return;
    for (size_t i = 0; i < item->cols; i++)
        draw_cell(p, frame, item->row, item->from + i, item->after->cell[i], marked);
}

/* A cursor that something else has moved is shown where it is. */
void predict_apply(const struct predict *p, msec_t now, struct screen *frame)
{
    bool on_path = predict_queue_reached(&p->queue, &p->base, frame) >= 0;
    size_t count = predict_shown(p, now);

    if (frame->rows != p->rows || frame->cols != p->cols)
        return;
    for (size_t i = 0; i < count; i++) {
        const struct prediction *item = &p->queue.item[i];
        draw_cells(p, frame, item, predict_pace_underlines(&p->pace) || item->provisional);
        if (on_path && item->cursor.row < frame->rows) {
            frame->cursor_row = item->cursor.row;
            frame->cursor_col = item->cursor.col;
        }
    }
}
