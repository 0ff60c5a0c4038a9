/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "transport/rtt.h"
#include "wire/packet.h"

static void starts_slow(void **state)
{
    (void)state;
    struct rtt r;
    rtt_init(&r);
    assert_int_equal(rtt_srtt_ms(&r), 1000);
    assert_int_equal(rtt_rto_ms(&r), 1500);
    assert_int_equal(rtt_frame_interval_ms(&r), FRAME_MAX_MS);
}

/* A path of 4 s is usable. */
static void R46_slow_paths_have_their_time(void **state)
{
    (void)state;
    struct rtt r;
    rtt_init(&r);
    for (int i = 0; i < 50; i++)
        rtt_sample(&r, 4000);
    assert_in_range(rtt_rto_ms(&r), 4000, 4100);
    rtt_init(&r); /* a queue of seconds from the start, or growing */
    for (int i = 0; i < 50; i++)
        rtt_sample(&r, 7000);
    assert_in_range(rtt_rto_ms(&r), 7000, 7100);
    rtt_init(&r);
    for (msec_t sample = 100; sample < 9000; sample += 100)
        rtt_sample(&r, sample);
    assert_in_range(rtt_srtt_ms(&r), 8000, 9000);
    assert_in_range(rtt_rto_ms(&r), 9000, RTO_MAX_MS);
    rtt_init(&r); /* what varies is not waited for so long */
    for (int i = 0; i < 200; i++)
        rtt_sample(&r, i % 2 ? 50 : 900);
    assert_int_equal(rtt_rto_ms(&r), RTO_STEADY_MS);
}

static void first_sample_replaces_the_guess(void **state)
{
    (void)state;
    struct rtt r;
    rtt_init(&r);
    rtt_sample(&r, 101);
    assert_int_equal(rtt_srtt_ms(&r), 101);
    assert_int_equal(rtt_rto_ms(&r), 303); /* 101 + 4 * 50.5 */
    assert_int_equal(rtt_frame_interval_ms(&r), 51);
}

static void smooths_as_rfc_6298(void **state)
{
    (void)state;
    struct rtt r;
    rtt_init(&r);
    rtt_sample(&r, 100);
    rtt_sample(&r, 180);
    /* RTTVAR = 3/4 * 50 + 1/4 * 80 = 57.5; SRTT = 7/8 * 100 + 1/8 * 180 = 110 */
    assert_int_equal(rtt_srtt_ms(&r), 110);
    assert_int_equal(rtt_rto_ms(&r), 340);
    assert_int_equal(rtt_frame_interval_ms(&r), 55);
}

static void stays_within_its_bounds(void **state)
{
    (void)state;
    struct rtt r;
    struct rng rng = {1};
    rtt_init(&r);
    rtt_sample(&r, 0);
    assert_int_equal(rtt_rto_ms(&r), RTO_MIN_MS);
    assert_int_equal(rtt_frame_interval_ms(&r), FRAME_MIN_MS);
    /* Against the same in floating point. */
    double srtt = 0, var = 0;
    for (int i = 0; i < 100000; i++) {
        msec_t sample = rng_below(&rng, i % 2 ? 100 : 4999);
        rtt_sample(&r, sample);
        double error = srtt > (double)sample ? srtt - (double)sample : (double)sample - srtt;
        var = 0.75 * var + 0.25 * error;
        srtt = 0.875 * srtt + 0.125 * (double)sample;
        assert_in_range(rtt_rto_ms(&r), RTO_MIN_MS, RTO_MAX_MS);
        assert_in_range(rtt_frame_interval_ms(&r), FRAME_MIN_MS, FRAME_MAX_MS);
        assert_true((double)rtt_srtt_ms(&r) >= srtt - 0.1);
        assert_true((double)rtt_srtt_ms(&r) <= srtt + 1.1);
        double rto = srtt + 4 * var, most = srtt * 1.5 > RTO_STEADY_MS ? srtt * 1.5 : RTO_STEADY_MS;
        rto = rto < most ? rto : most;
        if (rto > RTO_MIN_MS + 2 && rto < RTO_MAX_MS - 2)
            assert_true((double)rtt_rto_ms(&r) >= rto - 0.2 && (double)rtt_rto_ms(&r) <= rto + 1.2);
    }
}

/* F14: a machine that slept has not measured the network. */
static void long_samples_are_ignored(void **state)
{
    (void)state;
    struct rtt r;
    rtt_init(&r);
    rtt_sample(&r, RTT_SAMPLE_MAX_MS);
    assert_int_equal(rtt_srtt_ms(&r), 1000);
    rtt_sample(&r, 40);
    rtt_sample(&r, RTT_SAMPLE_LIMIT_MS);
    rtt_sample(&r, 65535);
    assert_int_equal(rtt_srtt_ms(&r), 40);
    rtt_sample(&r, RTT_SAMPLE_LIMIT_MS - 1);
    assert_int_equal(rtt_srtt_ms(&r), 660); /* 35 + 624.875 */
}

static void echoes_once_with_the_time_held(void **state)
{
    (void)state;
    struct echo e;
    echo_init(&e);
    assert_int_equal(echo_take(&e, 1000), PACKET_NO_TIMESTAMP);
    echo_remember(&e, 1000, 0x1234, false);
    assert_int_equal(echo_take(&e, 1409), 0x1234 + 409);
    assert_int_equal(echo_take(&e, 1409), PACKET_NO_TIMESTAMP);
    echo_remember(&e, 2000, 65530, false);
    assert_int_equal(echo_take(&e, 2010), 4);
}

static void echoes_nothing_stale(void **state)
{
    (void)state;
    struct echo e;
    echo_init(&e);
    echo_remember(&e, 5000, 7, false);
    assert_int_equal(echo_take(&e, 5000 + ECHO_HOLD_LIMIT_MS), PACKET_NO_TIMESTAMP);
    echo_remember(&e, 5000, 7, false);
    assert_int_equal(echo_take(&e, 5000 + ECHO_HOLD_LIMIT_MS - 1), 7 + 999);
    echo_remember(&e, 5000, 7, false);
    echo_remember(&e, 5001, PACKET_NO_TIMESTAMP, false); /* says nothing, takes nothing away */
    assert_int_equal(echo_take(&e, 5002), 9);
}

/* F10: the only brake that the protocol has. */
static void congestion_looks_like_a_longer_trip(void **state)
{
    (void)state;
    struct echo e;
    echo_init(&e);
    echo_remember(&e, 100, 3000, true);
    assert_int_equal(echo_take(&e, 108), 2508);
    echo_remember(&e, 100, 100, true);
    assert_int_equal(echo_take(&e, 100), 65536 + 100 - 500);
}

static void round_trips_wrap(void **state)
{
    (void)state;
    assert_int_equal(echo_round_trip_ms(65536 * 5 + 10, 65526), 20);
    assert_int_equal(echo_round_trip_ms(1000, 990), 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_slow),
        cmocka_unit_test(R46_slow_paths_have_their_time),
        cmocka_unit_test(first_sample_replaces_the_guess),
        cmocka_unit_test(smooths_as_rfc_6298),
        cmocka_unit_test(stays_within_its_bounds),
        cmocka_unit_test(long_samples_are_ignored),
        cmocka_unit_test(echoes_once_with_the_time_held),
        cmocka_unit_test(echoes_nothing_stale),
        cmocka_unit_test(congestion_looks_like_a_longer_trip),
        cmocka_unit_test(round_trips_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
