/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/predict_world.h"

/* Editors: keys that move about in what the user has written there himself. */

#define EDITOR_JOB 8
#define UP         "\x1b[A"
#define DOWN       "\x1b[B"
#define RIGHT      "\x1b[C"
#define LEFT       "\x1b[D"
#define END        "\x1b[F"
#define HOME       "\x1b[H"

static void begin_editing(struct world *w)
{
    reads_keys(w, EDITOR_JOB);
    w->facts.program.alternate = true;
    w->facts.rtt_ms = 500;
    print(w, "\x1b[6;1Hstatus line\x1b[H");
}

/* A key at a time, as they are answered. */
static void write_text(struct world *w, const char *text)
{
    for (; *text; text++) {
        type(w, (const char[]){*text, 0});
        answer(w, (const char[]){*text, 0});
    }
}

/* Two lines, of which the second one is longer; the cursor is at its end. */
static void write_lines(struct world *w)
{
    begin_editing(w);
    write_text(w, "one, two!");
    type(w, "\r");
    answer(w, "\r\n");
    write_text(w, "three and four");
    check_rest(w);
}

/* Where it takes long to prove something, a key need not prove itself twice; in the very program in
   which it was seen. */
static void one_proof_is_enough_on_a_long_way(void **state)
{
    static const struct {
        msec_t rtt_ms;
        uint32_t job;
        bool shown;
    } cases[] = {{500, EDITOR_JOB, true}, {100, EDITOR_JOB, false}, {500, EDITOR_JOB + 1, false}};
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        begin_editing(&w);
        w.facts.rtt_ms = cases[i].rtt_ms;
        write_text(&w, "ab");
        type(&w, "\r");
        check_nothing_shown(&w);
        answer(&w, "\r\n");
        w.facts.program.job = cases[i].job;
        w.now += 1000;
        write_text(&w, "cd");
        type(&w, "\r");
        type(&w, "e");
        check_row(&w, 2, cases[i].shown ? "e" : "");
        end(&w);
    }
}

/* But not one that has done something else, too. */
static void one_proof_is_not_enough_against_another(void **state)
{
    struct world *w = *state;

    begin_editing(w);
    write_text(w, "ab");
    type(w, "\r");
    answer(w, "\r\n\r\n  ");
    sleep_ms(w, 1000);
    write_text(w, "cd");
    type(w, "\r");
    answer(w, "\r\n");
    write_text(w, "ef");
    type(w, "\r");
    check_nothing_shown(w);
}

static void up_and_down_within_what_was_written(void **state)
{
    struct world *w = *state;

    write_lines(w);
    type(w, UP);
    check_cursor(w, 0, 9); /* the line is not so long */
    type(w, DOWN);
    check_cursor(w, 1, 14); /* the column that was left */
    type(w, LEFT LEFT);
    type(w, UP);
    type(w, LEFT);
    check_cursor(w, 0, 8);
    type(w, "x");
    check_row(w, 0, "one, twox!");
    type(w, DOWN "y");
    check_row(w, 1, "three andy four");
    check_cursor(w, 1, 10);
    answer(w, UP "\x1b[10G\x1b[1;9Hx!\x1b[2;10Hy four\x1b[2;11H");
    check_rest(w);
    type(w, DOWN); /* where nothing was written */
    check_nothing_shown(w);
}

/* Enter leads from a field to what nobody knows, however often that was the next line. */
static void enter_in_a_form_is_not_trusted(void **state)
{
    static const char *const labels[] = {"", "name ", "name: ", "name? "};
    (void)state;

    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        begin_editing(&w);
        for (int times = 0; times < 2; times++) {
            print(&w, labels[i]);
            write_text(&w, "ab");
            type(&w, "\r");
            answer(&w, "\r\n");
        }
        print(&w, labels[i]);
        write_text(&w, "cd");
        type(&w, "\r");
        type(&w, "s");
        check_row(&w, 3, i < 2 ? "s" : "");
        end(&w);
    }
}

