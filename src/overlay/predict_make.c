/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "overlay/predict_edit.h"
#include "overlay/predict_internal.h"
#include "util/grapheme.h"
#include "util/width.h"
#include "util/xalloc.h"

struct predict_place predict_last_place(const struct predict *p)
{
    return p->queue.count > 0 ? p->queue.item[p->queue.count - 1].cursor : p->base;
}

uint32_t predict_line_code(const struct predict *p, const struct screen *screen)
{
    size_t row = predict_last_place(p).row, cols;
    struct cell *cells;
    uint32_t code;

    if (p->lost || p->line.row != row || row >= screen->rows)
        return p->last_code;
    cells = xcalloc(screen->cols, sizeof *cells);
    predict_queue_view(&p->queue, screen, row, cells);
    cols = predict_line_cols(screen, row, 0);
    while (cols > 1 && predict_blank(cells[cols - 1].glyph))
        cols--;
    code = predict_blank(cells[cols - 1].glyph) ? 0 : cells[cols - 1].glyph & CELL_CODE_MASK;
    free(cells);
    return code;
}

/* What Enter leads to may come later than its acknowledgement. */
static bool enter_is_open(const struct predict *p)
{
    for (size_t i = 0; i < p->queue.count; i++) {
        if (p->queue.item[i].key.op == PREDICT_ENTER)
            return true;
    }
    return false;
}

/* A prediction of what a key does, before anything is known of it. */
struct prediction predict_item(const struct predict *p, const struct predict_open *key)
{
    return (struct prediction){
        .key = key->key,
        .number = key->number,
        .frame = key->frame,
        .made = key->made,
        .answered = MSEC_NEVER,
        .job = key->job,
        .typed_cols = key->typed_cols,
        .ahead = key->ahead || enter_is_open(p),
    };
}

void predict_push(struct predict *p, struct prediction *item)
{
    item->epoch = p->epoch;
    item->provisional = p->provisional;
    predict_queue_push(&p->queue, item);
}

static bool proved(struct predict *p, const struct screen *screen, struct predict_key key)
{
    const struct predict_score *score = predict_score_of(p, screen, key.class);

    return p->mode == PREDICT_EXPERIMENTAL || predict_score_proved(score) ||
           predict_score_proved_once(score, p->program.job, p->rtt_ms);
}

/* --- keys that leave the line --- */

static bool blank_from(const struct predict *p, const struct screen *screen, size_t row, size_t col,
                       struct cell *cells)
{
    predict_queue_view(&p->queue, screen, row, cells);
    return predict_all_blank(cells, col, screen->cols);
}

/* Something in front of the text has asked for it. What Enter leads to is no next line of it. */
static bool is_field(const struct predict *p, const struct screen *screen,
                     struct predict_place place, struct cell *cells)
{
    if (p->line.row != place.row || p->line.floor > screen->cols)
        return false;
    predict_queue_view(&p->queue, screen, place.row, cells);
    return predict_asks(cells, 0, p->line.floor);
}

/* On the last row the text scrolls up; until it does, the new row lies below the screen. What Enter
   leads to is not known, but in an editor, at the end of the text. `cells` has room for a row. */
static bool press_enter(struct predict *p, const struct screen *screen,
                        const struct predict_open *key, struct cell *cells)
{
    struct predict_place place = predict_last_place(p);
    struct prediction item = predict_item(p, key);
    bool edits = place.row + 1 < screen->rows &&
                 predict_is_editor(p, screen, place.row, place.col) && p->trusted &&
                 !p->provisional && !is_field(p, screen, place, cells) &&
                 blank_from(p, screen, place.row, place.col, cells) &&
                 blank_from(p, screen, place.row + 1, 0, cells);

    if (!edits && key->mode == PREDICT_VI_INSERT)
        return false; /* to the next line, wherever that begins */
    item.row = place.row + 1;
    item.cursor = (struct predict_place){.row = item.row};
    item.trusted = edits && proved(p, screen, key->key);
    item.heir = edits && !item.trusted;
    if (!item.trusted)
        predict_become_tentative(p);
    p->line = (struct predict_line){.row = PREDICT_NO_ROW};
    predict_push(p, &item);
    return true;
}

/* Up or down from a line of an editor to one that the user has written there, too: to the column
   that was left, or to the end of the line if that is not so long. NULL if it is not one, or the
   cursor would come to what was not written. */
