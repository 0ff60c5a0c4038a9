/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/screens.h"

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

static void begin(struct world *w, enum predict_mode mode, bool overwrite)
{
    predict_init(&w->predict, mode, overwrite);
    w->host = emulator_new(EMULATOR_HOST, ROWS, COLS);
    w->now = 100000;
    w->facts = (struct predict_facts){.frame_interval_ms = 60};
}

static void end(struct world *w)
{
    predict_release(&w->predict);
    emulator_free(w->host);
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);

    begin(w, PREDICT_ALWAYS, false);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    end(*state);
    free(*state);
    return 0;
}

static void use_mode(struct world *w, enum predict_mode mode, bool overwrite)
{
    end(w);
    begin(w, mode, overwrite);
}

static const struct screen *truth(const struct world *w)
{
    return emulator_screen(w->host);
}

static void update(struct world *w)
{
    predict_update(&w->predict, w->now, &w->facts, truth(w));
    assert_true(predict_deadline(&w->predict, w->now) > w->now);
}

/* One read of the terminal. */
static void type(struct world *w, const char *keys)
{
    update(w);
    predict_keys(&w->predict, w->now, &w->facts, truth(w), (const uint8_t *)keys, strlen(keys));
    w->facts.sent_num++;
    update(w);
}

/* A new screen, on which not all keys need have had their effect. */
static void print(struct world *w, const char *output)
{
    emulator_write(w->host, (const uint8_t *)output, strlen(output), NULL);
    update(w);
}

/* The server says that all keys have had their effect. */
static void acknowledge(struct world *w)
{
    w->facts.echo_ack = w->facts.sent_num;
    update(w);
}

static void answer(struct world *w, const char *output)
{
    emulator_write(w->host, (const uint8_t *)output, strlen(output), NULL);
    acknowledge(w);
}

/* Lets the time pass, waking when the engine wants to. Returns how often it did. */
static size_t sleep_ms(struct world *w, msec_t span)
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

static void draw(const struct world *w, struct screen *frame)
{
    screen_copy(frame, truth(w));
    predict_apply(&w->predict, w->now, frame);
    check_invariants(frame);
}

/* What the user sees: the text of a row up to its end, '.' where it is blank, '-' for a trail. */
static void check_row(const struct world *w, size_t row, const char *want)
{
    struct screen frame;
    struct buf got = {0};

    draw(w, &frame);
    buf_append_str(&got, row_text(&frame, row));
    while (got.len > 0 && (got.data[got.len - 1] == '.' || got.data[got.len - 1] == ' '))
        got.len--;
    buf_append_byte(&got, 0);
    assert_string_equal(got.data, want);
    buf_release(&got);
    screen_release(&frame);
}

static void check_cursor(const struct world *w, size_t row, size_t col)
{
    struct screen frame;

    draw(w, &frame);
    assert_int_equal(frame.cursor_row, row);
    assert_int_equal(frame.cursor_col, col);
    screen_release(&frame);
}

static struct style seen_style(const struct world *w, size_t row, size_t col)
{
    struct screen frame;
    struct style style;

    draw(w, &frame);
    style = *pool_style(frame.pool, frame.row[row]->cell[col].style);
    screen_release(&frame);
    return style;
}

static bool underlined(const struct world *w, size_t row, size_t col)
{
    return seen_style(w, row, col).underline != UNDERLINE_NONE;
}

static void check_nothing_shown(const struct world *w)
{
    struct screen frame;

    draw(w, &frame);
    assert_true(screen_equal(&frame, truth(w)));
    screen_release(&frame);
}

/* At rest the user sees what the server has, and nothing wants to run (R29). */
static void check_rest(const struct world *w)
{
    check_nothing_shown(w);
    assert_int_equal(predict_deadline(&w->predict, w->now), MSEC_NEVER);
}

/* A prompt, and one key that is echoed: the epoch is trusted. The cursor is at column 3. */
static void earn(struct world *w)
{
    print(w, "$ ");
    type(w, "a");
    answer(w, "a");
}

/* --- what stock mosh does, too --- */

static void nothing_is_shown_before_the_first_echo(void **state)
{
    struct world *w = *state;

    print(w, "$ ");
    type(w, "a");
    check_row(w, 0, "$");
    type(w, "b");
    check_row(w, 0, "$");
    answer(w, "ab");
    check_rest(w);
    type(w, "c");
    check_row(w, 0, "$ abc");
    check_cursor(w, 0, 5);
    type(w, "\x7f\x7f");
    check_row(w, 0, "$ a");
    type(w, "\x1b[D");
    check_cursor(w, 0, 2);
    type(w, "\x1bOC");
    check_cursor(w, 0, 3);
    answer(w, "c\b\b\x1b[K");
    check_rest(w);
}

/* One echo shows all that is on its way. */
static void confirmation_shows_the_rest(void **state)
{
    struct world *w = *state;

    print(w, "$ ");
    type(w, "a");
    w->facts.echo_ack = 0;
    type(w, "bcd");
    w->facts.echo_ack = 1;
    print(w, "a");
    check_row(w, 0, "$ abcd");
}

static void wrong_echo_is_corrected_at_once(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "b");
    check_row(w, 0, "$ ab");
    answer(w, "*");
    check_rest(w);
    type(w, "c");
    check_row(w, 0, "$ a*");
    answer(w, "c");
    type(w, "d");
    check_row(w, 0, "$ a*cd");
}

static void unknown_keys_hide_what_follows(void **state)
{
    (void)state;
    static const char *const keys[] = {"\t",    "\x03",   "\x12",      "\x1b[5~", "\x1bx",
                                       "\x1b",  "\x1bOP", "\x1b[1;2A", "\n",      "\xff",
                                       "\x1b_", "\x1bP",  "\x1b]"};

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct world w;

        begin(&w, PREDICT_ALWAYS, false);
        earn(&w);
        type(&w, keys[i]);
        type(&w, "b");
        check_row(&w, 0, "$ a");
        answer(&w, "b");
        type(&w, "c");
        check_row(&w, 0, "$ ab");
        answer(&w, "c");
        type(&w, "d");
        check_row(&w, 0, "$ abcd");
        end(&w);
    }
}

