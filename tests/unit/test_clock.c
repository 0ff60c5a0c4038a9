/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <errno.h>
#include <time.h>

/* The system's clock is ours. */
static int fake_gettime(clockid_t id, struct timespec *t);
#define clock_gettime fake_gettime
#include "sys/clock.c" /* NOLINT(bugprone-suspicious-include) */

static msec_t system_ms;
static bool is_broken;

static int fake_gettime(clockid_t id, struct timespec *t)
{
    (void)id;
    if (is_broken) {
        errno = EINVAL;
        return -1;
    }
    t->tv_sec = (time_t)(system_ms / 1000);
    t->tv_nsec = (long)(system_ms % 1000) * 1000000;
    return 0;
}

static void F12_time_goes_on_when_the_clock_is_stepped_back(void **state)
{
    msec_t begin;

    (void)state;
    system_ms = 100000;
    begin = clock_now();
    system_ms += 40;
    assert_int_equal(clock_now() - begin, 40);

    system_ms = 30000;
    assert_int_equal(clock_now() - begin, 40);
    system_ms += 7;
    assert_int_equal(clock_now() - begin, 47);
    system_ms = 0;
    assert_int_equal(clock_now() - begin, 47);
    system_ms = 1;
    assert_int_equal(clock_now() - begin, 48);
}

/* As after sleep. */
static void F13_a_leap_forward_is_time(void **state)
{
    msec_t begin = clock_now();

    (void)state;
    system_ms += 3600000;
    assert_int_equal(clock_now() - begin, 3600000);
}

static void without_a_clock_time_stands_still(void **state)
{
    msec_t begin = clock_now();

    (void)state;
    is_broken = true;
    system_ms += 5;
    assert_int_equal(clock_now(), begin);
    is_broken = false;
    assert_int_equal(clock_now() - begin, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(F12_time_goes_on_when_the_clock_is_stepped_back),
        cmocka_unit_test(F13_a_leap_forward_is_time),
        cmocka_unit_test(without_a_clock_time_stands_still),
    };

    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
