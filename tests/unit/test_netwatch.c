/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether and when something is done about what the system says. That it is heard at all shows in
   tests/e2e/roaming.sh, which has a network of its own to change. */

#include "../lib/unit.h"

#include <string.h>

#include "sys/netwatch.h"

static struct netwatch w;

static int setup(void **state)
{
    (void)state;
    w = (struct netwatch){.fd = -1, .looked = 100000, .nudged = MSEC_NEVER};
    return 0;
}

/* Messages come all the time: how often is looked in `span`. */
static size_t looks(msec_t from, msec_t span)
{
    size_t count = 0;

    for (msec_t now = from; now < from + span; now++) {
        if (now < netwatch_due(&w))
            continue;
        (void)netwatch_judge(&w, now, false, false);
        count++;
    }
    return count;
}

static void the_first_change_counts_at_once(void **state)
{
    (void)state;
    assert_int_equal(netwatch_due(&w), 100000);
    assert_true(netwatch_judge(&w, 100000, true, false));
    assert_int_equal(netwatch_due(&w), 100000 + NETWATCH_LOOK_MS);
    /* and what follows it soon, soon after it */
    assert_true(netwatch_judge(&w, netwatch_due(&w), true, false));
}

static void swarms_are_looked_at_ever_less(void **state)
{
    (void)state;
    assert_int_equal(looks(100000, 100), 2);
    setup(NULL);
    assert_true(looks(100000, 60000) < 70);
    assert_int_equal(netwatch_due(&w) - w.looked, NETWATCH_LOOK_MAX_MS);
}

static void after_a_rest_all_is_as_in_the_beginning(void **state)
{
    msec_t now;

    (void)state;
    looks(100000, 30000);
    now = netwatch_due(&w) + NETWATCH_LOOK_MAX_MS;
    (void)netwatch_judge(&w, now, false, false);
    assert_int_equal(netwatch_due(&w), now + NETWATCH_LOOK_MS);
}

/* Containers come and go. */
static void what_does_not_matter_is_nothing(void **state)
{
    (void)state;
    for (msec_t now = 100000; now < 400000; now += 1000)
        assert_false(netwatch_judge(&w, now, false, false));
}

/* But while the server is not heard, who knows what matters: now and then it is tried. */
static void in_silence_anything_may_matter(void **state)
{
    size_t tries = 0;

    (void)state;
    for (msec_t now = 100000; now < 130000; now += 100)
        tries += netwatch_judge(&w, now, false, true);
    assert_int_equal(tries, 30000 / NETWATCH_NUDGE_MS);
}

/* The way that a datagram would take, as this machine has it; without a network there is none. */
static void looks_at_this_machine(void **state)
{
    struct endpoint servers[2];

    (void)state;
    assert_int_equal(endpoint_parse("127.0.0.1", 60001, &servers[0]), 0);
    assert_int_equal(endpoint_parse("255.255.255.255", 60001, &servers[1]), 0);
    netwatch_open(&w, servers, 2, 100000);
    check_bytes(w.way[0].source, 4, "\x7F\0\0\x01", 4);
    assert_true(w.way[0].interface > 0);
    assert_true(w.way[0].works);
    if (w.fd >= 0)
        assert_false(netwatch_look(&w, 100000, false));
    netwatch_close(&w);
    assert_int_equal(w.fd, -1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
    const struct CMUnitTest tests[] = {
        TEST(the_first_change_counts_at_once),         TEST(swarms_are_looked_at_ever_less),
        TEST(after_a_rest_all_is_as_in_the_beginning), TEST(what_does_not_matter_is_nothing),
        TEST(in_silence_anything_may_matter),          TEST(looks_at_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