/* R41: a paste is not predicted, and is not mistaken for typing. */
static void bulk_is_not_predicted(void **state)
{
    struct world *w = *state;
    char paste[PREDICT_BULK_BYTES + 2];

    earn(w);
    memset(paste, 'x', sizeof paste);
    paste[PREDICT_BULK_BYTES + 1] = 0;
    type(w, paste);
    check_row(w, 0, "$ a");
    type(w, "b");
    check_row(w, 0, "$ a");
    answer(w, "b"); /* typed before it was known what the paste did */
    type(w, "c");
    check_row(w, 0, "$ ab");
    answer(w, "c");
    paste[12] = 0;
    print(w, "\x1b[2J\x1b[H$ ");
    type(w, paste);
    answer(w, paste);
    type(w, "b");
    check_row(w, 0, "$ xxxxxxxxxxxxb");
}

static void resize_forgets_everything(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "b");
    emulator_resize(w->host, ROWS, COLS - 1);
    update(w);
    check_rest(w);
    type(w, "c");
    check_row(w, 0, "$ a");
}

static void never_means_never(void **state)
{
    struct world *w = *state;

    use_mode(w, PREDICT_NEVER, false);
    earn(w);
    type(w, "b");
    check_rest(w);
}

static void overwrite_mode_overwrites(void **state)
{
    struct world *w = *state;

    use_mode(w, PREDICT_ALWAYS, true);
    print(w, "$ a...xyz\x1b[1;3H");
    type(w, "b");
    answer(w, "b");
    type(w, "cd");
    check_row(w, 0, "$ bcd.xyz");
    type(w, "\x7f");
    check_row(w, 0, "$ bc..xyz");
}

/* A line that is typed and entered in one go leads somewhere else. That is no error. */
static void commands_are_no_errors(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "b");
    type(w, "\r");
    w->facts.echo_ack = w->facts.sent_num - 1;
    print(w, "b\r\noutput\r\n$ "); /* Enter shows, and is not acknowledged yet */
    check_nothing_shown(w);
    acknowledge(w);
    check_rest(w);
    assert_int_equal(w->predict.error, MSEC_NEVER);
    type(w, "c");
    answer(w, "c");
    type(w, "d");
    check_row(w, 2, "$ cd");
}

/* Whoever types on after Tab, without ever waiting, gets predictions again. */
static void typing_on_recovers(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "\t");
    type(w, "b");
    type(w, "c");
    type(w, "d");
    w->facts.echo_ack = 2;
    print(w, "xyz");
    type(w, "e");
    w->facts.echo_ack = 5;
    print(w, "bcd");
    check_nothing_shown(w);
    type(w, "f");
    w->facts.echo_ack = 6;
    print(w, "e");
    check_row(w, 0, "$ axyzbcdef");
    type(w, "g");
    check_row(w, 0, "$ axyzbcdefg");
    answer(w, "fg");
    check_rest(w);
}

/* --- when it is shown --- */

static void adaptive_follows_the_link(void **state)
{
    struct world *w = *state;

    use_mode(w, PREDICT_ADAPTIVE, false);
    w->facts.frame_interval_ms = 30;
    earn(w);
    type(w, "b");
    check_row(w, 0, "$ a");
    w->facts.frame_interval_ms = 31;
    update(w);
    check_row(w, 0, "$ ab");
    w->facts.frame_interval_ms = 20;
    update(w);
    check_row(w, 0, "$ ab"); /* what is shown is not taken away */
    answer(w, "b");
    type(w, "c");
    check_row(w, 0, "$ ab");
    answer(w, "c");
    w->facts.frame_interval_ms = 31;
    update(w);
    w->facts.frame_interval_ms = 21;
    update(w);
    type(w, "d");
    check_row(w, 0, "$ abcd");
}

static void underlines_on_very_slow_links(void **state)
{
    struct world *w = *state;

    w->facts.frame_interval_ms = 80;
    earn(w);
    type(w, "b");
    assert_false(underlined(w, 0, 3));
    w->facts.frame_interval_ms = 81;
    update(w);
    assert_true(underlined(w, 0, 3));
    assert_false(underlined(w, 0, 2));
    w->facts.frame_interval_ms = 51;
    update(w);
    assert_true(underlined(w, 0, 3));
    w->facts.frame_interval_ms = 50;
    update(w);
    assert_false(underlined(w, 0, 3));
}

/* A key that stays unanswered shows predictions on a fast link; ten quick answers, not too dense,
   hide them again. */
static void glitch_shows_until_it_is_repaired(void **state)
{
    struct world *w = *state;

    use_mode(w, PREDICT_ADAPTIVE, false);
    w->facts.frame_interval_ms = 20;
    earn(w);
    type(w, "b");
    sleep_ms(w, 249);
    check_row(w, 0, "$ a");
    sleep_ms(w, 1);
    check_row(w, 0, "$ ab");
    assert_false(underlined(w, 0, 3));
    sleep_ms(w, 4749);
    assert_false(underlined(w, 0, 3));
    sleep_ms(w, 1);
    assert_true(underlined(w, 0, 3));
    answer(w, "b");
    for (size_t i = 0; i < 20; i++) { /* the first ten end the underlining */
        sleep_ms(w, 150);
        type(w, "c");
        assert_int_equal(underlined(w, 0, 4 + i), i < 10);
        answer(w, "c");
    }
    sleep_ms(w, 150);
    type(w, "d");
    check_row(w, 0, "$ abcccccccccccccccccccc");
}

