/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_PREDICT_SESSION_H
#define MOSH_TESTS_PREDICT_SESSION_H

#include "screens.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "overlay/predict.h"
#include "terminal/emulator.h"

/*
 * Sessions with a program of the test that has the screen for itself and reads keys: a user who
 * does not wait, the engine, and a network with any delay. Everything is random, from a seed. What
 * the program says that it has read as a secret must never have shown.
 *
 * PREDICT_SEED repeats a run, PREDICT_SEEDS says how many there are, PREDICT_TRACE=1 shows one.
 */

#define STEP_MS     5
#define TYPING_MS   15000
#define SETTLING_MS 4000
#define KEYS_MAX    1024
#define FRAMES_MAX  4096

struct session_key {
    msec_t arrives, given;
    char code[4];
    bool secret; /* the program says so */
    bool shown;
};

struct session_frame {
    msec_t arrives;
    struct screen screen;
    uint64_t echo_ack;
};

struct session {
    uint64_t seed;
    struct rng rng;
    msec_t now, up_ms, down_ms, frame_ms, sent;
    struct predict predict;
    struct predict_facts facts;
    struct emulator *terminal;
    struct session_key key[KEYS_MAX];
    size_t typed, arrived;
    struct session_frame *frame;
    size_t made, seen;
    struct screen screen;
    uint64_t echo_ack;
    bool changed;
    size_t letters, letters_shown;
};

/* The program, and what its user likes to type. */
struct session_program {
    size_t rows, cols;
    void (*begin)(struct session *s);
    void (*choose_key)(struct session *s, char code[4]);
    void (*take_key)(struct session *s, struct session_key *key);
};

static inline size_t chance(struct session *s, size_t below)
{
    return rng_below(&s->rng, below);
}

static inline void print(struct session *s, const char *text)
{
    emulator_write(s->terminal, (const uint8_t *)text, strlen(text), NULL);
    s->changed = true;
}

/* --- the network --- */

static inline void program_takes_keys(struct session *s, const struct session_program *program)
{
    while (s->arrived < s->typed && s->key[s->arrived].arrives <= s->now) {
        s->key[s->arrived].given = s->now;
        program->take_key(s, &s->key[s->arrived++]);
    }
}

static inline void send_frame(struct session *s)
{
    uint64_t ack = s->echo_ack;

    while (ack < s->arrived && s->key[ack].given + 50 <= s->now)
        ack++;
    if ((!s->changed && ack == s->echo_ack) || s->now < s->sent + s->frame_ms)
        return;
    assert_true(s->made < FRAMES_MAX);
    struct session_frame *f = &s->frame[s->made];
    f->arrives = s->now + s->down_ms + chance(s, s->down_ms / 2 + 1);
    screen_copy(&f->screen, emulator_screen(s->terminal));
    f->echo_ack = s->echo_ack = ack;
    if (s->made > 0)
        f->arrives = msec_max(f->arrives, s->frame[s->made - 1].arrives);
    s->made++;
    s->sent = s->now;
    s->changed = false;
}

static inline bool take_frames(struct session *s)
{
    bool news = false;

    for (; s->seen < s->made && s->frame[s->seen].arrives <= s->now; s->seen++) {
        screen_release(&s->screen);
        s->screen = s->frame[s->seen].screen;
        s->facts.echo_ack = s->frame[s->seen].echo_ack;
        news = true;
    }
    return news;
}

/* --- the user, and what must hold --- */

static inline void type_key(struct session *s, const struct session_program *program)
{
    struct session_key *k = &s->key[s->typed];

    assert_true(s->typed < KEYS_MAX);
    *k = (struct session_key){.arrives = s->now + s->up_ms + chance(s, s->up_ms / 2 + 1)};
    memset(k->code, 0, sizeof k->code);
    program->choose_key(s, k->code);
    if (s->typed > 0)
        k->arrives = msec_max(k->arrives, s->key[s->typed - 1].arrives);
    predict_keys(&s->predict, s->now, &s->facts, &s->screen, (const uint8_t *)k->code,
                 strlen(k->code));
    if (getenv("PREDICT_TRACE"))
        print_message("      key %zu: %s\n", s->typed, k->code[0] == 0x1B ? k->code + 1 : k->code);
    s->typed++;
    s->facts.sent_num++;
}

