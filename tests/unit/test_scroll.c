/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/screens.h"

#include <stdio.h>

#include "terminal/scroll.h"

#define ROWS 10

static struct screen from, to;

/* Both are one screen of long rows. */
static int set_up(void **state)
{
    struct pool *pool = pool_new();
    char text[64];
    (void)state;
    screen_init(&from, pool, ROWS, 40);
    for (size_t row = 0; row < ROWS; row++) {
        snprintf(text, sizeof text, "row %zu, which is long enough", row);
        put_text(&from, row, 0, text);
    }
    screen_copy(&to, &from);
    pool_unref(pool);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    screen_release(&from);
    screen_release(&to);
    return 0;
}

static void check_found(size_t top, size_t bottom, int64_t count)
{
    struct scroll s;

    assert_true(scroll_find(&from, &to, &s));
    assert_int_equal(s.top, top);
    assert_int_equal(s.bottom, bottom);
    assert_true(s.count == count);
}

static void check_none(void)
{
    struct scroll s;

    assert_false(scroll_find(&from, &to, &s));
}

static void nothing_scrolled(void **state)
{
    (void)state;
    check_none();
    put_text(&to, 3, 0, "written anew");
    check_none();
}

static void of_the_whole_screen(void **state)
{
    (void)state;
    screen_scroll(&to, 0, ROWS, 2, &style_plain);
    check_found(0, ROWS, 2);
}

static void of_a_region_either_way(void **state)
{
    (void)state;
    screen_scroll(&to, 2, 8, -1, &style_plain);
    check_found(2, 8, -1);
}

static void rows_written_anew_on_the_way_do_not_hide_it(void **state)
{
    (void)state;
    screen_scroll(&to, 0, ROWS, 1, &style_plain);
    put_text(&to, 4, 0, "other text");
    put_text(&to, ROWS - 1, 0, "the new row");
    check_found(0, ROWS, 1);
}

/* D8: that one blank row looks like another is no evidence. */
static void blank_rows_are_no_sign(void **state)
{
    (void)state;
    screen_release(&to);
    screen_release(&from);
    struct pool *pool = pool_new();
    screen_init(&from, pool, ROWS, 40);
    screen_copy(&to, &from);
    pool_unref(pool);
    put_text(&to, 0, 0, "the only row");
    screen_scroll(&to, 0, ROWS, 3, &style_plain);
    check_none();
}

static void of_two_the_one_that_moves_more_rows(void **state)
{
    (void)state;
    screen_scroll(&to, 0, 3, 1, &style_plain);
    screen_scroll(&to, 3, ROWS, -2, &style_plain);
    check_found(3, ROWS, -2);
}

/* Its sequences would cost more than to write the few cells, unless the cursor is there already. */
static void one_that_saves_nothing_is_left_out(void **state)
{
    (void)state;
    for (size_t row = 0; row < ROWS; row++)
        screen_erase(&from, row, 0, 40, &style_plain);
    put_text(&from, 1, 0, "a");
    put_text(&from, 2, 0, "b");
    screen_release(&to);
    screen_copy(&to, &from);
    screen_scroll(&to, 0, ROWS, 1, &style_plain);
    check_none();
    from.cursor_row = ROWS - 1;
    check_found(0, ROWS, 1);
}

/* A wide character is written once, whether its row is new or painted over another. */
static void most_rows_are_new_and_wide(void **state)
{
    (void)state;
    screen_scroll(&to, 0, ROWS, ROWS - 2, &style_plain);
    for (size_t row = 0; row < ROWS; row++) {
        for (size_t col = 0; col < 40; col += 2) {
            screen_put(&from, row, col, (0x4E00 + (uint32_t)(40 * row + col)) | CELL_WIDE, 0);
            if (row >= 2)
                screen_put(&to, row, col, (0x5E00 + (uint32_t)(40 * row + col)) | CELL_WIDE, 0);
        }
    }
    for (size_t row = 0; row < 2; row++) {
        row_unref(to.row[row]);
        to.row[row] = row_ref(from.row[ROWS - 2 + row]);
    }
    check_found(0, ROWS, ROWS - 2);
}

#define SCROLL_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCROLL_TEST(nothing_scrolled),
        SCROLL_TEST(of_the_whole_screen),
        SCROLL_TEST(of_a_region_either_way),
        SCROLL_TEST(rows_written_anew_on_the_way_do_not_hide_it),
        SCROLL_TEST(blank_rows_are_no_sign),
        SCROLL_TEST(of_two_the_one_that_moves_more_rows),
        SCROLL_TEST(one_that_saves_nothing_is_left_out),
        SCROLL_TEST(most_rows_are_new_and_wide),
    };
    return cmocka_run_group_tests_name("scroll", tests, NULL, NULL);
}
