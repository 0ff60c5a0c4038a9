/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "terminal/caps.h"

/* A mirror is a screen in memory: it can do all that the display makes use of, and has no other
   screen to go to. */
static void a_mirror_can_do_everything(void **state)
{
    (void)state;
    assert_true(caps_mirror.erase_chars);
    assert_true(caps_mirror.back_color_erase);
    assert_true(caps_mirror.title);
    assert_string_equal(caps_mirror.enter_screen, "");
    assert_string_equal(caps_mirror.leave_screen, "");
}

/* Stock clients understand some, ignore some and misread some of it: none is for them. */
static void a_mirror_that_announced_nothing_gets_nothing_new(void **state)
{
    (void)state;
    struct caps stock = {.mirror = true,
                         .stock_widths = true,
                         .erase_chars = true,
                         .back_color_erase = true,
                         .title = true,
                         .colours = COLOURS_DIRECT};

    assert_memory_equal(&caps_mirror, &stock, sizeof stock);
}

static void an_extended_mirror_can_do_more(void **state)
{
    (void)state;
    assert_true(caps_extended.erase_chars && caps_extended.back_color_erase && caps_extended.title);
    assert_int_equal(caps_extended.colours, COLOURS_DIRECT);
    assert_true(caps_extended.faint && caps_extended.underline_styles && caps_extended.links);
    assert_true(caps_extended.cursor_style && caps_extended.palette && caps_extended.clipboard);
    assert_string_equal(caps_extended.enter_screen, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mirror_can_do_everything),
        cmocka_unit_test(a_mirror_that_announced_nothing_gets_nothing_new),
        cmocka_unit_test(an_extended_mirror_can_do_more),
    };
    return cmocka_run_group_tests_name("caps", tests, NULL, NULL);
}