/* PREDICT_TRACE=1: what the user sees. */
static inline void trace(const struct session *s, const struct screen *frame)
{
    const struct predict *p = &s->predict;

    if (!getenv("PREDICT_TRACE"))
        return;
    print_message("%5" PRIu64 " typed %zu arrived %zu ack %" PRIu64
                  " | q %zu lost %d trusted %d epoch %" PRIu64 "\n",
                  s->now - 1000000, s->typed, s->arrived, s->facts.echo_ack, p->queue.count,
                  p->lost, p->trusted, p->epoch);
    for (size_t row = 0; row < frame->rows; row++)
        print_message("        %s%s\n", row_text(frame, row), frame->cursor_row == row ? " <" : "");
}

/* --- what must hold --- */

/* Which keys does the frame show that the server's screen does not? */
static inline void look(struct session *s)
{
    const struct predict *p = &s->predict;
    struct screen frame;

    predict_update(&s->predict, s->now, &s->facts, &s->screen);
    screen_copy(&frame, &s->screen);
    predict_apply(p, s->now, &frame);
    check_invariants(&frame);
    for (size_t i = 0; i < p->queue.count; i++) {
        const struct prediction *item = &p->queue.item[i];
        if (item->key.op != PREDICT_TEXT || item->row >= frame.rows)
            continue;
        uint32_t code = item->key.code;
        if (code != ' ' && frame.row[item->row]->cell[item->from].glyph == code &&
            s->screen.row[item->row]->cell[item->from].glyph != code)
            s->key[item->frame - 1].shown = true;
    }
    trace(s, &frame);
    screen_release(&frame);
}

static inline void begin(struct session *s, const struct session_program *program, uint64_t seed)
{
    *s = (struct session){.seed = seed, .rng.state = seed, .now = 1000000};
    s->up_ms = chance(s, 4) ? chance(s, 300) : chance(s, 1500);
    s->down_ms = chance(s, 4) ? chance(s, 300) : chance(s, 1500);
    s->frame_ms = 20 + chance(s, 230);
    s->facts.frame_interval_ms = 100;
    s->facts.rtt_ms = chance(s, 2) ? 600 : 60;
    s->facts.program = (struct facts){.known = true, .job = 3, .alternate = true};
    s->terminal = emulator_new(EMULATOR_HOST, program->rows, program->cols);
    program->begin(s);
    screen_copy(&s->screen, emulator_screen(s->terminal));
    s->frame = calloc(FRAMES_MAX, sizeof *s->frame);
    predict_init(&s->predict, PREDICT_ALWAYS, false);
}

static inline void end(struct session *s)
{
    for (; s->seen < s->made; s->seen++)
        screen_release(&s->frame[s->seen].screen);
    free(s->frame);
    screen_release(&s->screen);
    emulator_free(s->terminal);
    predict_release(&s->predict);
}

static inline void run(struct session *s, const struct session_program *program)
{
    msec_t last = s->now + TYPING_MS, next_key = s->now + 100;

    for (; s->now < last + SETTLING_MS; s->now += STEP_MS) {
        program_takes_keys(s, program);
        send_frame(s);
        if (take_frames(s) || s->now >= predict_deadline(&s->predict, s->now))
            look(s);
        if (s->now < next_key || s->now >= last || s->typed == KEYS_MAX)
            continue;
        look(s);
        type_key(s, program);
        look(s);
        next_key = s->now + (chance(s, 8) ? 20 + chance(s, 200) : chance(s, 3000));
    }
}

static inline void check_keys(struct session *s)
{
    for (size_t i = 0; i < s->typed; i++) {
        const struct session_key *k = &s->key[i];
        if (k->secret && k->shown) {
            print_error("key %zu, '%s', was shown. PREDICT_SEED=%" PRIu64 " repeats this run\n", i,
                        k->code, s->seed);
            fail();
        }
        s->letters += k->code[0] >= 'a' && !k->secret;
        s->letters_shown += k->shown;
    }
}

/* Runs as many sessions as there should be. To show nothing would be easy: at least one letter in
   so many has to be predicted. */
static inline void run_sessions(const struct session_program *program, uint64_t seeds,
                                size_t one_in)
{
    const char *only = getenv("PREDICT_SEED"), *count = getenv("PREDICT_SEEDS");
    uint64_t first = only ? strtoull(only, NULL, 10) : 1;
    uint64_t last = only ? first : count ? strtoull(count, NULL, 10) : seeds;
    size_t letters = 0, shown = 0;
    static struct session s;

    for (uint64_t seed = first; seed <= last; seed++) {
        begin(&s, program, seed);
        run(&s, program);
        check_keys(&s);
        letters += s.letters;
        shown += s.letters_shown;
        end(&s);
    }
    print_message("# %zu of %zu letters predicted\n", shown, letters);
    if (!only)
        assert_true(shown > letters / one_in);
}

#endif
