/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "terminal/modelist.h"

static void check_put(const struct modelist *from, const struct modelist *to, const char *want)
{
    struct buf out = {0};

    modelist_put(from, to, &out);
    check_bytes(out.data, out.len, want, strlen(want));
    buf_release(&out);
}

static void the_newest_is_in_force(void **state)
{
    (void)state;
    struct modelist l = {0};

    assert_int_equal(modelist_current(&l), 0);
    modelist_set(&l, 1000, true);
    modelist_set(&l, 1002, true);
    assert_int_equal(modelist_current(&l), 1002);
    modelist_set(&l, 1000, true); /* again */
    assert_int_equal(modelist_current(&l), 1000);
    assert_int_equal(l.count, 2);
    modelist_set(&l, 1000, false);
    assert_int_equal(modelist_current(&l), 1002);
    assert_false(modelist_has(&l, 1000));
    modelist_set(&l, 1003, false); /* was not set */
    modelist_set(&l, 1002, false);
    assert_true(modelist_equal(&l, &(struct modelist){0}));
}

static void R12_a_terminal_is_told_in_the_programs_order(void **state)
{
    (void)state;
    struct modelist none = {0}, one = {{1000}, 1}, three = {{1000, 1002, 1003}, 3};
    struct modelist two = {{1000, 1002}, 2}, turned = {{1002, 1000}, 2};

    check_put(&none, &none, "");
    check_put(&none, &three, "\033[?1000h\033[?1002h\033[?1003h");
    check_put(&one, &two, "\033[?1002h");
    check_put(&three, &none, "\033[?1003l\033[?1002l\033[?1000l");
    /* What stays is set again, for terminals that have one mode at a time. */
    check_put(&three, &two, "\033[?1003l\033[?1000h\033[?1002h");
    check_put(&two, &turned, "\033[?1002l\033[?1000l\033[?1002h\033[?1000h");
}

/* Two kinds of terminals, and what they have in force after what they were told. */
struct terminal {
    uint16_t single;       /* one mode at a time: any reset ends it */
    struct modelist flags; /* a flag for each; the one that was set last counts */
};

static void tell(struct terminal *t, const struct modelist *from, const struct modelist *to)
{
    struct buf out = {0};
    size_t at = 0;

    modelist_put(from, to, &out);
    buf_append_byte(&out, 0);
    while (out.data[at]) {
        unsigned mode = 0;
        for (at += 3; out.data[at] >= '0' && out.data[at] <= '9'; at++)
            mode = mode * 10 + (unsigned)(out.data[at] - '0');
        bool on = out.data[at++] == 'h';
        t->single = on ? (uint16_t)mode : 0;
        modelist_set(&t->flags, (uint16_t)mode, on);
    }
    buf_release(&out);
}

static void all_terminals_end_with_the_same(void **state)
{
    (void)state;
    static const uint16_t modes[] = {9, 1000, 1001, 1002, 1003};
    struct rng rng = {12};
    struct modelist now = {0}, told = {0};
    struct terminal t = {0};

    for (int i = 0; i < 20000; i++) {
        modelist_set(&now, modes[rng_below(&rng, 5)], rng_below(&rng, 2));
        if (rng_below(&rng, 2))
            continue;
        tell(&t, &told, &now);
        told = now;
        assert_int_equal(t.single, modelist_current(&now));
        assert_true(modelist_equal(&t.flags, &now));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_is_in_force),
        cmocka_unit_test(R12_a_terminal_is_told_in_the_programs_order),
        cmocka_unit_test(all_terminals_end_with_the_same),
    };

    return cmocka_run_group_tests_name("modelist", tests, NULL, NULL);
}
