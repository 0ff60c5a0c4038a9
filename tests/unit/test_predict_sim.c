/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/screens.h"

#include <stdio.h>
#include <stdlib.h>

#include "overlay/predict.h"
#include "terminal/emulator.h"

/*
 * A user, the engine, a slow network in both directions, and a host with a line editor, a program
 * that the terminal echoes for, and one that asks for a password. Everything is random, from a
 * seed. The user types lower case; a secret is upper case, and nothing else is, so that a single
 * such letter on a frame is a secret that was shown.
 */

#define ROWS            8
#define COLS            30
#define STEP_MS         10
#define TYPING_MS       20000
#define SETTLING_MS     5000
#define LINE_MAX        60
#define EVENTS_MAX      512
#define ACKNOWLEDGED_MS 50

/* --- the host's programs --- */

enum program { SHELL, CAT, SECRET };

struct host {
    enum program program;
    char line[LINE_MAX + 1];
    size_t len, at;
    size_t cat_lines;
    bool line_editor_tells; /* bracketed paste */
};

static void prompt(struct host *h, struct buf *out)
{
    h->program = SHELL;
    h->len = h->at = 0;
    buf_append_str(out, h->line_editor_tells ? "\x1b[?2004hme$ " : "me$ ");
}

static void back(struct buf *out, size_t count)
{
    while (count-- > 0)
        buf_append_byte(out, '\b');
}

/* Takes out characters of the line and draws the rest of it again, as line editors do. */
static void take_out(struct host *h, size_t from, size_t to, struct buf *out)
{
    back(out, h->at - from);
    memmove(h->line + from, h->line + to, h->len - to);
    h->len -= to - from;
    h->at = from;
    buf_append(out, h->line + from, h->len - from);
    buf_append_str(out, "\x1b[K");
    back(out, h->len - from);
}

static void insert(struct host *h, char c, struct buf *out)
{
    if (h->len == LINE_MAX || h->len + 6 >= COLS)
        return;
    memmove(h->line + h->at + 1, h->line + h->at, h->len - h->at);
    h->line[h->at] = c;
    h->len++;
    buf_append(out, h->line + h->at, h->len - h->at);
    h->at++;
    back(out, h->len - h->at);
}

static void run(struct host *h, struct buf *out)
{
    char first = h->len > 0 ? h->line[0] : 0;

    buf_append_str(out, h->line_editor_tells ? "\x1b[?2004l\r\n" : "\r\n");
    h->len = h->at = 0;
    if (first >= 's') {
        h->program = SECRET;
        buf_append_str(out, first == 't' ? "t: " : first == 'u' ? "" : "password: ");
    } else if (first >= 'p') {
        h->program = CAT;
        h->cat_lines = 2;
    } else {
        if (first >= 'a')
            buf_append_str(out, "output of it\r\n");
        if (first >= 'k')
            buf_append_str(out, "\x1b[2J\x1b[H");
        prompt(h, out);
    }
}

static void shell_key(struct host *h, char key, struct buf *out)
{
    size_t from = h->at;

    switch (key) {
    case '\r':
        run(h, out);
        break;
    case 0x7F:
        if (h->at > 0)
            take_out(h, h->at - 1, h->at, out);
        break;
    case 0x01:
        back(out, h->at);
        h->at = 0;
        break;
    case 0x02:
        back(out, h->at > 0);
        h->at -= h->at > 0;
        break;
    case 0x05:
        buf_append(out, h->line + h->at, h->len - h->at);
        h->at = h->len;
        break;
    case 0x0B:
        take_out(h, h->at, h->len, out);
        break;
    case 0x15:
        take_out(h, 0, h->at, out);
        break;
    case 0x17:
        while (from > 0 && h->line[from - 1] == ' ')
            from--;
        while (from > 0 && h->line[from - 1] != ' ')
            from--;
        take_out(h, from, h->at, out);
        break;
    default:
        insert(h, key, out);
    }
}

/* What the terminal itself does for a program that reads lines. */
static void cat_key(struct host *h, char key, struct buf *out)
{
    if (key == '\r') {
        buf_append_str(out, "\r\n");
        h->len = 0;
        if (--h->cat_lines == 0)
            prompt(h, out);
    } else if (key == 0x7F && h->len > 0) {
        h->len--;
        buf_append_str(out, "\b \b");
    } else if (key >= ' ' && key < 0x7F && h->len + 2 < COLS) {
        h->len++;
        buf_append_byte(out, (uint8_t)key);
    }
}