/* Answers that come at once are one sign that the link is well, not ten. */
static void dense_answers_count_once(void **state)
{
    struct predict_pace pace = {0};
    (void)state;

    predict_pace_update(&pace, 1000, 20, 500);
    assert_true(predict_pace_shows(&pace, PREDICT_ADAPTIVE));
    for (size_t i = 0; i < 100; i++)
        predict_pace_answer(&pace, 1100, 1050);
    assert_true(predict_pace_shows(&pace, PREDICT_ADAPTIVE));
    for (msec_t now = 1250; now < 1250 + 9 * 150; now += 150) {
        assert_true(predict_pace_shows(&pace, PREDICT_ADAPTIVE));
        predict_pace_answer(&pace, now, now - 250); /* too late to count */
        predict_pace_answer(&pace, now, now - 249);
    }
    assert_false(predict_pace_shows(&pace, PREDICT_ADAPTIVE));
}

/* R29: while nothing comes, the engine wakes for its two thresholds, and never again. */
static void outage_costs_nothing(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "b");
    type(w, "c\r");
    assert_true(sleep_ms(w, 3600000) <= 2);
    check_row(w, 0, "$ abc");
    assert_int_equal(predict_deadline(&w->predict, w->now), MSEC_NEVER);
}

/* Typing on during an outage is bounded, and what fits stays. */
static void typing_ahead_is_bounded(void **state)
{
    struct world *w = *state;

    earn(w);
    for (size_t i = 0; i < 3000; i++)
        type(w, i % 2 ? "\x7f" : "x");
    assert_int_equal(w->predict.queue.count, PREDICT_QUEUE_MAX);
    acknowledge(w);
    sleep_ms(w, 1000);
    check_rest(w);
}

/* --- P1 to P15 --- */

/* P1: a program that takes 200 ms, or another ssh behind the server. */
static void slow_echo_does_not_flicker(void **state)
{
    struct world *w = *state;

    print(w, "$ ");
    type(w, "a");
    acknowledge(w);
    sleep_ms(w, 150);
    answer(w, "a");
    for (char c = 'b'; c < 'h'; c++) {
        char key[2] = {c, 0}, want[16] = "$ ";
        for (char d = 'a'; d <= c; d++)
            want[2 + d - 'a'] = d;
        type(w, key);
        check_row(w, 0, want);
        acknowledge(w);
        check_row(w, 0, want);
        sleep_ms(w, 150);
        check_row(w, 0, want);
        print(w, key);
        check_row(w, 0, want);
        check_rest(w);
    }
}

/* P1: the same for keys that write one cell several times. */
static void slow_editing_does_not_flicker(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "b");
    type(w, "\x1b[D");
    type(w, "c");
    check_row(w, 0, "$ acb");
    acknowledge(w);
    check_row(w, 0, "$ acb");
    sleep_ms(w, 150);
    check_row(w, 0, "$ acb");
    print(w, "b\b\x1b[@c");
    check_rest(w);
    type(w, "d");
    check_row(w, 0, "$ acdb");
}

/* P1: an echo that does not come is waited for, but not for long; nothing wakes afterwards. */
static void missing_echo_is_taken_back(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "b");
    acknowledge(w);
    check_row(w, 0, "$ ab");
    assert_true(sleep_ms(w, PREDICT_GRACE_MIN_MS - 1) == 0);
    check_row(w, 0, "$ ab");
    sleep_ms(w, 1);
    check_rest(w);
    type(w, "c");
    check_row(w, 0, "$ a");
}

/* Where nothing came of a key, nothing that follows from it is waited for. */
static void missing_echo_takes_all_back(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "b");
    acknowledge(w);
    type(w, "\r");
    sleep_ms(w, 200);
    acknowledge(w);
    sleep_ms(w, PREDICT_GRACE_MIN_MS - 200);
    check_rest(w);
}

/* P1: the time that is given grows with what the program needs, up to a bound. */
static void grace_is_learned_and_bounded(void **state)
{
    struct world *w = *state;

    earn(w);
    for (size_t i = 0; i < 4; i++) { /* never echoed */
        type(w, "x");
        acknowledge(w);
        sleep_ms(w, PREDICT_GRACE_MAX_MS);
        check_rest(w);
    }
    type(w, "b");
    acknowledge(w);
    sleep_ms(w, PREDICT_GRACE_MAX_MS - 1);
    print(w, "b");
    type(w, "c");
    check_row(w, 0, "$ abc");
    acknowledge(w);
    sleep_ms(w, PREDICT_GRACE_MAX_MS);
    check_rest(w);
    for (size_t i = 0; i < 10; i++) { /* quick again */
        type(w, "q");
        answer(w, "q");
    }
    type(w, "r");
    acknowledge(w);
    sleep_ms(w, PREDICT_GRACE_MIN_MS);
    check_rest(w);
}

/* P2, R41 */
static void password_after_enter_is_not_shown(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "b");
    answer(w, "b");
    type(w, "\r");
    answer(w, "\r\nPassword: ");
    for (const char *c = "secret"; *c; c++) {
        type(w, (const char[]){*c, 0});
        check_row(w, 1, "Password:");
        sleep_ms(w, 70);
        acknowledge(w);
        check_row(w, 1, "Password:");
        sleep_ms(w, 170);
        check_row(w, 1, "Password:");
    }
    type(w, "\r");
    answer(w, "\r\n");
    sleep_ms(w, 1000);
    check_rest(w);
}

/* P2: typed before the question, whose first letters are those of the password. */
static void password_typed_ahead_is_not_shown(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "\r");
    type(w, "Pas");
    type(w, "tiche12345");
    answer(w, "\r\n");
    check_row(w, 1, "");
    print(w, "Password: ");
    check_row(w, 1, "Password:");
    type(w, "6");
    check_row(w, 1, "Password:");
    acknowledge(w);
    check_row(w, 1, "Password:");
}

