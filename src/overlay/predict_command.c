/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "overlay/predict_internal.h"
#include "util/xalloc.h"

/*
 * Commands of editors like vi. What is typed is trusted as long as it is known in which mode that
 * is, and where; the one thing that makes a program such an editor is that it has shown text while
 * it said that it inserts. What leads there once more need not prove it again.
 */

static struct predict_vi_row row_of(const struct predict *p, const struct screen *screen,
                                    size_t row, struct cell *cells)
{
    predict_queue_view(&p->queue, screen, row, cells);
    return (struct predict_vi_row){.cell = cells, .cols = predict_line_cols(screen, row, 0)};
}

/* --- which mode it is --- */

void predict_vi_forget(struct predict *p)
{
    p->vi.mode = PREDICT_VI_UNKNOWN;
    p->vi.keeps_trust = false;
    for (size_t i = 0; i < p->open_count; i++)
        p->open[i].mode = PREDICT_VI_UNKNOWN;
}

static bool is_editor(const struct predict *p)
{
    return p->vi.job != 0 && p->vi.job == p->program.job && p->program.alternate &&
           p->windows_job != p->program.job;
}

enum predict_vi_mode predict_vi_take(struct predict *p, struct predict_key key)
{
    enum predict_vi_mode mode = is_editor(p) ? p->vi.mode : PREDICT_VI_UNKNOWN;

    p->vi.mode = predict_vi_next(mode, key);
    return mode;
}

/* The cursor has left the places where it was expected before that key. */
static bool has_moved(const struct predict *p, const struct screen *screen)
{
    return predict_queue_reached(&p->queue, &p->base, screen) < 0;
}

bool predict_vi_waits(struct predict *p, msec_t now, const struct screen *screen)
{
    if (!p->vi.keeps_trust || has_moved(p, screen))
        return false;
    p->vi.answered = msec_min(p->vi.answered, now);
    return msec_since(now, p->vi.answered) < PREDICT_GRACE_MAX_MS;
}

bool predict_vi_resume(struct predict *p, const struct screen *screen)
{
    enum predict_vi_mode mode = p->open_count > 0 ? p->open[0].mode : p->vi.mode;
    bool trusted =
        p->vi.keeps_trust && is_editor(p) && mode != PREDICT_VI_UNKNOWN && has_moved(p, screen);

    p->vi.keeps_trust = false;
    return trusted;
}

/* Typed text has appeared. */
void predict_vi_prove(struct predict *p, const struct screen *screen, const struct prediction *item)
{
    enum predict_vi_mode mode = PREDICT_VI_INSERT;

    if (item->job != p->program.job || item->row + 1 >= screen->rows ||
        !predict_is_editor(p, screen, item->row, item->from) || !predict_vi_inserts(screen))
        return;
    p->vi.job = p->program.job;
    for (size_t i = 0; i < p->open_count; i++) {
        p->open[i].mode = mode; /* they were typed after it */
        mode = predict_vi_next(mode, p->open[i].key);
    }
    p->vi.mode = mode;
}

/* --- what a command does --- */

/* A prediction that only moves the cursor, or so it seems. */
static struct prediction begin(struct predict *p, const struct screen *screen,
                               const struct predict_open *key, enum predict_class class)
{
    struct prediction item = predict_item(p, key);
    const struct predict_score *score;

    item.key = (struct predict_key){.op = PREDICT_COMMAND, .class = class};
    score = predict_score_of(p, screen, class);
    item.trial = !predict_score_is_clean(score) && !predict_score_proved(score);
    item.row = predict_last_place(p).row;
    return item;
}

static void add(struct predict *p, struct prediction *item)
{
    if (item->trial)
        predict_become_tentative(p);
    item->trusted = p->trusted && !item->trial;
    predict_push(p, item);
}

/* From here on typed text is expected, at the cursor. */
static void begin_line(struct predict *p, struct predict_place place, size_t end)
{
    p->line = (struct predict_line){
        .row = place.row,
        .floor = place.col,
        .confirmed = place.col,
        .end = end,
    };
}

static bool is_text(const struct predict_vi_row *row)
{
    size_t end = predict_vi_end(row);

    return !(end == 1 && row->cell[0].glyph == '~'); /* which stands where there is no text */
}

/* To the next row, or the one above. The last row is not the text's. */
static bool leave_row(struct predict *p, const struct screen *screen,
                      const struct predict_open *key, bool down, struct cell *cells)
{
    struct predict_place place = predict_last_place(p);
    struct prediction item = begin(p, screen, key, PREDICT_CLASS_VI_ROW);
    struct predict_vi_row row;

    item.row = down ? place.row + 1 : place.row - 1;
    if (item.row + 1 >= screen->rows) /* also above the first */
        return false;
    row = row_of(p, screen, item.row, cells);
    if (!is_text(&row) || pool_style(screen->pool, cells[0].style)->attributes & STYLE_INVERSE)
        return false;
    item.cursor.row = item.row;
    item.cursor.col = predict_vi_landing(&row, predict_goal(p, key, place.col));
    p->line = (struct predict_line){.row = PREDICT_NO_ROW};
    add(p, &item);
    return true;
}

