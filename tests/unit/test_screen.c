/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/screens.h"

#define WIDE_A 0x4E00
#define WIDE_B 0x4E8C

static struct screen fresh(size_t rows, size_t cols)
{
    struct screen s;
    struct pool *p = pool_new();
    screen_init(&s, p, rows, cols);
    pool_unref(p); /* the screen holds it */
    return s;
}

static uint32_t background_at(const struct screen *s, size_t row, size_t col)
{
    return pool_style(s->pool, s->row[row]->cell[col].style)->background;
}

static void check_row(const struct screen *s, size_t row, const char *want)
{
    assert_string_equal(row_text(s, row), want);
    check_invariants(s);
}

static void S19_sizes_are_limited(void **state)
{
    (void)state;
    assert_true(screen_size_valid(1, 1));
    assert_true(screen_size_valid(SCREEN_SIDE_MAX, 244));
    assert_true(screen_size_valid(244, SCREEN_SIDE_MAX));
    assert_true(screen_size_valid(1000, SCREEN_CELLS_MAX / 1000));
    assert_false(screen_size_valid(1000, SCREEN_CELLS_MAX / 1000 + 1));
    assert_false(screen_size_valid(0, 80));
    assert_false(screen_size_valid(24, 0));
    assert_false(screen_size_valid(1, SCREEN_SIDE_MAX + 1));
    assert_false(screen_size_valid(24, -1));
    assert_false(screen_size_valid(SCREEN_SIDE_MAX + 1, 1));
    assert_false(screen_size_valid(SCREEN_SIDE_MAX, SCREEN_SIDE_MAX));
    assert_false(screen_size_valid(INT64_MAX, INT64_MAX));
    assert_false(screen_size_valid(INT64_MIN, 80));
}

static void a_copy_does_not_see_later_changes(void **state)
{
    (void)state;
    struct screen s = fresh(3, 5), copy;
    put_text(&s, 0, 0, "hello");
    s.window_title = text_new("t", 1);
    screen_copy(&copy, &s);
    assert_true(screen_equal(&s, &copy));
    put_text(&s, 0, 0, "J");
    assert_false(screen_equal(&s, &copy));
    check_row(&copy, 0, "hello");
    check_row(&s, 0, "Jello");
    put_text(&s, 0, 0, "h");
    assert_true(screen_equal(&s, &copy)); /* by contents */
    s.bells++;
    assert_false(screen_equal(&s, &copy));
    screen_release(&s);
    screen_release(&copy);
}

/* D1 */
static void a_half_covered_wide_character_goes_whole(void **state)
{
    (void)state;
    struct screen s = fresh(6, 6);
    struct style blue = style_on(4);
    const uint32_t text[] = {'a', WIDE_A, WIDE_B, 'z', 0};
    const uint32_t one[] = {WIDE_A, 0};
    for (size_t row = 0; row < 6; row++)
        put_codes(&s, row, 0, text, &blue);
    check_row(&s, 0, "a\u4E00-\u4E8C-z");
    put_text(&s, 0, 2, "x");
    check_row(&s, 0, "a.x\u4E8C-z");
    assert_int_equal(background_at(&s, 0, 1), blue.background);
    put_text(&s, 1, 1, "x");
    check_row(&s, 1, "ax.\u4E8C-z");
    put_codes(&s, 2, 2, one, &style_plain);
    check_row(&s, 2, "a.\u4E00-.z");
    screen_erase(&s, 3, 2, 4, &style_plain);
    check_row(&s, 3, "a....z");
    put_text(&s, 4, 2, "xy");
    check_row(&s, 4, "a.xy.z");
    put_codes(&s, 5, 0, one, &style_plain);
    check_row(&s, 5, "\u4E00-.\u4E8C-z");
    screen_release(&s);
}