/* P2: the terminal itself echoes what comes before the program asks. That proves nothing. */
static void echo_of_what_was_typed_ahead_earns_nothing(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "\rse");
    type(w, "cret");
    w->facts.echo_ack = w->facts.sent_num - 1;
    print(w, "\r\nse");
    check_row(w, 1, "se");
    answer(w, "cr");
    check_row(w, 1, "secr");
    type(w, "x");
    check_row(w, 1, "secr");
    /* Nor do two letters on a bare line. */
    answer(w, "etx");
    type(w, "a");
    answer(w, "a");
    type(w, "b");
    check_row(w, 1, "secretxa");
    answer(w, "b");
    type(w, "c");
    check_row(w, 1, "secretxabc");
}

/* P2: Enter is acknowledged, but its program is slow. */
static void echo_before_enter_shows_earns_nothing(void **state)
{
    struct world *w = *state;

    print(w, "\x1b[6;1Hstatus line\x1b[1;1H");
    earn(w);
    type(w, "\r");
    acknowledge(w);
    type(w, "s");
    answer(w, "\r\ns");
    type(w, "e");
    check_row(w, 1, "s");
}

/* P2: the question comes without an Enter, in the middle of a trusted epoch. */
static void password_after_a_single_key_is_not_shown(void **state)
{
    struct world *w = *state;

    earn(w);
    print(w, "\r\nPassword: ");
    type(w, "s");
    check_row(w, 1, "Password:");
    type(w, "e");
    check_row(w, 1, "Password:");

    struct world v;
    begin(&v, PREDICT_ALWAYS, false);
    earn(&v);
    type(&v, "y");
    print(&v, "y\r\nPassword: "); /* not acknowledged yet */
    type(&v, "s");
    check_row(&v, 0, "$ ay");
    check_row(&v, 1, "Password:");
    acknowledge(&v);
    sleep_ms(&v, 20);
    type(&v, "e");
    check_row(&v, 0, "$ ay");
    check_row(&v, 1, "Password:");
    end(&v);
}

/* P2: what every key gets proves nothing, even when it happens to be the key. Neither does what
   cannot be read. */
static void masks_prove_nothing(void **state)
{
    static const char *const outputs[][2] = {
        {"*", "*"}, {"\u2022", "\u2022"}, {"s", "\x1b[8ms"}, {"s", "\x1b[30;40ms"}};
    (void)state;

    for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        print(&w, "Password: ");
        type(&w, outputs[i][0]);
        answer(&w, outputs[i][1]);
        type(&w, "e");
        check_nothing_shown(&w);
        end(&w);
    }
}

/* What was there before proves nothing. */
static void text_that_was_there_proves_nothing(void **state)
{
    struct world *w = *state;

    print(w, "$ abc\b\b\b");
    type(w, "a");
    answer(w, "a");
    type(w, "x");
    check_row(w, 0, "$ abc");
}

/* P2: the server says that the program hides what it reads. */
static void nothing_is_shown_where_echo_is_off(void **state)
{
    struct world *w = *state;

    w->facts.program = (struct facts){.known = true, .echo = true, .canonical = true};
    earn(w);
    type(w, "b");
    check_row(w, 0, "$ ab");
    w->facts.program.echo = false;
    update(w);
    check_rest(w);
    type(w, "c");
    check_rest(w);
    acknowledge(w);
    type(w, "d");
    w->facts.program.echo = true; /* what was typed until now was hidden all the same */
    update(w);
    type(w, "e");
    check_nothing_shown(w);
    answer(w, "e");
    type(w, "f");
    answer(w, "f");
    type(w, "g");
    check_row(w, 0, "$ aefg");
}

/* P2: line editors read without the terminal's echo, and do it themselves. */
static void line_editors_have_no_echo(void **state)
{
    struct world *w = *state;

    w->facts.program = (struct facts){.known = true};
    earn(w);
    type(w, "b");
    check_row(w, 0, "$ ab");
}

/* P3 */
static void enter_at_the_bottom_keeps_what_was_typed(void **state)
{
    struct world *w = *state;

    print(w, "\x1b[6;1H");
    earn(w);
    type(w, "b");
    type(w, "c\r");
    check_row(w, 5, "$ abc");
    print(w, "b");
    check_row(w, 5, "$ abc");
    /* It moves up with its row. */
    type(w, "d");
    print(w, "\r\n\n");
    check_row(w, 3, "$ abc");
    check_row(w, 5, "");
    acknowledge(w);
    sleep_ms(w, 1000);
    check_rest(w);
}

/* P3: other output scrolls the screen under what is typed; the epoch may end, the text stays. */
static void predictions_move_with_their_row(void **state)
{
    struct world *w = *state;

    print(w, "\x1b[6;1H");
    earn(w);
    type(w, "bc");
    print(w, "\x1b[1;1H\x1b[M\x1b[5;4H"); /* row 5 is now row 4 */
    check_row(w, 4, "$ abc");
    check_row(w, 5, "");
    answer(w, "bc");
    check_rest(w);
    type(w, "d");
    check_row(w, 4, "$ abcd");
}

static void run_command(struct world *w, const char *prompt)
{
    type(w, "\r");
    print(w, "\x1b[?2004l\r\n");
    acknowledge(w);
    print(w, "output\r\n");
    print(w, "\x1b[?2004h");
    print(w, prompt);
}

/* P4: the shell is back at the prompt where typing was seen to appear. */
static void known_prompt_is_trusted_at_once(void **state)
{
    struct world *w = *state;

    print(w, "\x1b[?2004h");
    print(w, "me$ ");
    type(w, "l");
    answer(w, "l");
    run_command(w, "me$ ");
    type(w, "s");
    check_row(w, 2, "me$ s");
    assert_true(underlined(w, 2, 4)); /* not proved yet */
    type(w, "x");
    assert_true(underlined(w, 2, 5));
    answer(w, "sx");
    type(w, "y");
    check_row(w, 2, "me$ sxy");
    assert_false(underlined(w, 2, 6));
}

