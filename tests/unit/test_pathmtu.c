/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdio.h>

#include "transport/pathmtu.h"
#include "util/log.h"

#define USUAL 1252
#define ROUND 100 /* ms, until an answer should be here */

static struct pathmtu m;
static msec_t now;
static uint64_t num;

static int setup(void **state)
{
    (void)state;
    m = (struct pathmtu){.probes = 0};
    pathmtu_begin(&m, USUAL, PATHMTU_HEADERS_IPV4);
    now = 1000;
    num = 0;
    return 0;
}

/* Sends instructions that one larger datagram each would have been spared for. */
static void earn(unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        pathmtu_sent(&m, ++num, m.size + 1);
    pathmtu_acked(&m, num);
}

/* The probe that is due after enough that is large, sent. */
static size_t probe(void)
{
    earn(PATHMTU_SPARED);
    size_t bytes = pathmtu_probe(&m, now);

    if (bytes)
        pathmtu_probed(&m, now, ROUND);
    return bytes;
}

/* Carries on a search on a path that takes payloads up to `most`, to its end; returns how many
   probes that took. */
static unsigned search(size_t most)
{
    unsigned count = 0;

    for (size_t bytes; (bytes = probe()) > 0; count++) {
        now += PATHMTU_SPACING_MS;
        if (bytes <= most)
            pathmtu_arrived(&m, now, m.probes);
    }
    return count;
}

static void a_probe_is_earned(void **state)
{
    (void)state;
    assert_int_equal(m.size, USUAL);
    assert_int_equal(pathmtu_probe(&m, now), 0);
    assert_false(pathmtu_is_large(&m, USUAL));
    assert_true(pathmtu_is_large(&m, USUAL + 1));
    assert_false(pathmtu_is_large(&m, 1473)); /* two datagrams then, too */
    pathmtu_sent(&m, ++num, 100 * USUAL);     /* what is too much is not kept for the next one */
    assert_int_equal(pathmtu_probe(&m, now), 1472);
    pathmtu_probed(&m, now, ROUND);
    pathmtu_arrived(&m, now, m.probes);
    earn(PATHMTU_SPARED - 1);
    assert_int_equal(pathmtu_probe(&m, now), 0);
    earn(1);
    assert_int_equal(pathmtu_probe(&m, now), 2048);
}

static void what_arrives_is_used(void **state)
{
    (void)state;
    assert_int_equal(probe(), 1472);
    assert_int_equal(m.size, USUAL);
    pathmtu_arrived(&m, now, m.probes);
    assert_int_equal(m.size, 1472);
    pathmtu_arrived(&m, now, m.probes); /* said again: no news */
    assert_int_equal(probe(), 2048);
    pathmtu_arrived(&m, now, m.probes - 1);
    assert_int_equal(m.size, 1472);
    pathmtu_arrived(&m, now, m.probes);
    assert_int_equal(m.size, PATHMTU_PAYLOAD_MAX);
    now += 10 * PATHMTU_RAISE_MS;
    assert_int_equal(probe(), 0); /* there is nothing larger */
    assert_false(pathmtu_is_large(&m, 100000));
}

static void probes_keep_their_distance(void **state)
{
    (void)state;
    assert_int_equal(probe(), 1472);
    now += PATHMTU_SPACING_MS - 1;
    assert_int_equal(probe(), 0);
    now += 1;
    assert_int_equal(probe(), 1472);
    earn(PATHMTU_SPARED);
    pathmtu_probed(&m, now, 5000); /* as on a slow path */
    now += 4999;
    assert_int_equal(pathmtu_probe(&m, now), 0);
    pathmtu_arrived(&m, now, m.probes);
    assert_int_equal(m.size, 1472);
}

