/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/emulators.h"

static void print_codes(const uint32_t *codes)
{
    for (; *codes; codes++)
        emulator_print(e, *codes);
}

#define PRINT(...) print_codes((const uint32_t[]){__VA_ARGS__, 0})

static void runs_wrap_when_the_next_character_comes(void **state)
{
    (void)state;
    put("0123456789");
    CHECK_CURSOR(0, 9);
    assert_true(e->wrap_pending);
    assert_false(e->screen.row[0]->wrapped);
    put("ab");
    CHECK_ROW(1, "ab........");
    assert_true(e->screen.row[0]->wrapped);
    CHECK_CURSOR(1, 2);
}

static void a_long_run_scrolls(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++)
        put("0123456789");
    put("end");
    CHECK_ROW(3, "0123456789");
    CHECK_ROW(4, "end.......");
    assert_true(e->screen.row[0]->wrapped && e->screen.row[3]->wrapped);
}

static void without_autowrap_the_last_column_takes_all(void **state)
{
    (void)state;
    e->autowrap = false;
    put("0123456789abc");
    CHECK_ROW(0, "012345678c");
    PRINT(0x4E00);
    CHECK_ROW(0, "012345678c"); /* D2: there is no room for it */
    CHECK_CURSOR(0, 9);
}

static void insert_mode_pushes(void **state)
{
    (void)state;
    put("abc");
    emulator_move_to(e, 0, 1);
    e->insert = true;
    put("XY");
    CHECK_ROW(0, "aXYbc.....");
    PRINT(0x4E00);
    CHECK_ROW(0, "aXY\u4E00-bc...");
}

/* D1: of a wide character that loses a half nothing is left. */
static void wide_characters(void **state)
{
    (void)state;
    PRINT(0x4E00, 0x4E8C);
    CHECK_ROW(0, "\u4E00-\u4E8C-......");
    CHECK_CURSOR(0, 4);
    emulator_move_to(e, 0, 1);
    put("x");
    CHECK_ROW(0, ".x\u4E8C-......");
    check_invariants(&e->screen);
}

static void a_wide_character_goes_whole_to_the_next_row(void **state)
{
    (void)state;
    put("012345678");
    PRINT(0x4E00);
    CHECK_ROW(0, "012345678.");
    CHECK_ROW(1, "\u4E00-........");
    assert_false(e->screen.row[0]->wrapped); /* its text does not reach the edge */
    emulator_free(e);
    e = emulator_new(EMULATOR_HOST, 2, 1);
    PRINT(0x4E00, 'a');
    CHECK_ROW(0, "a");
}

static void marks_join_the_character_before(void **state)
{
    (void)state;
    PRINT('e', 0x0301, 0x4E00, 0x0308);
    CHECK_ROW(0, "e\u0301\u4E00\u0308-.......");
    CHECK_CURSOR(0, 3);
}

static void a_mark_without_a_character_stands_on_a_space(void **state)
{
    (void)state;
    emulator_move_to(e, 1, 3);
    PRINT(0x0301);
    CHECK_ROW(1, "...\u00A0\u0301......");
    CHECK_CURSOR(1, 4);
}

/* F40: what a cell holds is bounded, and the rest is let go. */
static void a_million_marks(void **state)
{
    (void)state;
    put("a");
    for (int i = 0; i < 1000000; i++)
        emulator_print(e, 0x0301);
    struct cell cell = e->screen.row[0]->cell[0];
    assert_true(cell.glyph & CELL_CLUSTER);
    assert_in_range(pool_cluster(e->screen.pool, cell.glyph & CELL_CODE_MASK).len, 2,
                    CLUSTER_BYTES_MAX);
    CHECK_CURSOR(0, 1);
}

static void the_pen_colours(void **state)
{
    (void)state;
    e->screen.pen = style_on(2);
    put("a");
    PRINT(0x4E00);
    for (size_t col = 0; col < 3; col++)
        assert_true(style_equal(pool_style(e->screen.pool, e->screen.row[0]->cell[col].style),
                                &e->screen.pen));
    assert_int_equal(e->screen.row[0]->cell[3].style, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(runs_wrap_when_the_next_character_comes),
        EMULATOR_TEST(a_long_run_scrolls),
        EMULATOR_TEST(without_autowrap_the_last_column_takes_all),
        EMULATOR_TEST(insert_mode_pushes),
        EMULATOR_TEST(wide_characters),
        EMULATOR_TEST(a_wide_character_goes_whole_to_the_next_row),
        EMULATOR_TEST(marks_join_the_character_before),
        EMULATOR_TEST(a_mark_without_a_character_stands_on_a_space),
        EMULATOR_TEST(a_million_marks),
        EMULATOR_TEST(the_pen_colours),
    };
    return cmocka_run_group_tests_name("print", tests, NULL, NULL);
}
