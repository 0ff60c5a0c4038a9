/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/screens.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "overlay/predict.h"
#include "terminal/emulator.h"

/*
 * R41 in programs with a screen of their own: a form whose fields lie below one another, some for
 * secrets, which show a sign for each key, or nothing. The program reads keys, so the terminal says
 * nothing of which field hides what is typed. Keys lead from one field to another, or to another
 * page with other fields in the same places. In front of a field something stands that asks for it;
 * rows without that are lines of a text, where Enter leads to the next line and nowhere else. A
 * network with any delay, and a user who does not wait.
 *
 * What the host takes for a secret must never show.
 *
 * PREDICT_SEED repeats a run, PREDICT_SEEDS says how many there are.
 */

#define ROWS        8
#define COLS        30
#define STEP_MS     5
#define TYPING_MS   15000
#define SETTLING_MS 4000
#define SEEDS       1500
#define KEYS_MAX    1024
#define FRAMES_MAX  4096
#define FIELD_MAX   8

struct field {
    size_t label; /* so many columns of it stand before what is typed */
    bool secret, silent;
    char text[FIELD_MAX + 1];
    size_t len, at;
};

struct key {
    msec_t arrives, given;
    char code[4];
    bool secret, shown;
};

struct frame {
    msec_t arrives;
    struct screen screen;
    uint64_t echo_ack;
};

struct world {
    uint64_t seed;
    struct rng rng;
    msec_t now, up_ms, down_ms, frame_ms, sent;
    struct predict predict;
    struct predict_facts facts;
    struct emulator *terminal;
    bool sticky; /* the cursor keeps its column, as in an editor; else it goes to the end */
    struct field field[ROWS];
    size_t current;
    struct key key[KEYS_MAX];
    size_t typed, arrived;
    struct frame *frame;
    size_t made, seen;
    struct screen screen;
    uint64_t echo_ack;
    bool changed;
    size_t letters, letters_shown;
};

static size_t chance(struct world *w, size_t below)
{
    return rng_below(&w->rng, below);
}

/* --- the program --- */

static void print(struct world *w, const char *text)
{
    emulator_write(w->terminal, (const uint8_t *)text, strlen(text), NULL);
    w->changed = true;
}

static void put_cursor(struct world *w)
{
    const struct field *f = &w->field[w->current];
    char text[32];
    size_t col = f->label + (f->secret && f->silent ? 0 : f->at);

    snprintf(text, sizeof text, "\x1b[%zu;%zuH", w->current + 1, col + 1);
    print(w, text);
}

static void draw_field(struct world *w, size_t row)
{
    const struct field *f = &w->field[row];
    char text[64];

    snprintf(text, sizeof text, "\x1b[%zu;%zuH\x1b[K", row + 1, f->label + 1);
    print(w, text);
    for (size_t i = 0; i < f->len && !(f->secret && f->silent); i++)
        print(w, f->secret ? "*" : (const char[]){f->text[i], 0});
}

static void new_page(struct world *w)
{
    static const char labels[] = "name: word "; /* or part of it */

    print(w, "\x1b[2J");
    for (size_t row = 0; row < ROWS; row++) {
        char text[64];
        struct field *f = &w->field[row];
        *f = (struct field){.secret = chance(w, 3) == 0, .silent = chance(w, 2)};
        f->label = chance(w, 2) ? 6 * chance(w, 2) : chance(w, sizeof labels);
        if (f->secret && f->label == 0)
            f->label = 6;
        snprintf(text, sizeof text, "\x1b[%zu;1H%.*s", row + 1, (int)f->label, labels);
        print(w, text);
    }
    w->current = chance(w, ROWS);
    put_cursor(w);
}

static void move(struct world *w, bool down)
{
    size_t at = w->field[w->current].at;
    struct field *f;

    w->current = (w->current + (down ? 1 : ROWS - 1)) % ROWS;
    f = &w->field[w->current];
    f->at = !w->sticky || at > f->len ? f->len : at;
    put_cursor(w);
}

static void insert(struct world *w, struct key *k)
{
    struct field *f = &w->field[w->current];

    k->secret = f->secret;
    if (f->len == FIELD_MAX)
        return;
    memmove(f->text + f->at + 1, f->text + f->at, f->len - f->at);
    f->text[f->at++] = k->code[0];
    f->len++;
    draw_field(w, w->current);
    put_cursor(w);
}

