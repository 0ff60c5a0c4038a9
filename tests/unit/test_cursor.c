/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/emulators.h"

static void stays_on_the_screen(void **state)
{
    (void)state;
    emulator_move_to(e, 1000, 1000);
    CHECK_CURSOR(4, 9);
    emulator_move_to(e, SIZE_MAX, 3);
    CHECK_CURSOR(4, 3);
}

/* What was printed before is not what a combining mark joins now, and no wrap is left. */
static void a_move_takes_the_mark_along_and_the_wrap_away(void **state)
{
    (void)state;
    put("0123456789");
    assert_true(e->wrap_pending);
    emulator_move_to(e, 2, 5);
    assert_false(e->wrap_pending);
    assert_int_equal(e->mark_back, 0);
}

static void home_is_the_margin_in_origin_mode(void **state)
{
    (void)state;
    emulator_set_margins(e, 2, 4);
    emulator_move_to(e, 3, 3);
    emulator_home(e);
    CHECK_CURSOR(0, 0);
    e->origin = true;
    emulator_home(e);
    CHECK_CURSOR(2, 0);
}

static void line_feed_scrolls_at_the_margin_alone(void **state)
{
    (void)state;
    put_rows(LETTERS);
    emulator_set_margins(e, 1, 4);
    assert_true(emulator_line_feed(e)); /* from above into the region */
    CHECK_CURSOR(1, 0);
    emulator_move_to(e, 3, 2);
    assert_true(emulator_line_feed(e));
    CHECK_CURSOR(3, 2);
    CHECK_ROW(0, "aaa.......");
    CHECK_ROW(1, "ccc.......");
    CHECK_ROW(2, "ddd.......");
    CHECK_ROW(3, "..........");
    CHECK_ROW(4, "eee.......");
    emulator_move_to(e, 4, 2);
    assert_false(emulator_line_feed(e)); /* below it there is no way on */
    CHECK_CURSOR(4, 2);
    CHECK_ROW(4, "eee.......");
}

static void reverse_line_feed_scrolls_at_the_margin_alone(void **state)
{
    (void)state;
    put_rows(LETTERS);
    emulator_set_margins(e, 1, 3);
    emulator_reverse_line_feed(e); /* above it there is no way on */
    CHECK_CURSOR(0, 0);
    CHECK_ROW(0, "aaa.......");
    emulator_move_to(e, 1, 2);
    emulator_reverse_line_feed(e);
    CHECK_CURSOR(1, 2);
    CHECK_ROW(1, "..........");
    CHECK_ROW(2, "bbb.......");
    CHECK_ROW(3, "ddd.......");
    emulator_move_to(e, 3, 2);
    emulator_reverse_line_feed(e); /* from below into it */
    CHECK_CURSOR(2, 2);
}

static void what_is_saved_comes_back(void **state)
{
    (void)state;
    put("0123456789");
    e->screen.pen = style_on(3);
    e->autowrap = false;
    e->origin = true;
    emulator_save_cursor(e);
    emulator_move_to(e, 4, 4);
    e->screen.pen = style_plain;
    e->autowrap = true;
    e->origin = false;
    emulator_restore_cursor(e);
    CHECK_CURSOR(0, 9);
    assert_true(e->wrap_pending);
    assert_true(style_equal(&e->screen.pen, &(struct style){.background = COLOUR_INDEXED | 3}));
    assert_false(e->autowrap);
    assert_true(e->origin);
}

/* A hyperlink is ended by its own sequence, not revived by DECRC. */
static void a_link_is_not_saved(void **state)
{
    (void)state;
    e->screen.pen.link = 7;
    emulator_save_cursor(e);
    e->screen.pen.link = 0;
    emulator_restore_cursor(e);
    assert_int_equal(e->screen.pen.link, 0);
}

static void nothing_saved_is_home(void **state)
{
    (void)state;
    e->screen.pen = style_on(3);
    e->autowrap = false;
    emulator_save_cursor(e);
    emulator_forget_saved_cursor(e);
    emulator_move_to(e, 4, 4);
    emulator_restore_cursor(e);
    CHECK_CURSOR(0, 0);
    assert_false(e->autowrap);
    assert_true(style_equal(&e->screen.pen, &style_plain));
}

static void a_saved_wrap_needs_the_edge(void **state)
{
    (void)state;
    put("0123456789");
    emulator_save_cursor(e);
    emulator_resize(e, 5, 20);
    emulator_restore_cursor(e);
    CHECK_CURSOR(0, 9);
    assert_false(e->wrap_pending);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(stays_on_the_screen),
        EMULATOR_TEST(a_move_takes_the_mark_along_and_the_wrap_away),
        EMULATOR_TEST(home_is_the_margin_in_origin_mode),
        EMULATOR_TEST(line_feed_scrolls_at_the_margin_alone),
        EMULATOR_TEST(reverse_line_feed_scrolls_at_the_margin_alone),
        EMULATOR_TEST(what_is_saved_comes_back),
        EMULATOR_TEST(a_link_is_not_saved),
        EMULATOR_TEST(nothing_saved_is_home),
        EMULATOR_TEST(a_saved_wrap_needs_the_edge),
    };
    return cmocka_run_group_tests_name("cursor", tests, NULL, NULL);
}
