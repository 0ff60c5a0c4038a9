/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/predict_internal.h"

/*
 * What is a proof that typed text appears, and when a proof is enough. Of a program that reads keys
 * (with neither ECHO nor ICANON) whatever appears is its own doing. Where the terminal echoes, that
 * says nothing of the program, which may be about to turn the echo off.
 */

#define PREDICT_REST_MS 300 /* a program asks, and turns its echo off, within so long */

/* A password prompt may answer each key with the same sign, and the user may have typed that very
   sign: it proves nothing. */
static bool may_be_mask(uint32_t glyph)
{
    enum { NO_SIGNS_FROM = 0xC0, SIGNS_FIRST = 0x2000, SIGNS_LAST = 0x2BFF, WIDE_STAR = 0xFF0A };
    uint32_t code = glyph & CELL_CODE_MASK;

    if (glyph & CELL_CLUSTER)
        return false;
    if (code < NO_SIGNS_FROM)
        return !((code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') ||
                 (code >= 'a' && code <= 'z'));
    return (code >= SIGNS_FIRST && code <= SIGNS_LAST) || code == WIDE_STAR;
}

/* Some programs hide what is typed by its colour. */
static bool can_be_read(const struct screen *screen, struct cell cell)
{
    const struct style *style = pool_style(screen->pool, cell.style);

    if (style->attributes & STYLE_INVISIBLE)
        return false;
    return style->foreground == COLOUR_DEFAULT || style->foreground != style->background;
}

bool predict_proves(const struct screen *screen, struct cell seen)
{
    return !may_be_mask(seen.glyph) && can_be_read(screen, seen);
}

static bool nothing_below(const struct screen *screen, size_t row)
{
    for (row++; row < screen->rows; row++) {
        if (screen->row[row]->used > 0)
            return false;
    }
    return true;
}

bool predict_line_is_bare(const struct screen *screen, size_t row, size_t from)
{
    if (row > 0 && screen->row[row - 1]->wrapped)
        return false;
    return predict_all_blank(screen->row[row]->cell, 0, from) && nothing_below(screen, row);
}

void predict_trust_epoch(struct predict *p, uint64_t epoch)
{
    for (size_t i = 0; i < p->queue.count; i++) {
        struct prediction *item = &p->queue.item[i];
        if (item->epoch == epoch && !item->trial)
            item->trusted = true;
        if (item->epoch == epoch)
            item->provisional = false;
    }
    if (p->epoch == epoch) {
        p->trusted = true;
        p->provisional = false;
    }
}

/* --- proofs --- */

/* An editor or the like reads keys, and has the screen for itself. But so has a program with
   several windows, in which shells are, and their terminals echo what is typed before anybody asks.
 */
bool predict_is_editor(struct predict *p, const struct screen *screen, size_t row, size_t cols)
{
    const struct facts *program = &p->program;

    if (!program->known || program->canonical || program->echo || !program->alternate ||
        program->job == 0)
        return false;
    if (predict_prompt_stands(screen->row[row], cols))
        p->windows_job = program->job;
    return p->windows_job != program->job;
}

static bool terminal_echoes(const struct predict *p)
{
    return p->program.known && p->program.canonical && p->program.echo;
}

void predict_note_line(struct predict *p, const struct screen *screen)
{
    bool bare = p->line.row == screen->cursor_row && p->line.floor == 0 &&
                predict_line_is_bare(screen, p->line.row, 0);

    p->bare_job = terminal_echoes(p) && bare ? p->program.job : 0;
    p->bare_frame = p->frame;
}

/* It reads lines without asking for them, as it has read one before. */
static bool reads_bare_lines(const struct predict *p, const struct prediction *item)
{
    return p->bare_job != 0 && p->bare_job == p->program.job && item->frame > p->bare_frame;
}

/* A line that nothing introduces, or nothing but what may have been typed, and with nothing below
   it. There a terminal also echoes what is typed before a program has asked for it, and what it
   asks for may be a password. Where it is known that the terminal echoes, it does not matter what
   is below. */
static bool is_bare(const struct predict *p, const struct screen *screen,
                    const struct prediction *item)
{
    const struct row *r = screen->row[item->row];

    if (item->row > 0 && screen->row[item->row - 1]->wrapped)
        return false;
    if (!terminal_echoes(p) && !nothing_below(screen, item->row))
        return false;
    if (predict_all_blank(r->cell, 0, item->floor < item->from ? item->floor : item->from))
        return true;
    return item->from <= item->typed_cols &&
           predict_prompts_cols(&p->prompts, screen, item->row) == 0;
}

static bool is_proof(struct predict *p, const struct screen *screen, const struct prediction *item)
{
    bool bare = is_bare(p, screen, item);
    bool editor = predict_is_editor(p, screen, item->row, item->from);

    if (item->ahead && (bare || !editor))
        return false;
    if (p->program.known && item->made < p->modes_since)
        return false; /* it may have shown before, when the terminal echoed */
    if (!terminal_echoes(p))
        return true;
    /* The key came to the host long after the question, for it was typed long after this was seen
       here. */
    return p->unrest != MSEC_NEVER && item->made >= msec_after(p->unrest, PREDICT_REST_MS) &&
           (!bare || reads_bare_lines(p, item));
}

void predict_earn(struct predict *p, const struct screen *screen, const struct prediction *item)
{
    enum { PROOFS_ON_BARE_LINE = 3 };

    if (!is_proof(p, screen, item))
        return;
    if (p->earning != item->epoch)
        p->earned = 0;
    p->earning = item->epoch;
    p->earned++;
    if (p->earned >= PROOFS_ON_BARE_LINE || !is_bare(p, screen, item))
        predict_trust_epoch(p, item->epoch);
}

/* --- questions for secrets --- */

static uint32_t lower(uint32_t glyph)
{
    uint32_t code = glyph & CELL_CODE_MASK;

    return code >= 'A' && code <= 'Z' ? code - 'A' + 'a' : code;
}

/* The column after a word, 0 if it is not there. */
static size_t find_word(const struct cell *cell, size_t cols, const uint32_t *word)
{
    for (size_t from = 0; from < cols; from++) {
        size_t col = from, at = 0;
        while (col < cols && word[at] && lower(cell[col].glyph) == word[at]) {
            col += cell_width(cell[col]);
            at++;
        }
        if (!word[at])
            return col;
    }
    return 0;
}

bool predict_asks(const struct cell *cell, size_t from, size_t to)
{
    enum { WIDE_COLON = 0xFF1A };

    for (size_t col = from; col < to; col++) {
        uint32_t code = lower(cell[col].glyph);
        if (code == ':' || code == '?' || code == WIDE_COLON)
            return true;
    }
    return false;
}

/* In the languages in which programs ask most often: English and its relatives, German, Spanish,
   Portuguese, Russian, Chinese, Japanese, Korean. Where a prompt is known, what follows it was
   typed and asks for nothing. */
bool predict_asks_for_secret(const struct predict *p, const struct screen *screen, size_t row,
                             const struct cell *cell, size_t cols)
{
    static const uint32_t *const words[] = {U"pass",
                                            U"secret",
                                            U"pin",
                                            U"kennwort",
                                            U"contrase",
                                            U"senha",
                                            U"\u043f\u0430\u0440\u043e\u043b",
                                            U"\u5bc6\u7801",
                                            U"\u5bc6\u78bc",
                                            U"\u30d1\u30b9",
                                            U"\uc554\ud638",
                                            U"\ube44\ubc00"};
    size_t prompt = predict_prompts_cols(&p->prompts, screen, row);

    if (prompt > 0 && prompt < cols)
        cols = prompt;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t after = find_word(cell, cols, words[i]);
        if (after > 0 && predict_asks(cell, after, cols))
            return true;
    }
    return false;
}
