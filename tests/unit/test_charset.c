/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "terminal/charset.h"
#include "terminal/parser.h"
#include "util/width.h"

static struct charsets c;

static int fresh(void **state)
{
    (void)state;
    c = (struct charsets){0};
    return 0;
}

static void all_are_ascii_at_first(void **state)
{
    (void)state;
    assert_true(charsets_are_ascii(&c));
    for (uint8_t code = 0x20; code < 0x7F; code++)
        assert_int_equal(charsets_translate(&c, code), code);
}

/* A client gives each of them the width that the server counts with. */
static void graphics_are_one_column_wide(void **state)
{
    (void)state;
    charsets_designate(&c, PARSER_KEY('(', '0'));
    assert_false(charsets_are_ascii(&c));
    for (uint8_t code = 0x20; code < 0x7F; code++) {
        uint32_t drawn = charsets_translate(&c, code);
        assert_int_equal(width_of(drawn), 1);
        if (code < 0x5F)
            assert_int_equal(drawn, code);
    }
    assert_int_equal(charsets_translate(&c, 'q'), 0x2500);
    charsets_designate(&c, PARSER_KEY('(', 'B'));
    assert_true(charsets_are_ascii(&c));
}

static void each_slot_has_its_own(void **state)
{
    (void)state;
    charsets_designate(&c, PARSER_KEY(')', '0'));
    charsets_designate(&c, PARSER_KEY('*', 'A'));
    charsets_designate(&c, PARSER_KEY('+', '0'));
    assert_true(charsets_are_ascii(&c));
    c.shift = 1;
    assert_int_equal(charsets_translate(&c, 'x'), 0x2502);
    c.shift = 2;
    assert_int_equal(charsets_translate(&c, '#'), 0xA3);
    c.single = 3;
    assert_int_equal(charsets_translate(&c, 'x'), 0x2502);
    assert_int_equal(charsets_translate(&c, 'x'), 'x');
}

static void what_is_not_known_changes_nothing(void **state)
{
    (void)state;
    for (uint32_t collected = 0; collected < 0x3000; collected++) {
        for (uint32_t final = 0x30; final < 0x7F; final++) {
            bool slot = collected >= '(' && collected <= '+';
            if (!slot || (final != '0' && final != 'A'))
                charsets_designate(&c, PARSER_KEY(collected, final));
        }
    }
    assert_memory_equal(&c, &(struct charsets){0}, sizeof c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(all_are_ascii_at_first, fresh),
        cmocka_unit_test_setup(graphics_are_one_column_wide, fresh),
        cmocka_unit_test_setup(each_slot_has_its_own, fresh),
        cmocka_unit_test_setup(what_is_not_known_changes_nothing, fresh),
    };
    return cmocka_run_group_tests_name("charset", tests, NULL, NULL);
}
