/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "transport/loss.h"

static struct loss after(uint64_t seed, size_t datagrams, size_t percent)
{
    struct loss l = {0};
    struct rng rng = {seed};
    uint64_t missing = 0;

    for (size_t i = 0; i < datagrams; i++) {
        if (rng_below(&rng, 100) < percent) {
            missing++;
        } else {
            loss_newest(&l, missing);
            missing = 0;
        }
    }
    return l;
}

static void nothing_lost_is_one_copy(void **state)
{
    (void)state;
    struct loss l = after(1, 1000, 0);
    assert_int_equal(loss_copies(loss_thousandths(&l)), 1);
    l = (struct loss){0};
    assert_int_equal(loss_copies(loss_thousandths(&l)), 1);
}

static void much_lost_is_many_copies(void **state)
{
    size_t sum[3] = {0};

    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        static const size_t percent[] = {1, 10, 30};
        for (size_t i = 0; i < 3; i++) {
            struct loss l = after(seed, 300, percent[i]);
            sum[i] += loss_copies(loss_thousandths(&l));
        }
    }
    assert_in_range(sum[0], 200, 250);
    assert_in_range(sum[1], 400, 560);
    assert_in_range(sum[2], 760, 800);
}

/* An outage is not what happens to every datagram. */
static void a_long_gap_counts_little(void **state)
{
    (void)state;
    struct loss l = after(1, 100, 0);
    loss_newest(&l, UINT64_MAX);
    assert_in_range(loss_copies(loss_thousandths(&l)), 1, 2);
    for (int i = 0; i < LOSS_WINDOW; i++)
        loss_newest(&l, 0);
    assert_int_equal(loss_copies(loss_thousandths(&l)), 1);
}

static void what_is_late_is_not_lost(void **state)
{
    (void)state;
    struct loss l = {0};
    for (int i = 0; i < 1000; i++) {
        loss_newest(&l, 1);
        loss_late(&l);
        assert_int_equal(loss_copies(loss_thousandths(&l)), 1);
    }
    loss_late(&l); /* never below nothing */
    assert_in_range(l.estimate, 0, LOSS_ONE / 20);
}

static void the_estimate_stays_in_range(void **state)
{
    struct loss l = {0};
    struct rng rng = {3};

    (void)state;
    for (int i = 0; i < 100000; i++) {
        if (rng_below(&rng, 3))
            loss_newest(&l, rng_below(&rng, 10));
        else
            loss_late(&l);
        assert_in_range(l.estimate, 0, LOSS_ONE);
        assert_in_range(loss_copies(loss_thousandths(&l)), 1, LOSS_COPIES_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_lost_is_one_copy),    cmocka_unit_test(much_lost_is_many_copies),
        cmocka_unit_test(a_long_gap_counts_little),    cmocka_unit_test(what_is_late_is_not_lost),
        cmocka_unit_test(the_estimate_stays_in_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
