/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * score REFERENCE RECORDING: says for each keystroke of a recording when its effect was on the
 * screen, as lines of
 *
 *     NUMBER  PHASE  KIND  KEY  EFFECT  SHOWN-MS  MISTAKE
 *
 * PHASE is what the user was busy with. KIND is that of the key: `text` is a character that
 * appeared where the cursor stood, `command` one that did something else, or nothing; the others
 * are named keys. EFFECT is what the reference says that it changes: text, cursor, or nothing.
 * SHOWN-MS is the time from the keystroke until that is on the screen, or "never".
 *
 * MISTAKE is of what appeared on the screen after this keystroke and before the next, and stayed
 * for a while, although no state of the reference up to now has it in that place. `wrong` stands
 * before the cursor: what was predicted, and will be taken back. `beside` is elsewhere: what a
 * prediction pushed along, or damaged. Else there is `-`.
 *
 * The effect is shown when these cells, or the cursor, are as after this keystroke, or as after a
 * later one that was typed by then.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace.h"
#include "util/utf8.h"
#include "util/xalloc.h"

#define FRAME_US   500   /* what comes closer together is one frame */
#define GLIMPSE_US 20000 /* what is seen for less is a frame being drawn */
#define WINDOW     200   /* how many keystrokes back a screen may be behind */
#define NEAR       8     /* columns before the cursor where predicted text stands */
#define NEVER      UINT64_MAX

enum effect { EFFECT_NONE, EFFECT_CURSOR, EFFECT_CELLS };
static const char *const effect_names[] = {"nothing", "cursor", "text"};

enum mistake { MISTAKE_NONE, MISTAKE_WRONG, MISTAKE_BESIDE };
static const char *const mistake_names[] = {"-", "wrong", "beside"};

struct key {
    char *phase, *name;
    const char *kind;
    uint64_t sent_us, shown_us;
    enum effect effect;
    size_t first, end; /* the cells that count, if it is these */
    enum mistake mistake;
};

struct score {
    struct reference truth;
    struct vtscreen *terminal;
    struct shot now;
    struct key *keys;
    size_t count; /* typed so far */
    char *phase;
    size_t cells;
    bool *wrong_before, *wrong_now;
    bool wrong_pending; /* wrong_now is of a frame that may be a glimpse */
};

static bool starts_something(const char *kind)
{
    static const char *const kinds[] = {"Enter", "Escape", "paste"};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kind, kinds[i]) == 0)
            return true;
    return false;
}

static size_t cursor_cell(const struct shot *shot)
{
    return shot->cursor_row * shot->cols + shot->cursor_col;
}

static bool differ(const struct shot *a, const struct shot *b, size_t first, size_t end)
{
    return memcmp(a->cell + first, b->cell + first, (end - first) * sizeof *a->cell) != 0;
}

/* Decides which cells count: of a character its own; of other keys those in the cursor's rows, if
   any change there, so that a ruler or a clock elsewhere says nothing; of what starts something
   new, all. */
static void find_effect(const struct score *s, size_t number)
{
    struct key *k = &s->keys[number];
    const struct shot *before = &s->truth.shots[number], *after = &s->truth.shots[number + 1];
    size_t rows[2] = {before->cursor_row, after->cursor_row};
    bool moved = cursor_cell(before) != cursor_cell(after);

    k->first = 0;
    k->end = s->cells;
    if (strcmp(k->kind, "text") == 0) {
        k->first = cursor_cell(before);
        k->end = k->first + 1;
    } else if (!starts_something(k->kind)) {
        size_t first = rows[rows[1] < rows[0]] * before->cols;
        size_t end = (rows[rows[1] > rows[0]] + 1) * before->cols;
        if (moved || differ(before, after, first, end)) {
            k->first = first;
            k->end = end;
        }
    }
    k->effect = differ(before, after, k->first, k->end) ? EFFECT_CELLS
                : moved                                 ? EFFECT_CURSOR
                                                        : EFFECT_NONE;
}

/* Whether what `key` changes looks now as after keystroke `later`. */
static bool looks_as_after(const struct score *s, size_t number, size_t later)
{
    const struct key *k = &s->keys[number];
    const struct shot *before = &s->truth.shots[number], *after = &s->truth.shots[number + 1];
    const struct shot *want = &s->truth.shots[later + 1];

    if (k->effect == EFFECT_CURSOR)
        return s->now.cursor_row == want->cursor_row && s->now.cursor_col == want->cursor_col;
    for (size_t i = k->first; i < k->end; i++)
        if (before->cell[i] != after->cell[i] && s->now.cell[i] != want->cell[i])
            return false;
    return true;
}

static void see_effects(struct score *s, uint64_t at_us)
{
    size_t first = s->count > WINDOW ? s->count - WINDOW : 0;

    for (size_t key = first; key < s->count; key++) {
        if (s->keys[key].shown_us != NEVER || s->keys[key].effect == EFFECT_NONE)
            continue;
        for (size_t later = key; later < s->count; later++) {
            if (looks_as_after(s, key, later)) {
                s->keys[key].shown_us = at_us;
                break;
            }
        }
    }
}

/* mosh's bar is no mistake. */
static bool row_is_bar(const struct score *s)
{
    static const char bar[] = "mosh: ";

    for (size_t i = 0; bar[i]; i++)
        if (s->now.cell[i] != (bar[i] == ' ' ? 0 : (uint32_t)bar[i]))
            return false;
    return true;
}

static bool is_wrong(const struct score *s, size_t cell)
{
    size_t first = s->count > WINDOW ? s->count - WINDOW : 0;

    for (size_t i = s->count + 1; i-- > first;)
        if (s->now.cell[cell] == s->truth.shots[i].cell[cell])
            return false;
    return true;
}

