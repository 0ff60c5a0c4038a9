/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * score REFERENCE RECORDING: says for each keystroke of a recording when its effect was on the
 * screen, as lines of
 *
 *     NUMBER  KEY  EFFECT  SHOWN-MS  WRONG
 *
 * EFFECT is what the reference says that it changes: text, cursor, or nothing. SHOWN-MS is the time
 * from the keystroke until that is on the screen, or "never". WRONG is 1 if, after this keystroke
 * and before the next, something appeared on the screen, and stayed for a while, that no state of
 * the reference up to now has in that place: what was predicted wrongly, or pushed along.
 *
 * A keystroke's effect are the cells that it changes. It is shown when these cells look as after
 * this keystroke, or as after a later one that was typed by then.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace.h"
#include "util/xalloc.h"

#define FRAME_US   500   /* what comes closer together is one frame */
#define GLIMPSE_US 20000 /* what is seen for less is a frame being drawn */
#define WINDOW     200   /* how many keystrokes back a screen may be behind */
#define NEVER      UINT64_MAX

enum effect { EFFECT_NONE, EFFECT_CURSOR, EFFECT_TEXT };
static const char *const effect_names[] = {"nothing", "cursor", "text"};

struct key {
    char *name;
    uint64_t sent_us, shown_us;
    enum effect effect;
    bool wrong;
};

struct score {
    struct reference truth;
    struct vtscreen *terminal;
    struct shot now;
    struct key *keys;
    size_t count; /* typed so far */
    size_t cells;
    bool *wrong_before, *wrong_now;
    bool wrong_pending; /* wrong_now is of a frame that may be a glimpse */
};

static enum effect effect_of(const struct score *s, size_t key)
{
    const struct shot *before = &s->truth.shots[key], *after = &s->truth.shots[key + 1];

    if (memcmp(before->cell, after->cell, s->cells * sizeof *before->cell) != 0)
        return EFFECT_TEXT;
    if (before->cursor_row != after->cursor_row || before->cursor_col != after->cursor_col)
        return EFFECT_CURSOR;
    return EFFECT_NONE;
}

/* Whether what `key` changes looks now as after keystroke `later`. */
static bool looks_as_after(const struct score *s, size_t key, size_t later)
{
    const struct shot *before = &s->truth.shots[key], *after = &s->truth.shots[key + 1];
    const struct shot *want = &s->truth.shots[later + 1];

    if (s->keys[key].effect == EFFECT_CURSOR)
        return s->now.cursor_row == want->cursor_row && s->now.cursor_col == want->cursor_col;
    for (size_t i = 0; i < s->cells; i++)
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

    for (size_t i = first; i <= s->count; i++)
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

/* The last frame has been there for `us`: if that is long enough to be seen, its mistakes count,
   each when it is new. */
static void judge_mistakes(struct score *s, uint64_t us)
{
    bool new = false;

    if (!s->wrong_pending || us < GLIMPSE_US)
        return;
    s->wrong_pending = false;
    for (size_t i = 0; i < s->cells; i++) {
        new |= s->wrong_now[i] && !s->wrong_before[i];
        s->wrong_before[i] = s->wrong_now[i];
    }
    if (new && s->count > 0)
        s->keys[s->count - 1].wrong = true;
}

static void take_key(struct score *s, uint64_t at_us, const struct buf *name)
{
    if (s->count == s->truth.count)
        errx(EXIT_FAILURE, "more keystrokes than the reference has");
    s->keys[s->count] = (struct key){.sent_us = at_us, .shown_us = NEVER};
    s->keys[s->count].name = xcalloc(1, name->len + 1);
    memcpy(s->keys[s->count].name, name->data, name->len);
    s->keys[s->count].effect = effect_of(s, s->count);
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
        printf("%zu\t%s\t%s\t", i, k->name, effect_names[k->effect]);
        if (k->shown_us == NEVER)
            printf("never\t%d\n", k->wrong);
        else
            printf("%.3f\t%d\n", (double)(k->shown_us - k->sent_us) / 1000, k->wrong);
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
