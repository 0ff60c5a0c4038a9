/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/predict_prompt.h"

#include <string.h>

#include "overlay/predict_edit.h"
#include "util/smaller.h"
#include "util/width.h"

static void drop(struct predict_prompts *k, size_t index)
{
    row_unref(k->known[index].row);
    k->count--;
    memmove(k->known + index, k->known + index + 1, (k->count - index) * sizeof *k->known);
}

void predict_prompts_forget(struct predict_prompts *k)
{
    while (k->count > 0)
        drop(k, k->count - 1);
    k->waits = false;
    k->identity = 0;
}

void predict_prompts_unlearn(struct predict_prompts *k)
{
    if (k->count > 0)
        drop(k, 0);
}

bool predict_line_editor(const struct screen *screen, const struct facts *program)
{
    /* Bracketed paste is what nobody but a line editor turns on. */
    return program->known ? !program->canonical && !program->echo : screen->bracketed_paste;
}

/* --- what they look like --- */

static bool begins_alike(const struct row *a, const struct row *b, size_t cols)
{
    for (size_t col = 0; col < cols; col++) {
        if (!predict_alike(a->cell[col].glyph, b->cell[col].glyph) ||
            a->cell[col].style != b->cell[col].style)
            return false;
    }
    return true;
}

static bool is_same(const struct predict_prompt *prompt, const struct row *r)
{
    return prompt->row->cols == r->cols && begins_alike(prompt->row, r, prompt->cols);
}

size_t predict_prompts_cols(const struct predict_prompts *k, const struct screen *screen,
                            size_t row)
{
    if (row >= screen->rows)
        return 0;
    for (size_t i = 0; i < k->count; i++) {
        if (is_same(&k->known[i], screen->row[row]))
            return k->known[i].cols;
    }
    return 0;
}

static bool bar_at(const struct screen *screen, size_t row, size_t col)
{
    return row < screen->rows && predict_bar(screen->row[row]->cell[col].glyph);
}

/* The line ends at a border, which shows in the rows above and below, too; or at the screen's edge.
   A lone bar belongs to the text. */
size_t predict_line_cols(const struct screen *screen, size_t row, size_t from)
{
    for (size_t col = from; col < screen->cols; col++) {
        if (bar_at(screen, row, col) &&
            (bar_at(screen, row - 1, col) || bar_at(screen, row + 1, col)))
            return col;
    }
    return screen->cols;
}

/* The last sign of a prompt. */
static size_t last_sign(const struct row *r, size_t cols)
{
    while (cols > 0 && predict_blank(r->cell[cols - 1].glyph))
        cols--;
    return cols > 0 ? cols - 1 : 0;
}

static bool ends_as_shells_do(uint32_t glyph)
{
    static const uint32_t signs[] = {'$', '#', '%', '>', 0x03BB, 0x276F, 0x279C, 0x00BB, 0x203A};

    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (glyph == signs[i])
            return true;
    }
    return false;
}

bool predict_prompt_stands(const struct row *r, size_t cols)
{
    for (size_t col = 0; col + 1 < cols; col++) {
        if (ends_as_shells_do(r->cell[col].glyph) && predict_blank(r->cell[col + 1].glyph))
            return true;
    }
    return false;
}

void predict_prompts_learn(struct predict_prompts *k, struct row *r, size_t cols,
                           const struct facts *program)
{
    uint32_t job = program->job;

    if (cols == 0 || predict_all_blank(r->cell, 0, cols) ||
        (program->alternate && !ends_as_shells_do(r->cell[last_sign(r, cols)].glyph)))
        return;
    for (size_t i = 0; i < k->count; i++) {
        if (is_same(&k->known[i], r) && k->known[i].cols <= cols) {
            struct predict_prompt known = k->known[i];
            known.job = job;
            memmove(k->known + 1, k->known, i * sizeof *k->known);
            k->known[0] = known;
            return;
        }
    }
    if (k->count == PREDICT_PROMPTS)
        drop(k, k->count - 1);
    memmove(k->known + 1, k->known, k->count * sizeof *k->known);
    k->known[0] = (struct predict_prompt){.row = row_ref(r), .cols = cols, .job = job};
    k->count++;
}

/* The directory and the time in a prompt change. Its last sign does not, and if the program is the
   same one, it is enough. */