static const struct predict_line_written *
written_line(struct predict *p, const struct screen *screen, const struct predict_open *key,
             const struct cell *cells, size_t row, size_t *col)
{
    const struct predict_line_written *line =
        predict_written_on(&p->written, screen, row, p->program.job);

    if (!line || !predict_is_editor(p, screen, row, line->from) ||
        !predict_score_is_clean(predict_score_of(p, screen, key->key.class)))
        return NULL;
    if (p->goal > line->to && predict_all_blank(cells, line->to, screen->cols))
        *col = line->to;
    else
        *col = p->goal;
    return *col < line->from || *col > line->to || cells[*col].glyph & CELL_TRAIL ? NULL : line;
}

/* There is text to the left or the right; where there is none, the cursor goes elsewhere. */
static bool text_at(const struct cell *cells, size_t col)
{
    return !predict_blank(cells[col].glyph) || (col > 0 && !predict_blank(cells[col - 1].glyph));
}

size_t predict_goal(struct predict *p, const struct predict_open *key, size_t col)
{
    if (p->goal_number + 1 != key->number)
        p->goal = col;
    p->goal_number = key->number;
    return p->goal;
}

/* `cells` has room for a row. */
static bool move_row(struct predict *p, const struct screen *screen, const struct predict_open *key,
                     struct cell *cells)
{
    struct predict_place place = predict_last_place(p);
    struct prediction item = predict_item(p, key);
    const struct predict_line_written *line;

    item.row = key->key.op == PREDICT_UP ? place.row - 1 : place.row + 1;
    if (item.row >= screen->rows) /* also above the first */
        return false;
    predict_queue_view(&p->queue, screen, item.row, cells);
    (void)predict_goal(p, key, place.col);
    line = written_line(p, screen, key, cells, item.row, &place.col);
    if (!line && !text_at(cells, place.col))
        return false;
    item.cursor = (struct predict_place){.row = item.row, .col = place.col};
    item.trusted = proved(p, screen, key->key);
    if (line) {
        item.trusted |= p->trusted;
        p->line = (struct predict_line){.row = item.row,
                                        .floor = line->from,
                                        .confirmed = line->from,
                                        .end = PREDICT_COL_UNKNOWN};
        if (predict_all_blank(cells, line->to, screen->cols))
            p->line.end = line->to;
    } else {
        item.trial = true;
        predict_become_tentative(p);
    }
    predict_push(p, &item);
    return true;
}

/* --- the line --- */

static void find_line(struct predict *p, const struct screen *screen, size_t row)
{
    size_t cols;

    if (p->line.row == row)
        return;
    p->line = (struct predict_line){
        .row = row,
        .floor = PREDICT_COL_UNKNOWN,
        .confirmed = PREDICT_COL_UNKNOWN,
        .end = PREDICT_COL_UNKNOWN,
    };
    cols = predict_prompts_cols(&p->prompts, screen, row);
    if (cols > 0)
        p->line.floor = p->line.confirmed = cols;
}

/* How typed text has looked on this line; else as what stands before it. */
static uint32_t text_style(const struct predict *p, const struct screen *screen,
                           const struct cell *cells, size_t col)
{
    if (p->line.styled)
        return pool_intern_style(screen->pool, &p->line.style);
    return col > 0 ? cells[col - 1].style : pool_intern_style(screen->pool, &screen->pen);
}

/* --- keys within the line --- */

/* Not all terminals and programs agree on how wide these are: what has two columns and is not East
   Asian writing, and invisible characters that are no marks. A server that tells facts has the same
   widths as we. */
static bool width_is_contested(const struct predict *p, uint32_t code)
{
    int width = width_of(code);
    bool east_asian = (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xD7A3) ||
                      (code >= 0xF900 && code <= 0xFFE6) || (code >= 0x20000 && code <= 0x3FFFD);

    if (width == 0 && code == GRAPHEME_EMOJI_STYLE)
        return !p->program.known;
    if (width == 0)
        return (code >= 0x200B && code <= 0x206F) || (code >= 0xFE00 && code <= 0xFE0F) ||
               code >= 0xE0000;
    return width == 2 && !east_asian && !p->program.known;
}

/* --- lines that the terminal edits --- */

static bool terminal_edits(const struct predict *p)
{
    return p->program.known && p->program.canonical && p->program.echo;
}

/* What a key sends that may edit such a line; 0: something else. */
static uint8_t byte_of(enum predict_class class)
{
    switch (class) {
    case PREDICT_CLASS_BACKSPACE:
        return 0x7F;
    case PREDICT_CLASS_CTRL_H:
        return 0x08;
    case PREDICT_CLASS_CTRL_U:
        return 0x15;
    case PREDICT_CLASS_CTRL_W:
        return 0x17;
    default:
        return 0;
    }
}

/* What a key does there: the server has told which ones edit (VERASE, VKILL, VWERASE). All others
   are shown as they are, in two or more characters. */
