/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "../lib/textlog.h"
#include "transport/receiver.h"

#define MAX INSTRUCTION_SHUTDOWN

static struct receiver r;
static struct instruction in;
static msec_t now;

static int setup(void **state)
{
    (void)state;
    receiver_init(&r, &textlog_ops, textlog_new());
    now = 1000;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    receiver_release(&r);
    instruction_release(&in);
    return 0;
}

/* The step old => new, which appends `text` at `base`; NULL: an empty one. */
static int step(uint64_t old_num, uint64_t new_num, uint64_t throwaway, uint64_t base,
                const char *text)
{
    in.old_num = old_num;
    in.new_num = new_num;
    in.throwaway_num = throwaway;
    buf_clear(&in.diff);
    if (text) {
        buf_append_be64(&in.diff, base);
        buf_append_str(&in.diff, text);
    }
    return receiver_input(&r, now, &in);
}

static void check_newest(uint64_t num, const char *tail)
{
    const struct textlog *t = receiver_newest(&r);
    assert_int_equal(receiver_newest_num(&r), num);
    check_bytes(t->bytes.data, t->bytes.len, tail, strlen(tail));
}

static void takes_states_in_order(void **state)
{
    (void)state;
    assert_int_equal(receiver_newest_time(&r), MSEC_NEVER);
    assert_int_equal(step(0, 1, 0, 0, "ab"), RECEIVER_NEWEST);
    check_newest(1, "ab");
    assert_int_equal(receiver_newest_time(&r), 1000);
    now = 1100;
    assert_int_equal(step(1, 5, 0, 2, "c"), RECEIVER_NEWEST); /* gaps are fine */
    check_newest(5, "abc");
    assert_int_equal(step(5, 6, 0, 3, NULL), RECEIVER_NEWEST);
    check_newest(6, "abc");
    assert_int_equal(receiver_newest_time(&r), 1100);
}

static void repetitions_change_nothing(void **state)
{
    (void)state;
    assert_int_equal(step(0, 1, 0, 0, "ab"), RECEIVER_NEWEST);
    now = 2000;
    for (int i = 0; i < 3; i++)
        assert_int_equal(step(0, 1, 0, 0, "ab"), RECEIVER_KNOWN);
    check_newest(1, "ab");
    assert_int_equal(receiver_newest_time(&r), 1000);
}

static void unknown_bases_are_dropped(void **state)
{
    (void)state;
    assert_int_equal(step(3, 4, 3, 0, "x"), ERR_BASE);
    check_newest(0, "");
    assert_int_equal(r.count, 1);
}

static void late_states_are_bases_only(void **state)
{
    (void)state;
    assert_int_equal(step(0, 1, 0, 0, "a"), RECEIVER_NEWEST);
    assert_int_equal(step(1, 4, 0, 1, "bcd"), RECEIVER_NEWEST);
    now = 1500;
    assert_int_equal(step(1, 2, 0, 1, "b"), RECEIVER_STORED);
    check_newest(4, "abcd");
    assert_int_equal(receiver_newest_time(&r), 1000);
    assert_int_equal(step(2, 3, 0, 2, "c"), RECEIVER_STORED);
    assert_int_equal(step(3, 5, 0, 3, "de"), RECEIVER_NEWEST);
    check_newest(5, "abcde");
}

static void throwaway_forgets(void **state)
{
    (void)state;
    assert_int_equal(step(0, 1, 0, 0, "a"), RECEIVER_NEWEST);
    assert_int_equal(step(1, 2, 0, 1, "b"), RECEIVER_NEWEST);
    assert_int_equal(step(2, 3, 2, 2, "c"), RECEIVER_NEWEST);
    assert_int_equal(r.count, 2);
    check_newest(3, "c"); /* what state 2 had is subtracted */
    assert_int_equal(step(1, 4, 1, 1, "bcd"), ERR_BASE);
    assert_int_equal(step(2, 4, 2, 2, "cd"), RECEIVER_NEWEST);
    check_newest(4, "cd");
}