static bool ends_alike(const struct predict_prompt *prompt, const struct row *r, size_t cols,
                       uint32_t job)
{
    size_t then = last_sign(prompt->row, prompt->cols), now = last_sign(r, cols);
    struct cell sign = r->cell[now];

    return job != 0 && prompt->job == job && prompt->cols - then == cols - now &&
           ends_as_shells_do(sign.glyph) && sign.glyph == prompt->row->cell[then].glyph &&
           sign.style == prompt->row->cell[then].style;
}

/* A line editor, or where the terminal edits the line, the very program that has asked so before.
 */
static bool reads_there(const struct predict_prompts *k, const struct screen *screen,
                        const struct facts *program)
{
    const struct row *r = screen->row[screen->cursor_row];

    if (predict_line_editor(screen, program))
        return true;
    if (!program->known || !program->echo || program->job == 0)
        return false;
    for (size_t i = 0; i < k->count; i++) {
        if (k->known[i].job == program->job && k->known[i].cols == screen->cursor_col &&
            is_same(&k->known[i], r))
            return true;
    }
    return false;
}

static bool looks_like_prompt(const struct predict_prompts *k, const struct screen *screen,
                              const struct facts *program, size_t cols)
{
    const struct row *r = screen->row[screen->cursor_row];
    size_t row, col;

    if (screen_input_start(screen, &row, &col) && row == screen->cursor_row && col == cols)
        return true; /* the shell itself says so */
    for (size_t i = 0; i < k->count; i++) {
        if ((k->known[i].cols == cols && is_same(&k->known[i], r)) ||
            (!program->alternate && ends_alike(&k->known[i], r, cols, program->job)))
            return true;
    }
    return false;
}

/* What so many of the keys that were typed ahead have made stands before the cursor: in how many
   columns? SIZE_MAX if it does not. */
static size_t typed_cols(const struct screen *screen, const struct predict_typed *typed,
                         size_t keys)
{
    const struct row *r = screen->row[screen->cursor_row];
    size_t col = screen->cursor_col, taken = 0, rubbed_out = 0;

    while (keys-- > 0) {
        uint32_t code = typed->code[keys];
        if (code == PREDICT_TYPED_RUBOUT) {
            rubbed_out++;
        } else if (rubbed_out > 0) {
            rubbed_out--;
        } else {
            if (width_of(code) != 1 || col == taken ||
                !predict_alike(r->cell[col - 1 - taken].glyph, code))
                return SIZE_MAX;
            taken++;
        }
    }
    return taken;
}

/* Nothing else stands after the cursor. */
static bool nothing_follows(const struct screen *screen)
{
    size_t col = screen->cursor_col;

    return predict_all_blank(screen->row[screen->cursor_row]->cell, col,
                             predict_line_cols(screen, screen->cursor_row, col));
}

static bool is_prompt(const struct predict_prompts *k, const struct screen *screen,
                      const struct facts *program, size_t cols)
{
    return cols > 0 && !predict_all_blank(screen->row[screen->cursor_row]->cell, 0, cols) &&
           looks_like_prompt(k, screen, program, cols);
}

/* Nothing is typed yet, or nothing but what was typed ahead, which only a line editor shows behind
   its prompt and nowhere else. */
static bool waits_at_prompt(struct predict_prompts *k, const struct screen *screen,
                            const struct facts *program, const struct predict_typed *typed)
{
    bool editor = program->known && predict_line_editor(screen, program);
    size_t most = editor && !typed->else_too ? typed->count : 0;

    if (!reads_there(k, screen, program) || !nothing_follows(screen))
        return false;
    for (k->typed = smaller(typed->read, most); k->typed <= most; k->typed++) {
        size_t cols = typed_cols(screen, typed, k->typed);
        k->cols = screen->cursor_col - (cols == SIZE_MAX ? 0 : cols);
        if (cols != SIZE_MAX && is_prompt(k, screen, program, k->cols))
            return true;
    }
    k->typed = 0;
    k->cols = screen->cursor_col;
    return is_prompt(k, screen, program, k->cols);
}

/* --- which Enter they answer --- */

static void add_start(struct predict_prompts *k, const struct predict_start *start)
{
    if (k->starts == PREDICT_STARTS)
        memmove(k->start, k->start + 1, --k->starts * sizeof k->start[0]);
    k->start[k->starts++] = *start;
}