static void host_key(struct host *h, char key, struct buf *out)
{
    if (h->program == SHELL)
        shell_key(h, key, out);
    else if (h->program == CAT)
        cat_key(h, key, out);
    else if (key == '\r') {
        buf_append_str(out, "\r\n");
        prompt(h, out);
    }
}

/* --- the world --- */

struct key_event {
    msec_t arrives, given, done; /* at the host's terminal; to the program; shown by it */
    char key;
};

struct frame_event {
    msec_t arrives;
    struct screen screen;
    uint64_t echo_ack;
};

struct world {
    uint64_t seed;
    struct rng rng;
    msec_t now, typed;
    msec_t up_ms, down_ms, think_ms; /* delays: at least this */
    struct predict predict;
    struct predict_facts facts;
    struct host host;  /* as it is */
    struct host ahead; /* as it will be when it has read all keys: what the user believes */
    struct emulator *terminal;
    struct key_event key[EVENTS_MAX];
    size_t keys_typed, keys_done;
    struct frame_event frame[EVENTS_MAX];
    size_t frames_made, frames_seen;
    struct screen screen; /* the newest that has arrived */
    msec_t answered;      /* since when all keys are answered, or never */
    size_t letters, letters_shown, errors;
    bool anything; /* may be typed, upper case too */
};

static msec_t jitter(struct world *w, msec_t at_least)
{
    return at_least + rng_below(&w->rng, at_least / 2 + 1);
}

static void check(const struct world *w, bool holds)
{
    if (!holds)
        print_error("PREDICT_SEED=%u repeats this run\n", (unsigned)w->seed);
    assert_true(holds);
}

static void begin(struct world *w, uint64_t seed)
{
    struct buf out = {0};

    *w = (struct world){.seed = seed, .rng.state = seed, .now = 1000000, .answered = MSEC_NEVER};
    w->up_ms = rng_below(&w->rng, 300);
    w->down_ms = rng_below(&w->rng, 300);
    w->think_ms = rng_below(&w->rng, 2) ? rng_below(&w->rng, 200) : 0;
    w->host.line_editor_tells = w->ahead.line_editor_tells = rng_below(&w->rng, 2);
    w->facts.frame_interval_ms = 100;
    w->terminal = emulator_new(EMULATOR_HOST, ROWS, COLS);
    prompt(&w->host, &out);
    emulator_write(w->terminal, out.data, out.len, NULL);
    buf_release(&out);
    screen_copy(&w->screen, emulator_screen(w->terminal));
    predict_init(&w->predict, rng_below(&w->rng, 4) ? PREDICT_ALWAYS : PREDICT_EXPERIMENTAL, false);
}

static void end(struct world *w)
{
    for (; w->frames_seen < w->frames_made; w->frames_seen++)
        screen_release(&w->frame[w->frames_seen % EVENTS_MAX].screen);
    screen_release(&w->screen);
    emulator_free(w->terminal);
    predict_release(&w->predict);
}

/* --- the user --- */

static char choose_key(struct world *w)
{
    static const char editing[] = "\x7f\x7f\x7f\x01\x05\x0b\x15\x17\x02\x02";
    size_t chance = rng_below(&w->rng, 100);

    if (w->ahead.program == SECRET)
        return chance < 85 ? (char)('A' + rng_below(&w->rng, 26)) : '\r';
    if (chance < 70)
        return (char)('a' + rng_below(&w->rng, 26));
    if (chance < 80)
        return ' ';
    return chance < 90 ? editing[rng_below(&w->rng, sizeof editing - 1)] : '\r';
}

static void type_key(struct world *w)
{
    struct key_event *event = &w->key[w->keys_typed % EVENTS_MAX];
    const struct key_event *previous = &w->key[(w->keys_typed + EVENTS_MAX - 1) % EVENTS_MAX];
    char key = choose_key(w);
    struct buf ignored = {0};

    predict_keys(&w->predict, w->now, &w->facts, &w->screen, (const uint8_t *)&key, 1);
    w->facts.sent_num++;
    host_key(&w->ahead, key, &ignored);
    buf_release(&ignored);
    *event = (struct key_event){.key = key};
    event->given = msec_max(previous->given, w->now + jitter(w, w->up_ms));
    event->done = msec_max(previous->done, event->given + jitter(w, w->think_ms));
    w->keys_typed++;
}

