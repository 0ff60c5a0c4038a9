/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "terminal/style.h"

static void check_sgr(struct style s, const char *want)
{
    struct buf out = {0};
    style_put_sgr(&s, &out);
    check_bytes(out.data, out.len, want, strlen(want));
    buf_release(&out);
}

static void writes_attributes_in_the_form_of_stock(void **state)
{
    (void)state;
    check_sgr((struct style){0}, "\033[0m");
    check_sgr((struct style){.attributes = STYLE_BOLD | STYLE_ITALIC | STYLE_BLINK | STYLE_INVERSE |
                                           STYLE_INVISIBLE,
                             .underline = UNDERLINE_SINGLE},
              "\033[0;1;3;4;5;7;8m");
    check_sgr((struct style){.underline = UNDERLINE_CURLY}, "\033[0;4m");
    check_sgr((struct style){.attributes = STYLE_FAINT | STYLE_STRUCK | STYLE_OVERLINE},
              "\033[0;2;9;53m");
}

static void writes_colours_in_the_form_of_stock(void **state)
{
    (void)state;
    check_sgr((struct style){.foreground = COLOUR_INDEXED | 1, .background = COLOUR_INDEXED | 7},
              "\033[0;31;47m");
    /* bright colours come out as palette entries */
    check_sgr((struct style){.foreground = COLOUR_INDEXED | 8, .background = COLOUR_INDEXED | 255},
              "\033[0;38;5;8;48;5;255m");
    check_sgr((struct style){.foreground = COLOUR_RGB | 0x010203, .background = COLOUR_RGB},
              "\033[0;38;2;1;2;3;48;2;0;0;0m");
}

/* A stock client would take the tail of 58;... for attributes. */
static void never_writes_an_underline_colour(void **state)
{
    (void)state;
    check_sgr((struct style){.underline = UNDERLINE_SINGLE, .underline_colour = COLOUR_RGB | 1},
              "\033[0;4m");
}

static void erasing_keeps_the_background_alone(void **state)
{
    (void)state;
    struct style pen = {.foreground = COLOUR_RGB | 5,
                        .background = COLOUR_INDEXED | 4,
                        .attributes = STYLE_INVERSE,
                        .underline = UNDERLINE_SINGLE,
                        .link = 3};
    struct style want = {.background = COLOUR_INDEXED | 4}, got = style_erased(&pen);
    assert_true(style_equal(&got, &want));
    assert_false(style_equal(&got, &pen));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_attributes_in_the_form_of_stock),
        cmocka_unit_test(writes_colours_in_the_form_of_stock),
        cmocka_unit_test(never_writes_an_underline_colour),
        cmocka_unit_test(erasing_keeps_the_background_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