static void S17_contradicting_numbers_are_refused(void **state)
{
    (void)state;
    assert_int_equal(step(0, 1, 0, 0, "a"), RECEIVER_NEWEST);
    assert_int_equal(step(0, 2, 1, 0, "ab"), ERR_MALFORMED);   /* throwaway above the base */
    assert_int_equal(step(0, 2, MAX, 0, "ab"), ERR_MALFORMED); /* beyond every kept state */
    assert_int_equal(step(1, 1, 0, 1, "b"), ERR_MALFORMED);
    assert_int_equal(step(1, 0, 0, 1, "b"), ERR_MALFORMED);
    assert_int_equal(step(MAX, 1, 0, 1, "b"), ERR_MALFORMED);
    check_newest(1, "a");
    assert_int_equal(r.count, 2);
    assert_int_equal(step(MAX, MAX, MAX, 0, NULL), ERR_BASE);
    assert_int_equal(step(1, MAX, 1, 1, "b"), RECEIVER_NEWEST);
    assert_int_equal(step(MAX, MAX, MAX, 0, NULL), RECEIVER_KNOWN);
    check_newest(MAX, "b");
}

static void diffs_that_do_not_apply_are_refused(void **state)
{
    (void)state;
    assert_int_equal(step(0, 1, 0, 0, "a"), RECEIVER_NEWEST);
    assert_int_equal(step(1, 2, 0, 7, "b"), ERR_MALFORMED);
    check_newest(1, "a");
    assert_int_equal(step(1, 2, 0, 1, "b"), RECEIVER_NEWEST); /* the number is free still */
    check_newest(2, "ab");
}

static void R1_F22_refuses_content_only(void **state)
{
    (void)state;
    assert_int_equal(step(0, 1, 0, 0, "a"), RECEIVER_NEWEST);
    receiver_refuse(&r, true);
    assert_int_equal(step(1, 2, 0, 1, "b"), ERR_LIMIT);
    assert_int_equal(step(1, 3, 0, 1, NULL), RECEIVER_NEWEST);
    check_newest(3, "a");
    assert_int_equal(step(0, 1, 0, 0, "a"), RECEIVER_KNOWN);
    receiver_refuse(&r, false);
    assert_int_equal(step(3, 4, 0, 1, "b"), RECEIVER_NEWEST);
    check_newest(4, "ab");
    receiver_refuse(&r, true);
    assert_int_equal(step(4, MAX, 0, 2, "c"), RECEIVER_NEWEST); /* who leaves may leave */
}

/* F37: the list is full of states until the peer lets go of some. */
static void is_bounded_by_number(void **state)
{
    (void)state;
    for (uint64_t n = 1; n < RECEIVER_STATES_MAX; n++)
        assert_int_equal(step(n - 1, n, 0, 0, NULL), RECEIVER_NEWEST);
    assert_int_equal(r.count, RECEIVER_STATES_MAX);
    uint64_t last = RECEIVER_STATES_MAX - 1;
    /* One is let in, the next only after a pause, and the list does not grow. */
    assert_int_equal(step(last, last + 1, 0, 0, NULL), RECEIVER_NEWEST);
    assert_int_equal(step(last, last + 2, 0, 0, NULL), ERR_LIMIT);
    now += RECEIVER_FULL_PAUSE_MS - 1;
    assert_int_equal(step(last, last + 2, 0, 0, NULL), ERR_LIMIT);
    now += 1;
    assert_int_equal(step(last, last + 2, 0, 0, NULL), RECEIVER_NEWEST);
    assert_int_equal(r.count, RECEIVER_STATES_MAX);
    assert_int_equal(r.states[0].num, 0);
    /* An acknowledgement, by which the peer lets go, makes room. */
    assert_int_equal(step(last, last + 3, last, 0, NULL), RECEIVER_NEWEST);
    assert_int_equal(r.count, 4);
    assert_int_equal(step(last, last + 4, last, 0, NULL), RECEIVER_NEWEST);
}

