/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/predict_world.h"

/* When something is shown, and for how long; what becomes of what was wrong. */

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

/* A paste is not predicted, and is not mistaken for typing. */
static void R41_bulk_is_not_predicted(void **state)
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

/* Where the server tells what it knows, and ten predictions were right, those are shown that can be
   felt; until one is wrong. */
static void sure_predictions_are_shown_on_fast_links(void **state)
{
    struct world *w = *state;

    for (size_t known = 0; known < 2; known++) {
        use_mode(w, PREDICT_ADAPTIVE, false);
        w->facts.frame_interval_ms = 20;
        w->facts.rtt_ms = 11;
        reads_keys(w, SHELL_JOB);
        w->facts.program.known = known;
        earn(w);
        for (size_t i = 0; i < 10; i++) {
            type(w, "b");
            check_nothing_shown(w);
            answer(w, "b");
        }
        type(w, "c");
        check_row(w, 0, known ? "$ abbbbbbbbbbc" : "$ abbbbbbbbbb");
    }
    w->facts.rtt_ms = 7;
    answer(w, "c");
    type(w, "d");
    check_row(w, 0, "$ abbbbbbbbbbcd");
    answer(w, "d");
    w->facts.rtt_ms = 6;
    type(w, "e");
    check_row(w, 0, "$ abbbbbbbbbbcd");
    answer(w, "e");
    w->facts.rtt_ms = 11;
    type(w, "f");
    check_row(w, 0, "$ abbbbbbbbbbcdef");
    answer(w, "*");
    check_rest(w);
    type(w, "g");
    answer(w, "g");
    type(w, "h");
    check_row(w, 0, "$ abbbbbbbbbbcde*g");
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

/* P16: a mark that no program uses for itself. */
static void marks_can_be_chosen(void **state)
{
    struct world *w = *state;

    w->facts.frame_interval_ms = 100;
    earn(w);
    type(w, "b");
    assert_int_equal(seen_style(w, 0, 3).underline, UNDERLINE_SINGLE);
    w->predict.mark = PREDICT_DOTTED;
    assert_int_equal(seen_style(w, 0, 3).underline, UNDERLINE_DOTTED);
    w->predict.mark = PREDICT_DASHED;
    assert_int_equal(seen_style(w, 0, 3).underline, UNDERLINE_DASHED);
    w->predict.mark = PREDICT_FAINT;
    assert_int_equal(seen_style(w, 0, 3).underline, UNDERLINE_NONE);
    assert_true(seen_style(w, 0, 3).attributes & STYLE_FAINT);
    assert_false(seen_style(w, 0, 2).attributes & STYLE_FAINT);

    /* Text that is underlined anyway can be told apart. */
    use_mode(w, PREDICT_ALWAYS, false);
    w->facts.frame_interval_ms = 100;
    w->predict.mark = PREDICT_DOTTED;
    print(w, "$ \x1b[4m");
    type(w, "a");
    answer(w, "a");
    type(w, "b");
    assert_int_equal(seen_style(w, 0, 3).underline, UNDERLINE_DOTTED);
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

/* While nothing comes, the engine wakes for its two thresholds, and never again. */
static void R29_outage_costs_nothing(void **state)
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(nothing_is_shown_before_the_first_echo),
        WORLD_TEST(confirmation_shows_the_rest),
        WORLD_TEST(wrong_echo_is_corrected_at_once),
        WORLD_TEST(unknown_keys_hide_what_follows),
        WORLD_TEST(R41_bulk_is_not_predicted),
        WORLD_TEST(resize_forgets_everything),
        WORLD_TEST(never_means_never),
        WORLD_TEST(overwrite_mode_overwrites),
        WORLD_TEST(commands_are_no_errors),
        WORLD_TEST(typing_on_recovers),
        WORLD_TEST(adaptive_follows_the_link),
        WORLD_TEST(sure_predictions_are_shown_on_fast_links),
        WORLD_TEST(underlines_on_very_slow_links),
        WORLD_TEST(marks_can_be_chosen),
        WORLD_TEST(glitch_shows_until_it_is_repaired),
        WORLD_TEST(dense_answers_count_once),
        WORLD_TEST(R29_outage_costs_nothing),
        WORLD_TEST(typing_ahead_is_bounded),
        WORLD_TEST(slow_echo_does_not_flicker),
        WORLD_TEST(slow_editing_does_not_flicker),
        WORLD_TEST(missing_echo_is_taken_back),
        WORLD_TEST(missing_echo_takes_all_back),
        WORLD_TEST(grace_is_learned_and_bounded),
        WORLD_TEST(enter_at_the_bottom_keeps_what_was_typed),
        WORLD_TEST(predictions_move_with_their_row),
        WORLD_TEST(error_takes_back_one_row),
        WORLD_TEST(repeated_errors_silence_for_a_while),
        WORLD_TEST(reports_leave_the_epoch_alone),
        WORLD_TEST(clicks_hide_what_follows),
        WORLD_TEST(keys_of_every_protocol),
        WORLD_TEST(long_mouse_reports_are_whole),
        WORLD_TEST(experimental_mode_is_bolder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