static void shifting_cells_cuts_no_character_in_two(void **state)
{
    (void)state;
    struct screen s = fresh(6, 6);
    struct style blue = style_on(4);
    const uint32_t text[] = {'a', WIDE_A, WIDE_B, 'z', 0};
    for (size_t row = 0; row < 6; row++)
        put_codes(&s, row, 0, text, &style_plain);
    screen_insert_cells(&s, 0, 2, 1, &blue); /* between two halves */
    check_row(&s, 0, "a...\u4E8C-");
    assert_int_equal(background_at(&s, 0, 2), blue.background);
    assert_int_equal(background_at(&s, 0, 1), 0);
    screen_insert_cells(&s, 1, 0, 2, &style_plain); /* over the right edge */
    check_row(&s, 1, "..a\u4E00-.");
    screen_delete_cells(&s, 2, 2, 2, &style_plain); /* what is left would look whole */
    check_row(&s, 2, "a..z..");
    screen_delete_cells(&s, 3, 0, 2, &blue);
    check_row(&s, 3, ".\u4E8C-z..");
    assert_int_equal(background_at(&s, 3, 5), blue.background);
    screen_delete_cells(&s, 4, 1, 1000, &style_plain);
    check_row(&s, 4, "a.....");
    screen_insert_cells(&s, 5, 5, 1000, &style_plain);
    check_row(&s, 5, "a\u4E00-\u4E8C-.");
    screen_release(&s);
}

static void erasing_keeps_the_background(void **state)
{
    (void)state;
    struct screen s = fresh(2, 4);
    struct style pen = {.background = COLOUR_INDEXED | 2, .attributes = STYLE_BOLD};
    put_text(&s, 0, 0, "abcd");
    screen_erase(&s, 0, 1, 3, &pen);
    check_row(&s, 0, "a..d");
    assert_int_equal(background_at(&s, 0, 1), pen.background);
    assert_int_equal(pool_style(s.pool, s.row[0]->cell[1].style)->attributes, 0);
    screen_erase(&s, 0, 1, 4, &style_plain);
    check_row(&s, 0, "a...");
    assert_int_equal(s.row[0]->used, 1);
    screen_erase(&s, 0, 0, 4, &style_plain);
    assert_ptr_equal(s.row[0], s.row[1]); /* one blank row for all */
    screen_release(&s);
}

static void the_wrap_flag_goes_with_the_last_column(void **state)
{
    (void)state;
    struct screen s = fresh(3, 4);
    put_text(&s, 0, 0, "abcd");
    screen_set_wrapped(&s, 0);
    put_text(&s, 0, 0, "xyz");
    screen_erase(&s, 0, 0, 3, &style_plain);
    assert_true(s.row[0]->wrapped);
    put_text(&s, 0, 3, "d");
    assert_false(s.row[0]->wrapped);
    screen_set_wrapped(&s, 0);
    screen_erase(&s, 0, 3, 4, &style_plain);
    assert_false(s.row[0]->wrapped);
    screen_set_wrapped(&s, 0); /* there is nothing that could go on */
    assert_false(s.row[0]->wrapped);
    put_text(&s, 0, 3, "d");
    screen_set_wrapped(&s, 0);
    screen_insert_cells(&s, 0, 0, 1, &style_plain);
    assert_false(s.row[0]->wrapped);
    put_codes(&s, 1, 2, (const uint32_t[]){WIDE_A, 0}, &style_plain);
    screen_set_wrapped(&s, 1);
    put_text(&s, 1, 2, "x"); /* takes away the half in the last column */
    assert_false(s.row[1]->wrapped);
    check_invariants(&s);
    screen_release(&s);
}

static void the_bottom_row_is_never_wrapped(void **state)
{
    (void)state;
    struct screen s = fresh(3, 2);
    put_text(&s, 1, 0, "ab");
    put_text(&s, 2, 0, "cd");
    screen_set_wrapped(&s, 2);
    assert_false(s.row[2]->wrapped);
    screen_set_wrapped(&s, 1);
    screen_scroll(&s, 0, 3, -1, &style_plain);
    check_row(&s, 2, "ab");
    screen_set_wrapped(&s, 1);
    put_text(&s, 0, 0, "zz");
    screen_set_wrapped(&s, 0);
    screen_resize(&s, 1, 2, &style_plain);
    check_row(&s, 0, "zz");
    screen_release(&s);
}