static void lets_the_farewell_in_when_full(void **state)
{
    (void)state;
    for (uint64_t n = 1; n <= RECEIVER_STATES_MAX; n++)
        assert_int_equal(step(n - 1, n, 0, 0, NULL), RECEIVER_NEWEST);
    assert_int_equal(step(3, RECEIVER_STATES_MAX + 1, 0, 0, NULL), ERR_LIMIT);
    assert_int_equal(step(3, MAX, 0, 0, NULL), RECEIVER_NEWEST);
    assert_int_equal(r.count, RECEIVER_STATES_MAX);
}

static void S20_is_bounded_by_memory(void **state)
{
    (void)state;
    struct textlog heavy = {.weight = RECEIVER_BYTES_MAX / 8};
    receiver_release(&r);
    receiver_init(&r, &textlog_ops, textlog_ops.clone(&heavy));
    for (uint64_t n = 1; n < 8; n++)
        assert_int_equal(step(n - 1, n, 0, 0, NULL), RECEIVER_NEWEST);
    assert_int_equal(r.footprint, RECEIVER_BYTES_MAX);
    assert_int_equal(step(7, 8, 0, 0, NULL), RECEIVER_NEWEST); /* the one of the pause */
    assert_int_equal(step(8, 9, 0, 0, NULL), ERR_LIMIT);
    assert_int_equal(r.footprint, RECEIVER_BYTES_MAX);
    assert_int_equal(r.count, 8);
    assert_int_equal(step(8, 9, 7, 0, NULL), RECEIVER_NEWEST);
    assert_int_equal(r.count, 3);
    assert_int_equal(r.footprint, 3 * (RECEIVER_BYTES_MAX / 8));
}

static void one_state_that_is_too_large_is_refused(void **state)
{
    (void)state;
    assert_int_equal(step(0, 1, 0, 0, "a"), RECEIVER_NEWEST);
    ((struct textlog *)r.states[1].state)->weight = RECEIVER_BYTES_MAX;
    assert_int_equal(step(1, 2, 0, 1, "b"), ERR_LIMIT);
    assert_int_equal(r.count, 2);
    ((struct textlog *)r.states[1].state)->weight = 0;
    assert_int_equal(step(0, 2, 0, 0, "ab"), RECEIVER_NEWEST);
}

/* In a full list the middle gives way, unless it is what the step starts from. */
static void the_base_stays(void **state)
{
    (void)state;
    const uint64_t last = RECEIVER_STATES_MAX - 1, middle = RECEIVER_STATES_MAX / 2;
    for (uint64_t n = 1; n <= last; n++)
        assert_int_equal(step(n - 1, n, 0, 0, NULL), RECEIVER_NEWEST);
    assert_int_equal(step(middle, last + 1, 0, 0, NULL), RECEIVER_NEWEST);
    assert_int_equal(r.states[middle - 2].num, middle - 2);
    assert_int_equal(r.states[middle - 1].num, middle); /* and the one before it is gone */
    now += RECEIVER_FULL_PAUSE_MS;
    assert_int_equal(step(0, last + 2, 0, 0, NULL), RECEIVER_NEWEST);
    assert_int_equal(r.states[0].num, 0);
    assert_int_equal(r.states[middle].num, middle + 2);
    assert_int_equal(r.count, RECEIVER_STATES_MAX);
}

/* States share memory that is charged to one of them: when that one goes, others weigh more. */
static bool some_are_gone;

static void free_sharer(void *state)
{
    some_are_gone = true;
    textlog_ops.free(state);
}

static size_t footprint_of_sharer(const void *state)
{
    (void)state;
    return some_are_gone ? RECEIVER_BYTES_MAX / 2 : RECEIVER_BYTES_MAX / 4;
}