static void see_mistakes(struct score *s)
{
    for (size_t i = row_is_bar(s) ? s->truth.cols : 0; i < s->cells; i++)
        s->wrong_now[i] = is_wrong(s, i);
    s->wrong_pending = true;
}

/* Whether a cell is where the newest prediction of typed text would be. */
static bool before_cursor(const struct score *s, size_t cell)
{
    size_t at = cursor_cell(&s->now);

    return cell < at && cell + NEAR >= at;
}

/* The last frame has been there for `us`: if that is long enough to be seen, its mistakes count,
   each when it is new. */
static void judge_mistakes(struct score *s, uint64_t us)
{
    enum mistake found = MISTAKE_NONE;

    if (!s->wrong_pending || us < GLIMPSE_US)
        return;
    s->wrong_pending = false;
    for (size_t i = 0; i < s->cells; i++) {
        if (s->wrong_now[i] && !s->wrong_before[i] && found != MISTAKE_WRONG)
            found = before_cursor(s, i) ? MISTAKE_WRONG : MISTAKE_BESIDE;
        s->wrong_before[i] = s->wrong_now[i];
    }
    if (found && s->count > 0 && s->keys[s->count - 1].mistake != MISTAKE_WRONG)
        s->keys[s->count - 1].mistake = found;
}

static const char *kind_of(const struct score *s, size_t key, const char *name)
{
    static const char *const moves[] = {"Up",   "Down", "Left",   "Right",
                                        "Home", "End",  "PageUp", "PageDown"};
    const struct shot *before = &s->truth.shots[key], *after = &s->truth.shots[key + 1];
    size_t at = cursor_cell(before);
    struct utf8_decoder decoder = {0};
    uint32_t code = 0;
    bool advanced =
        after->cursor_row != before->cursor_row || after->cursor_col > before->cursor_col;

    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (strcmp(name, moves[i]) == 0)
            return "arrow";
    if (strncmp(name, "Ctrl-", 5) == 0 || strcmp(name, "Tab") == 0)
        return "Ctrl";
    for (const char *byte = name; *byte; byte++)
        if (utf8_feed(&decoder, (uint8_t)*byte, &code) == UTF8_DONE && byte[1])
            return strchr(name, ' ') ? "paste" : name;
    return advanced && after->cell[at] == (code == ' ' ? 0 : code) ? "text" : "command";
}

static char *copy(const struct buf *text)
{
    char *s = xcalloc(1, text->len + 1);

    memcpy(s, text->data, text->len);
    return s;
}

static void take_key(struct score *s, uint64_t at_us, const struct buf *name)
{
    struct key *k = &s->keys[s->count];

    if (s->count == s->truth.count)
        errx(EXIT_FAILURE, "more keystrokes than the reference has");
    *k = (struct key){.sent_us = at_us, .shown_us = NEVER, .name = copy(name), .phase = s->phase};
    k->kind = kind_of(s, s->count, k->name);
    find_effect(s, s->count);
    s->count++;
}

static void look(struct score *s, uint64_t at_us)
{
    vtscreen_look(s->terminal, &s->now);
    see_effects(s, at_us);
    see_mistakes(s);
}

static void walk(struct score *s, FILE *file)
{
    struct event event;
    struct buf bytes = {0};
    uint64_t frame_us = 0; /* when the frame that is being collected began; 0: none */

    while (trace_next(file, &event, &bytes)) {
        if (frame_us && (event.kind == EVENT_KEY || event.at_us > frame_us + FRAME_US)) {
            look(s, frame_us);
            judge_mistakes(s, event.at_us - frame_us);
            frame_us = 0;
        }
        if (event.kind == EVENT_PHASE) {
            s->phase = copy(&bytes);
            continue;
        }
        if (event.kind == EVENT_KEY) {
            take_key(s, event.at_us, &bytes);
            continue;
        }
        vtscreen_write(s->terminal, bytes.data, bytes.len, NULL);
        frame_us = event.at_us;
    }
    if (frame_us)
        look(s, frame_us);
    buf_release(&bytes);
}

static void print(const struct score *s)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct key *k = &s->keys[i];
        printf("%zu\t%s\t%s\t%s\t%s\t", i, k->phase, k->kind, k->name, effect_names[k->effect]);
        if (k->shown_us == NEVER)
            printf("never\t%s\n", mistake_names[k->mistake]);
        else
            printf("%.3f\t%s\n", (double)(k->shown_us - k->sent_us) / 1000,
                   mistake_names[k->mistake]);
    }
}

int main(int argc, char *argv[])
{
    struct score s = {0};

    if (argc != 3)
        errx(2, "Usage: score REFERENCE RECORDING");
    reference_read(argv[1], &s.truth);
    s.terminal = vtscreen_new(s.truth.rows, s.truth.cols);
    shot_init(&s.now, s.truth.rows, s.truth.cols);
    s.cells = s.truth.rows * s.truth.cols;
    s.keys = xcalloc(s.truth.count + 1, sizeof *s.keys);
    s.wrong_before = xcalloc(s.cells, sizeof *s.wrong_before);
    s.wrong_now = xcalloc(s.cells, sizeof *s.wrong_now);

    FILE *file = trace_open(argv[2]);
    walk(&s, file);
    fclose(file);
    print(&s);

    for (size_t i = 0; i < s.count; i++)
        free(s.keys[i].name);
    free(s.keys);
    free(s.wrong_before);
    free(s.wrong_now);
    shot_release(&s.now);
    vtscreen_free(s.terminal);
    reference_release(&s.truth);
    return EXIT_SUCCESS;
}