/* P4's guard: another prompt, another style, no line editor, or it was wrong before. */
static void unknown_prompt_is_not_trusted(void **state)
{
    static const char *const prompts[] = {"me# ",  "\x1b[31mme$ \x1b[m",      "me$ \x1b[?2004l",
                                          "me$  ", "me$ suggestion\x1b[3;5H", " me$ "};
    (void)state;

    for (size_t i = 0; i < sizeof prompts / sizeof prompts[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        print(&w, "\x1b[?2004h");
        print(&w, "me$ ");
        type(&w, "l");
        answer(&w, "l");
        run_command(&w, prompts[i]);
        type(&w, "s");
        check_nothing_shown(&w);
        end(&w);
    }
    struct world *w = *state;
    print(w, "\x1b[?2004h");
    print(w, "me$ ");
    type(w, "l");
    answer(w, "l");
    type(w, "\r");
    type(w, "x"); /* ahead: it is not known when it will show */
    answer(w, "\r\nme$ ");
    type(w, "s");
    check_nothing_shown(w);
    answer(w, "xs");
    run_command(w, "me$ ");
    type(w, "s");
    acknowledge(w);
    sleep_ms(w, 1000);
    check_rest(w);
    run_command(w, "me$ ");
    type(w, "s");
    check_nothing_shown(w);
}

/* P5: nothing left of where typed text began. */
static void prompt_is_not_rubbed_out(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "\x7f");
    check_row(w, 0, "$");
    check_cursor(w, 0, 2);
    type(w, "\x7f\x7f");
    check_row(w, 0, "$");
    check_cursor(w, 0, 2);
    answer(w, "\b\x1b[K\a\a");
    sleep_ms(w, 1000);
    check_rest(w);
    type(w, "b");
    answer(w, "b");
    type(w, "\x1b[D\x1b[D\x1b[D");
    check_cursor(w, 0, 2);
}

/* P6 */
static void modified_arrows_are_not_plain_ones(void **state)
{
    static const char *const keys[] = {"\x1b[1;5D", "\x1b[1;3D", "\x1b[1;2D", "\033b"};
    (void)state;

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        earn(&w);
        type(&w, keys[i]);
        check_cursor(&w, 0, 3);
        end(&w);
    }
}

/* P7: a key, what it does in a shell with "$ one two" on the line, and what is to be seen. */
static const struct {
    const char *key, *effect, *row;
    size_t col;
} editing_keys[] = {
    {"\x01", "\x1b[1;3H", "$ one two", 2},
    {"\x1b[H", "\x1b[1;3H", "$ one two", 2},
    {"\x1bOH", "\x1b[1;3H", "$ one two", 2},
    {"\x1b[1~", "\x1b[1;3H", "$ one two", 2},
    {"\x02", "\b", "$ one two", 6},
    {"\x08", "\b\x1b[P", "$ one wo", 6},
    {"\x0b", "\x1b[K", "$ one t", 7},
    {"\x15", "\x1b[1;3H\x1b[5P", "$ wo", 2},
    {"\x17", "\b\x1b[P", "$ one wo", 6},
    {"\x1b\x7f", "\b\x1b[P", "$ one wo", 6},
    {"\x1b"
     "d",
     "\x1b[K", "$ one t", 7},
    {"\033b", "\b", "$ one two", 6},
    {"\x1b"
     "f",
     "\x1b[1;10H", "$ one two", 9},
    {"\x1b[1;5C", "\x1b[1;10H", "$ one two", 9},
    {"\x1b[1;3D", "\b", "$ one two", 6},
    {"\x1b[F", "\x1b[1;10H", "$ one two", 9},
    {"\x05", "\x1b[1;10H", "$ one two", 9},
    {"\x04", "\x1b[P", "$ one to", 7},
    {"\x1b[3~", "\x1b[P", "$ one to", 7},
};

/* The line with the cursor on the w. */
static void prepare_line(struct world *w)
{
    print(w, "\x1b[2J\x1b[1;1H$ ");
    type(w, "o");
    answer(w, "o");
    type(w, "ne two");
    answer(w, "ne two");
    type(w, "\x1b[D\x1b[D");
    answer(w, "\b\b");
}

static void editing_keys_are_learned(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof editing_keys / sizeof editing_keys[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        for (size_t times = 0; times < 4; times++) {
            bool proved = times >= 2;
            prepare_line(&w);
            check_cursor(&w, 0, 7);
            type(&w, editing_keys[i].key);
            check_row(&w, 0, proved ? editing_keys[i].row : "$ one two");
            check_cursor(&w, 0, proved ? editing_keys[i].col : 7);
            answer(&w, editing_keys[i].effect);
            check_rest(&w);
        }
        /* In a program where it does something else, it is not believed any longer. */
        prepare_line(&w);
        type(&w, editing_keys[i].key);
        answer(&w, "\x1b[6;6HMenu: ");
        sleep_ms(&w, 3000);
        check_rest(&w);
        prepare_line(&w);
        sleep_ms(&w, 3000);
        type(&w, editing_keys[i].key);
        check_row(&w, 0, "$ one two");
        check_cursor(&w, 0, 7);
        end(&w);
    }
}

/* P7: one error that was seen weighs more than many times when all went well. */
static void one_error_is_enough(void **state)
{
    struct world *w = *state;

    for (size_t times = 0; times < 15; times++) {
        prepare_line(w);
        type(w, "\x01");
        answer(w, "\x1b[1;3H");
    }
    prepare_line(w);
    type(w, "\x01");
    check_cursor(w, 0, 2);
    acknowledge(w);
    sleep_ms(w, 3000);
    prepare_line(w);
    type(w, "\x01");
    check_cursor(w, 0, 7);
}

/* P7: what was learned in one kind of program is not believed in another. */
static void editing_keys_are_learned_by_context(void **state)
{
    struct world *w = *state;

    for (size_t times = 0; times < 3; times++) {
        prepare_line(w);
        type(w, "\x01");
        answer(w, "\x1b[1;3H");
    }
    print(w, "\x1b[?1002h");
    prepare_line(w);
    type(w, "\x01");
    check_cursor(w, 0, 7);
}

