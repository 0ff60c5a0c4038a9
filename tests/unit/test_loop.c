/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "sys/clock.h"
#include "sys/loop.h"

static struct loop loop;

static void deadlines(void **state)
{
    (void)state;
    msec_t start = clock_now();

    loop_clear(&loop);
    loop_wait(&loop, start, start + 30);
    assert_in_range(msec_since(clock_now(), start), 29, 2000);

    start = clock_now();
    loop_wait(&loop, start, start); /* due already */
    loop_wait(&loop, start, 0);     /* long ago */
    assert_in_range(msec_since(clock_now(), start), 0, 1000);
}

static void descriptors(void **state)
{
    int ends[2];
    (void)state;

    assert_int_equal(pipe(ends), 0);
    loop_clear(&loop);
    loop_watch(&loop, ends[0], POLLIN);
    loop_watch(&loop, ends[1], POLLOUT);
    loop_watch(&loop, -1, POLLIN);
    loop_wait(&loop, 0, MSEC_NEVER);
    assert_int_equal(loop_ready(&loop, ends[0]), 0);
    assert_int_equal(loop_ready(&loop, ends[1]), POLLOUT);
    assert_int_equal(loop_ready(&loop, -1), 0);
    assert_int_equal(loop_ready(&loop, 1000), 0);

    assert_int_equal(write(ends[1], "x", 1), 1);
    loop_clear(&loop);
    loop_watch(&loop, ends[0], POLLIN);
    loop_wait(&loop, 0, MSEC_NEVER);
    assert_int_equal(loop_ready(&loop, ends[0]), POLLIN);
    assert_int_equal(loop_ready(&loop, ends[1]), 0);
    close(ends[0]);
    close(ends[1]);
}

/* Both sides of one descriptor, as standard input and output of a terminal may be. */
static void watched_twice(void **state)
{
    int ends[2];
    (void)state;

    assert_int_equal(pipe(ends), 0);
    loop_clear(&loop);
    loop_watch(&loop, ends[1], POLLIN);
    loop_watch(&loop, ends[1], POLLOUT);
    assert_int_equal(loop.count, 1);
    loop_wait(&loop, 0, MSEC_NEVER);
    assert_true(loop_ready(&loop, ends[1]) & POLLOUT);
    close(ends[0]);
    close(ends[1]);
}

/* One that comes between two waits, and one that comes while waiting. */
static void signals(void **state)
{
    const struct itimerval soon = {.it_value = {.tv_usec = 10000}};
    (void)state;

    loop_clear(&loop);
    raise(SIGUSR1);
    assert_false(loop_signalled(SIGUSR1)); /* held back until we wait */
    loop_wait(&loop, 0, MSEC_NEVER);
    assert_true(loop_signalled(SIGUSR1));
    assert_false(loop_signalled(SIGUSR1));
    assert_false(loop_signalled(SIGALRM));

    assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
    loop_wait(&loop, 0, MSEC_NEVER);
    assert_true(loop_signalled(SIGALRM));
}

/* F23, F26: under a flood something is always ready, and a signal has to come through. */
static void signal_under_flood(void **state)
{
    int ends[2];
    (void)state;

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    raise(SIGUSR1);
    loop_clear(&loop);
    loop_watch(&loop, ends[0], POLLIN);
    loop_wait(&loop, 0, MSEC_NEVER);
    assert_int_equal(loop_ready(&loop, ends[0]), POLLIN);
    assert_true(loop_signalled(SIGUSR1));
    close(ends[0]);
    close(ends[1]);
}

/* What cannot be read although it is ready costs no processor, and is tried again. */
static void rest(void **state)
{
    int ends[2];
    (void)state;

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    loop_clear(&loop);
    loop_watch(&loop, ends[0], POLLIN);
    loop_rest(&loop);
    msec_t start = clock_now();
    loop_wait(&loop, start, MSEC_NEVER);
    assert_true(msec_since(clock_now(), start) >= 10);
    assert_int_equal(loop_ready(&loop, ends[0]), POLLIN);
    assert_false(loop.rests);
    close(ends[0]);
    close(ends[1]);
}

static void broken_pipe_is_no_end(void **state)
{
    int ends[2];
    (void)state;

    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(write(ends[1], "x", 1), -1);
    close(ends[1]);
}

int main(void)
{
    static const int handled[] = {SIGUSR1, SIGALRM, 0};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deadlines),
        cmocka_unit_test(descriptors),
        cmocka_unit_test(watched_twice),
        cmocka_unit_test(signals),
        cmocka_unit_test(signal_under_flood),
        cmocka_unit_test(broken_pipe_is_no_end),
        cmocka_unit_test(rest),
    };

    loop_init(&loop, handled);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