static void rub_out(struct world *w)
{
    struct field *f = &w->field[w->current];

    if (f->at == 0)
        return;
    memmove(f->text + f->at - 1, f->text + f->at, f->len - f->at);
    f->at--;
    f->len--;
    draw_field(w, w->current);
    put_cursor(w);
}

static void take_key(struct world *w, struct key *k)
{
    struct field *f = &w->field[w->current];

    switch (k->code[0] == 0x1B ? k->code[2] : k->code[0]) {
    case 'A':
    case 'B':
        move(w, k->code[2] == 'B');
        break;
    case 'C':
    case 'F':
        f->at = k->code[2] == 'F' || f->at == f->len ? f->len : f->at + 1;
        put_cursor(w);
        break;
    case 'D':
    case 'H':
        f->at = k->code[2] == 'H' || f->at == 0 ? 0 : f->at - 1;
        put_cursor(w);
        break;
    case '\r':
        if (f->label > 0 && chance(w, 3) == 0)
            new_page(w);
        else
            move(w, true);
        break;
    case 0x7F:
        rub_out(w);
        break;
    default:
        insert(w, k);
    }
}

/* --- the network --- */

static void host_takes_keys(struct world *w)
{
    while (w->arrived < w->typed && w->key[w->arrived].arrives <= w->now) {
        w->key[w->arrived].given = w->now;
        take_key(w, &w->key[w->arrived++]);
    }
}

static void send_frame(struct world *w)
{
    uint64_t ack = w->echo_ack;

    while (ack < w->arrived && w->key[ack].given + 50 <= w->now)
        ack++;
    if ((!w->changed && ack == w->echo_ack) || w->now < w->sent + w->frame_ms)
        return;
    assert_true(w->made < FRAMES_MAX);
    struct frame *f = &w->frame[w->made];
    f->arrives = w->now + w->down_ms + chance(w, w->down_ms / 2 + 1);
    screen_copy(&f->screen, emulator_screen(w->terminal));
    f->echo_ack = w->echo_ack = ack;
    if (w->made > 0)
        f->arrives = msec_max(f->arrives, w->frame[w->made - 1].arrives);
    w->made++;
    w->sent = w->now;
    w->changed = false;
}

static bool take_frames(struct world *w)
{
    bool news = false;

    for (; w->seen < w->made && w->frame[w->seen].arrives <= w->now; w->seen++) {
        screen_release(&w->screen);
        w->screen = w->frame[w->seen].screen;
        w->facts.echo_ack = w->frame[w->seen].echo_ack;
        news = true;
    }
    return news;
}

/* --- the user --- */

static void choose_key(struct world *w, char code[4])
{
    static const char *const keys[] = {"\x1b[A", "\x1b[B", "\x1b[A", "\x1b[B", "\x1b[C",
                                       "\x1b[D", "\x1b[F", "\x1b[H", "\r",     "\x7f"};

    memset(code, 0, 4);
    if (chance(w, 100) < 65)
        code[0] = chance(w, 8) ? (char)('a' + chance(w, 26)) : ' ';
    else
        strcpy(code, keys[chance(w, sizeof keys / sizeof keys[0])]);
}

static void type_key(struct world *w)
{
    struct key *k = &w->key[w->typed];

    assert_true(w->typed < KEYS_MAX);
    *k = (struct key){.arrives = w->now + w->up_ms + chance(w, w->up_ms / 2 + 1)};
    choose_key(w, k->code);
    if (w->typed > 0)
        k->arrives = msec_max(k->arrives, w->key[w->typed - 1].arrives);
    predict_keys(&w->predict, w->now, &w->facts, &w->screen, (const uint8_t *)k->code,
                 strlen(k->code));
    if (getenv("PREDICT_TRACE"))
        print_message("      key %zu: %s\n", w->typed, k->code[0] == 0x1B ? k->code + 1 : k->code);
    w->typed++;
    w->facts.sent_num++;
}

/* PREDICT_TRACE=1: what the user sees. */
static void trace(const struct world *w, const struct screen *s)
{
    const struct predict *p = &w->predict;

    if (!getenv("PREDICT_TRACE"))
        return;
    print_message("%5" PRIu64 " typed %zu arrived %zu ack %" PRIu64
                  " | q %zu lost %d trusted %d epoch %" PRIu64 "\n",
                  w->now - 1000000, w->typed, w->arrived, w->facts.echo_ack, p->queue.count,
                  p->lost, p->trusted, p->epoch);
    for (size_t row = 0; row < s->rows; row++)
        print_message("        %s%s%s\n", row_text(s, row), w->field[row].secret ? " (secret)" : "",
                      s->cursor_row == row ? " <" : "");
}