/* From the largest payload that passes to the one that is found, and at what cost. */
static void every_size_is_found(void **state)
{
    static const struct {
        size_t headers, usual, most, found;
        unsigned probes;
    } paths[] = {
        {PATHMTU_HEADERS_IPV4, 1252, 1252, 1252, 5 * PATHMTU_TRIES},
        {PATHMTU_HEADERS_IPV4, 1252, 1312, 1312, 1 + 4 * PATHMTU_TRIES},
        {PATHMTU_HEADERS_IPV4, 1252, 1372, 1372, 1 + 3 * PATHMTU_TRIES},
        {PATHMTU_HEADERS_IPV4, 1252, 1391, 1372, 1 + 3 * PATHMTU_TRIES},
        {PATHMTU_HEADERS_IPV4, 1252, 1464, 1464, 3 + PATHMTU_TRIES},
        {PATHMTU_HEADERS_IPV4, 1252, 1472, 1472, 1 + PATHMTU_TRIES},
        {PATHMTU_HEADERS_IPV4, 1252, 8972, 2048, 2},
        {PATHMTU_HEADERS_IPV6, 1216, 1232, 1216, 5 * PATHMTU_TRIES},
        {PATHMTU_HEADERS_IPV6, 1216, 1352, 1352, 1 + 3 * PATHMTU_TRIES},
        {PATHMTU_HEADERS_IPV6, 1216, 1452, 1452, 1 + PATHMTU_TRIES},
        {PATHMTU_HEADERS_IPV6, 1216, 8952, 2028, 2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        setup(NULL);
        pathmtu_begin(&m, paths[i].usual, paths[i].headers);
        unsigned count = search(paths[i].most);
        if (m.size != paths[i].found || count != paths[i].probes)
            fail_msg("%zu: %zu after %u probes", paths[i].most, m.size, count);
        now += PATHMTU_RAISE_MS - PATHMTU_SPACING_MS - 1;
        assert_int_equal(probe(), 0);
    }
}

/* What is on the list is found, and what is not, is the one below. */
static void the_list_is_complete(void **state)
{
    static const size_t packets[] = {1340, 1380, 1400, 1420, 1440, 1460, 1480, 1492, 1500};
    size_t smaller = USUAL;

    (void)state;
    for (size_t i = 0; i < sizeof packets / sizeof *packets; i++) {
        size_t payload = packets[i] - PATHMTU_HEADERS_IPV4;
        setup(NULL);
        search(payload - 1);
        assert_int_equal(m.size, smaller);
        setup(NULL);
        search(payload);
        assert_int_equal(m.size, payload);
        smaller = payload;
    }
}

static void a_search_is_repeated(void **state)
{
    (void)state;
    search(1372);
    now += PATHMTU_RAISE_MS - 1;
    assert_int_equal(probe(), 0);
    now += 1;
    search(1464);
    assert_int_equal(m.size, 1464);
    now += PATHMTU_RAISE_MS;
    assert_int_equal(probe(), 1472);
    pathmtu_arrived(&m, now, m.probes);
    while (probe() == 2048)
        now += PATHMTU_SPACING_MS;
    assert_int_equal(m.size, 1472);
    now += PATHMTU_RAISE_MS;
    assert_int_equal(probe(), 2048); /* not again what passes */
    assert_int_equal(m.size, 1472);
}

static void a_lost_probe_is_tried_again(void **state)
{
    (void)state;
    for (int i = 0; i + 1 < PATHMTU_TRIES; i++) {
        assert_int_equal(probe(), 1472);
        now += PATHMTU_SPACING_MS;
    }
    assert_int_equal(probe(), 1472);
    pathmtu_arrived(&m, now, m.probes);
    assert_int_equal(m.size, 1472);
    assert_int_equal(m.failures, 0);
    assert_int_equal(probe(), 2048); /* and each size has as many */
    for (int i = 0; i + 1 < PATHMTU_TRIES; i++) {
        now += PATHMTU_SPACING_MS;
        assert_int_equal(probe(), 2048);
    }
    now += PATHMTU_SPACING_MS;
    assert_int_equal(probe(), 0);
    assert_int_equal(m.size, 1472);
}

static void raise_to(size_t bytes)
{
    while (m.size < bytes) {
        assert_true(probe() > 0);
        pathmtu_arrived(&m, now, m.probes);
    }
}

static void a_black_hole_is_left(void **state)
{
    (void)state;
    raise_to(1472);
    pathmtu_sent(&m, ++num, 1400);
    pathmtu_retry(&m, now, false);
    assert_int_equal(m.size, USUAL);
    now += PATHMTU_BLACK_HOLE_MS - 1;
    assert_int_equal(probe(), 0);
    now += 1;
    assert_int_equal(probe(), 1472);
    pathmtu_arrived(&m, now, m.probes);
    pathmtu_sent(&m, ++num, 1400);
    pathmtu_retry(&m, now, false);
    now += 2 * PATHMTU_BLACK_HOLE_MS - 1; /* each time longer */
    assert_int_equal(probe(), 0);
    now += 1;
    assert_int_equal(probe(), 1472);
}

static void black_holes_are_not_waited_for_for_ever(void **state)
{
    (void)state;
    for (int i = 0; i < 40; i++) {
        raise_to(1472);
        pathmtu_sent(&m, ++num, 1400);
        pathmtu_retry(&m, now, false);
        now += PATHMTU_RAISE_MS - 1;
        earn(PATHMTU_SPARED);
        assert_int_equal(pathmtu_probe(&m, now),
                         i < 5 ? 1472 : 0); /* 20, 40, 80, 160, 320 s, and then 600 */
        now += 1;
    }
    assert_int_equal(probe(), 1472);
}

static void chance_is_no_black_hole(void **state)
{
    (void)state;
    pathmtu_sent(&m, ++num, 6000);
    pathmtu_retry(&m, now, false); /* of usual size */
    assert_int_equal(probe(), 1472);
    pathmtu_arrived(&m, now, m.probes);
    pathmtu_sent(&m, ++num, USUAL);
    pathmtu_retry(&m, now, false); /* so is that */
    assert_int_equal(m.size, 1472);
    for (int i = 0; i < 10; i++) {
        pathmtu_sent(&m, ++num, 6000);
        for (int j = 0; j + 1 < PATHMTU_FAILURES_LOSSY; j++)
            pathmtu_retry(&m, now, true);
        pathmtu_acked(&m, num);
    }
    assert_int_equal(m.size, 1472);
    for (int j = 0; j < PATHMTU_FAILURES_LOSSY; j++) {
        pathmtu_sent(&m, ++num, 6000);
        pathmtu_retry(&m, now, true);
    }
    assert_int_equal(m.size, USUAL);
}

/* An older state that arrives shows that the size passes; what came after it is still missing. */
static void an_acknowledgement_of_some_is_progress(void **state)
{
    (void)state;
    raise_to(1472);
    pathmtu_sent(&m, 100, 6000);
    pathmtu_sent(&m, 101, 6000);
    pathmtu_retry(&m, now, true);
    pathmtu_acked(&m, 99);
    assert_int_equal(m.failures, 1);
    pathmtu_acked(&m, 100);
    assert_int_equal(m.failures, 0);
    pathmtu_retry(&m, now, true);
    pathmtu_acked(&m, 100); /* said again: no progress */
    assert_int_equal(m.failures, 1);
    pathmtu_acked(&m, 101);
    pathmtu_retry(&m, now, false); /* of something small */
    assert_int_equal(m.size, 1472);
    pathmtu_sent(&m, 102, 6000);
    pathmtu_retry(&m, now, false);
    assert_int_equal(m.size, USUAL);
}

static void what_the_system_refuses_is_too_large(void **state)
{
    (void)state;
    assert_int_equal(probe(), 1472);
    assert_true(pathmtu_refused(&m, now, true));
    assert_int_equal(m.size, USUAL);
    assert_int_equal(probe(), 1412); /* no second try */
    pathmtu_arrived(&m, now, m.probes);
    assert_true(pathmtu_refused(&m, now, false)); /* of datagrams that used to pass */
    assert_int_equal(m.size, USUAL);
    assert_int_equal(probe(), 0);
    assert_false(pathmtu_refused(&m, now, false)); /* even the usual ones */
    setup(NULL);
    assert_int_equal(probe(), 1472);
    assert_false(pathmtu_refused(&m, now, false)); /* which says nothing of the probe */
    pathmtu_arrived(&m, now, m.probes);
    assert_int_equal(m.size, 1472);
}

static char logged[128];

static void keep_line(void *context, const char *line)
{
    (void)context;
    snprintf(logged, sizeof logged, "%s", line);
}

static void the_log_has_it(void **state)
{
    (void)state;
    log_set_sink(keep_line, NULL);
    raise_to(1472);
    assert_string_equal(logged, "datagrams of up to 1472 bytes");
    pathmtu_sent(&m, ++num, 1400);
    pathmtu_retry(&m, now, false);
    assert_string_equal(logged, "datagrams of 1252 bytes again");
    log_set_sink(NULL, NULL);
}

static void another_path_begins_anew(void **state)
{
    (void)state;
    raise_to(1472);
    assert_int_equal(probe(), 2048);
    uint32_t before = m.probes;
    pathmtu_begin(&m, m.usual, m.headers);
    pathmtu_arrived(&m, now, before); /* on the path before */
    assert_int_equal(m.size, USUAL);
    assert_int_equal(probe(), 1472);
    assert_int_equal(m.probes, before + 1);
}

static void a_fixed_size_stays(void **state)
{
    (void)state;
    pathmtu_begin(&m, 500, 0);
    assert_int_equal(probe(), 0);
    assert_false(pathmtu_is_large(&m, 5000));
    pathmtu_retry(&m, now, false);
    pathmtu_arrived(&m, now, 0);
    assert_int_equal(m.size, 500);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup(t, setup)
    const struct CMUnitTest tests[] = {
        TEST(a_probe_is_earned),
        TEST(what_arrives_is_used),
        TEST(probes_keep_their_distance),
        TEST(every_size_is_found),
        TEST(the_list_is_complete),
        TEST(a_search_is_repeated),
        TEST(a_lost_probe_is_tried_again),
        TEST(a_black_hole_is_left),
        TEST(black_holes_are_not_waited_for_for_ever),
        TEST(chance_is_no_black_hole),
        TEST(an_acknowledgement_of_some_is_progress),
        TEST(what_the_system_refuses_is_too_large),
        TEST(the_log_has_it),
        TEST(another_path_begins_anew),
        TEST(a_fixed_size_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
