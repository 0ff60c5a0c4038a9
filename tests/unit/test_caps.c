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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mirror_can_do_everything),
    };
    return cmocka_run_group_tests_name("caps", tests, NULL, NULL);
}
