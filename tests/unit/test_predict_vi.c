/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/predict_world.h"

/* Editors like vi: in which mode a key is read, and what commands do. */

#define VI_JOB 8
#define BACK   "\x1b[D"

static void go(struct world *w, const char *output)
{
    answer(w, output);
    check_rest(w);
}

/* Four lines of a text and the end of it; the cursor is at its start. */
static void open_text(struct world *w)
{
    reads_keys(w, VI_JOB);
    w->facts.program.alternate = true;
    w->facts.rtt_ms = 500;
    print(w, "one two, three\r\nif (x)\r\n\r\nfour\r\n~\r\n\"notes\" 4L\x1b[H");
}

/* Insertion, the first time. */
static void insert(struct world *w, const char *word)
{
    type(w, "i");
    check_nothing_shown(w);
    answer(w, "\x1b\x37\x1b[6;1H\x1b[K-- INSERT --\x1b\x38");
    sleep_ms(w, 1000); /* for all that is known it was text */
    check_rest(w);
    type(w, word);
    check_nothing_shown(w);
    print(w, "\x1b[4h");
    answer(w, word);
    print(w, "\x1b[4l");
}

/* The editor is known, in command mode, with the cursor on the s of "so one two, three". */
static void begin_vi(struct world *w)
{
    open_text(w);
    insert(w, "so ");
    type(w, "\x1b");
    check_cursor(w, 0, 2);
    go(w, "\b\x1b\x37\x1b[6;1H\x1b[K\x1b\x38");
}

static void the_mode_is_known_once_text_was_inserted(void **state)
{
    struct world *w = *state;

    begin_vi(w);
    type(w, "x");
    check_row(w, 0, "soone two, three");
    type(w, "i");
    type(w, "-");
    check_row(w, 0, "so-one two, three");
    type(w, "\x1b");
    check_cursor(w, 0, 2);
    type(w, "A");
    type(w, "!");
    check_row(w, 0, "so-one two, three!");
    go(w, "-one two, three!");
}

static void only_editors_that_say_so(void **state)
{
    static const char *const lines[] = {"INSERT", "-- TERMINAL --", "-- VISUAL --", "", "--"};
    (void)state;

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        open_text(&w);
        print(&w, "\x1b\x37\x1b[6;1H\x1b[K");
        print(&w, lines[i]);
        print(&w, "\x1b\x38");
        type(&w, "i");
        acknowledge(&w);
        sleep_ms(&w, 1000);
        type(&w, "so ");
        print(&w, "\x1b[4h");
        answer(&w, "so ");
        type(&w, "\x1b");
        check_nothing_shown(&w);
        type(&w, "x");
        check_nothing_shown(&w);
        end(&w);
    }
}

static void languages_of_the_mode_line(void **state)
{
    static const struct {
        const char *line;
        bool inserts;
    } cases[] = {
        {"-- INSERT --", true},
        {"-- EINF\u00dcGEN --", true},
        {"-- INSERTION --", true},
        {"-- \u63d2\u5165 --", true},
        {"-- \u633f\u5165 --", true},
        {"-- \u0412\u0421\u0422\u0410\u0412\u041a\u0410 --", true},
        {"-- TERMINAL --", false},
        {"-- IN", false},
        {"INSERT", false},
        {"--INSERT--", false},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct emulator *e = emulator_new(EMULATOR_HOST, 2, 20);
        emulator_write(e, (const uint8_t *)"\r\n", 2, NULL);
        emulator_write(e, (const uint8_t *)cases[i].line, strlen(cases[i].line), NULL);
        assert_int_equal(predict_vi_inserts(emulator_screen(e)), cases[i].inserts);
        emulator_free(e);
    }
}