static struct predict_key terminals_key(const struct predict *p, struct predict_key key)
{
    const struct facts *program = &p->program;
    uint8_t byte = byte_of(key.class);

    if (!terminal_edits(p) || key.op == PREDICT_TEXT || predict_is_boundary(key))
        return key;
    if (byte != 0 && byte == program->erase)
        key.op = PREDICT_RUBOUT;
    else if (byte != 0 && byte == program->kill)
        key.op = PREDICT_KILL_START;
    else if (byte != 0 && byte == program->word_erase)
        key.op = PREDICT_RUBOUT_WORD;
    else
        key.op = PREDICT_UNKNOWN;
    return key;
}

/* Of words the terminal thinks as we do, as long as they are of plain letters and digits. */
static bool is_plain(const struct cell *cells, const struct predict_change *change)
{
    size_t from = change->from > 0 ? change->from - 1 : 0;

    for (size_t col = from; col < change->to; col++) {
        if (cells[col].glyph == '_' || cells[col].glyph >= 0x7F)
            return false;
    }
    return true;
}

/* A shell's line editor takes over the keys that edit a line from the terminal. Of what stands
   after the cursor editors think differently. */
static bool is_terminals_key(struct predict *p, const struct screen *screen, struct predict_key key,
                             const struct predict_text *text, const struct predict_change *change)
{
    const struct facts *program = &p->program;
    bool kills = (key.class == PREDICT_CLASS_CTRL_U && program->kill == 0x15) ||
                 (key.class == PREDICT_CLASS_CTRL_W && program->word_erase == 0x17);

    return kills && program->known && predict_line_editor(screen, program) &&
           predict_score_of(p, screen, key.class)->times == 0 &&
           predict_prompts_cols(&p->prompts, screen, p->line.row) > 0 && text->end == text->col &&
           change->to > change->from;
}

/* End, and Home, in a line of which all is known because it was written here. */
static bool is_editors_key(struct predict *p, const struct screen *screen, struct predict_key key,
                           const struct predict_text *text)
{
    const struct predict_line_written *line =
        predict_written_on(&p->written, screen, p->line.row, p->program.job);
    bool known = (key.class == PREDICT_CLASS_END && text->col == text->end) ||
                 (key.class == PREDICT_CLASS_HOME && text->col == 0);

    return known && line && text->col >= line->from && p->line.end != PREDICT_COL_UNKNOWN &&
           predict_is_editor(p, screen, p->line.row, text->col) &&
           predict_score_is_clean(predict_score_of(p, screen, key.class));
}

/* It is known what such a key does to a line, in which the cursor is always at the end. `before` is
   the whole row. */
static bool edits_terminals_line(struct predict *p, const struct screen *screen,
                                 struct predict_key key, const struct predict_text *text,
                                 const struct cell *before, const struct predict_change *change)
{
    return terminal_edits(p) && text->end == text->col &&
           predict_score_is_clean(predict_score_of(p, screen, key.class)) &&
           (key.op != PREDICT_RUBOUT_WORD || is_plain(before, change));
}

/* Whether the key will surely do what was made of it, as far as this epoch can be trusted: nothing
   left of where typed text began, and no key that has not proved itself. */
static bool is_sure(struct predict *p, const struct screen *screen, struct predict_key key,
                    const struct predict_text *text, const struct cell *before,
                    const struct predict_change *change)
{
    size_t floor = p->line.floor;
    size_t leftmost =
        change->to > change->from && change->from < text->col ? change->from : text->col;
    bool direct = key.class == PREDICT_CLASS_LEFT || key.class == PREDICT_CLASS_RIGHT ||
                  key.class == PREDICT_CLASS_BACKSPACE;

    /* At the edge some editors shift the line, and some shells go on in the next row. */
    if (key.op == PREDICT_TEXT && text->col + 2 >= screen->cols &&
        predict_prompts_cols(&p->prompts, screen, p->line.row) == 0)
        return false;
    if (key.op == PREDICT_TEXT)
        return !width_is_contested(p, key.code);
    if (floor == PREDICT_COL_UNKNOWN)
        return key.op != PREDICT_RUBOUT && proved(p, screen, key);
    return leftmost >= floor &&
           (direct || proved(p, screen, key) || is_terminals_key(p, screen, key, text, change) ||
            is_editors_key(p, screen, key, text) ||
            edits_terminals_line(p, screen, key, text, before, change));
}

