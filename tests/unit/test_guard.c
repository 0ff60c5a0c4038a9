/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "terminal/guard.h"

#define ROWS 4
#define COLS 6

/* Which cells a guard has: a row of the text for each, # for one that is protected. */
static void check(const struct guard *g, const char *const rows[])
{
    for (size_t row = 0; rows[row]; row++) {
        for (size_t col = 0; rows[row][col]; col++)
            assert_int_equal(guard_covers(g, row, col), rows[row][col] == '#');
    }
}

#define CHECK(g, ...) check(g, (const char *const[]){__VA_ARGS__, NULL})

static struct guard *g;

static int new_guard(void **state)
{
    (void)state;
    g = guard_new(ROWS, COLS);
    guard_mark(&g, 1, 2, 4, true);
    return 0;
}

static int free_guard(void **state)
{
    (void)state;
    guard_unref(g);
    return 0;
}

static void none_covers_nothing(void **state)
{
    (void)state;
    struct guard *none = NULL;
    struct band band = {0, ROWS, 0, COLS};

    guard_scroll(&none, &band, 1);
    guard_shift(&none, &band, 1);
    guard_resize(&none, 0, 2, 2);
    assert_null(guard_ref(none));
    assert_false(guard_covers(none, 0, 0));
    assert_int_equal(guard_footprint(none), 0);
    guard_unref(none);
}

static void marks_are_set_and_taken_away(void **state)
{
    (void)state;
    CHECK(g, "......", "..##..", "......", "......");
    guard_mark(&g, 1, 3, 6, false);
    CHECK(g, "......", "..#...", "......", "......");
}

static void who_shares_sees_no_change(void **state)
{
    (void)state;
    struct guard *other = guard_ref(g);
    size_t half = guard_footprint(g);

    guard_mark(&g, 0, 0, 1, true);
    CHECK(other, "......", "..##..", "......", "......");
    CHECK(g, "#.....", "..##..", "......", "......");
    assert_true(guard_footprint(g) > half);
    guard_unref(other);
}

static void marks_move_within_a_band(void **state)
{
    (void)state;
    struct band whole = {0, ROWS, 0, COLS}, part = {0, 3, 3, 5};

    guard_scroll(&g, &whole, -1);
    CHECK(g, "......", "......", "..##..", "......");
    guard_scroll(&g, &part, 2);
    CHECK(g, "...#..", "......", "..#...", "......");
    guard_shift(&g, &whole, 1);
    CHECK(g, "....#.", "......", "...#..", "......");
    guard_shift(&g, &part, -1);
    CHECK(g, "...#..", "......", "......", "......");
    guard_shift(&g, &part, 65535);
    CHECK(g, "......", "......", "......", "......");
    guard_mark(&g, 0, 0, COLS, true);
    guard_scroll(&g, &whole, -65535);
    CHECK(g, "......", "......", "......", "......");
}

static void marks_survive_another_size(void **state)
{
    (void)state;
    guard_resize(&g, 1, 3, 3);
    CHECK(g, "..#", "...", "...");
    guard_resize(&g, 0, 4, 8);
    CHECK(g, "..#.....", "........", "........", "........");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(none_covers_nothing),
        cmocka_unit_test_setup_teardown(marks_are_set_and_taken_away, new_guard, free_guard),
        cmocka_unit_test_setup_teardown(who_shares_sees_no_change, new_guard, free_guard),
        cmocka_unit_test_setup_teardown(marks_move_within_a_band, new_guard, free_guard),
        cmocka_unit_test_setup_teardown(marks_survive_another_size, new_guard, free_guard),
    };

    return cmocka_run_group_tests_name("guard", tests, NULL, NULL);
}
