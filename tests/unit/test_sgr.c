/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/emulators.h"

#define SGR(...) sgr_apply(e, PARAMS(__VA_ARGS__))

static void attributes_come_and_go(void **state)
{
    static const struct {
        uint16_t on, off, attribute;
    } codes[] = {
        {1, 22, STYLE_BOLD},    {3, 23, STYLE_ITALIC},    {5, 25, STYLE_BLINK},
        {7, 27, STYLE_INVERSE}, {8, 28, STYLE_INVISIBLE},
    };
    const struct style *pen = &e->screen.pen;
    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        SGR(codes[i].on);
        assert_int_equal(pen->attributes, codes[i].attribute);
        SGR(codes[i].off);
        assert_true(style_equal(pen, &style_plain));
    }
    SGR(4);
    assert_int_equal(pen->underline, UNDERLINE_SINGLE);
    SGR(24);
    assert_true(style_equal(pen, &style_plain));
}

static void colours_of_each_kind(void **state)
{
    const struct style *pen = &e->screen.pen;
    (void)state;
    SGR(31, 42);
    assert_int_equal(pen->foreground, COLOUR_INDEXED | 1);
    assert_int_equal(pen->background, COLOUR_INDEXED | 2);
    SGR(97, 100);
    assert_int_equal(pen->foreground, COLOUR_INDEXED | 15);
    assert_int_equal(pen->background, COLOUR_INDEXED | 8);
    SGR(38, 5, 200, 48, 2, 1, 2, 3, 1); /* one after the other in one sequence (R11) */
    assert_int_equal(pen->foreground, COLOUR_INDEXED | 200);
    assert_int_equal(pen->background, COLOUR_RGB | 0x010203);
    assert_int_equal(pen->attributes, STYLE_BOLD);
    SGR(39, 49, 22);
    assert_true(style_equal(pen, &style_plain));
}

static void zero_takes_all_back(void **state)
{
    (void)state;
    SGR(1, 4, 31, 42);
    SGR(0);
    assert_true(style_equal(&e->screen.pen, &style_plain));
    SGR(1, 0, 3);
    assert_int_equal(e->screen.pen.attributes, STYLE_ITALIC);
}

/* What belongs to a colour is never taken for codes of its own. */
static void R11_a_colour_is_consumed_as_a_unit(void **state)
{
    (void)state;
    SGR(38, 5, 300);
    SGR(48, 2, 7, 4, 256);
    SGR(38, 2, 1, 7);
    SGR(48, 5);
    SGR(38);
    assert_true(style_equal(&e->screen.pen, &style_plain));
    SGR(58, 2, 1, 4, 7);
    SGR(58, 5, 7);
    assert_int_equal(e->screen.pen.attributes, 0);
    assert_int_equal(e->screen.pen.underline, UNDERLINE_NONE);
}

static void joined(size_t count, const uint16_t *value)
{
    struct params p = {.count = (uint8_t)count, .joined = (1u << count) - 2};
    memcpy(p.value, value, count * sizeof *value);
    sgr_apply(e, &p);
}

#define JOINED(...)                                                                                \
    joined(sizeof((uint16_t[]){__VA_ARGS__}) / sizeof(uint16_t), (const uint16_t[]){__VA_ARGS__})

/* With colons, as ISO 8613-6 has it, with and without the place for a colour space. */
static void R11_colons(void **state)
{
    const struct style *pen = &e->screen.pen;
    (void)state;
    JOINED(38, 2, 1, 2, 3);
    assert_int_equal(pen->foreground, COLOUR_RGB | 0x010203);
    JOINED(38, 2, 0, 4, 5, 6);
    assert_int_equal(pen->foreground, COLOUR_RGB | 0x040506);
    JOINED(48, 5, 9);
    assert_int_equal(pen->background, COLOUR_INDEXED | 9);
    JOINED(4, 3);
    assert_int_not_equal(pen->underline, UNDERLINE_NONE);
    JOINED(4, 0);
    assert_int_equal(pen->underline, UNDERLINE_NONE);
    SGR(0);
    JOINED(7, 1);
    JOINED(38, 2, 1);
    JOINED(4, 99);
    assert_true(style_equal(pen, &style_plain));
}

static void the_cursor_and_the_wrap_do_not_care(void **state)
{
    (void)state;
    put("0123456789");
    SGR(1);
    CHECK_CURSOR(0, 9);
    assert_true(e->wrap_pending);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(attributes_come_and_go),
        EMULATOR_TEST(colours_of_each_kind),
        EMULATOR_TEST(zero_takes_all_back),
        EMULATOR_TEST(R11_a_colour_is_consumed_as_a_unit),
        EMULATOR_TEST(R11_colons),
        EMULATOR_TEST(the_cursor_and_the_wrap_do_not_care),
    };
    return cmocka_run_group_tests_name("sgr", tests, NULL, NULL);
}
