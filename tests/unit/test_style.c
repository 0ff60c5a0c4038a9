/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "terminal/style.h"

static void check_form(struct style s, enum style_form form, const char *want)
{
    struct buf out = {0};
    style_put_sgr(&s, form, &out);
    check_bytes(out.data, out.len, want, strlen(want));
    buf_release(&out);
}

static void check_sgr(struct style s, const char *want)
{
    check_form(s, STYLE_FORM_SET, want);
}

static void writes_attributes_in_the_form_of_stock(void **state)
{
    (void)state;
    check_sgr((struct style){0}, "\033[0m");
    check_sgr((struct style){.attributes = STYLE_BOLD | STYLE_ITALIC | STYLE_BLINK | STYLE_INVERSE |
                                           STYLE_INVISIBLE,
                             .underline = UNDERLINE_SINGLE},
              "\033[0;1;3;4;5;7;8m");
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

/* For those that asked for it. */
static void writes_what_stock_does_not_know(void **state)
{
    (void)state;
    check_sgr((struct style){.attributes = STYLE_FAINT | STYLE_STRUCK | STYLE_OVERLINE},
              "\033[0;2;9;53m");
    check_sgr(
        (struct style){.attributes = STYLE_RAPID_BLINK | STYLE_BOLD, .underline = UNDERLINE_DOUBLE},
        "\033[0;1;21;6m");
    check_sgr((struct style){.underline = UNDERLINE_CURLY}, "\033[0;4:3m");
    check_sgr((struct style){.underline = UNDERLINE_DASHED, .underline_colour = COLOUR_INDEXED | 3},
              "\033[0;4:5;58:5:3m");
    /* with semicolons, a stock client would take the tail for attributes */
    check_sgr((struct style){.underline = UNDERLINE_DOTTED, .underline_colour = COLOUR_RGB | 1},
              "\033[0;4:4;58:2::0:0:1m");
}

static void writes_bright_colours_for_sixteen(void **state)
{
    (void)state;
    check_form((struct style){.foreground = COLOUR_INDEXED | 8, .background = COLOUR_INDEXED | 15},
               STYLE_FORM_SET_16, "\033[0;90;107m");
}

static void writes_reports_with_colons(void **state)
{
    (void)state;
    check_form((struct style){.foreground = COLOUR_INDEXED | 200,
                              .background = COLOUR_RGB | 0x0A0B0C,
                              .attributes = STYLE_BOLD,
                              .underline = UNDERLINE_CURLY},
               STYLE_FORM_REPORT, "0;1;4:3;38:5:200;48:2::10:11:12m");
    check_form((struct style){.foreground = COLOUR_INDEXED | 9}, STYLE_FORM_REPORT, "0;91m");
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
        cmocka_unit_test(writes_what_stock_does_not_know),
        cmocka_unit_test(writes_bright_colours_for_sixteen),
        cmocka_unit_test(writes_reports_with_colons),
        cmocka_unit_test(erasing_keeps_the_background_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
