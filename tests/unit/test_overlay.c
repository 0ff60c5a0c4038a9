/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "overlay/overlay.h"

static struct text *text(const char *s)
{
    return s ? text_new(s, strlen(s)) : NULL;
}

static void check_text(const struct text *got, const char *want)
{
    if (want)
        assert_string_equal(got->bytes, want);
    else
        assert_null(got);
}

/* Nothing is added to a title that no program has set. */
static void R21_prefix_goes_before_titles_that_are_set(void **state)
{
    (void)state;
    static const struct {
        const char *prefix, *window, *icon, *want_window, *want_icon;
    } cases[] = {
        {"[mosh] ", NULL, NULL, NULL, NULL},
        {"[mosh] ", "vim", NULL, "[mosh] vim", NULL},
        {"[mosh] ", "vim", "vim", "[mosh] vim", "[mosh] vim"},
        {"[mosh] ", "vim", "v", "[mosh] vim", "v"},
        {"[mosh] ", NULL, "v", NULL, "v"},
        {"[mosh] ", "", "", "[mosh] ", "[mosh] "},
        {"", "vim", "vim", "vim", "vim"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pool *pool = pool_new();
        struct screen screen, frame;
        struct overlay overlay;

        screen_init(&screen, pool, 2, 20);
        screen.window_title = text(cases[i].window);
        screen.icon_name = text(cases[i].icon);
        overlay_init(&overlay, "", cases[i].prefix, PREDICT_NEVER, false, 0);
        screen_copy(&frame, &screen);
        overlay_apply(&overlay, 0, &frame, frame.rows, frame.cols);
        check_text(frame.window_title, cases[i].want_window);
        check_text(frame.icon_name, cases[i].want_icon);
        check_text(screen.window_title, cases[i].window);
        overlay_release(&overlay);
        screen_release(&frame);
        screen_release(&screen);
        pool_unref(pool);
    }
}

static void frame_is_fitted_around_the_cursor(void **state)
{
    (void)state;
    static const struct {
        size_t rows, cols, cursor_row, want_row;
        uint32_t want_first; /* glyph at the top left */
    } cases[] = {
        {10, 20, 9, 9, '0'}, {12, 30, 9, 9, '0'}, {5, 20, 4, 4, '0'},
        {5, 20, 9, 4, '5'},  {5, 8, 5, 4, '1'},   {1, 1, 9, 0, '9'},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pool *pool = pool_new();
        struct screen frame;

        screen_init(&frame, pool, 10, 20);
        for (size_t row = 0; row < 10; row++)
            screen_put(&frame, row, 0, (uint32_t)('0' + row), 0);
        frame.cursor_row = cases[i].cursor_row;
        overlay_fit(&frame, cases[i].rows, cases[i].cols);
        assert_int_equal(frame.rows, cases[i].rows);
        assert_int_equal(frame.cols, cases[i].cols);
        assert_int_equal(frame.cursor_row, cases[i].want_row);
        assert_int_equal(frame.row[0]->cell[0].glyph, cases[i].want_first);
        screen_release(&frame);
        pool_unref(pool);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R21_prefix_goes_before_titles_that_are_set),
        cmocka_unit_test(frame_is_fitted_around_the_cursor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
