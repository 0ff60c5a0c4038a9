/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdlib.h>

#include "transport/replay.h"

#define TOP (((uint64_t)1 << 63) - 1)

static void S06_each_number_once(void **state)
{
    (void)state;
    struct replay r = {0};
    assert_true(replay_accept(&r, 0));
    assert_false(replay_accept(&r, 0));
    assert_true(replay_accept(&r, 5));
    assert_true(replay_accept(&r, 3));
    assert_false(replay_accept(&r, 3));
    assert_false(replay_accept(&r, 5));
    assert_true(replay_accept(&r, 6));
}

static void the_window_is_at_least_1024_wide_and_ends(void **state)
{
    (void)state;
    assert_true(REPLAY_WINDOW >= 1024);
    for (uint64_t newest = REPLAY_WINDOW; newest < REPLAY_WINDOW + 200; newest++) {
        struct replay r = {0};
        assert_true(replay_accept(&r, newest));
        assert_false(replay_accept(&r, newest - REPLAY_WINDOW));
        for (uint64_t behind = 1; behind < REPLAY_WINDOW; behind++)
            assert_true(replay_accept(&r, newest - behind));
        for (uint64_t behind = 0; behind < REPLAY_WINDOW; behind++)
            assert_false(replay_accept(&r, newest - behind));
    }
}

/* A jump to the end of the numbers. */
static void S17_jumps(void **state)
{
    (void)state;
    struct replay r = {0};
    assert_true(replay_accept(&r, 10));
    assert_true(replay_accept(&r, (uint64_t)1 << 20));
    assert_false(replay_accept(&r, 10));
    assert_false(replay_accept(&r, 11));
    assert_true(replay_accept(&r, TOP));
    assert_false(replay_accept(&r, TOP));
    assert_true(replay_accept(&r, TOP - 1));
    assert_true(replay_accept(&r, TOP - REPLAY_WINDOW + 1));
    assert_false(replay_accept(&r, TOP - REPLAY_WINDOW));
    assert_false(replay_accept(&r, 0));
}

/* Of a window that was full, nothing is left after a jump, however far it goes. */
static void S06_a_jump_forgets_what_it_passes(void **state)
{
    (void)state;
    const uint64_t full = REPLAY_WINDOW + 128;
    for (uint64_t jump = 1; jump <= REPLAY_WINDOW + 200; jump += jump < 70 ? 1 : 61) {
        struct replay r = {0};
        for (uint64_t n = 0; n < full; n++)
            assert_true(replay_accept(&r, n));
        uint64_t newest = full - 1 + jump;
        assert_true(replay_accept(&r, newest));
        for (uint64_t n = newest - REPLAY_WINDOW + 1; n < newest; n++)
            if (replay_accept(&r, n) != (n >= full))
                fail_msg("jump of %d: %d is wrong", (int)jump, (int)n);
    }
}

/* Against a set that remembers everything. */
static void S06_agrees_with_a_set(void **state)
{
    (void)state;
    enum { OPERATIONS = 1000000, NUMBERS = 1 << 20 };
    const size_t seeds = quick_or_long(4, 400);
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        struct rng rng = {seed};
        struct replay r = {0};
        uint8_t *taken = calloc(1, NUMBERS);
        uint64_t newest = 0;
        bool any = false;
        for (size_t i = 0; i < OPERATIONS / 4; i++) {
            uint64_t n;
            size_t kind = rng_below(&rng, 100);
            if (kind < 40)
                n = newest + 1;
            else if (kind < 85)
                n = newest - rng_below(&rng, REPLAY_WINDOW * 2);
            else if (kind < 99)
                n = newest + rng_below(&rng, 10);
            else
                n = newest + rng_below(&rng, seed == 1 ? 1000 : 100);
            if (n >= NUMBERS) /* below 0, or at the end of the model */
                n = newest;
            bool behind = any && newest >= REPLAY_WINDOW && n <= newest - REPLAY_WINDOW;
            bool want = !behind && !taken[n];
            if (replay_accept(&r, n) != want)
                fail_msg("seed %d, operation %zu: %d is wrong", (int)seed, i, (int)n);
            taken[n] = taken[n] || want;
            if (want && (n > newest || !any))
                newest = n;
            any = true;
        }
        free(taken);
    }
    print_message("# figure S06: %zu operations as in a set\n", seeds * (OPERATIONS / 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S06_each_number_once),
        cmocka_unit_test(the_window_is_at_least_1024_wide_and_ends),
        cmocka_unit_test(S17_jumps),
        cmocka_unit_test(S06_a_jump_forgets_what_it_passes),
        cmocka_unit_test(S06_agrees_with_a_set),
    };
    return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
