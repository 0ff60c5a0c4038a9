/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "terminal/intern.h"

static uint32_t add(struct intern *t, uint64_t value)
{
    uint32_t number = UINT32_MAX;

    assert_false(intern_find(t, &value, &number));
    number = intern_put(t, &value, 1);
    assert_int_not_equal(number, INTERN_NONE);
    return number;
}

static uint32_t find(const struct intern *t, uint64_t value)
{
    uint32_t number = UINT32_MAX;

    assert_true(intern_find(t, &value, &number));
    return number;
}

static void equal_values_have_one_number(void **state)
{
    struct intern t;
    (void)state;
    intern_init(&t, sizeof(uint64_t), sizeof(uint64_t), 100000);
    for (uint32_t n = 0; n < 10000; n++)
        assert_int_equal(add(&t, n * 7919), n); /* small, and one after the other */
    for (uint32_t n = 0; n < 10000; n++) {
        assert_int_equal(find(&t, n * 7919), n);
        assert_int_equal(*(const uint64_t *)intern_value(&t, n), n * 7919);
    }
    intern_release(&t);
}

static void no_more_than_the_maximum(void **state)
{
    struct intern t;
    uint64_t value = 77;
    (void)state;
    intern_init(&t, sizeof value, sizeof value, 3);
    for (uint32_t n = 0; n < 3; n++)
        add(&t, n);
    assert_int_equal(intern_put(&t, &value, 1), INTERN_NONE);
    assert_int_equal(find(&t, 2), 2);
    intern_release(&t);
}

/* What was not marked is forgotten, and its numbers are given again; the others stay. */
static void a_sweep_keeps_what_is_marked(void **state)
{
    struct intern t;
    uint32_t number;
    (void)state;
    intern_init(&t, sizeof(uint64_t), sizeof(uint64_t), 1000);
    for (uint64_t n = 0; n < 200; n++)
        add(&t, n);
    intern_sweep_begin(&t);
    for (uint64_t n = 0; n < 200; n += 3) {
        intern_mark(&t, (uint32_t)n);
        intern_mark(&t, (uint32_t)n); /* more than one cell uses it */
    }
    intern_sweep_end(&t);
    assert_int_equal(t.live, 67);
    for (uint64_t n = 0; n < 200; n++) {
        if (n % 3 == 0)
            assert_int_equal(find(&t, n), n);
        else
            assert_false(intern_find(&t, &n, &number));
    }
    assert_int_equal(add(&t, 1000), 1);
    assert_int_equal(add(&t, 1001), 2);
    assert_int_equal(add(&t, 1002), 4);
    intern_release(&t);
}

static void sweeping_is_rare(void **state)
{
    struct intern t;
    uint64_t value = 0;
    (void)state;
    intern_init(&t, sizeof value, sizeof value, 1000000);
    assert_false(intern_is_crowded(&t));
    while (!intern_is_crowded(&t))
        add(&t, value++);
    assert_true(value >= 1000);
    uint64_t before = value;
    intern_sweep_begin(&t);
    for (uint32_t n = 0; n < before; n++)
        intern_mark(&t, n); /* in vain */
    intern_sweep_end(&t);
    while (!intern_is_crowded(&t))
        add(&t, value++);
    assert_true(value >= 2 * before);
    intern_release(&t);
}

/* Written out, so that this test finds values that collide, as a program could. */
static uint32_t hash_of(uint64_t value)
{
    return (uint32_t)(value * 0x9E3779B97F4A7C15u >> 32);
}

/* Values with one home slot cost a bounded search, and then the table refuses the next. */
static void values_that_collide_are_refused_in_the_end(void **state)
{
    enum { TRIED = 1000 };
    struct intern t;
    uint32_t added = 0;
    uint64_t last = 0;
    bool refused = false;
    (void)state;
    intern_init(&t, sizeof(uint64_t), sizeof(uint64_t), 100000);
    for (uint64_t value = 0, tried = 0; tried < TRIED; value++) {
        if ((hash_of(value) & 0xFFF) != 0)
            continue;
        tried++;
        if (intern_put(&t, &value, 1) != INTERN_NONE) {
            added++;
            last = value;
        } else {
            refused = true;
        }
    }
    assert_true(refused);
    assert_true(added >= 100);
    (void)find(&t, last);
    add(&t, 0xFFFFFFFE); /* one that hashes elsewhere has room */
    assert_true((hash_of(0xFFFFFFFE) & 0xFFF) > TRIED);
    intern_release(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_values_have_one_number),
        cmocka_unit_test(no_more_than_the_maximum),
        cmocka_unit_test(a_sweep_keeps_what_is_marked),
        cmocka_unit_test(sweeping_is_rare),
        cmocka_unit_test(values_that_collide_are_refused_in_the_end),
    };
    return cmocka_run_group_tests_name("intern", tests, NULL, NULL);
}