/* --- the host --- */

static bool serve(struct world *w)
{
    struct buf out = {0};
    bool changed = false;

    while (w->keys_done < w->keys_typed && w->key[w->keys_done % EVENTS_MAX].done <= w->now) {
        host_key(&w->host, w->key[w->keys_done++ % EVENTS_MAX].key, &out);
        changed = true;
    }
    emulator_write(w->terminal, out.data, out.len, NULL);
    buf_release(&out);
    return changed;
}

static uint64_t acknowledged(const struct world *w, uint64_t from)
{
    while (from < w->keys_typed && w->key[from % EVENTS_MAX].given + ACKNOWLEDGED_MS <= w->now)
        from++;
    return from;
}

static void send_frame(struct world *w, uint64_t echo_ack)
{
    struct frame_event *event = &w->frame[w->frames_made % EVENTS_MAX];
    const struct frame_event *previous = &w->frame[(w->frames_made + EVENTS_MAX - 1) % EVENTS_MAX];

    assert_true(w->frames_made - w->frames_seen < EVENTS_MAX);
    event->arrives =
        msec_max(w->frames_made ? previous->arrives : 0, w->now + jitter(w, w->down_ms));
    screen_copy(&event->screen, emulator_screen(w->terminal));
    event->echo_ack = echo_ack;
    w->frames_made++;
}

static void take_frames(struct world *w)
{
    while (w->frames_seen < w->frames_made) {
        struct frame_event *event = &w->frame[w->frames_seen % EVENTS_MAX];
        if (event->arrives > w->now)
            return;
        screen_release(&w->screen);
        w->screen = event->screen;
        w->facts.echo_ack = event->echo_ack;
        w->frames_seen++;
    }
}

/* --- what must hold --- */

static void check_secrets(const struct world *w, const struct screen *frame)
{
    if (w->anything)
        return;
    for (size_t row = 0; row < frame->rows; row++) {
        for (size_t col = 0; col < frame->cols; col++) {
            uint32_t glyph = frame->row[row]->cell[col].glyph;
            check(w, glyph < 'A' || glyph > 'Z');
        }
    }
}

static void check_frame(struct world *w, char typed)
{
    struct screen frame;
    msec_t error = w->predict.error;
    bool settled;

    predict_update(&w->predict, w->now, &w->facts, &w->screen);
    w->errors += w->predict.error != error;
    check(w, predict_deadline(&w->predict, w->now) > w->now);
    screen_copy(&frame, &w->screen);
    predict_apply(&w->predict, w->now, &frame);
    check_invariants(&frame);
    check_secrets(w, &frame);
    w->answered =
        w->facts.echo_ack == w->facts.sent_num ? msec_min(w->answered, w->now) : MSEC_NEVER;
    settled = msec_since(w->now, w->answered) != MSEC_NEVER &&
              msec_since(w->now, w->answered) > PREDICT_GRACE_MAX_MS;
    if (settled)
        check(w, screen_equal(&frame, &w->screen));
    if (typed >= 'a' && typed <= 'z') {
        const struct prediction *last =
            w->predict.queue.count ? &w->predict.queue.item[w->predict.queue.count - 1] : NULL;
        w->letters++;
        w->letters_shown += last && last->trusted && last->key.code == (uint32_t)typed;
    }
    screen_release(&frame);
}

static void simulate(struct world *w)
{
    msec_t end_of_typing = w->now + TYPING_MS, next_key = w->now;
    uint64_t echo_ack = 0;

    for (; w->now < end_of_typing + SETTLING_MS; w->now += STEP_MS) {
        char typed = 0;
        bool changed = serve(w);
        uint64_t acknowledge = acknowledged(w, echo_ack);

        if (changed || acknowledge != echo_ack)
            send_frame(w, acknowledge);
        echo_ack = acknowledge;
        take_frames(w);
        check_frame(w, 0);
        if (w->now >= next_key && w->now < end_of_typing) {
            type_key(w);
            typed = w->key[(w->keys_typed - 1) % EVENTS_MAX].key;
            /* Mostly fluent, with a pause for thought now and then. */
            next_key = w->now + (rng_below(&w->rng, 8) ? 20 + rng_below(&w->rng, 200)
                                                       : rng_below(&w->rng, 2000));
            check_frame(w, typed);
        }
    }
}

