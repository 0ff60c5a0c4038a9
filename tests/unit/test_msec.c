/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "util/msec.h"

/* A clock that goes back counts as standing still. */
static void R6_time_since(void **state)
{
    (void)state;
    assert_true(msec_since(10, 3) == 7);
    assert_true(msec_since(10, 10) == 0);
    assert_true(msec_since(3, 10) == 0);
    assert_true(msec_since(3, MSEC_NEVER) == MSEC_NEVER);
    assert_true(msec_since(MSEC_NEVER - 1, 0) == MSEC_NEVER - 1);
}

static void never_absorbs(void **state)
{
    (void)state;
    assert_true(msec_after(3, 4) == 7);
    assert_true(msec_after(MSEC_NEVER, 4) == MSEC_NEVER);
    assert_true(msec_after(4, MSEC_NEVER) == MSEC_NEVER);
    assert_true(msec_after(MSEC_NEVER - 4, 4) == MSEC_NEVER);
    assert_true(msec_after(MSEC_NEVER - 4, 3) == MSEC_NEVER - 1);
    assert_true(msec_after(MSEC_NEVER - 4, 100) == MSEC_NEVER);
    assert_true(msec_after(0, 0) == 0);
}

static void least_and_greatest(void **state)
{
    (void)state;
    assert_true(msec_min(3, MSEC_NEVER) == 3);
    assert_true(msec_min(5, 4) == 4);
    assert_true(msec_max(3, 9) == 9);
    assert_true(msec_max(9, 3) == 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R6_time_since),
        cmocka_unit_test(never_absorbs),
        cmocka_unit_test(least_and_greatest),
    };
    return cmocka_run_group_tests_name("msec", tests, NULL, NULL);
}
