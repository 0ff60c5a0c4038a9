/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <limits.h>

#include "terminal/reduce.h"

static int distance(uint32_t a, uint32_t b)
{
    static const int weights[] = {3, 4, 2}; /* blue, green, red */
    int sum = 0;

    for (unsigned i = 0; i < 3; i++) {
        int d = (int)(a >> 8 * i & 0xFF) - (int)(b >> 8 * i & 0xFF);
        sum += weights[i] * d * d;
    }
    return sum;
}

/* How far the best of [first, end) is, by looking at all. */
static int best_distance(uint32_t rgb, unsigned first, unsigned end)
{
    int best = INT_MAX;

    for (unsigned i = first; i < end; i++)
        if (distance(rgb, palette_rgb((uint8_t)i)) < best)
            best = distance(rgb, palette_rgb((uint8_t)i));
    return best;
}

static void check_nearest(uint32_t rgb, uint32_t colours, unsigned first, unsigned end)
{
    uint32_t got = reduce_colour(COLOUR_RGB | rgb, colours);

    assert_int_equal(COLOUR_KIND(got), COLOUR_INDEXED);
    assert_in_range(COLOUR_VALUE(got), first, end - 1);
    if (distance(rgb, palette_rgb((uint8_t)COLOUR_VALUE(got))) != best_distance(rgb, first, end))
        fail_msg("%06x is not nearest to %u", rgb, COLOUR_VALUE(got));
}

static bool is_greyish(unsigned r, unsigned g, unsigned b)
{
    unsigned least = r < g ? r : g, most = r > g ? r : g;

    return (most > b ? most : b) - (least < b ? least : b) < 32;
}

static void true_colour_becomes_the_nearest(void **state)
{
    (void)state;
    for (unsigned r = 0; r < 256; r += 5)
        for (unsigned g = 0; g < 256; g += 5)
            for (unsigned b = 0; b < 256; b += 5)
                check_nearest(r << 16 | g << 8 | b, 256, 16, 256);
    for (unsigned r = 0; r < 256; r += 17)
        for (unsigned g = 0; g < 256; g += 17)
            for (unsigned b = 0; b < 256; b += 17) {
                if (is_greyish(r, g, b))
                    continue;
                check_nearest(r << 16 | g << 8 | b, 16, 0, 16);
                check_nearest(r << 16 | g << 8 | b, 8, 0, 8);
            }
}

static void a_grey_stays_grey(void **state)
{
    (void)state;
    for (uint32_t grey = 0; grey < 256; grey++) {
        uint32_t of16 = reduce_colour(COLOUR_RGB | grey * 0x010101, 16);
        uint32_t of8 = reduce_colour(COLOUR_RGB | grey * 0x010101, 8);
        uint32_t value = COLOUR_VALUE(of16);
        assert_true(value == 0 || value == 7 || value == 8 || value == 15);
        assert_true(of8 == COLOUR_INDEXED || of8 == (COLOUR_INDEXED | 7));
    }
}

static void a_colour_of_the_palette_stays_where_it_can(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 256; i++) {
        assert_int_equal(reduce_colour(COLOUR_INDEXED | i, 256), COLOUR_INDEXED | i);
        assert_int_equal(reduce_colour(COLOUR_INDEXED | i, COLOURS_DIRECT), COLOUR_INDEXED | i);
        assert_in_range(reduce_colour(COLOUR_INDEXED | i, 16), COLOUR_INDEXED, COLOUR_INDEXED | 15);
        assert_in_range(reduce_colour(COLOUR_INDEXED | i, 8), COLOUR_INDEXED, COLOUR_INDEXED | 7);
    }
    assert_int_equal(reduce_colour(COLOUR_INDEXED | 5, 8), COLOUR_INDEXED | 5);
    assert_int_equal(reduce_colour(COLOUR_INDEXED | 12, 16), COLOUR_INDEXED | 12);
    assert_int_equal(reduce_colour(COLOUR_INDEXED | 196, 16), COLOUR_INDEXED | 9);
    assert_int_equal(reduce_colour(COLOUR_INDEXED | 9, 8), COLOUR_INDEXED | 1);
    /* not black, which would not be seen on black */
    assert_int_equal(reduce_colour(COLOUR_INDEXED | 8, 8), COLOUR_INDEXED | 7);
    assert_int_equal(reduce_colour(COLOUR_DEFAULT, 8), COLOUR_DEFAULT);
    assert_int_equal(reduce_colour(COLOUR_RGB | 0x123456, COLOURS_DIRECT), COLOUR_RGB | 0x123456);
    assert_int_equal(reduce_colour(COLOUR_RGB | 0x123456, 0), COLOUR_RGB | 0x123456);
}