static void secrets_stay_secret_and_all_ends_well(void **state)
{
    size_t letters = 0, shown = 0, errors = 0, keys = 0;
    const char *only = getenv("PREDICT_SEED");
    uint64_t first = only ? strtoull(only, NULL, 10) : 1, count = only ? 1 : 60;
    (void)state;

    for (uint64_t seed = first; seed < first + count; seed++) {
        static struct world w;
        begin(&w, seed);
        simulate(&w);
        check_frame(&w, 0);
        check(&w, w.predict.queue.count == 0);
        check(&w, predict_deadline(&w.predict, w.now) == MSEC_NEVER);
        letters += w.letters;
        shown += w.letters_shown;
        errors += w.errors;
        keys += w.keys_typed;
        end(&w);
    }
    print_message("# %zu keys, %zu of %zu letters shown at once, %zu errors\n", keys, shown,
                  letters, errors);
    if (only)
        return;
    assert_true(shown > letters / 4); /* to show nothing would be easy */
    assert_true(errors < keys / 50);
}

/* Whatever terminal and server send, nothing fails, and all ends well. */
static void anything_is_taken(void **state)
{
    static const char *const pieces[] = {
        "a",      "bc",           "\r\n",    "\x1b[A",      "\x1b[5;5H", "\x1b[2J",
        "\x1b[M", "\x1b[3P",      "\x7f",    "\u4e2d",      "\u0301",    "\x1b[31m",
        "\x1b[@", "\x1b[?1000h",  "\x1b[1m", "\x1b[?1005h", "\u2502",    " ",
        "\b",     "\x1b[K",       "\x01",    "\x0b",        "\x15",      "\x1b[?2004h",
        "\x1b",   "\x1bOD",       "\x1b[C",  "\x1b[D",      "\x17",      "\033b",
        "\x1bP",  "\x1b[<0;3;4M",
    };
    (void)state;

    for (uint64_t seed = 1; seed <= 20; seed++) {
        static struct world w;
        begin(&w, seed);
        w.anything = true;
        w.predict.overwrite = rng_below(&w.rng, 2);
        for (size_t i = 0; i < 1000; i++) {
            const char *piece = pieces[rng_below(&w.rng, sizeof pieces / sizeof pieces[0])];
            uint8_t noise[8];
            size_t what = rng_below(&w.rng, 100);

            rng_fill(&w.rng, noise, sizeof noise);
            w.now += rng_below(&w.rng, 60);
            if (what < 40) {
                predict_keys(&w.predict, w.now, &w.facts, &w.screen, (const uint8_t *)piece,
                             strlen(piece));
                w.facts.sent_num++;
            } else if (what < 45) {
                predict_keys(&w.predict, w.now, &w.facts, &w.screen, noise, sizeof noise);
                w.facts.sent_num++;
            } else if (what < 95) {
                emulator_write(w.terminal, (const uint8_t *)piece, strlen(piece), NULL);
                w.facts.echo_ack = w.facts.sent_num - rng_below(&w.rng, 3) % (w.facts.sent_num + 1);
                w.facts.echo_ack =
                    w.facts.echo_ack < w.predict.echo_ack ? w.predict.echo_ack : w.facts.echo_ack;
            } else if (what < 96) {
                emulator_resize(w.terminal, 1 + rng_below(&w.rng, 9), 1 + rng_below(&w.rng, 20));
            }
            screen_release(&w.screen);
            screen_copy(&w.screen, emulator_screen(w.terminal));
            check_frame(&w, 0);
        }
        w.facts.echo_ack = w.facts.sent_num;
        for (size_t i = 0; i < 20; i++, w.now += 100)
            check_frame(&w, 0);
        check(&w, w.predict.queue.count == 0);
        end(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(anything_is_taken),
        cmocka_unit_test(secrets_stay_secret_and_all_ends_well),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