/* The character under the cursor goes; at the end of the line the cursor goes back. */
static bool delete_character(struct predict *p, const struct screen *screen,
                             const struct predict_open *key, struct cell *cells)
{
    const struct predict_key delete = {.op = PREDICT_DELETE, .class = PREDICT_CLASS_DELETE};
    struct predict_place place = predict_last_place(p);
    struct prediction item = begin(p, screen, key, PREDICT_CLASS_VI_DELETE);
    struct predict_vi_row row = row_of(p, screen, place.row, cells);
    struct cell *after = cells + screen->cols;
    struct predict_text text = {
        .pool = screen->pool,
        .cell = after,
        .cols = row.cols,
        .floor = place.col,
        .end = predict_vi_end(&row),
        .col = place.col,
    };
    struct predict_change change;

    memcpy(after, cells, screen->cols * sizeof *cells);
    if (!predict_edit(&text, delete, &change))
        return false;
    predict_item_cells(&item, screen, cells, after, &change);
    row.cell = after;
    item.cursor.row = place.row;
    item.cursor.col = predict_vi_landing(&row, text.col);
    p->line = (struct predict_line){.row = PREDICT_NO_ROW};
    add(p, &item);
    return true;
}

/* The last row is for a command, or for what is looked for. */
static bool begin_last_row(struct predict *p, const struct screen *screen,
                           const struct predict_open *key, struct cell *cells)
{
    struct prediction item = begin(p, screen, key, PREDICT_CLASS_VI_LINE);
    struct predict_change change = {.to = screen->cols, .own = 1};
    struct cell *after = cells + screen->cols;
    const struct style plain = {0};

    item.row = screen->rows - 1;
    predict_queue_view(&p->queue, screen, item.row, cells);
    after[0] = (struct cell){key->key.code, pool_intern_style(screen->pool, &plain)};
    predict_item_cells(&item, screen, cells, after, &change);
    item.cursor = (struct predict_place){.row = item.row, .col = 1};
    add(p, &item);
    begin_line(p, item.cursor, item.cursor.col);
    return true;
}

static bool move_in_row(struct predict *p, const struct screen *screen,
                        const struct predict_open *key, struct cell *cells)
{
    struct predict_place place = predict_last_place(p);
    struct predict_vi_row row = row_of(p, screen, place.row, cells);
    bool inserts = predict_vi_next(PREDICT_VI_COMMAND, key->key) == PREDICT_VI_INSERT;
    struct prediction item =
        begin(p, screen, key, inserts ? PREDICT_CLASS_VI_INSERT : PREDICT_CLASS_VI_MOVE);

    if (!predict_vi_move(&row, key->key.code, &place.col) || place.col >= row.cols)
        return false;
    item.cursor = place;
    p->line = (struct predict_line){.row = PREDICT_NO_ROW};
    add(p, &item);
    if (inserts)
        begin_line(p, place, PREDICT_COL_UNKNOWN);
    return true;
}

bool predict_make_command(struct predict *p, const struct screen *screen,
                          const struct predict_open *key, struct cell *cells)
{
    struct predict_place place = predict_last_place(p);

    if (place.row + 1 >= screen->rows || place.wrapped)
        return false;
    switch (key->key.code) {
    case 'j':
    case 'k':
        return leave_row(p, screen, key, key->key.code == 'j', cells);
    case 'x':
        return delete_character(p, screen, key, cells);
    case ':':
    case '/':
    case '?':
        return begin_last_row(p, screen, key, cells);
    default:
        return move_in_row(p, screen, key, cells);
    }
}

/* Escape ends the insertion; the cursor goes back over the last character. */
bool predict_make_escape(struct predict *p, const struct screen *screen,
                         const struct predict_open *key, struct cell *cells)
{
    struct predict_place place = predict_last_place(p);
    struct prediction item = begin(p, screen, key, PREDICT_CLASS_ESCAPE);
    struct predict_vi_row row;

    if (place.row + 1 >= screen->rows || place.wrapped)
        return false;
    row = row_of(p, screen, place.row, cells);
    (void)predict_vi_move(&row, 'h', &place.col);
    item.key.op = PREDICT_ESCAPE;
    item.cursor = place;
    p->line = (struct predict_line){.row = PREDICT_NO_ROW};
    add(p, &item);
    return true;
}