/* Where commands lead from a column of "one  two, (three) \u4e2d4 ". */
static void commands_within_a_row(void **state)
{
    enum { NOWHERE = 99 };
    static const struct {
        size_t from;
        char command;
        size_t to;
    } cases[] = {
        {0, 'h', 0},   {5, 'h', 4},        {20, 'h', 18},     {0, 'l', 1},       {18, 'l', 20},
        {20, 'l', 20}, {0, 'w', 5},        {5, 'w', 8},       {8, 'w', 10},      {10, 'w', 11},
        {11, 'w', 16}, {18, 'w', NOWHERE}, {0, 'b', NOWHERE}, {5, 'b', 0},       {10, 'b', 8},
        {20, 'b', 18}, {0, 'e', 2},        {2, 'e', 7},       {7, 'e', 8},       {20, 'e', NOWHERE},
        {7, '0', 0},   {7, '$', 20},       {7, '^', 0},       {7, 'i', 7},       {7, 'a', 8},
        {18, 'a', 20}, {7, 'I', 0},        {7, 'A', 21},      {7, 'd', NOWHERE}, {7, 'G', NOWHERE},
    };
    static const char text[] = "one  two, (three) \u4e2d4 ";
    struct emulator *e = emulator_new(EMULATOR_HOST, 2, 30);
    (void)state;

    emulator_write(e, (const uint8_t *)text, strlen(text), NULL);
    struct predict_vi_row row = {.cell = emulator_screen(e)->row[0]->cell, .cols = 30};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t col = cases[i].from;
        bool known = predict_vi_move(&row, (uint32_t)cases[i].command, &col);
        assert_int_equal(known ? col : NOWHERE, cases[i].to);
    }
    size_t beyond = row.cols;
    assert_false(predict_vi_move(&row, 'h', &beyond));
    assert_int_equal(predict_vi_landing(&row, 3), 3);
    assert_int_equal(predict_vi_landing(&row, 19), 18);
    assert_int_equal(predict_vi_landing(&row, 25), 20);
    row.cell = emulator_screen(e)->row[1]->cell;
    assert_int_equal(predict_vi_landing(&row, 3), 0);
    emulator_free(e);
}

static void words_and_indents(void **state)
{
    static const char text[] = "  A_1 \u00e9x?";
    struct emulator *e = emulator_new(EMULATOR_HOST, 1, 20);
    size_t col = 19;
    (void)state;

    emulator_write(e, (const uint8_t *)text, strlen(text), NULL);
    struct predict_vi_row row = {.cell = emulator_screen(e)->row[0]->cell, .cols = 20};
    assert_false(predict_vi_move(&row, 'w', &col));
    assert_true(predict_vi_move(&row, '^', &col));
    assert_int_equal(col, 2);
    assert_true(predict_vi_move(&row, 'w', &col));
    assert_int_equal(col, 6);
    assert_true(predict_vi_move(&row, 'w', &col));
    assert_int_equal(col, 8);
    assert_true(predict_vi_move(&row, 'I', &col));
    assert_int_equal(col, 2);
    emulator_free(e);
}

static void modes_that_keys_lead_to(void **state)
{
    static const struct {
        enum predict_vi_mode from;
        struct predict_key key;
        enum predict_vi_mode to;
    } cases[] = {
        {PREDICT_VI_INSERT, {PREDICT_LEFT, PREDICT_CLASS_LEFT, 0}, PREDICT_VI_INSERT},
        {PREDICT_VI_INSERT, {PREDICT_UP, PREDICT_CLASS_UP, 0}, PREDICT_VI_INSERT},
        {PREDICT_VI_INSERT, {PREDICT_HOME, PREDICT_CLASS_HOME, 0}, PREDICT_VI_INSERT},
        {PREDICT_VI_INSERT, {PREDICT_END, PREDICT_CLASS_END, 0}, PREDICT_VI_INSERT},
        {PREDICT_VI_INSERT, {PREDICT_DELETE, PREDICT_CLASS_DELETE, 0}, PREDICT_VI_INSERT},
        {PREDICT_VI_INSERT, {PREDICT_HOME, PREDICT_CLASS_CTRL_A, 0}, PREDICT_VI_UNKNOWN},
        {PREDICT_VI_COMMAND, {PREDICT_RIGHT, PREDICT_CLASS_RIGHT, 0}, PREDICT_VI_COMMAND},
        {PREDICT_VI_COMMAND, {PREDICT_DOWN, PREDICT_CLASS_DOWN, 0}, PREDICT_VI_COMMAND},
        {PREDICT_VI_COMMAND, {PREDICT_END, PREDICT_CLASS_END, 0}, PREDICT_VI_UNKNOWN},
        {PREDICT_VI_LINE, {PREDICT_LEFT, PREDICT_CLASS_LEFT, 0}, PREDICT_VI_UNKNOWN},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(predict_vi_next(cases[i].from, cases[i].key), cases[i].to);
}

static void from_row_to_row(void **state)
{
    struct world *w = *state;

    begin_vi(w);
    type(w, "$");
    check_cursor(w, 0, 16);
    type(w, "j");
    check_cursor(w, 1, 5);
    type(w, "j");
    check_cursor(w, 2, 0);
    type(w, "k");
    check_cursor(w, 1, 5); /* the column is kept */
    type(w, "k");
    check_cursor(w, 0, 16);
    type(w, "hj");
    check_cursor(w, 1, 5);
    go(w, "\x1b[2;6H");
    type(w, "jj");
    check_cursor(w, 3, 3);
    type(w, "j"); /* where there is no text */
    check_cursor(w, 3, 3);
    go(w, "\x1b[4;4H");
}

static void the_last_row_is_for_commands(void **state)
{
    struct world *w = *state;

    begin_vi(w);
    type(w, ":");
    check_row(w, 5, ":");
    type(w, "wq");
    check_row(w, 5, ":wq");
    check_cursor(w, 5, 3);
    go(w, "\x1b[6;1H:wq");
    type(w, "\x7f");
    check_row(w, 5, ":w");
    type(w, "\r");
    type(w, "i");
    check_row(w, 5, ":w");
    type(w, "s");
    check_row(w, 0, "so one two, three");
}

/* R41: the key that the text is encrypted with. */
static void R41_what_is_asked_for_in_the_last_row_is_not_shown(void **state)
{
    struct world *w = *state;

    begin_vi(w);
    type(w, ":X");
    type(w, "\r");
    type(w, "ia");
    check_row(w, 0, "so one two, three");
    answer(w, "\x1b[6;1HEnter encryption key: **");
    for (const char *key = "iaAx:s"; *key; key++) {
        type(w, (const char[]){*key, 0});
        check_nothing_shown(w);
        acknowledge(w);
        sleep_ms(w, 1000);
        check_nothing_shown(w);
        answer(w, "*");
        check_rest(w);
    }
}

/* What it does nobody here knows, nor which mode it leads to. */
static void other_commands_hide_what_follows(void **state)
{
    static const char *const commands[] = {"d",    "2",  "G",    "u",      "R",
                                           "\x1b", "\t", "\x16", "\x1b[5~"};
    (void)state;

    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        begin_vi(&w);
        type(&w, commands[i]);
        type(&w, "x");
        type(&w, "i");
        type(&w, "s");
        check_nothing_shown(&w);
        acknowledge(&w);
        sleep_ms(&w, 1000);
        type(&w, "\x1b");
        type(&w, "i");
        type(&w, "s");
        check_nothing_shown(&w);
        end(&w);
    }
}