/* Types what is echoed, then goes back some columns. */
static void type_and_go_back(struct world *w, const char *text, size_t columns, size_t lefts)
{
    type(w, (const char[]){text[0], 0});
    answer(w, (const char[]){text[0], 0});
    type(w, text + 1);
    answer(w, text + 1);
    for (size_t i = 0; i < lefts; i++)
        type(w, "\x1b[D");
    answer(w, (const char[]){0x1B, '[', (char)('0' + columns), 'D', 0});
}

/* P8: the text makes room; borders, right prompts and other panes stay. */
static void insertion_pushes_the_text_alone(void **state)
{
    static const struct {
        const char *around, *typed;
        size_t columns, lefts;
        const char *key, *want;
    } cases[] = {
        {"", "axyz", 3, 3, "b", "$ abxyz"},
        {"", "axyz one", 7, 7, "b", "$ abxyz one"},
        {"", "axyz  one", 8, 8, "b", "$ abxyz  one"},
        {"\x1b[1;11Hright", "axyz", 3, 3, "b", "$ abxyz...right"},
        {"", "ax | wc", 6, 6, "b", "$ abx | wc"},
        {"\x1b[1;8H|pane\x1b[2;8H|pane", "ax", 1, 1, "b", "$ abx..|pane"},
        {"\x1b[1;7H\u2502pane\x1b[2;7H\u2502pane", "axy", 2, 2, "b", "$ abxy\u2502pane"},
        {"", "a\u4e2d\u6587", 4, 2, "b", "$ ab\u4e2d-\u6587-"}, /* P9 */
        {"\x1b[1;9H|\x1b[2;9H|", "a\u4e2d\u6587", 4, 2, "\u4e00", "$ a\u4e00-\u4e2d-.|"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        print(&w, cases[i].around);
        print(&w, "\x1b[1;1H$ ");
        type_and_go_back(&w, cases[i].typed, cases[i].columns, cases[i].lefts);
        type(&w, cases[i].key);
        check_row(&w, 0, cases[i].want);
        end(&w);
    }
}

/* P8: where the user's own text ends is not known, two blanks end the text. */
static void two_blanks_end_the_text(void **state)
{
    struct world *w = *state;

    print(w, "one two   right\x1b[1;5H");
    type(w, "a");
    answer(w, "\x1b[@a");
    type(w, "b");
    check_row(w, 0, "one abtwo  right");
}

/* P8: what a shell suggests after the cursor is typed over, not pushed on. */
static void suggestions_are_not_pushed(void **state)
{
    struct world *w = *state;

    earn(w);
    print(w, "\x1b[90mbcd\x1b[m\b\b\b");
    type(w, "b");
    check_row(w, 0, "$ abcd");
    check_cursor(w, 0, 4);
    type(w, "x");
    check_row(w, 0, "$ abxd");
}

/* P8: also where it is not known how far the user's own text goes. */
static void suggestions_are_known_by_their_style(void **state)
{
    struct cell cells[6] = {{'a', 1}, {'b', 2}, {'c', 2}};
    struct predict_text text = {
        .cell = cells,
        .cols = 6,
        .floor = 0,
        .end = PREDICT_COL_UNKNOWN,
        .col = 1,
        .style = 1,
    };
    struct predict_change change;
    struct predict_key key = {.op = PREDICT_TEXT, .code = 'b'};
    (void)state;

    assert_true(predict_edit(&text, key, &change));
    assert_int_equal(change.to - change.from, 1);
    text.end = PREDICT_COL_UNKNOWN;
    key.code = 'x'; /* no suggestion would be that */
    assert_true(predict_edit(&text, key, &change));
    assert_int_equal(change.to - change.from, 2);
}

/* P8: the row is in overwrite mode, as the first edit shows; and no epoch ends for that. */
static void overwriting_is_learned(void **state)
{
    struct world *w = *state;

    print(w, "one two\x1b[1;5H");
    type(w, "a");
    answer(w, "a");
    type(w, "b");
    check_row(w, 0, "one abo");
    answer(w, "b");
    type(w, "\x7f"); /* may bring the old text back */
    check_nothing_shown(w);
}

/* P9 */
static void wide_and_combining_characters_are_predicted(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "\u4e2d");
    check_row(w, 0, "$ a\u4e2d-");
    check_cursor(w, 0, 5);
    type(w, "\xe6");
    type(w, "\x96");
    check_row(w, 0, "$ a\u4e2d-");
    type(w, "\x87");
    check_row(w, 0, "$ a\u4e2d-\u6587-");
    type(w, "e\u0301");
    check_row(w, 0, "$ a\u4e2d-\u6587-e\u0301");
    check_cursor(w, 0, 8);
    answer(w, "\u4e2d\u6587e\u0301");
    check_rest(w);
    type(w, "\u00e9");
    check_row(w, 0, "$ a\u4e2d-\u6587-e\u0301\u00e9");
    type(w, "\x7f");
    check_row(w, 0, "$ a\u4e2d-\u6587-e\u0301");
    answer(w, "\u00e9\b\x1b[K\b\x1b[K"); /* now on its own: rub out the wide ones */
    sleep_ms(w, 3000);
    type(w, "x");
    answer(w, "x");
    type(w, "\u4e2d\x7f");
    check_row(w, 0, "$ a\u4e2d-\u6587-x");
}

/* P9's guard: not all agree on the width of these. */
static void contested_widths_are_not_shown(void **state)
{
    static const char *const characters[] = {"\U0001F600", "\u200d", "\ufe0f", "\u231a"};
    (void)state;

    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        earn(&w);
        type(&w, characters[i]);
        check_nothing_shown(&w);
        end(&w);
    }
}