/* Keeps what a key changes: `before` and `after` are the whole row. */
void predict_item_cells(struct prediction *item, const struct screen *screen,
                        const struct cell *before, const struct cell *after,
                        const struct predict_change *change)
{
    item->from = change->from;
    item->cols = change->to - change->from;
    item->own = change->own;
    if (item->cols == 0)
        return;
    item->before = row_new(screen->pool, item->cols);
    item->after = row_new(screen->pool, item->cols);
    memcpy(item->before->cell, before + item->from, item->cols * sizeof *before);
    memcpy(item->after->cell, after + item->from, item->cols * sizeof *after);
    item->before->used = item->after->used = (uint16_t)item->cols;
    if (item->row < screen->rows)
        item->stood = screen->row[item->row]->cell[item->from].glyph;
}

static void follow_line(struct predict *p, struct predict_key key, const struct predict_text *text,
                        const struct predict_change *change)
{
    p->line.end = text->end;
    if (key.op == PREDICT_TEXT &&
        (p->line.floor == PREDICT_COL_UNKNOWN || change->from < p->line.floor))
        p->line.floor = change->from;
}

/* The first text on its line, as far as is known, with nothing after it. */
static bool starts_line(const struct predict *p, const struct cell *cells, size_t cols, size_t col)
{
    if (p->line.floor != PREDICT_COL_UNKNOWN && p->line.floor != col)
        return false;
    return predict_all_blank(cells, col, cols);
}

/* `cells` has room for two rows. */
static bool edit_line(struct predict *p, const struct screen *screen,
                      const struct predict_open *open, struct cell *cells)
{
    struct predict_key key = open->key;
    struct predict_place place = predict_last_place(p);
    struct cell *before = cells, *after = cells + screen->cols;
    struct prediction item = predict_item(p, open);
    struct predict_change change;
    bool sure, moves_only;

    find_line(p, screen, place.row);
    predict_queue_view(&p->queue, screen, place.row, before);
    memcpy(after, before, screen->cols * sizeof *before);
    if (key.op == PREDICT_TEXT && predict_asks_for_secret(p, screen, place.row, before, place.col))
        return false;
    struct predict_text text = {
        .pool = screen->pool,
        .cell = after,
        .cols = predict_line_cols(screen, place.row, place.col),
        .floor = p->line.floor,
        .end = p->line.end,
        .col = place.col,
        .wide_emoji = p->program.known, /* servers that tell facts have such emoji */
        .overwrite = p->overwrite || (p->line.fixed && key.op == PREDICT_TEXT),
        .style = text_style(p, screen, before, place.col),
    };
    if (!predict_edit(&text, key, &change) || (text.col == text.cols && text.cols < screen->cols))
        return false;

    moves_only = change.from == change.to;
    /* Where new text replaces old text, deleting may bring the old one back. */
    if (p->line.fixed && key.op != PREDICT_TEXT && !moves_only && change.to > place.col)
        return false;
    item.starts = key.op == PREDICT_TEXT && starts_line(p, before, text.cols, place.col);
    sure = is_sure(p, screen, key, &text, before, &change);
    item.heir = !sure && p->trusted && !p->provisional;
    if (!sure)
        predict_become_tentative(p);
    item.trial = !sure;
    item.trusted = sure && (p->trusted || (moves_only && proved(p, screen, key)));
    item.row = place.row;
    item.floor = p->line.floor < change.from ? p->line.floor : change.from;
    predict_item_cells(&item, screen, before, after, &change);
    item.cursor = (struct predict_place){.row = place.row, .col = text.col};
    if (text.col == screen->cols)
        item.cursor = (struct predict_place){.row = place.row + 1, .wrapped = true};
    predict_push(p, &item);
    follow_line(p, key, &text, &change);
    if (item.cursor.wrapped)
        predict_become_tentative(p); /* programs differ in how they go on */
    return true;
}

bool predict_make(struct predict *p, const struct screen *screen, const struct predict_open *open)
{
    struct predict_open read = *open, *key = &read;
    enum predict_op op = key->key.op = terminals_key(p, open->key).op;
    struct cell *cells;
    bool made;

    if (op == PREDICT_UNKNOWN || op == PREDICT_TAB || p->queue.count == PREDICT_QUEUE_MAX ||
        predict_last_place(p).row >= screen->rows + PREDICT_QUEUE_MAX)
        return false;
    cells = xcalloc(2 * screen->cols, sizeof *cells);
    if (op == PREDICT_ESCAPE)
        made = key->mode == PREDICT_VI_INSERT && predict_make_escape(p, screen, key, cells);
    else if (op == PREDICT_TEXT && key->mode == PREDICT_VI_COMMAND)
        made = predict_make_command(p, screen, key, cells);
    else if (op == PREDICT_ENTER)
        made = press_enter(p, screen, key, cells);
    else if (op == PREDICT_UP || op == PREDICT_DOWN)
        made = move_row(p, screen, key, cells);
    else
        made = edit_line(p, screen, key, cells);
    free(cells);
    return made;
}
