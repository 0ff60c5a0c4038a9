/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/emulators.h"

static void flags_are_set_and_reset(void **state)
{
    const struct {
        uint16_t number;
        const bool *flag;
    } flags[] = {
        {1, &e->application_cursor_keys},
        {5, &e->screen.reverse_video},
        {7, &e->autowrap},
        {25, &e->screen.cursor_visible},
        {1004, &e->screen.focus_reporting},
        {1007, &e->screen.alternate_scroll},
        {2004, &e->screen.bracketed_paste},
    };
    (void)state;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        mode_set_private(e, PARAMS(flags[i].number));
        assert_true(*flags[i].flag);
        mode_reset_private(e, PARAMS(flags[i].number));
        assert_false(*flags[i].flag);
    }
    mode_set(e, PARAMS(4));
    assert_true(e->insert);
    mode_reset(e, PARAMS(4));
    assert_false(e->insert);
}

static void several_in_one_sequence(void **state)
{
    (void)state;
    mode_set_private(e, PARAMS(1, 60000, 5, 2004));
    assert_true(e->application_cursor_keys && e->screen.reverse_video);
    assert_true(e->screen.bracketed_paste);
}

/* What reports are made of and how they are written are two things; of each the newest is on.
 */
static void R12_mouse(void **state)
{
    (void)state;
    mode_set_private(e, PARAMS(1000, 1002, 1006));
    assert_int_equal(screen_mouse_reporting(&e->screen), MOUSE_BUTTON);
    assert_int_equal(screen_mouse_encoding(&e->screen), MOUSE_ENCODING_SGR);
    mode_reset_private(e, PARAMS(1002));
    assert_int_equal(screen_mouse_reporting(&e->screen), MOUSE_VT200);
    mode_reset_private(e, PARAMS(1000));
    assert_int_equal(screen_mouse_reporting(&e->screen), MOUSE_OFF);
    assert_int_equal(screen_mouse_encoding(&e->screen), MOUSE_ENCODING_SGR);
    mode_reset_private(e, PARAMS(1005, 1006));
    assert_int_equal(screen_mouse_encoding(&e->screen), MOUSE_ENCODING_DEFAULT);
}

static void origin_mode_goes_home(void **state)
{
    (void)state;
    emulator_set_margins(e, 2, 4);
    emulator_move_to(e, 4, 4);
    mode_set_private(e, PARAMS(6));
    CHECK_CURSOR(2, 0);
    mode_reset_private(e, PARAMS(6));
    CHECK_CURSOR(0, 0);
}

/* DECCOLM: the width stays, both ways. */
static void column_mode_clears(void **state)
{
    (void)state;
    e->column_mode_allowed = true;
    for (int round = 0; round < 2; round++) {
        put_rows(LETTERS);
        emulator_move_to(e, 2, 2);
        (round ? mode_reset_private : mode_set_private)(e, PARAMS(3));
        CHECK_ROW(0, "..........");
        CHECK_CURSOR(0, 0);
        assert_int_equal(e->screen.cols, 10);
    }
}

static void R9_modes_leave_a_pending_wrap_and_unknown_ones_everything(void **state)
{
    (void)state;
    put("0123456789");
    mode_set(e, PARAMS(2, 3, 20, 25, 2004, 65535));
    mode_set_private(e, PARAMS(4, 20, 999, 65535));
    mode_reset_private(e, PARAMS(4, 20, 999, 65535));
    assert_false(e->screen.bracketed_paste || e->insert);
    mode_set_private(e, PARAMS(2004));
    CHECK_CURSOR(0, 9);
    assert_true(e->wrap_pending);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(flags_are_set_and_reset),
        EMULATOR_TEST(several_in_one_sequence),
        EMULATOR_TEST(R12_mouse),
        EMULATOR_TEST(origin_mode_goes_home),
        EMULATOR_TEST(column_mode_clears),
        EMULATOR_TEST(R9_modes_leave_a_pending_wrap_and_unknown_ones_everything),
    };
    return cmocka_run_group_tests_name("mode", tests, NULL, NULL);
}