static void last_column_wraps(void **state)
{
    struct world *w = *state;

    print(w, "\x1b[1;38H$");
    type(w, "a");
    answer(w, "a");
    type(w, "b");
    check_cursor(w, 1, 0);
    answer(w, "b"); /* the wrap is still to come */
    check_nothing_shown(w);
    type(w, "c");
    answer(w, "c");
    type(w, "d");
    check_row(w, 1, "cd");
}

/* P10: what is wrong in one row is no reason to forget the others. */
static void error_takes_back_one_row(void **state)
{
    struct world *w = *state;

    print(w, "\x1b[1;37H$ ");
    type(w, "a");
    answer(w, "a");
    type(w, "b");
    type(w, "c");
    type(w, "d");
    assert_int_equal(w->predict.queue.count, 3);
    w->facts.echo_ack = 2;
    print(w, "B"); /* upper case, but just one */
    assert_int_equal(w->predict.queue.count, 2);
    answer(w, "cd");
    check_rest(w);
    type(w, "e");
    check_row(w, 1, "cd");
    answer(w, "e");
    type(w, "f");
    check_row(w, 1, "cdef");
}

/* P10's guard: the second error within two seconds is one too many. */
static void repeated_errors_silence_for_a_while(void **state)
{
    struct world *w = *state;

    earn(w);
    for (size_t i = 0; i < 2; i++) {
        type(w, "b");
        check_row(w, 0, i == 0 ? "$ ab" : "$ aBcb");
        answer(w, "B");
        type(w, "c");
        answer(w, "c");
    }
    type(w, "d");
    check_row(w, 0, "$ aBcBc");
    sleep_ms(w, PREDICT_SUPPRESS_MS - 1);
    check_row(w, 0, "$ aBcBc");
    sleep_ms(w, 1);
    check_row(w, 0, "$ aBcBcd");
}

/* P11: in an editor the arrows prove themselves; they do not vouch for text. */
static void arrows_are_learned_without_text(void **state)
{
    struct world *w = *state;

    print(w, "some text\r\nof three\r\nlines here\x1b[2;4H");
    for (size_t i = 0; i < 2; i++) {
        type(w, "\x1b[C");
        check_nothing_shown(w);
        answer(w, "\x1b[C");
        type(w, "\x1b[B");
        check_nothing_shown(w);
        answer(w, "\x1b[B");
        type(w, "\x1b[A");
        check_nothing_shown(w);
        answer(w, "\x1b[A");
    }
    type(w, "\x1b[C");
    check_cursor(w, 1, 6);
    type(w, "\x1b[B");
    check_cursor(w, 2, 6);
    type(w, "\x1b[A");
    check_cursor(w, 1, 6);
    type(w, "x");
    check_cursor(w, 1, 6);
    check_row(w, 1, "of three");
}

/* P12: what the terminal sends by itself is neither text nor a sign of anything. */
static void reports_leave_the_epoch_alone(void **state)
{
    static const char *const reports[] = {
        "\x1b[I",         "\x1b[O",
        "\x1b[<35;10;5M", "\x1b[<64;10;5M",
        "\x1b[<0;10;5m",  "\x1b[MC!!",
        "\x1b[M#!!",      "\x1b[200~",
        "\x1b[201~",      "\x1b[5;7R",
        "\x1b[?62;1c",    "\x1b[0n",
        "\x1b[?2026;2$y", "\x1b[8;24;80t",
        "\x1b[M`!\xff",   "\x1b]11;rgb:0/0/0\x1b\\",
        "\x1b]11;?\x07",  "\x1bP>|term\x1b\\",
        "\x1b[35;10;5M",  "\x1b[?1u",
    };
    (void)state;

    for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        print(&w, "\x1b[?1003h");
        earn(&w);
        type(&w, reports[i]);
        check_row(&w, 0, "$ a");
        type(&w, "b");
        check_row(&w, 0, "$ ab");
        end(&w);
    }
}

/* P12: a click may move the cursor, to a field for a password perhaps. */
static void clicks_hide_what_follows(void **state)
{
    static const char *const clicks[] = {"\x1b[<0;10;5M", "\x1b[M !!", "\x1b[32;10;5M"};
    (void)state;

    for (size_t i = 0; i < sizeof clicks / sizeof clicks[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        print(&w, "\x1b[?1000h");
        earn(&w);
        type(&w, clicks[i]);
        type(&w, "b");
        check_row(&w, 0, "$ a");
        end(&w);
    }
}

/* The kitty keyboard protocol and modifyOtherKeys say the same in other words. */
static void keys_of_every_protocol(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "\x1b[98u");
    check_row(w, 0, "$ ab");
    type(w, "\x1b[98;1:3u");  /* released */
    type(w, "\x1b[57441;2u"); /* Shift */
    type(w, "\x1b[99:67;2;67u");
    type(w, "\x1b[57441;1:3u");
    type(w, "\x1b[27;1;100~");
    check_row(w, 0, "$ abCd");
    type(w, "\x1b[127u");
    check_row(w, 0, "$ abC");
    type(w, "\x1b[9;5u");
    type(w, "e");
    check_row(w, 0, "$ abC");
}

/* P12: coordinates beyond 95 take two bytes in one of the encodings. */
static void long_mouse_reports_are_whole(void **state)
{
    struct world *w = *state;

    print(w, "\x1b[?1003h\x1b[?1005h");
    earn(w);
    type(w, "\x1b[MC\xc3\xa9\xc4\x80"
            "b");
    check_row(w, 0, "$ ab");
}

/* P13: only what the server shows confirms anything, whatever is on the user's screen. */
static void predictions_do_not_confirm_each_other(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "b");
    check_row(w, 0, "$ ab");
    w->facts.echo_ack = w->facts.sent_num; /* the acknowledgement comes together with a key */
    type(w, "c");
    sleep_ms(w, 1000);
    check_nothing_shown(w);
    type(w, "d");
    check_nothing_shown(w);
}