static void scrolls_a_region_by_pointer(void **state)
{
    (void)state;
    struct screen s = fresh(5, 1);
    struct style blue = style_on(4);
    const char *letters = "abcde";
    for (size_t i = 0; i < 5; i++)
        screen_put(&s, i, 0, (uint8_t)letters[i], 0);
    const struct row *c = s.row[2];
    screen_scroll(&s, 1, 4, 1, &blue); /* a c d _ e */
    assert_ptr_equal(s.row[1], c);
    check_row(&s, 0, "a");
    check_row(&s, 2, "d");
    check_row(&s, 3, ".");
    check_row(&s, 4, "e");
    assert_int_equal(background_at(&s, 3, 0), blue.background);
    screen_scroll(&s, 0, 5, -2, &style_plain); /* _ _ a c d */
    check_row(&s, 1, ".");
    check_row(&s, 2, "a");
    check_row(&s, 4, "d");
    screen_scroll(&s, 0, 5, 1000, &style_plain);
    for (size_t i = 0; i < 5; i++)
        check_row(&s, i, ".");
    screen_release(&s);
}

static void resizing_cuts_and_fills(void **state)
{
    (void)state;
    struct screen s = fresh(2, 4);
    struct style blue = style_on(4);
    put_text(&s, 0, 0, "ab");
    put_codes(&s, 0, 2, (const uint32_t[]){WIDE_A, 0}, &style_plain);
    screen_set_wrapped(&s, 0);
    s.cursor_row = 1;
    s.cursor_col = 3;
    screen_resize(&s, 2, 3, &style_plain);
    check_row(&s, 0, "ab.");
    assert_false(s.row[0]->wrapped);
    assert_int_equal(s.cursor_col, 2);
    screen_resize(&s, 3, 5, &blue);
    check_row(&s, 0, "ab...");
    check_row(&s, 2, ".....");
    assert_int_equal(background_at(&s, 0, 2), 0);
    assert_int_equal(background_at(&s, 0, 3), blue.background);
    assert_int_equal(background_at(&s, 2, 0), blue.background);
    screen_resize(&s, 1, 1, &style_plain);
    check_row(&s, 0, "a");
    screen_resize(&s, SCREEN_SIDE_MAX, 1, &style_plain);
    check_invariants(&s);
    screen_release(&s);
}

/* Any order of calls keeps the invariants, and what a snapshot shows. */
static void random_changes_keep_the_invariants(void **state)
{
    (void)state;
    struct rng rng = {.state = 7};
    for (size_t run = 0; run < 300; run++) {
        struct screen s = fresh(1 + rng_below(&rng, 5), 1 + rng_below(&rng, 9)), snapshot;
        for (size_t step = 0; step < 60; step++) {
            size_t row = rng_below(&rng, s.rows), col = rng_below(&rng, s.cols);
            size_t n = rng_below(&rng, s.cols + 2), end = col + rng_below(&rng, s.cols - col + 1);
            struct style fill = rng_below(&rng, 2) ? style_on(4) : style_plain;
            screen_copy(&snapshot, &s);
            switch (rng_below(&rng, 7)) {
            case 0:
                screen_erase(&s, row, col, end, &fill);
                break;
            case 1:
                screen_insert_cells(&s, row, col, n, &fill);
                break;
            case 2:
                screen_delete_cells(&s, row, col, n, &fill);
                break;
            case 3:
                screen_scroll(&s, row, row + 1 + rng_below(&rng, s.rows - row),
                              (int64_t)rng_below(&rng, 7) - 3, &fill);
                break;
            case 4:
                if (step % 8 == 0)
                    screen_resize(&s, 1 + rng_below(&rng, 5), 1 + rng_below(&rng, 9), &fill);
                break;
            case 5:
                screen_set_wrapped(&s, row);
                break;
            default:
                if (col + 1 < s.cols)
                    put_codes(&s, row, col, (const uint32_t[]){WIDE_A, 0}, &fill);
                put_codes(&s, row, col, (const uint32_t[]){'x', 0}, &fill);
            }
            check_invariants(&s);
            check_invariants(&snapshot);
            screen_release(&snapshot);
        }
        screen_release(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S19_sizes_are_limited),
        cmocka_unit_test(a_copy_does_not_see_later_changes),
        cmocka_unit_test(a_half_covered_wide_character_goes_whole),
        cmocka_unit_test(shifting_cells_cuts_no_character_in_two),
        cmocka_unit_test(erasing_keeps_the_background),
        cmocka_unit_test(the_wrap_flag_goes_with_the_last_column),
        cmocka_unit_test(the_bottom_row_is_never_wrapped),
        cmocka_unit_test(scrolls_a_region_by_pointer),
        cmocka_unit_test(resizing_cuts_and_fills),
        cmocka_unit_test(random_changes_keep_the_invariants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