static void another_program_has_other_modes(void **state)
{
    struct world *w = *state;

    begin_vi(w);
    w->facts.program.job++;
    update(w);
    type(w, "x");
    type(w, "i");
    type(w, "s");
    check_nothing_shown(w);
}

/* Whatever moves the cursor, it is not what was thought. */
static void surprises_make_the_mode_unknown(void **state)
{
    struct world *w = *state;

    begin_vi(w);
    print(w, "\x1b[3;1H");
    type(w, "i");
    type(w, "s");
    check_nothing_shown(w);

    struct world v;
    begin(&v, PREDICT_ALWAYS, false);
    begin_vi(&v);
    type(&v, "j");
    check_cursor(&v, 1, 2);
    answer(&v, "\x1b[3;4H"); /* it leads elsewhere */
    type(&v, "i");
    type(&v, "s");
    check_nothing_shown(&v);
    end(&v);
}

/* A command that has led elsewhere is not believed at once when the mode is known again. */
static void commands_may_mean_something_else(void **state)
{
    struct world *w = *state;

    begin_vi(w);
    type(w, "w");
    check_cursor(w, 0, 3);
    answer(w, "\x1b[1;8H");
    sleep_ms(w, 3000);
    insert(w, "s");
    type(w, "\x1b");
    go(w, "\b");
    type(w, "w");
    check_nothing_shown(w);
    go(w, "\x1b[1;9H");
    type(w, "j"); /* of another kind */
    check_nothing_shown(w);
}

/* Enter where there is text below: to the next line, but which column that begins in, and what
   becomes of the text, is not known. Once it is, typing goes on. */
static void enter_in_the_midst_of_a_text(void **state)
{
    struct world *w = *state;

    begin_vi(w);
    type(w, "A");
    type(w, "!");
    check_row(w, 0, "so one two, three!");
    type(w, "\r");
    type(w, "s");
    check_row(w, 1, "if (x)");
    w->facts.echo_ack = w->facts.sent_num - 1;
    print(w, "\x1b[1;18H!\x1b[2;1H\x1b[L  ");
    check_row(w, 1, "  s");
    type(w, "e");
    check_row(w, 1, "  se");
    go(w, "se");
}

/* But not if what was typed before does not show. */
static void enter_after_something_else(void **state)
{
    struct world *w = *state;

    begin_vi(w);
    type(w, "A");
    type(w, "!");
    type(w, "\r");
    type(w, "s");
    w->facts.echo_ack = w->facts.sent_num - 1;
    print(w, "\x1b[1;18H?\x1b[2;1H\x1b[L  ");
    check_row(w, 1, "");
}

