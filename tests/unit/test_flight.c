/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "transport/flight.h"

#define WAIT_MS 200

static struct flight f;
static uint64_t num;

static int setup(void **state)
{
    (void)state;
    flight_init(&f, 0);
    num = 0;
    return 0;
}

static void send(msec_t now, size_t bytes)
{
    flight_sent(&f, now, ++num, bytes, WAIT_MS);
}

static void small_things_never_wait(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        send(0, FLIGHT_LARGE_BYTES);
        assert_int_equal(flight_free(&f), 0);
    }
}

static void one_may_always_be_under_way(void **state)
{
    (void)state;
    send(0, 1000000);
    assert_int_equal(flight_free(&f), WAIT_MS + 1000000 / FLIGHT_BYTES_PER_MS);
    flight_acked(&f, num);
    assert_int_equal(flight_free(&f), 0);
}

static void what_fits_does_not_wait(void **state)
{
    (void)state;
    for (size_t sum = 0; sum + 4000 <= FLIGHT_WINDOW_FIRST; sum += 4000) {
        assert_int_equal(flight_free(&f), 0);
        send(0, 4000);
    }
    assert_true(flight_free(&f) > 0);
    flight_acked(&f, 1);
    assert_int_equal(flight_free(&f), 0);
    flight_acked(&f, num);
    assert_int_equal(f.bytes, 0);
}

/* Of more than can be kept the oldest is forgotten, as if it had arrived. */
static void the_newest_are_kept(void **state)
{
    enum { BYTES = FLIGHT_LARGE_BYTES + 1 };
    (void)state;
    for (size_t i = 1; i <= FLIGHT_ENTRIES_MAX; i++) {
        send(0, BYTES);
        assert_int_equal(f.bytes, i * BYTES);
    }
    send(0, BYTES);
    assert_int_equal(f.bytes, (size_t)FLIGHT_ENTRIES_MAX * BYTES);
    flight_acked(&f, 2);
    assert_int_equal(f.bytes, (size_t)(FLIGHT_ENTRIES_MAX - 1) * BYTES);
}

/* What may be lost for good holds nothing up for ever. */
static void it_is_over_some_time(void **state)
{
    (void)state;
    send(0, 20000);
    msec_t free = flight_free(&f);
    send(free, 2000);
    assert_int_equal(f.bytes, 2000);
    assert_int_equal(flight_free(&f), 0);
}

static void the_window_grows_while_the_path_is_quick(void **state)
{
    (void)state;
    for (msec_t now = 0; now < 10000; now += 100) {
        flight_round_trip(&f, now, 50 + now % 40);
        send(now, 16000);
        flight_acked(&f, num);
    }
    assert_true(f.window > 500000 && f.window < FLIGHT_WINDOW_MAX + 16000);
    f.window = FLIGHT_WINDOW_MAX - 1;
    for (int i = 0; i < 2; i++) { /* once more, and no further */
        send(10000, 16000);
        flight_acked(&f, num);
        assert_int_equal(f.window, FLIGHT_WINDOW_MAX - 1 + 16000);
    }
    f.window = FLIGHT_WINDOW_MAX;
    send(10000, 16000);
    flight_acked(&f, num);
    assert_int_equal(f.window, FLIGHT_WINDOW_MAX);
}

static void and_shrinks_when_a_queue_builds_up(void **state)
{
    (void)state;
    flight_round_trip(&f, 0, 100);
    for (msec_t now = 200; now < 5000; now += 10) {
        flight_round_trip(&f, now, 300);
        send(now, 4000);
        flight_acked(&f, num);
    }
    assert_int_equal(f.window, FLIGHT_WINDOW_MIN);
    flight_init(&f, 5000);
    assert_int_equal(f.window, FLIGHT_WINDOW_FIRST);
}

/* A queue of others that stays is what the path is like. */
static void a_longer_path_is_believed_in_the_end(void **state)
{
    (void)state;
    flight_round_trip(&f, 0, 30);
    msec_t now = 1;
    for (; f.queued || now < 1000; now += 100)
        flight_round_trip(&f, now, 5000);
    assert_in_range(now, FLIGHT_SHORTEST_MS, 2 * FLIGHT_SHORTEST_MS + 300);
}

static void survives_anything(void **state)
{
    struct rng rng = {17};
    msec_t now = 0;

    (void)state;
    for (int i = 0; i < 200000; i++) {
        switch (rng_below(&rng, 4)) {
        case 0:
            send(now, rng_below(&rng, 30000));
            break;
        case 1:
            flight_acked(&f, rng_below(&rng, num + 2));
            break;
        case 2:
            flight_round_trip(&f, now, rng_below(&rng, 5000));
            break;
        default:
            now += rng_below(&rng, 300);
        }
        size_t sum = 0;
        for (size_t k = 0; k < f.count; k++)
            sum += f.entry[k].bytes;
        assert_int_equal(sum, f.bytes);
        assert_true(f.count <= FLIGHT_ENTRIES_MAX && f.window >= FLIGHT_WINDOW_MIN);
        assert_true(flight_free(&f) <= now + WAIT_MS + 16 * 30000 / FLIGHT_BYTES_PER_MS);
    }
}

/* Marks say the same as round trips that get longer, before they do. */
static void and_shrinks_where_the_network_marks(void **state)
{
    size_t before = f.window;
    msec_t now = 1000;

    (void)state;
    flight_round_trip(&f, now, 100);
    flight_marked(&f, now, 100);
    assert_int_equal(f.window, before - before / 4);
    flight_marked(&f, now + 99, 100); /* once in a round trip */
    assert_int_equal(f.window, before - before / 4);
    before = f.window;
    send(now, 3000);
    flight_acked(&f, num);
    assert_int_equal(f.window, before); /* and does not grow */
    flight_marked(&f, now + 100, 100);
    assert_int_equal(f.window, before - before / 4);
    for (int i = 2; i < 50; i++)
        flight_marked(&f, now + 100 * i, 100);
    assert_int_equal(f.window, FLIGHT_WINDOW_MIN);
    flight_round_trip(&f, now + 10000, 100);
    send(now + 10000, 3000);
    flight_acked(&f, num);
    assert_int_equal(f.window, FLIGHT_WINDOW_MIN + 3000);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup(t, setup)
    const struct CMUnitTest tests[] = {
        TEST(small_things_never_wait),
        TEST(one_may_always_be_under_way),
        TEST(what_fits_does_not_wait),
        TEST(the_newest_are_kept),
        TEST(it_is_over_some_time),
        TEST(the_window_grows_while_the_path_is_quick),
        TEST(and_shrinks_when_a_queue_builds_up),
        TEST(and_shrinks_where_the_network_marks),
        TEST(a_longer_path_is_believed_in_the_end),
        TEST(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
