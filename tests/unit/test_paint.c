/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/screens.h"

#include "terminal/paint.h"

static struct screen shown, to;
static struct buf out;
static struct paint p;

static int set_up(void **state)
{
    struct pool *pool = pool_new();
    (void)state;
    screen_init(&shown, pool, 10, 20);
    screen_init(&to, pool, 10, 20);
    pool_unref(pool);
    p = (struct paint){.caps = &caps_mirror,
                       .shown = &shown,
                       .to = &to,
                       .out = &out,
                       .cursor = CURSOR_KNOWN,
                       .cursor_visible = true};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    screen_release(&shown);
    screen_release(&to);
    buf_release(&out);
    return 0;
}

/* What was written since the last call. */
static void check_out(const char *want)
{
    check_bytes(out.data, out.len, want, strlen(want));
    buf_clear(&out);
}

static void moves_take_the_shortest_way(void **state)
{
    (void)state;
    paint_move(&p, 0, 0);
    check_out("");
    paint_move(&p, 4, 0);
    check_out("\n\n\n\n");
    paint_move(&p, 9, 0); /* of equals, the simpler */
    check_out("\n\n\n\n\n");
    paint_move(&p, 9, 12);
    check_out("\033[12C");
    paint_move(&p, 9, 9);
    check_out("\b\b\b");
    paint_move(&p, 9, 3); /* six backspaces are not shorter */
    check_out("\033[4G");
    paint_move(&p, 9, 0);
    check_out("\r");
    paint_move(&p, 5, 3);
    check_out("\033[6;4H");
    paint_move(&p, 7, 3);
    check_out("\n\n");
    paint_move(&p, 8, 0);
    check_out("\r\n");
    paint_move(&p, 8, 1);
    check_out("\033[C");
    paint_move(&p, 0, 0);
    check_out("\033[H");
    paint_move(&p, 8, 0); /* the row alone, as the column is the first */
    check_out("\033[9H");
}

/* What is there already, in the pen's style, may be written again. */
static void forward_over_text(void **state)
{
    (void)state;
    put_text(&to, 0, 0, "abcdef\u00E9h");
    paint_move(&p, 0, 3);
    check_out("abc");
    paint_move(&p, 0, 7); /* more would not be shorter */
    check_out("\033[4C");
    paint_move(&p, 0, 5);
    check_out("\b\b");
    paint_move(&p, 0, 7); /* two bytes for a column */
    check_out("\033[2C");
    paint_set_pen(&p, &(struct style){.attributes = STYLE_BOLD});
    buf_clear(&out);
    paint_move(&p, 0, 0);
    paint_move(&p, 0, 2);
    check_out("\r\033[2C");
}

/* D14: whoever knows where the cursor is does not count on it. */
static void an_unknown_place_is_left_by_an_absolute_move(void **state)
{
    (void)state;
    p.cursor = CURSOR_UNKNOWN;
    paint_move(&p, 0, 0);
    check_out("\033[H");
    paint_move(&p, 0, 0);
    check_out("");
    p.cursor = CURSOR_MAYBE_WRAPPING;
    p.col = 19;
    paint_move(&p, 0, 18);
    check_out("\033[19G");
    p.cursor = CURSOR_MAYBE_WRAPPING;
    p.col = 19;
    paint_move(&p, 1, 0);
    check_out("\r\n");
    p.cursor = CURSOR_IN_ROW;
    paint_move(&p, 2, 0);
    check_out("\r\n");
}

/* From a terminal, and not for a few characters; a mirror has no eyes on it. */
static void the_cursor_is_hidden_once(void **state)
{
    struct caps terminal = caps_mirror;
    (void)state;
    terminal.mirror = false;
    p.caps = &terminal;
    put_text(&to, 0, 0, "ab");
    paint_move_hidden(&p, 0, 0);
    check_out("");
    paint_move_hidden(&p, 0, 2);
    check_out("ab");
    paint_move_hidden(&p, 2, 5);
    check_out("\033[?25l\033[3;6H");
    paint_move_hidden(&p, 2, 4);
    check_out("\b");
    paint_set_cursor_visible(&p, true);
    paint_set_cursor_visible(&p, true);
    check_out("\033[?25h");
    paint_move(&p, 3, 4); /* it could be in newline mode */
    check_out("\033[4;5H");
    p.caps = &caps_mirror;
    paint_move_hidden(&p, 5, 5);
    check_out("\033[6;6H");
}

static void the_pen_is_set_when_it_changes(void **state)
{
    struct style blue = style_on(4);
    (void)state;
    paint_set_pen(&p, &style_plain);
    check_out("");
    paint_set_pen(&p, &blue);
    paint_set_pen(&p, &blue);
    check_out("\033[44m");
    paint_reset_pen(&p);
    paint_reset_pen(&p); /* this one always writes */
    check_out("\033[0m\033[0m");
}

static void rows_that_are_shown_cost_nothing(void **state)
{
    (void)state;
    put_text(&shown, 3, 2, "the same");
    put_text(&to, 3, 2, "the same");
    paint_rows(&p);
    check_out("");
}

static void only_what_differs_is_written(void **state)
{
    (void)state;
    put_text(&shown, 0, 0, "abcdefgh");
    put_text(&to, 0, 0, "abXdefgh");
    put_text(&shown, 1, 0, "to be erased");
    paint_rows(&p);
    check_out("abX\r\n\033[K");
}

static void long_gaps_are_erased_and_short_ones_written(void **state)
{
    (void)state;
    put_text(&shown, 0, 0, "abcdefghijkl");
    put_text(&to, 0, 0, "a");
    put_text(&to, 0, 6, "ghijkl");
    put_text(&shown, 1, 0, "abcdef");
    put_text(&to, 1, 0, "a");
    put_text(&to, 1, 5, "f");
    paint_rows(&p);
    check_out("a\033[5X\n    ");
}

/* The receiver has to make the wrap itself, or it does not know that the two are one line. */
static void a_wrapped_row_is_left_by_wrapping(void **state)
{
    (void)state;
    put_text(&to, 0, 0, "01234567890123456789");
    screen_set_wrapped(&to, 0);
    put_text(&to, 1, 0, "x");
    paint_rows(&p);
    check_out("0123456789012345678\033[1;20H9x");
}

#define PAINT_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAINT_TEST(moves_take_the_shortest_way),
        PAINT_TEST(forward_over_text),
        PAINT_TEST(an_unknown_place_is_left_by_an_absolute_move),
        PAINT_TEST(the_cursor_is_hidden_once),
        PAINT_TEST(the_pen_is_set_when_it_changes),
        PAINT_TEST(rows_that_are_shown_cost_nothing),
        PAINT_TEST(only_what_differs_is_written),
        PAINT_TEST(long_gaps_are_erased_and_short_ones_written),
        PAINT_TEST(a_wrapped_row_is_left_by_wrapping),
    };
    return cmocka_run_group_tests_name("paint", tests, NULL, NULL);
}
