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
static void every_character_is_one_column_wide(void **state)
{
    (void)state;
    for (uint8_t set = CHARSET_ASCII; set <= CHARSET_SWISS; set++) {
        for (uint8_t code = 0x20; code < 0x7F; code++) {
            c.set[0] = set;
            assert_int_equal(width_of(charsets_translate(&c, code)), 1);
        }
    }
}

static void graphics(void **state)
{
    (void)state;
    charsets_designate(&c, PARSER_KEY('(', '0'), false);
    assert_false(charsets_are_ascii(&c));
    for (uint8_t code = 0x20; code < 0x7F; code++) {
        uint32_t drawn = charsets_translate(&c, code);
        if (code < 0x5F)
            assert_int_equal(drawn, code);
    }
    assert_int_equal(charsets_translate(&c, 'q'), 0x2500);
    charsets_designate(&c, PARSER_KEY('(', 'B'), false);
    assert_true(charsets_are_ascii(&c));
}

static void each_slot_has_its_own(void **state)
{
    (void)state;
    charsets_designate(&c, PARSER_KEY(')', '0'), false);
    charsets_designate(&c, PARSER_KEY('*', 'A'), false);
    charsets_designate(&c, PARSER_KEY('+', '0'), false);
    assert_true(charsets_are_ascii(&c));
    c.shift = 1;
    assert_int_equal(charsets_translate(&c, 'x'), 0x2502);
    c.shift = 2;
    assert_int_equal(charsets_translate(&c, '#'), 0xA3);
    c.single = 3;
    assert_int_equal(charsets_translate(&c, 'x'), 0x2502);
    assert_int_equal(charsets_translate(&c, 'x'), 'x');
}

static bool is_known(uint32_t collected, uint32_t final, bool national)
{
    if (collected >= '-' && collected <= '/')
        return final == 'A';
    if (collected >> 8 >= '(' && collected >> 8 <= '+' && (collected & 0xFF) == '%')
        return final == '5' || (national && final == '6');
    return collected >= '(' && collected <= '+' &&
           strchr(national ? "0AB<>45679CEHKQRYZ`f=" : "0AB<>", (int) final) != NULL;
}

static void what_is_not_known_changes_nothing(void **state)
{
    (void)state;
    for (uint32_t collected = 0; collected < 0x3000; collected++) {
        for (uint32_t final = 0x30; final < 0x7F; final++) {
            if (collected > 0xFF && (collected & 0xFF) < 0x20)
                continue;
            for (int national = 0; national < 2; national++) {
                if (!is_known(collected, final, national))
                    charsets_designate(&c, PARSER_KEY(collected, final), national);
            }
        }
    }
    assert_memory_equal(&c, &(struct charsets){0}, sizeof c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(all_are_ascii_at_first, fresh),
        cmocka_unit_test_setup(every_character_is_one_column_wide, fresh),
        cmocka_unit_test_setup(graphics, fresh),
        cmocka_unit_test_setup(each_slot_has_its_own, fresh),
        cmocka_unit_test_setup(what_is_not_known_changes_nothing, fresh),
    };
    return cmocka_run_group_tests_name("charset", tests, NULL, NULL);
}
