/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "util/steady.h"

static void goes_as_the_caller_s_clock_does(void **state)
{
    struct steady s = steady_begin(1000);

    (void)state;
    assert_true(steady_at(&s, 1000) == 1000);
    assert_true(steady_at(&s, 1500) == 1500);
    assert_true(s.now == 1000);
    assert_true(steady_advance(&s, 1500) == 1500);
    assert_true(s.now == 1500);
    assert_true(steady_for_caller(&s, 1600) == 1600);
    assert_true(steady_for_caller(&s, 1400) == 1400);
    assert_true(steady_for_caller(&s, MSEC_NEVER) == MSEC_NEVER);
}

static void F12_goes_on_when_the_caller_s_clock_steps_back(void **state)
{
    struct steady s = steady_begin(1000);

    (void)state;
    assert_true(steady_at(&s, 300) == 1000);
    assert_true(steady_advance(&s, 300) == 1000);
    assert_true(steady_advance(&s, 300) == 1000);
    assert_true(steady_advance(&s, 350) == 1050);
    assert_true(steady_advance(&s, 10) == 1050);
    assert_true(steady_advance(&s, 2010) == 3050);
}

static void F12_deadlines_are_on_the_caller_s_clock(void **state)
{
    struct steady s = steady_begin(1000);

    (void)state;
    steady_advance(&s, 300);
    assert_true(steady_for_caller(&s, 1050) == 350);
    assert_true(steady_for_caller(&s, 1000) == 300);
    assert_true(steady_for_caller(&s, 800) == 100);
    assert_true(steady_for_caller(&s, 600) == 0); /* before the clock began */
    assert_true(steady_for_caller(&s, MSEC_NEVER) == MSEC_NEVER);
    assert_true(steady_for_caller(&s, MSEC_NEVER - 1) == MSEC_NEVER - 701);
}

static void a_clock_that_jumps_to_its_end(void **state)
{
    struct steady s = steady_begin(0);

    (void)state;
    assert_true(steady_advance(&s, MSEC_NEVER - 1) == MSEC_NEVER - 1);
    assert_true(steady_for_caller(&s, 1) == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_as_the_caller_s_clock_does),
        cmocka_unit_test(F12_goes_on_when_the_caller_s_clock_steps_back),
        cmocka_unit_test(F12_deadlines_are_on_the_caller_s_clock),
        cmocka_unit_test(a_clock_that_jumps_to_its_end),
    };
    return cmocka_run_group_tests_name("steady", tests, NULL, NULL);
}