static void S20_what_stays_may_be_too_much(void **state)
{
    (void)state;
    struct sync_ops ops = textlog_ops;
    ops.free = free_sharer;
    ops.footprint = footprint_of_sharer;
    static const uint64_t bases[] = {0, 1, 3}; /* the oldest, one between, the newest */
    for (size_t i = 0; i < 3; i++) {
        uint64_t base = bases[i];
        receiver_release(&r);
        receiver_init(&r, &ops, textlog_new());
        some_are_gone = false;
        for (uint64_t n = 1; n < 4; n++)
            assert_int_equal(step(n - 1, n, 0, 0, NULL), RECEIVER_NEWEST);
        assert_int_equal(step(base, 4, 0, 0, NULL), ERR_LIMIT);
        assert_int_equal(r.states[0].num, 0);
        assert_int_equal(receiver_newest_num(&r), 3);
        if (base == 1)
            assert_int_equal(r.states[1].num, base);
        assert_int_equal(r.count, base == 1 ? 3 : 2);
    }
    receiver_release(&r);
    receiver_init(&r, &textlog_ops, textlog_new());
}

/* To the byte; and who cannot get room takes none from others. */
static size_t footprints[4]; /* of states, by their length */

static size_t footprint_by_length(const void *state)
{
    return footprints[((const struct textlog *)state)->bytes.len];
}

static void S20_room_is_made_where_it_is_enough(void **state)
{
    (void)state;
    struct sync_ops ops = textlog_ops;
    ops.footprint = footprint_by_length;
    for (size_t over = 0; over <= 1; over++) {
        footprints[0] = RECEIVER_BYTES_MAX / 2 + over;
        footprints[1] = 1; /* what gives way */
        footprints[2] = footprints[3] = RECEIVER_BYTES_MAX / 4;
        receiver_release(&r);
        receiver_init(&r, &ops, textlog_new());
        assert_int_equal(step(0, 1, 0, 0, "a"), RECEIVER_NEWEST);
        assert_int_equal(step(1, 2, 0, 1, "b"), RECEIVER_NEWEST);
        assert_int_equal(step(2, 3, 0, 2, "c"), over ? ERR_LIMIT : RECEIVER_NEWEST);
        assert_int_equal(r.count, 3);
        assert_int_equal(r.states[1].num, over ? 1 : 2);
    }
    receiver_release(&r);
    receiver_init(&r, &textlog_ops, textlog_new());
}

/* Against a model: a set of numbers with their ends, any input at all. */
static void survives_any_numbers(void **state)
{
    (void)state;
    struct rng rng = {7};
    static const uint64_t special[] = {0, 1, 2, MAX, MAX - 1, (uint64_t)1 << 63};
    for (int i = 0; i < 20000; i++) {
        uint64_t n[3];
        for (int k = 0; k < 3; k++)
            n[k] = rng_below(&rng, 20) == 0 ? special[rng_below(&rng, 6)]
                                            : rng_below(&rng, 12) + (uint64_t)i / 100;
        uint64_t before = receiver_newest_num(&r);
        int rc = step(n[0], n[1] == MAX ? 3 : n[1], n[2], rng_below(&rng, 3), "x");
        assert_true(r.count >= 1 && r.count <= RECEIVER_STATES_MAX);
        assert_true(receiver_newest_num(&r) >= before);
        assert_true((rc == RECEIVER_NEWEST) == (receiver_newest_num(&r) != before));
        for (size_t k = 1; k < r.count; k++)
            assert_true(r.states[k - 1].num < r.states[k].num);
        now += rng_below(&rng, 100);
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(takes_states_in_order),
        TEST(repetitions_change_nothing),
        TEST(unknown_bases_are_dropped),
        TEST(late_states_are_bases_only),
        TEST(throwaway_forgets),
        TEST(S17_contradicting_numbers_are_refused),
        TEST(diffs_that_do_not_apply_are_refused),
        TEST(R1_F22_refuses_content_only),
        TEST(is_bounded_by_number),
        TEST(lets_the_farewell_in_when_full),
        TEST(S20_is_bounded_by_memory),
        TEST(one_state_that_is_too_large_is_refused),
        TEST(the_base_stays),
        TEST(S20_what_stays_may_be_too_much),
        TEST(S20_room_is_made_where_it_is_enough),
        TEST(survives_any_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