/* A colour that a program gave to an entry, for a terminal that cannot be told. */
static void a_palette_is_put_in_place(void **state)
{
    (void)state;
    struct palette palette = {.colour = {[3] = COLOUR_RGB | 0xAABBCC}};
    struct style s = {.foreground = COLOUR_INDEXED | 3, .background = COLOUR_INDEXED | 4};
    struct style got = reduce_style(&caps_mirror, &palette, &s);

    assert_int_equal(got.foreground, COLOUR_RGB | 0xAABBCC);
    assert_int_equal(got.background, COLOUR_INDEXED | 4);
    got = reduce_style(&caps_extended, &palette, &s); /* which can be told */
    assert_true(style_equal(&got, &s));
}

static const struct style everything = {
    .foreground = COLOUR_RGB | 0x010203,
    .underline_colour = COLOUR_RGB | 0x040506,
    .attributes = STYLE_BOLD | STYLE_FAINT | STYLE_ITALIC | STYLE_RAPID_BLINK | STYLE_INVERSE |
                  STYLE_STRUCK | STYLE_OVERLINE,
    .underline = UNDERLINE_CURLY,
    .link = 7,
};

static void an_extended_mirror_gets_all(void **state)
{
    (void)state;
    struct style got = reduce_style(&caps_extended, NULL, &everything);

    assert_true(style_equal(&got, &everything));
}

static void stock_gets_what_it_knows(void **state)
{
    (void)state;
    struct style want = {.foreground = COLOUR_RGB | 0x010203,
                         .attributes = STYLE_BOLD | STYLE_ITALIC | STYLE_BLINK | STYLE_INVERSE,
                         .underline = UNDERLINE_SINGLE};
    struct style got = reduce_style(&caps_mirror, NULL, &everything);

    assert_true(style_equal(&got, &want));
}

static void each_underline_needs_its_own(void **state)
{
    (void)state;
    struct caps styles = {.underline_styles = true}, twice = {.double_underline = true};

    for (uint16_t u = UNDERLINE_NONE; u <= UNDERLINE_DASHED; u++) {
        struct style s = {.underline = u};
        uint16_t plain = u == UNDERLINE_NONE ? UNDERLINE_NONE : UNDERLINE_SINGLE;
        assert_int_equal(reduce_style(&caps_mirror, NULL, &s).underline, plain);
        assert_int_equal(reduce_style(&styles, NULL, &s).underline,
                         u == UNDERLINE_DOUBLE ? plain : u);
        assert_int_equal(reduce_style(&twice, NULL, &s).underline,
                         u == UNDERLINE_DOUBLE ? u : plain);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(true_colour_becomes_the_nearest),
        cmocka_unit_test(a_grey_stays_grey),
        cmocka_unit_test(a_colour_of_the_palette_stays_where_it_can),
        cmocka_unit_test(a_palette_is_put_in_place),
        cmocka_unit_test(an_extended_mirror_gets_all),
        cmocka_unit_test(stock_gets_what_it_knows),
        cmocka_unit_test(each_underline_needs_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
