/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "transport/passage.h"

#define USUAL 1252

static struct passage p;
static msec_t now, heard;
static uint64_t num;

static int setup(void **state)
{
    (void)state;
    passage_init(&p, false);
    now = heard = 1000;
    num = 0;
    return 0;
}

static void send(size_t bytes)
{
    passage_begin(&p, now, ++num, bytes);
}

/* Sends something large, and again as often. */
static void fall_short(unsigned times, bool lossy)
{
    send(6000);
    while (times-- > 0) {
        now += 300;
        heard = now - 100;
        passage_retry(&p, now, heard, lossy);
        passage_begin(&p, now, num, 6000);
    }
}

static void a_path_is_wide_until_it_shows(void **state)
{
    (void)state;
    fall_short(PASSAGE_FAILURES - 1, false);
    assert_int_equal(passage_payload(&p, USUAL), USUAL);
    passage_piece(&p, now, USUAL);
    assert_true(p.next_piece <= now);
    fall_short(1, false);
    assert_int_equal(passage_payload(&p, USUAL), PASSAGE_SMALL_BYTES);
    passage_piece(&p, now, 480);
    assert_int_equal(p.next_piece, now + 480 / PASSAGE_BYTES_PER_MS + 1);
    send(100); /* what is small goes as ever */
    passage_piece(&p, now, 100);
    assert_true(p.next_piece <= now);
}

static void what_arrives_in_the_end_is_no_failure(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        fall_short(PASSAGE_FAILURES - 1, false);
        passage_acked(&p, num);
    }
    assert_false(p.narrow);
    send(6000);
    for (int i = 0; i < 20; i++) { /* slowly: there is always a newer one under way */
        fall_short(PASSAGE_FAILURES - 1, false);
        passage_acked(&p, num - 1);
    }
    assert_false(p.narrow);
    passage_acked(&p, num);
    passage_retry(&p, now, heard, false); /* of something small */
    passage_retry(&p, now, heard, false);
    assert_false(p.narrow);
}

static void losses_are_no_failures_so_soon(void **state)
{
    (void)state;
    fall_short(PASSAGE_FAILURES_LOSSY - 1, true);
    assert_false(p.narrow);
    fall_short(1, true);
    assert_true(p.narrow);
}

static void a_silent_peer_tells_nothing(void **state)
{
    (void)state;
    send(6000);
    for (int i = 0; i < 20; i++) {
        now += PASSAGE_SILENCE_MS;
        passage_retry(&p, now, heard, false);
    }
    assert_false(p.narrow);
    fall_short(PASSAGE_FAILURES, false);
    assert_true(p.narrow);
    passage_heard(&p, PASSAGE_SILENCE_MS - 1);
    assert_true(p.narrow);
    passage_heard(&p, PASSAGE_SILENCE_MS); /* it was away, and began to be just then */
    assert_false(p.narrow);
}

/* Slower until it gets through, then faster, but not as fast as what failed. */
static void it_finds_the_pace(void **state)
{
    unsigned failed;

    (void)state;
    fall_short(PASSAGE_FAILURES, false);
    fall_short(2, false);
    assert_int_equal(p.bytes_per_ms, PASSAGE_BYTES_PER_MS / 4);
    failed = p.too_fast;
    for (int i = 0; i < 50; i++) {
        passage_acked(&p, num);
        send(6000);
        assert_true(p.bytes_per_ms <= failed);
    }
    assert_true(p.bytes_per_ms >= failed / 2);
    fall_short(20, false);
    assert_int_equal(p.bytes_per_ms, PASSAGE_BYTES_PER_MS_MIN);
    send(1000000); /* which may not take for ever */
    passage_piece(&p, now, 480);
    assert_true(p.next_piece <= now + 480 * PASSAGE_INSTRUCTION_MS / 1000000 + 1);
}

static void what_may_be_refused_is_not_slowed_down(void **state)
{
    (void)state;
    passage_init(&p, true);
    fall_short(20, false);
    assert_int_equal(passage_payload(&p, USUAL), PASSAGE_SMALL_BYTES);
    passage_piece(&p, now, 480);
    assert_true(p.next_piece <= now);
}

/* Once in a while, and less and less often. */
static void it_is_tried_again(void **state)
{
    unsigned trials = 0;

    (void)state;
    fall_short(PASSAGE_FAILURES, false);
    for (msec_t end = now + 3600000; now < end; now += 1000) {
        heard = now;
        send(6000);
        trials += passage_payload(&p, USUAL) == USUAL;
        if (!p.trial)
            passage_acked(&p, num);
        else
            passage_retry(&p, now, heard, false);
        assert_true(p.narrow);
    }
    assert_in_range(trials, 5, 9);
    while (!p.trial) {
        now += 1000;
        send(6000);
    }
    passage_acked(&p, num);
    assert_false(p.narrow);
    send(6000);
    assert_int_equal(passage_payload(&p, USUAL), USUAL);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup(t, setup)
    const struct CMUnitTest tests[] = {
        TEST(a_path_is_wide_until_it_shows),
        TEST(what_arrives_in_the_end_is_no_failure),
        TEST(losses_are_no_failures_so_soon),
        TEST(a_silent_peer_tells_nothing),
        TEST(it_finds_the_pace),
        TEST(what_may_be_refused_is_not_slowed_down),
        TEST(it_is_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
