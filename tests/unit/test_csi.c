/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/emulators.h"

#define CSI(final, ...) csi_dispatch(e, PARSER_KEY(0, final), PARAMS(__VA_ARGS__))

/* An absent parameter is 0, and means one. */
static void motions(void **state)
{
    (void)state;
    CSI('H', 3, 4);
    CHECK_CURSOR(2, 3);
    CSI('A', 0);
    CHECK_CURSOR(1, 3);
    CSI('B', 2);
    CHECK_CURSOR(3, 3);
    CSI('C', 0);
    CHECK_CURSOR(3, 4);
    CSI('D', 2);
    CHECK_CURSOR(3, 2);
    CSI('G', 7);
    CHECK_CURSOR(3, 6);
    CSI('d', 2);
    CHECK_CURSOR(1, 6);
    CSI('f', 0);
    CHECK_CURSOR(0, 0);
}

static void rows_count_from_the_margin_in_origin_mode(void **state)
{
    (void)state;
    CSI('r', 2, 4);
    e->origin = true;
    CSI('H', 2, 1);
    CHECK_CURSOR(2, 0);
    CSI('d', 65535);
    CHECK_CURSOR(3, 0);
}

static void margins_that_make_no_sense_are_ignored(void **state)
{
    (void)state;
    CSI('r', 2, 4);
    assert_true(e->top == 1 && e->bottom == 4);
    CSI('r', 4, 4);
    CSI('r', 5, 2);
    CSI('r', 9, 12);
    assert_true(e->top == 1 && e->bottom == 4);
    CSI('r', 0, 0);
    assert_true(e->top == 0 && e->bottom == 5);
}

/* Whatever the number, it is cut off at the screen's edge before any work is done. */
static void R50_any_count_is_safe(void **state)
{
    static const char finals[] = "@ABCDGIHJKLMPSTXZ`dfgr";
    static const uint16_t counts[] = {0, 1, 5, 10, 11, 4096, 65535};
    (void)state;
    for (const char *final = finals; *final; final++) {
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
            put_rows(LETTERS);
            emulator_move_to(e, 2, 2);
            CSI((uint8_t)*final, counts[i], counts[i]);
            check_invariants(&e->screen);
        }
    }
}

static void erasing(void **state)
{
    (void)state;
    put_rows(LETTERS);
    emulator_move_to(e, 1, 1);
    CSI('X', 1);
    CHECK_ROW(1, "b.b.......");
    CSI('K', 0);
    CHECK_ROW(1, "b.........");
    emulator_move_to(e, 2, 1);
    CSI('K', 1);
    CHECK_ROW(2, "..c.......");
    CSI('K', 3);
    CHECK_ROW(2, "..c.......");
    CSI('J', 0);
    CHECK_ROW(2, "..........");
    CHECK_ROW(4, "..........");
    CHECK_ROW(0, "aaa.......");
    CSI('J', 2);
    CHECK_ROW(0, "..........");
    CHECK_CURSOR(2, 1);
}

static void inserting_and_deleting(void **state)
{
    (void)state;
    put_rows(LETTERS);
    emulator_move_to(e, 1, 1);
    CSI('@', 2);
    CHECK_ROW(1, "b..bb.....");
    CSI('P', 3);
    CHECK_ROW(1, "bb........");
    CSI('L', 0);
    CHECK_CURSOR(1, 0);
    CHECK_ROW(1, "..........");
    CHECK_ROW(2, "bb........");
    CSI('M', 2);
    CHECK_ROW(1, "ccc.......");
    CSI('T', 1);
    CHECK_ROW(0, "..........");
    CHECK_ROW(2, "ccc.......");
    CSI('S', 2);
    CHECK_ROW(0, "ccc.......");
}

static void tab_stops(void **state)
{
    (void)state;
    emulator_move_to(e, 0, 4);
    tabs_set(&e->tabs, 4);
    emulator_move_to(e, 0, 0);
    CSI('I', 1);
    CHECK_CURSOR(0, 4);
    CSI('I', 9);
    CHECK_CURSOR(0, 9);
    CSI('Z', 2);
    CHECK_CURSOR(0, 4);
    CSI('g', 0);
    emulator_move_to(e, 0, 0);
    CSI('I', 1);
    CHECK_CURSOR(0, 8);
    CSI('g', 3);
    emulator_move_to(e, 0, 0);
    CSI('I', 1);
    CHECK_CURSOR(0, 9);
}

/* Outside of SGR, a colon makes a sequence another one, which nobody knows. */
static void R9_R11_colons_mean_nothing_but_in_sgr(void **state)
{
    struct params joined = {.count = 2, .value = {2, 2}, .joined = 2};
    (void)state;
    csi_dispatch(e, PARSER_KEY(0, 'H'), &joined);
    CHECK_CURSOR(0, 0);
    joined.value[0] = 4;
    joined.value[1] = 1;
    csi_dispatch(e, PARSER_KEY(0, 'm'), &joined);
    assert_int_equal(e->screen.pen.underline, UNDERLINE_SINGLE);
}

static void unknown_sequences_change_nothing(void **state)
{
    (void)state;
    put("0123456789");
    csi_dispatch(e, PARSER_KEY('<', 'H'), PARAMS(3, 3));
    csi_dispatch(e, PARSER_KEY('*', 'K'), PARAMS(2));
    CSI('~', 1);
    CHECK_CURSOR(0, 9);
    assert_true(e->wrap_pending);
    CHECK_ROW(0, "0123456789");
}

static void soft_reset(void **state)
{
    (void)state;
    put("text");
    e->insert = e->origin = e->application_cursor_keys = true;
    e->autowrap = e->screen.cursor_visible = false;
    e->screen.pen = style_on(1);
    emulator_set_margins(e, 1, 3);
    csi_dispatch(e, PARSER_KEY('!', 'p'), PARAMS(0));
    assert_false(e->insert || e->origin || e->application_cursor_keys);
    assert_true(e->autowrap && e->screen.cursor_visible);
    assert_true(style_equal(&e->screen.pen, &style_plain));
    assert_true(e->top == 0 && e->bottom == 5);
    CHECK_ROW(0, "text......");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(motions),
        EMULATOR_TEST(rows_count_from_the_margin_in_origin_mode),
        EMULATOR_TEST(margins_that_make_no_sense_are_ignored),
        EMULATOR_TEST(R50_any_count_is_safe),
        EMULATOR_TEST(erasing),
        EMULATOR_TEST(inserting_and_deleting),
        EMULATOR_TEST(tab_stops),
        EMULATOR_TEST(R9_R11_colons_mean_nothing_but_in_sgr),
        EMULATOR_TEST(unknown_sequences_change_nothing),
        EMULATOR_TEST(soft_reset),
    };
    return cmocka_run_group_tests_name("csi", tests, NULL, NULL);
}