/* The acknowledgement comes before the program has drawn the line. */
static void places_are_not_known_before_the_cursor_has_moved(void **state)
{
    struct world *w = *state;

    begin_vi(w);
    type(w, "o");
    acknowledge(w);
    type(w, "s");
    check_row(w, 0, "so one two, three");
    check_row(w, 1, "if (x)");
    print(w, "\r\n\x1b[L");
    check_row(w, 1, "s");
    answer(w, "s");
    type(w, "\x1b");
    go(w, "\b");
    type(w, "o"); /* nothing comes of it */
    acknowledge(w);
    sleep_ms(w, 1000);
    type(w, "s");
    check_nothing_shown(w);
}

/* Some of what was typed meanwhile may show already. */
static void keys_that_show_already_are_not_shown_twice(void **state)
{
    static const struct {
        const char *output, *row; /* the second one */
    } cases[] = {
        {"\r\n\x1b[L", "soso"},     {"\r\n\x1b[Ls", "soso"},  {"\r\n\x1b[L  so", "  soso"},
        {"\r\n\x1b[L  ", "  soso"}, {"\r\n\x1b[Lxso", "xso"}, /* or is this what stood there? */
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        begin_vi(&w);
        type(&w, "o");
        for (const char *c = "soso"; *c; c++)
            type(&w, (const char[]){*c, 0});
        w.facts.echo_ack = w.facts.sent_num - 4;
        print(&w, cases[i].output);
        check_row(&w, 1, cases[i].row);
        end(&w);
    }
}

/* Where a command leads to the next line; the mode is known all the same, until it is not. */
static void modes_outlast_a_place_that_is_in_doubt(void **state)
{
    static const char *const keys[] = {"a", "d"};
    (void)state;

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        begin_vi(&w);
        type(&w, "$w");
        type(&w, keys[i]);
        type(&w, "x");
        w.facts.echo_ack = w.facts.sent_num - 1;
        print(&w, "\x1b[2;2H");
        check_row(&w, 1, i == 0 ? "ixf (x)" : "if (x)");
        end(&w);
    }
}

/* The last row is none of the text's. */
static void the_last_row_has_no_commands(void **state)
{
    struct world *w = *state;

    begin_vi(w);
    type(w, "$w");
    type(w, "x");
    w->facts.echo_ack = w->facts.sent_num - 1;
    print(w, "\x1b[6;1HMore?\x1b[6;2H");
    check_row(w, 5, "More?");

    struct world v;
    begin(&v, PREDICT_ALWAYS, false);
    begin_vi(&v);
    type(&v, "o");
    type(&v, "\x1b");
    v.facts.echo_ack = v.facts.sent_num - 1;
    print(&v, "\x1b[6;1HMore?\x1b[6;3H");
    check_cursor(&v, 5, 2);
    end(&v);
}

/* After Escape the program waits for the next key before it does or draws anything. */
static void escape_may_be_late(void **state)
{
    struct world *w = *state;

    begin_vi(w);
    type(w, "A");
    type(w, "!");
    type(w, "\x1b");
    check_cursor(w, 0, 17);
    acknowledge(w);
    sleep_ms(w, 900);
    check_row(w, 0, "so one two, three!");
    check_cursor(w, 0, 17);
    type(w, "0");
    check_cursor(w, 0, 0);
    go(w, "\x1b[1;18H!\r");

    struct world v; /* but not without end */
    begin(&v, PREDICT_ALWAYS, false);
    begin_vi(&v);
    type(&v, "A");
    type(&v, "!");
    type(&v, "\x1b");
    acknowledge(&v);
    sleep_ms(&v, 2000);
    check_rest(&v);
    end(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(the_mode_is_known_once_text_was_inserted),
        WORLD_TEST(only_editors_that_say_so),
        WORLD_TEST(languages_of_the_mode_line),
        WORLD_TEST(commands_within_a_row),
        WORLD_TEST(words_and_indents),
        WORLD_TEST(modes_that_keys_lead_to),
        WORLD_TEST(from_row_to_row),
        WORLD_TEST(the_last_row_is_for_commands),
        WORLD_TEST(R41_what_is_asked_for_in_the_last_row_is_not_shown),
        WORLD_TEST(other_commands_hide_what_follows),
        WORLD_TEST(another_program_has_other_modes),
        WORLD_TEST(surprises_make_the_mode_unknown),
        WORLD_TEST(commands_may_mean_something_else),
        WORLD_TEST(enter_in_the_midst_of_a_text),
        WORLD_TEST(enter_after_something_else),
        WORLD_TEST(places_are_not_known_before_the_cursor_has_moved),
        WORLD_TEST(keys_that_show_already_are_not_shown_twice),
        WORLD_TEST(modes_outlast_a_place_that_is_in_doubt),
        WORLD_TEST(the_last_row_has_no_commands),
        WORLD_TEST(escape_may_be_late),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
