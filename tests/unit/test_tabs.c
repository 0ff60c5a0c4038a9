/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "terminal/tabs.h"

static void a_stop_at_every_eighth_column(void **state)
{
    struct tabs t;
    (void)state;
    tabs_init(&t);
    for (size_t col = 0; col + 8 < SCREEN_SIDE_MAX; col++) {
        assert_int_equal(tabs_next(&t, col, SCREEN_SIDE_MAX - 1), col / 8 * 8 + 8);
        assert_int_equal(tabs_previous(&t, col + 1), col / 8 * 8);
    }
}

static void the_edges_stop_too(void **state)
{
    struct tabs t;
    (void)state;
    tabs_init(&t);
    assert_int_equal(tabs_next(&t, 3, 5), 5);
    assert_int_equal(tabs_next(&t, 5, 5), 5);
    assert_int_equal(tabs_next(&t, SCREEN_SIDE_MAX - 2, SCREEN_SIDE_MAX - 1), SCREEN_SIDE_MAX - 1);
    assert_int_equal(tabs_previous(&t, 0), 0);
    tabs_clear(&t);
    assert_int_equal(tabs_next(&t, 0, 4000), 4000);
    assert_int_equal(tabs_previous(&t, 4000), 0);
}

static void stops_are_set_and_unset_one_by_one(void **state)
{
    static const size_t cols[] = {0, 1, 63, 64, 65, SCREEN_SIDE_MAX - 1};
    struct tabs t;
    (void)state;
    tabs_clear(&t);
    for (size_t i = 0; i < sizeof cols / sizeof *cols; i++)
        tabs_set(&t, cols[i]);
    for (size_t i = 1; i < sizeof cols / sizeof *cols; i++) {
        assert_int_equal(tabs_next(&t, cols[i - 1], SCREEN_SIDE_MAX - 1), cols[i]);
        assert_int_equal(tabs_previous(&t, cols[i]), cols[i - 1]);
    }
    tabs_unset(&t, 64);
    tabs_unset(&t, 64);
    assert_int_equal(tabs_next(&t, 63, 100), 65);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stop_at_every_eighth_column),
        cmocka_unit_test(the_edges_stop_too),
        cmocka_unit_test(stops_are_set_and_unset_one_by_one),
    };
    return cmocka_run_group_tests_name("tabs", tests, NULL, NULL);
}