static void drop_starts(struct predict_prompts *k, size_t count)
{
    k->starts -= count;
    memmove(k->start, k->start + count, k->starts * sizeof k->start[0]);
}

void predict_prompts_enter(struct predict_prompts *k, uint64_t frame, uint32_t code, bool in_line)
{
    const struct predict_start start = {.frame = frame, .code = code, .enter = in_line};

    add_start(k, &start);
}

/* In a program with a screen of its own it is for that program. Else it counts for two: one prompt
   is no answer to it. */
void predict_prompts_doubt(struct predict_prompts *k, uint64_t frame)
{
    const struct predict_start start = {.frame = frame};

    add_start(k, &start);
    if (!k->alternate)
        add_start(k, &start);
}

void predict_prompts_doubt_all(struct predict_prompts *k, uint64_t frame)
{
    for (size_t i = 0; i < PREDICT_STARTS; i++)
        predict_prompts_doubt(k, frame);
}

void predict_prompts_again(struct predict_prompts *k, uint64_t frame)
{
    const struct predict_start start = {.frame = frame};

    add_start(k, &start);
    k->identity = 0;
}

/* All keys up to this state were read by those for whom they were. */
static void settle(struct predict_prompts *k, uint64_t frame)
{
    size_t settled = 0;

    while (settled < k->starts && k->start[settled].frame <= frame)
        settled++;
    drop_starts(k, settled);
}

void predict_prompts_typed(struct predict_prompts *k, uint64_t frame, const struct row *r)
{
    settle(k, frame);
    k->identity = k->candidate = r->identity;
}

/* What was answered in a program with a screen of its own was read by that program; what was
   answered while a program asked for a secret, by that one. */
static void settle_what_programs_read(struct predict_prompts *k, const struct facts *program,
                                      uint64_t echo_ack)
{
    if (!program->known)
        return;
    if (k->alternate && !program->alternate) {
        settle(k, k->alternate_frame);
        k->identity = k->candidate = 0; /* a prompt that waits now is a new one */
    }
    if (program->canonical && !program->echo)
        settle(k, echo_ack);
    k->alternate = program->alternate;
    k->alternate_frame = echo_ack;
}

/* The whole line that Enter ended stands above the prompt, on the row of the prompt before. */
static bool line_stands_above(const struct predict_prompts *k, const struct screen *screen)
{
    uint32_t code = k->start[0].code;

    if (k->identity == 0 || code == 0)
        return false;
    for (size_t row = 0; row < screen->cursor_row; row++) {
        const struct row *r = screen->row[row];
        if (r->identity == k->identity)
            return (r->cell[last_sign(r, predict_line_cols(screen, row, 0))].glyph &
                    CELL_CODE_MASK) == code;
    }
    return false;
}

/* That a key was read the server has to say, if the screen does not show it. */
static bool start_was_read(const struct predict_prompts *k, const struct screen *screen,
                           uint64_t echo_ack)
{
    return k->start[0].frame <= echo_ack || line_stands_above(k, screen);
}

void predict_prompts_follow(struct predict_prompts *k, const struct screen *screen,
                            const struct facts *program, const struct predict_typed *typed,
                            uint64_t echo_ack, uint64_t frame)
{
    uint64_t identity = screen->row[screen->cursor_row]->identity;

    settle_what_programs_read(k, program, echo_ack);
    k->waits = waits_at_prompt(k, screen, program, typed);
    if (k->waits && identity != k->candidate) {
        k->candidate = identity;
        k->candidate_frame = frame;
    }
}

enum predict_prompt_answer predict_prompts_answer(struct predict_prompts *k,
                                                  const struct screen *screen, uint64_t echo_ack,
                                                  size_t read)
{
    bool entered;

    if (!k->waits || k->candidate == k->identity)
        return PREDICT_PROMPT_NONE;
    entered = k->starts > 0 && k->start[0].enter;
    if (!entered && echo_ack < k->candidate_frame)
        return PREDICT_PROMPT_NONE; /* one of the keys on their way may have led to it */
    if (k->starts > 0 && (!start_was_read(k, screen, echo_ack) || (entered && read > k->typed)))
        return PREDICT_PROMPT_NONE;
    k->identity = k->candidate;
    drop_starts(k, k->starts > 0);
    if (k->starts > 0)
        return PREDICT_PROMPT_NONE;
    return entered ? PREDICT_PROMPT_ENTERED : PREDICT_PROMPT_READY;
}