/* Not to where something else stands, nor to the side of it. */
static void other_text_is_not_trusted(void **state)
{
    static const struct {
        const char *changes; /* of the first row, */
        const char *seen;    /* and what shows there after Up and a letter */
    } cases[] = {
        {"", "one, two!s"},
        {"\x1b[Hone- two!", "one- two!"},              /* what was written is gone */
        {"\x1b[H\x1b[1mone, two!", "one, two!"},       /* or looks otherwise */
        {"\x1b[1;10H and more", "one, two! and more"}, /* more was added */
        {"\x1b[HPassword:", "Password:"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        write_lines(&w);
        print(&w, "\x1b\x37");
        print(&w, cases[i].changes);
        print(&w, "\x1b\x38");
        write_text(&w, "x");
        type(&w, UP "s");
        check_row(&w, 0, cases[i].seen);
        end(&w);
    }
}

/* A space says nothing by itself: where text was rubbed out, a field may hide what it shows now. */
static void spaces_are_not_written(void **state)
{
    struct world *w = *state;

    begin_editing(w);
    write_text(w, "ab");
    type(w, "\x7f\x7f");
    answer(w, "\b\b  \b\b");
    write_text(w, " ");
    type(w, "\r");
    answer(w, "\r\n");
    write_text(w, "three");
    type(w, UP "s");
    check_row(w, 0, "");
}

/* Another program may have another idea of these rows. */
static void what_was_written_belongs_to_its_program(void **state)
{
    struct world *w = *state;

    write_lines(w);
    w->facts.program.job++;
    update(w);
    w->now += 1000;
    write_text(w, "x");
    type(w, UP);
    check_cursor(w, 1, 15);
}

/* Of so many lines only the newest are known. */
static void there_is_room_for_so_many_lines(void **state)
{
    struct emulator *e = emulator_new(EMULATOR_HOST, PREDICT_WRITTEN + 1, 10);
    const struct screen *s = emulator_screen(e);
    struct predict_written written = {0};
    (void)state;

    emulator_write(e, (const uint8_t *)"abcdefghij", 10, NULL);
    for (size_t row = 0; row <= PREDICT_WRITTEN; row++)
        predict_written_note(&written, s, row, 0, 2, 1, true);
    assert_null(predict_written_on(&written, s, 0, 1));
    assert_non_null(predict_written_on(&written, s, 1, 1));
    predict_written_note(&written, s, 0, 0, 10, 1, true);
    predict_written_note(&written, s, 0, 2, 3, 1, true); /* there is no room for what it shifts */
    assert_int_equal(predict_written_on(&written, s, 0, 1)->to, 10);
    predict_written_forget(&written);
    emulator_free(e);
}

/* It moves with the screen. */
static void what_was_written_scrolls(void **state)
{
    struct world *w = *state;

    begin_editing(w);
    print(w, "\x1b[5;1H");
    write_text(w, "above");
    type(w, "\r");
    answer(w, "\r\n");
    write_text(w, "below");
    answer(w, "\x1b[S" UP);
    write_text(w, "x");
    type(w, UP);
    check_cursor(w, 3, 5);
}

/* Where a key has led elsewhere, it has to prove itself. */
static void one_error_is_enough(void **state)
{
    struct world *w = *state;

    write_lines(w);
    type(w, UP);
    check_cursor(w, 0, 9);
    answer(w, "\x1b[5;1H");
    sleep_ms(w, 3000);
    print(w, "\x1b[2;15H");
    write_text(w, "x");
    type(w, UP);
    check_cursor(w, 1, 15);
}

static void home_and_end_of_what_was_written(void **state)
{
    struct world *w = *state;

    write_lines(w);
    type(w, UP HOME);
    check_cursor(w, 0, 0);
    type(w, RIGHT END "s");
    check_row(w, 0, "one, two!s");
    type(w, DOWN HOME);
    check_cursor(w, 1, 0);

    struct world v;
    begin(&v, PREDICT_ALWAYS, false); /* not where it began after something else */
    begin_editing(&v);
    print(&v, "Name: ");
    write_text(&v, "me");
    type(&v, HOME);
    check_cursor(&v, 0, 8);
    end(&v);
    begin(&v, PREDICT_ALWAYS, false); /* nor for a shell, which may not know the key */
    reads_keys(&v, SHELL_JOB);
    v.facts.rtt_ms = 500;
    print(&v, "$ ");
    write_text(&v, "ls");
    type(&v, LEFT END);
    check_cursor(&v, 0, 3);
    end(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(one_proof_is_enough_on_a_long_way),
        WORLD_TEST(one_proof_is_not_enough_against_another),
        WORLD_TEST(enter_in_a_form_is_not_trusted),
        WORLD_TEST(up_and_down_within_what_was_written),
        WORLD_TEST(other_text_is_not_trusted),
        WORLD_TEST(spaces_are_not_written),
        WORLD_TEST(what_was_written_belongs_to_its_program),
        WORLD_TEST(there_is_room_for_so_many_lines),
        WORLD_TEST(what_was_written_scrolls),
        WORLD_TEST(one_error_is_enough),
        WORLD_TEST(home_and_end_of_what_was_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
