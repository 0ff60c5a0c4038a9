/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_PREDICT_WORLD_H
#define MOSH_TESTS_PREDICT_WORLD_H

#include "screens.h"

#include <stdlib.h>

#include "overlay/predict.h"
#include "terminal/emulator.h"

/*
 * The engine against a screen that the test writes on, as a server would, and a clock that the
 * test moves. Names in capitals (P1 to P15) are the improvements on stock mosh that a test holds.
 */
struct world {
    struct predict predict;
    struct emulator *host;
    msec_t now;
    struct predict_facts facts;
};

#define ROWS 6
#define COLS 40

static inline void begin(struct world *w, enum predict_mode mode, bool overwrite)
{
    predict_init(&w->predict, mode, overwrite);
    w->host = emulator_new(EMULATOR_HOST, ROWS, COLS);
    w->now = 100000;
    w->facts = (struct predict_facts){.frame_interval_ms = 60};
}

static inline void end(struct world *w)
{
    predict_release(&w->predict);
    emulator_free(w->host);
}

static inline int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);

    begin(w, PREDICT_ALWAYS, false);
    *state = w;
    return 0;
}

static inline int tear_down(void **state)
{
    end(*state);
    free(*state);
    return 0;
}

static inline void use_mode(struct world *w, enum predict_mode mode, bool overwrite)
{
    end(w);
    begin(w, mode, overwrite);
}

static inline const struct screen *truth(const struct world *w)
{
    return emulator_screen(w->host);
}

static inline void update(struct world *w)
{
    predict_update(&w->predict, w->now, &w->facts, truth(w));
    assert_true(predict_deadline(&w->predict, w->now) > w->now);
}

/* One read of the terminal. */
static inline void type(struct world *w, const char *keys)
{
    update(w);
    predict_keys(&w->predict, w->now, &w->facts, truth(w), (const uint8_t *)keys, strlen(keys));
    w->facts.sent_num++;
    update(w);
}

/* A new screen, on which not all keys need have had their effect. */
static inline void print(struct world *w, const char *output)
{
    emulator_write(w->host, (const uint8_t *)output, strlen(output), NULL);
    update(w);
}

/* The server says that all keys have had their effect. */
static inline void acknowledge(struct world *w)
{
    w->facts.echo_ack = w->facts.sent_num;
    update(w);
}

static inline void answer(struct world *w, const char *output)
{
    emulator_write(w->host, (const uint8_t *)output, strlen(output), NULL);
    acknowledge(w);
}

/* Lets the time pass, waking when the engine wants to. Returns how often it did. */
static inline size_t sleep_ms(struct world *w, msec_t span)
{
    msec_t until = w->now + span, deadline;
    size_t times = 0;

    while ((deadline = predict_deadline(&w->predict, w->now)) <= until) {
        w->now = deadline;
        update(w);
        times++;
    }
    w->now = until;
    update(w);
    return times;
}

static inline void draw(const struct world *w, struct screen *frame)
{
    screen_copy(frame, truth(w));
    predict_apply(&w->predict, w->now, frame);
    check_invariants(frame);
}

/* What the user sees: the text of a row up to its end, '.' where it is blank, '-' for a trail. */
static inline void check_row(const struct world *w, size_t row, const char *want)
{
    struct screen frame;
    struct buf got = {0};

    draw(w, &frame);
    buf_append_str(&got, row_text(&frame, row));
    while (got.len > 0 && (got.data[got.len - 1] == '.' || got.data[got.len - 1] == ' '))
        got.len--;
    buf_append_byte(&got, 0);
    assert_string_equal((const char *)got.data, want);
    buf_release(&got);
    screen_release(&frame);
}

static inline void check_cursor(const struct world *w, size_t row, size_t col)
{
    struct screen frame;

    draw(w, &frame);
    assert_int_equal(frame.cursor_row, row);
    assert_int_equal(frame.cursor_col, col);
    screen_release(&frame);
}

static inline struct style seen_style(const struct world *w, size_t row, size_t col)
{
    struct screen frame;
    struct style style;

    draw(w, &frame);
    style = *pool_style(frame.pool, frame.row[row]->cell[col].style);
    screen_release(&frame);
    return style;
}

static inline bool underlined(const struct world *w, size_t row, size_t col)
{
    return seen_style(w, row, col).underline != UNDERLINE_NONE;
}

static inline void check_nothing_shown(const struct world *w)
{
    struct screen frame;

    draw(w, &frame);
    assert_true(screen_equal(&frame, truth(w)));
    screen_release(&frame);
}

/* At rest the user sees what the server has, and nothing wants to run (R29). */
static inline void check_rest(const struct world *w)
{
    check_nothing_shown(w);
    assert_int_equal(predict_deadline(&w->predict, w->now), MSEC_NEVER);
}

/* A prompt, and one key that is echoed: the epoch is trusted. The cursor is at column 3. */
static inline void earn(struct world *w)
{
    print(w, "$ ");
    type(w, "a");
    answer(w, "a");
}

/* --- what the server says of the program --- */

#define SHELL_JOB 7

static inline void reads_keys(struct world *w, uint32_t job)
{
    w->facts.program = (struct facts){.known = true, .job = job};
}

static inline void reads_lines(struct world *w, bool echo)
{
    w->facts.program = (struct facts){.known = true, .canonical = true, .echo = echo, .job = 9};
}

/* A shell at whose prompt typing was seen to appear; "l" stands there. */
static inline void learn_prompt(struct world *w, const char *prompt)
{
    reads_keys(w, SHELL_JOB);
    print(w, prompt);
    type(w, "l");
    answer(w, "l");
}

static inline void enter_acknowledged(struct world *w)
{
    w->facts.echo_ack = w->facts.sent_num;
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