/* P14 */
static void spaces_are_evidence(void **state)
{
    struct world *w = *state;

    print(w, "$ ");
    type(w, " ");
    check_cursor(w, 0, 2);
    answer(w, " ");
    type(w, "a");
    check_row(w, 0, "$  a");

    struct world v;
    begin(&v, PREDICT_ALWAYS, false);
    print(&v, "Password: ");
    type(&v, " ");
    acknowledge(&v);
    type(&v, "a");
    check_nothing_shown(&v);
    sleep_ms(&v, 1000);
    type(&v, "b");
    check_nothing_shown(&v);
    sleep_ms(&v, 1000);
    acknowledge(&v);
    sleep_ms(&v, 1000);
    type(&v, " \x7f"); /* comes back to where it was */
    acknowledge(&v);
    type(&v, "c");
    check_nothing_shown(&v);
    end(&v);
}

/* P15: typed text looks like typed text, not like the prompt. */
static void style_is_that_of_typed_text(void **state)
{
    struct world *w = *state;

    print(w, "\x1b[32m$\x1b[m");
    type(w, "a");
    type(w, "b");
    w->facts.echo_ack = 1;
    print(w, "\x1b[33ma");
    assert_int_equal(seen_style(w, 0, 2).foreground, COLOUR_INDEXED | 3);
    answer(w, "\x1b[33mb\x1b[36m\x1b[1;2H");
    sleep_ms(w, 1000);
    type(w, "c");
    answer(w, "\x1b[33mc");
    type(w, "d");
    assert_int_equal(seen_style(w, 0, 2).foreground, COLOUR_INDEXED | 3);
}

/* Experimental: bolder with keys and errors, but not with passwords. */
static void experimental_mode_is_bolder(void **state)
{
    struct world *w = *state;

    use_mode(w, PREDICT_EXPERIMENTAL, false);
    earn(w);
    type(w, "\x01");
    check_cursor(w, 0, 2);
    answer(w, "\x1b[1;3H");
    type(w, "\x05");
    answer(w, "\x1b[1;4H");
    type(w, "b");
    answer(w, "*");
    type(w, "c");
    check_row(w, 0, "$ a*c");
    type(w, "\r");
    answer(w, "c\r\nPassword: ");
    type(w, "s");
    check_row(w, 1, "Password:");
    acknowledge(w);
    sleep_ms(w, 1000);
    type(w, "e");
    check_row(w, 1, "Password:");
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(nothing_is_shown_before_the_first_echo),
        WORLD_TEST(confirmation_shows_the_rest),
        WORLD_TEST(wrong_echo_is_corrected_at_once),
        WORLD_TEST(unknown_keys_hide_what_follows),
        WORLD_TEST(bulk_is_not_predicted),
        WORLD_TEST(resize_forgets_everything),
        WORLD_TEST(never_means_never),
        WORLD_TEST(overwrite_mode_overwrites),
        WORLD_TEST(commands_are_no_errors),
        WORLD_TEST(typing_on_recovers),
        WORLD_TEST(adaptive_follows_the_link),
        WORLD_TEST(underlines_on_very_slow_links),
        WORLD_TEST(glitch_shows_until_it_is_repaired),
        WORLD_TEST(dense_answers_count_once),
        WORLD_TEST(outage_costs_nothing),
        WORLD_TEST(typing_ahead_is_bounded),
        WORLD_TEST(slow_echo_does_not_flicker),
        WORLD_TEST(slow_editing_does_not_flicker),
        WORLD_TEST(missing_echo_is_taken_back),
        WORLD_TEST(missing_echo_takes_all_back),
        WORLD_TEST(grace_is_learned_and_bounded),
        WORLD_TEST(password_after_enter_is_not_shown),
        WORLD_TEST(nothing_is_shown_where_echo_is_off),
        WORLD_TEST(line_editors_have_no_echo),
        WORLD_TEST(password_typed_ahead_is_not_shown),
        WORLD_TEST(echo_of_what_was_typed_ahead_earns_nothing),
        WORLD_TEST(echo_before_enter_shows_earns_nothing),
        WORLD_TEST(password_after_a_single_key_is_not_shown),
        WORLD_TEST(masks_prove_nothing),
        WORLD_TEST(text_that_was_there_proves_nothing),
        WORLD_TEST(enter_at_the_bottom_keeps_what_was_typed),
        WORLD_TEST(predictions_move_with_their_row),
        WORLD_TEST(known_prompt_is_trusted_at_once),
        WORLD_TEST(unknown_prompt_is_not_trusted),
        WORLD_TEST(prompt_is_not_rubbed_out),
        WORLD_TEST(modified_arrows_are_not_plain_ones),
        WORLD_TEST(editing_keys_are_learned),
        WORLD_TEST(one_error_is_enough),
        WORLD_TEST(editing_keys_are_learned_by_context),
        WORLD_TEST(insertion_pushes_the_text_alone),
        WORLD_TEST(two_blanks_end_the_text),
        WORLD_TEST(suggestions_are_not_pushed),
        WORLD_TEST(suggestions_are_known_by_their_style),
        WORLD_TEST(overwriting_is_learned),
        WORLD_TEST(wide_and_combining_characters_are_predicted),
        WORLD_TEST(contested_widths_are_not_shown),
        WORLD_TEST(last_column_wraps),
        WORLD_TEST(error_takes_back_one_row),
        WORLD_TEST(repeated_errors_silence_for_a_while),
        WORLD_TEST(arrows_are_learned_without_text),
        WORLD_TEST(reports_leave_the_epoch_alone),
        WORLD_TEST(clicks_hide_what_follows),
        WORLD_TEST(keys_of_every_protocol),
        WORLD_TEST(long_mouse_reports_are_whole),
        WORLD_TEST(predictions_do_not_confirm_each_other),
        WORLD_TEST(spaces_are_evidence),
        WORLD_TEST(style_is_that_of_typed_text),
        WORLD_TEST(experimental_mode_is_bolder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