/* --- what must hold --- */

/* Which keys does the frame show that the server's screen does not? */
static void look(struct world *w)
{
    const struct predict *p = &w->predict;
    struct screen frame;

    predict_update(&w->predict, w->now, &w->facts, &w->screen);
    screen_copy(&frame, &w->screen);
    predict_apply(p, w->now, &frame);
    check_invariants(&frame);
    for (size_t i = 0; i < p->queue.count; i++) {
        const struct prediction *item = &p->queue.item[i];
        if (item->key.op != PREDICT_TEXT || item->row >= frame.rows)
            continue;
        uint32_t code = item->key.code;
        if (code != ' ' && frame.row[item->row]->cell[item->from].glyph == code &&
            w->screen.row[item->row]->cell[item->from].glyph != code)
            w->key[item->frame - 1].shown = true;
    }
    trace(w, &frame);
    screen_release(&frame);
}

static void begin(struct world *w, uint64_t seed)
{
    *w = (struct world){.seed = seed, .rng.state = seed, .now = 1000000};
    w->up_ms = chance(w, 4) ? chance(w, 300) : chance(w, 1500);
    w->down_ms = chance(w, 4) ? chance(w, 300) : chance(w, 1500);
    w->frame_ms = 20 + chance(w, 230);
    w->sticky = chance(w, 2);
    w->facts.frame_interval_ms = 100;
    w->facts.rtt_ms = chance(w, 2) ? 600 : 60;
    w->facts.program = (struct facts){.known = true, .job = 3, .alternate = true};
    w->terminal = emulator_new(EMULATOR_HOST, ROWS, COLS);
    new_page(w);
    screen_copy(&w->screen, emulator_screen(w->terminal));
    w->frame = calloc(FRAMES_MAX, sizeof *w->frame);
    predict_init(&w->predict, PREDICT_ALWAYS, false);
}

static void end(struct world *w)
{
    for (; w->seen < w->made; w->seen++)
        screen_release(&w->frame[w->seen].screen);
    free(w->frame);
    screen_release(&w->screen);
    emulator_free(w->terminal);
    predict_release(&w->predict);
}

static void run(struct world *w)
{
    msec_t last = w->now + TYPING_MS, next_key = w->now + 100;

    for (; w->now < last + SETTLING_MS; w->now += STEP_MS) {
        host_takes_keys(w);
        send_frame(w);
        if (take_frames(w) || w->now >= predict_deadline(&w->predict, w->now))
            look(w);
        if (w->now < next_key || w->now >= last || w->typed == KEYS_MAX)
            continue;
        look(w);
        type_key(w);
        look(w);
        next_key = w->now + (chance(w, 8) ? 20 + chance(w, 200) : chance(w, 3000));
    }
}

static void check_keys(struct world *w)
{
    for (size_t i = 0; i < w->typed; i++) {
        const struct key *k = &w->key[i];
        if (k->secret && k->shown) {
            print_error("key %zu, '%s', was shown. PREDICT_SEED=%" PRIu64 " repeats this run\n", i,
                        k->code, w->seed);
            fail();
        }
        w->letters += k->code[0] >= 'a' && !k->secret;
        w->letters_shown += k->shown;
    }
}

static void R41_secrets_in_forms_are_never_shown(void **state)
{
    const char *only = getenv("PREDICT_SEED"), *seeds = getenv("PREDICT_SEEDS");
    uint64_t first = only ? strtoull(only, NULL, 10) : 1;
    uint64_t count = only ? 1 : seeds ? strtoull(seeds, NULL, 10) : SEEDS;
    size_t letters = 0, shown = 0;
    static struct world w;
    (void)state;

    for (uint64_t seed = first; seed < first + count; seed++) {
        begin(&w, seed);
        run(&w);
        check_keys(&w);
        letters += w.letters;
        shown += w.letters_shown;
        end(&w);
    }
    print_message("# %zu of %zu letters predicted\n", shown, letters);
    if (!only)
        assert_true(shown > letters / 8); /* to show nothing would be easy */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R41_secrets_in_forms_are_never_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
