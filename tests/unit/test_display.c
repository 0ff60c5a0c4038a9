/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdio.h>

#include "terminal/display.h"
#include "terminal/emulator.h"

static void write_str(struct emulator *e, const char *s)
{
    emulator_write(e, (const uint8_t *)s, strlen(s), NULL);
}

/* The diff between what a program has written and what it goes on to write, as readable text:
   ESC is ^, BEL is !, and CR, LF and BS are themselves behind a backslash. */
static const char *diff_with(const struct caps *caps, size_t rows, size_t cols, const char *before,
                             const char *after)
{
    static char text[65536];
    struct emulator *to = emulator_new(EMULATOR_HOST, rows, cols), *from;
    struct buf out = {0};
    size_t len = 0;

    write_str(to, before);
    from = emulator_clone(to);
    write_str(to, after);
    display_diff(caps, emulator_screen(from), emulator_screen(to), &out);
    for (size_t i = 0; i < out.len; i++) {
        static const char control[] = "\033\a\r\n\b";
        static const char *const readable[] = {"^", "!", "\\r", "\\n", "\\b"};
        const char *at = memchr(control, out.data[i], sizeof control - 1);
        len += (size_t)(at ? snprintf(text + len, sizeof text - len, "%s", readable[at - control])
                           : snprintf(text + len, sizeof text - len, "%c", out.data[i]));
        assert_true(len < sizeof text);
    }
    text[len] = 0;
    buf_release(&out);
    emulator_free(from);
    emulator_free(to);
    return text;
}

static const char *diff(size_t rows, size_t cols, const char *before, const char *after)
{
    return diff_with(&caps_mirror, rows, cols, before, after);
}

static void nothing_new_sends_nothing(void **state)
{
    (void)state;
    assert_string_equal(diff(5, 10, "hello\033[1;31m", ""), "");
    assert_string_equal(diff(5, 10, "hello", "\033[1;1Hhello"), "");
    assert_string_equal(diff(2, 5, "hello", "\rhello"), ""); /* a wrap pending or not */
}

static void typing_sends_what_was_typed(void **state)
{
    (void)state;
    assert_string_equal(diff(5, 10, "$ ", "a"), "a");
    assert_string_equal(diff(5, 10, "$ ", "\u00E9\u4E2D"), "\u00E9\u4E2D");
    assert_string_equal(diff(5, 20, "ab\033[1;9Hz", "\033[1;2H\033[X"), "^[2G \\b");
    assert_string_equal(diff(5, 10, "$ abc", "\b \b"), "\\b \\b");
}

/* Samples of stock's own output, where they are right. */
static void agrees_with_stock(void **state)
{
    (void)state;
    assert_string_equal(diff(5, 10, "", "0123456789ABC"), "012345678^[1;10H9ABC");
    assert_string_equal(diff(10, 80, "\033[6;6H", "\033[5A"), "^[1;6H");
    assert_string_equal(diff(10, 80, "\033[6;6H", "\033[1;1H"), "^[H");
    assert_string_equal(diff(5, 10, "12345678", "\033[4D"), "\\b\\b\\b\\b");
    assert_string_equal(diff(5, 10, "12345678", "\r"), "\\r");
    assert_string_equal(diff(5, 20, "12345678", "\033[1;2H\033[4X"), "^[2G    \\b\\b\\b\\b");
    assert_string_equal(diff(5, 20, "12345678", "\033[1;2H\033[5X\033[1;7HX"), "^[2G^[5X^[5CX");
    assert_string_equal(diff(5, 10, "", "\a\a\a"), "!");
}

/* D14: not what stock sends, but what every terminal understands in the same way. */
static void the_last_column_is_followed_by_a_position(void **state)
{
    (void)state;
    assert_string_equal(diff(5, 10, "01234567", "89"), "89^[1;10H");
    assert_string_equal(diff(5, 10, "01234567", "89\r\nx"), "89^[2Hx");
    assert_string_equal(diff(1, 10, "0123456789", "\033[1;7H"), "^[7G");
    assert_string_equal(diff(1, 10, "0123456789", "\033[1;7Habcd\033[1;9H"), "^[7Gabcd^[1;9H");
}

static void wrapped_rows_are_wrapped_by_the_receiver(void **state)
{
    (void)state;
    /* the pen may change in between, but nothing else */
    assert_string_equal(diff(5, 4, "", "abcd\033[1me"), "abc^[1;4Hd^[1me");
    /* the same text, but one line now */
    assert_string_equal(diff(3, 4, "abcd\r\nefgh", "\033[1;4Hdefgh"), "^[1;4Hdefg");
    /* and two lines again: the character in the last column is written anew */
    assert_string_equal(diff(3, 4, "abcdefgh", "\033[1;4Hd"), "^[1;4Hd^[1;4H");
}

/* D1: both columns are always written. */
static void half_covered_wide_characters_are_written_over(void **state)
{
    (void)state;
    assert_string_equal(diff(2, 8, "\u4E00\u4E00", "\033[1;1Hx\033[1;1H"), "\\rx \\r");
    assert_string_equal(diff(2, 8, "\u4E00\u4E00", "\033[1;2Hx"), "\\r x");
    assert_string_equal(diff(2, 8, "abcd", "\033[1;2H\u4E00"), "\\b\\b\\b\u4E00");
}

/* D11: a receiver that counts another width must not put what follows in the wrong place. */
static void a_contested_width_is_followed_by_a_position(void **state)
{
    (void)state;
    assert_string_equal(diff(2, 20, "", "\U0001FAE8x"), "\U0001FAE8^[3Gx");
    assert_string_equal(diff(2, 20, "", "\u231Ax"), "\u231A^[3Gx");
    assert_string_equal(diff(2, 20, "", "\u231A\uFE0Fx"), "\u231A\uFE0F^[3Gx");
    assert_string_equal(diff(2, 20, "", "\u2500\u2500x"), "\u2500\u2500x");
    /* all have agreed on these for long */
    assert_string_equal(diff(2, 20, "", "e\u0301x"), "e\u0301x");
    assert_string_equal(diff(2, 20, "", "\U0001F600x"), "\U0001F600x");
    /* perhaps the receiver did not wrap: the next row's first character is written twice */
    assert_string_equal(diff(2, 4, "", "ab\U0001FAE8xy"), "ab^[1;3H\U0001FAE8x^[2Hxy");
}

/* U+FE0F makes an emoji of a narrow symbol here; stock's mirrors have it in one column, and in the
   second one a space. Of others nobody knows. */
static void an_emoji_by_its_style(void **state)
{
    static const struct caps terminal = {.erase_chars = true};
    (void)state;
    assert_string_equal(diff(2, 20, "", "\u2764\uFE0Fx"), "\u2764\uFE0F x");
    assert_string_equal(diff(2, 20, "abcd\r", "\u2764\uFE0Fx"), "\u2764\uFE0F x");
    assert_string_equal(diff_with(&terminal, 2, 20, "", "\u2764\uFE0Fx"),
                        "\u2764\uFE0F^[?25l^[3Gx^[?25h");
    assert_string_equal(diff_with(&terminal, 2, 20, "abcd\r", "\u2764\uFE0Fx"),
                        "^[2X\u2764\uFE0F^[?25l^[3Gx^[?25h");
}

/* Typing in the middle of a line. */
static void shifted_text_is_found(void **state)
{
    (void)state;
    assert_string_equal(diff(2, 40, "$ a command with words\033[1;5H", "\033[@X"), "^[@X");
    assert_string_equal(diff(2, 40, "$ a command with words\033[1;5H", "\033[2P"), "^[2P");
    assert_string_equal(diff(2, 40, "$ a command with words\033[1;5H\033[41m", "\033[m\033[2@XY"),
                        "^[0m^[2@XY");
    /* not where it would move what is wide, or spare little */
    assert_string_equal(diff(2, 40, "$ a \u4E2Dommand\033[1;3H", "\033[@b"), "ba \u4E2Dommand^[4G");
    assert_string_equal(diff(2, 40, "$ abc\033[1;3H", "\033[P"), "bc^[K\\b\\b");
}

static void pens_change_as_little_as_they_can(void **state)
{
    static const struct caps old = {.colours = 8};
    (void)state;
    assert_string_equal(diff(2, 9, "\033[31m", "\033[1m"), "^[1m");
    assert_string_equal(diff(2, 9, "\033[1;31m", "\033[22m"), "^[22m");
    assert_string_equal(diff(2, 9, "\033[1;31m", "\033[m"), "^[0m");
    assert_string_equal(diff(2, 9, "\033[1;44m", "\033[m\033[1m"), "^[49m");
    assert_string_equal(diff(2, 9, "\033[1;3;44m", "\033[0;32m"), "^[0;32m");
    assert_string_equal(diff_with(&caps_extended, 2, 9, "\033[1;2;31m", "\033[22;1m"), "^[22;1m");
    assert_string_equal(diff_with(&caps_extended, 2, 9, "\033[1;4:3m", "\033[4m"), "^[0;1;4m");
    assert_string_equal(diff_with(&old, 2, 9, "\033[31m", "\033[1m"), "^[0;1;31m");
}

/* A few characters that are there already are less than a move. */
static void short_gaps_are_written_over(void **state)
{
    (void)state;
    assert_string_equal(diff(2, 20, "abcdefgh\r", "ABC\033[1;6HF"), "ABCdeF");
    assert_string_equal(diff(2, 20, "abcd\033[1mefgh\r", "\033[mABC\033[1;6HF"), "^[0mABC^[2CF");
}

static void the_rest_of_the_screen_is_erased_at_once(void **state)
{
    (void)state;
    assert_string_equal(diff(4, 20, "a\r\nb\r\nc\033[H", "\033[2J"), "^[J");
    assert_string_equal(diff(4, 20, "a\r\nb\r\nc\033[H\033[44m", "\033[m\033[2J"), "^[0m^[J");
    assert_string_equal(diff(4, 20, "a\r\nb\033[H", "\033[2H\033[K"), "\\n^[K");
    /* not where it would take a mark away */
    assert_string_equal(diff(4, 20, "a\r\n\033]133;A\ab\033[H", "\033[K\033[2H\033[K"),
                        "^[K\\n^[K");
}

static const char full[] = "the first line of text\r\nthe second line of it\r\n"
                           "the third and it is long\r\nthe fourth, no shorter\r\n"
                           "the fifth and the bottom";

static void scrolling_is_found(void **state)
{
    (void)state;
    /* by a program that came to the bottom */
    assert_string_equal(diff(5, 30, full, "\r\nnew"), "\\r\\nnew");
    assert_string_equal(diff(5, 30, full, "\033[H\033M\033[5;1H"), "^[H^[L\\n\\n\\n\\n");
    /* a region with a fixed last row */
    assert_string_equal(diff(5, 30, full, "\033[1;4r\033[4;1H\n\033[r\033[5;25H"),
                        "^[H^[M\\n\\n\\n^[L^[5;25H");
    /* with a line that was written anew on the way */
    assert_string_equal(diff(5, 30, full, "\r\n\033[2;1H\033[2Kother words"),
                        "\\r\\n^[2Hother words^[K");
    /* and with a fixed first row */
    assert_string_equal(diff(5, 30, full, "\033[2;5r\033[5;1H\n\033[r\033[5;25H"),
                        "^[2H^[M^[5;25H");
}

/* D8, and scrolls that would cost more than they save. */
static void blank_rows_are_no_sign_of_a_scroll(void **state)
{
    (void)state;
    assert_string_equal(diff(24, 80, "", "\033[2K"), "");
    assert_string_equal(diff(24, 80, "", "\033[S"), "");
    assert_string_equal(diff(24, 80, "a long line of text at the top", "\033[2K\r"), "\\r^[K");
    assert_string_equal(diff(24, 80, "a\r\nb\r\nc\033[20Hx\033[H", "\033[1;10r\033[10H\n\033[r"),
                        "b\\r\\nc\\r\\n^[K^[H");
    /* one row would be spared, and another one lost */
    assert_string_equal(
        diff(2, 30, "aaaaaaaaaaaaaaaaaaaa\r\nbbbbbbbbbbbbbbbbbbbb", "\n\rbbbbbbbbbbbbbbbbbbbb"),
        "^[Hbbbbbbbbbbbbbbbbbbbb\\n");
}

static void scrolled_text_in_two_panes(void **state)
{
    (void)state;
    const char *got = diff(10, 30,
                           "\033[1;1Hupper pane first line\033[2;1Hupper pane second line"
                           "\033[3;1Hupper pane third line\033[4;1Hupper pane fourth line"
                           "\033[5;1H------------------------------"
                           "\033[6;1Hlower pane first line\033[7;1Hlower pane second line"
                           "\033[8;1Hlower pane third line\033[9;1Hlower pane fourth line",
                           "\033[1;4r\033[4;1H\n\033[6;9r\033[6;1H\033M\033[r");
    assert_string_equal(got, "^[H^[M\\n\\n\\n^[L^[9H^[M^[6H^[L^[H");
}

static void modes_follow(void **state)
{
    (void)state;
    assert_string_equal(diff(2, 4, "", "\033[?5h\033[?25l"), "^[?5h^[?25l");
    assert_string_equal(diff(2, 4, "", "\033[?2004h\033[?1004h"), "^[?2004h^[?1004h");
    assert_string_equal(diff(2, 4, "", "\033[?1000h\033[?1006h"), "^[?1000h^[?1006h");
    assert_string_equal(diff(2, 4, "\033[?1000h", "\033[?1002h"), "^[?1002h");
    assert_string_equal(diff(2, 4, "\033[?1000;1002h", "\033[?1002l"), "^[?1002l^[?1000h");
    assert_string_equal(diff(2, 4, "\033[?1006h", "\033[?1015h"), "^[?1015h");
    /* D5 */
    assert_string_equal(diff(2, 4, "\033[?9h", "\033[?9l"), "^[?9l");
    assert_string_equal(diff(2, 4, "\033[?1005h", "\033[?1005l"), "^[?1005l");
    /* D6 */
    assert_string_equal(diff(2, 4, "", "\033[?1007h"), "^[?1007h");
    assert_string_equal(diff(2, 4, "\033[?1007h", "\033[?1007l"), "^[?1007l");
    assert_string_equal(diff(2, 4, "", "\033[1;4;31;100m"), "^[1;4;31;48;5;8m");
}

static void titles_and_the_clipboard_follow(void **state)
{
    (void)state;
    assert_string_equal(diff(2, 4, "", "\033]0;both\a"), "^]0;both!");
    assert_string_equal(diff(2, 4, "", "\033]2;title\a"), "^]2;title!");
    assert_string_equal(diff(2, 4, "\033]0;a\a", "\033]1;icon\a"), "^]1;icon!");
    assert_string_equal(diff(2, 4, "\033]0;a\a", "\033]0;\a"), "^]0;!");
    assert_string_equal(diff(2, 4, "", "\033]52;c;aGVsbG8=\a"), "^]52;c;aGVsbG8=!");
    struct caps plain = {0};
    assert_string_equal(diff_with(&plain, 2, 4, "", "\033]0;both\a"), "");
}

static void does_without_what_the_terminal_lacks(void **state)
{
    (void)state;
    struct caps no_ech = {.back_color_erase = true}, no_bce = {.erase_chars = true};
    assert_string_equal(diff_with(&no_ech, 2, 20, "0123456789", "\033[1;2H\033[6X"),
                        "^[?25l^[2G      ^[2G^[?25h");
    assert_string_equal(diff_with(&no_bce, 2, 20, "0123456789", "\033[1;2H\033[6X"),
                        "^[?25l^[2G^[6X^[?25h");
    assert_string_equal(diff_with(&no_bce, 2, 20, "0123456789", "\033[44m\033[1;2H\033[6X"),
                        "^[?25l^[2G^[0;44m      ^[2G^[?25h");
    assert_string_equal(diff_with(&no_bce, 2, 12, "0123456789", "\033[44m\033[1;9H\033[K"),
                        "^[?25l\\b\\b^[0;44m    ^[1;9H^[?25h");
    assert_string_equal(diff_with(&no_bce, 2, 12, "0123456789", "\033[1;9H\033[K"),
                        "^[?25l\\b\\b^[K^[?25h");
}

static void check_escapes(const struct buf *out, const char *want)
{
    check_bytes(out->data, out->len, want, strlen(want));
}

/* No more than clearing once and writing what is there. */
static void R39_draws_everything_where_nothing_is_known(void **state)
{
    (void)state;
    struct emulator *e = emulator_new(EMULATOR_HOST, 3, 10);
    struct buf out = {0};
    write_str(e, "\a\033]52;c;eA==\ahi\r\n\033[1mx\033[?1002h\033[?1006h");
    display_diff(&caps_mirror, NULL, emulator_screen(e), &out);
    check_escapes(&out, "\033[?5l\033[r\033[0m\033[H\033[2J\033[?25lhi\r\n\033[1mx\033[?25h"
                        "\033[?2004l\033[?1003l\033[?1002l\033[?1001l\033[?1000l\033[?9l\033[?1002h"
                        "\033[?1004l\033[?1015l\033[?1006l\033[?1005l\033[?1006h");
    buf_clear(&out);
    write_str(e, "\033[?1007h");
    display_diff(&caps_mirror, NULL, emulator_screen(e), &out);
    assert_memory_equal(out.data + out.len - 8, "\033[?1007h", 8);
    buf_release(&out);
    emulator_free(e);
}

/* A new size clears, and says all modes again. */
static void R12_a_new_size_draws_everything(void **state)
{
    (void)state;
    struct emulator *from = emulator_new(EMULATOR_HOST, 3, 10), *to;
    struct buf out = {0};
    write_str(from, "hi\033[?2004h");
    to = emulator_clone(from);
    emulator_resize(to, 4, 10);
    write_str(to, "\a");
    display_diff(&caps_mirror, emulator_screen(from), emulator_screen(to), &out);
    check_escapes(&out, "\a\033[?5l\033[r\033[0m\033[H\033[2J\033[?25lhi\033[?25h"
                        "\033[?2004h\033[?1003l\033[?1002l\033[?1001l\033[?1000l\033[?9l"
                        "\033[?1004l\033[?1015l\033[?1006l\033[?1005l");
    buf_release(&out);
    emulator_free(from);
    emulator_free(to);
}

/* Keyboard protocols go to terminals that have them, and arrive as they were. */
static void keyboard_protocols_arrive(void **state)
{
    static const char *const programs[] = {"", "\033[=5u", "\033[>4;2m", "\033[=31u\033[>4;1m"};
    (void)state;

    for (size_t i = 0; i < 16; i++) {
        struct emulator *host = emulator_new(EMULATOR_HOST, 3, 10), *before;
        struct emulator *mirror = emulator_new(EMULATOR_MIRROR, 3, 10);
        struct buf out = {0};

        emulator_allow_keyboards(host, true, true);
        write_str(host, programs[i / 4]);
        before = emulator_clone(host);
        display_diff(&caps_extended, NULL, emulator_screen(host), &out);
        emulator_write(mirror, out.data, out.len, NULL);
        buf_clear(&out);
        write_str(host, "\033[=0u\033[>4m");
        write_str(host, programs[i % 4]);
        display_diff(&caps_mirror, emulator_screen(before), emulator_screen(host), &out);
        assert_int_equal(out.len, 0);
        display_diff(&caps_extended, emulator_screen(before), emulator_screen(host), &out);
        emulator_write(mirror, out.data, out.len, NULL);
        assert_true(screen_equal(emulator_screen(mirror), emulator_screen(host)));
        buf_release(&out);
        emulator_free(before);
        emulator_free(host);
        emulator_free(mirror);
    }
}

/* What a command wrote can still be read when the session is gone. */
static void R42_prints_what_stays(void **state)
{
    (void)state;
    struct emulator *e = emulator_new(EMULATOR_HOST, 6, 10);
    struct buf out = {0};
    display_print(&caps_mirror, emulator_screen(e), &out);
    assert_int_equal(out.len, 0);
    write_str(e, "\r\n 0123456789中\033[1;3H\033[31mred\033[0m  \033[44m\033[K\033[m");
    display_print(&caps_mirror, emulator_screen(e), &out);
    check_escapes(&out, "  \033[0;31mred\033[0m  \033[0;44m   \033[0m\r\n 012345678\r\n9中\r\n");
    buf_release(&out);
    emulator_free(e);
}

/* The longest frame that a program can have us make is one that we can make. */
static void S19_the_largest_screen_can_be_drawn(void **state)
{
    (void)state;
    struct emulator *e = emulator_new(EMULATOR_HOST, 1000, SCREEN_CELLS_MAX / 1000);
    struct buf out = {0};
    char cell[128];
    for (unsigned i = 0; i < SCREEN_CELLS_MAX / 2; i++) { /* each is two columns wide */
        snprintf(cell, sizeof cell, "\033[0;%s38;2;%u;%u;%u;48;2;255;255;25%um\u4e2d%s",
                 i & 1 ? "1;3;4;5;7;8;" : "", 100 + (i & 127), 100 + (i >> 7 & 127),
                 100 + (i >> 14 & 127), i & 1, "\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308");
        write_str(e, cell);
    }
    display_diff(&caps_mirror, NULL, emulator_screen(e), &out);
    assert_true(out.len > 20 * SCREEN_CELLS_MAX && out.len < BUF_BYTES_MAX / 4);
    buf_release(&out);
    emulator_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_new_sends_nothing),
        cmocka_unit_test(typing_sends_what_was_typed),
        cmocka_unit_test(agrees_with_stock),
        cmocka_unit_test(the_last_column_is_followed_by_a_position),
        cmocka_unit_test(wrapped_rows_are_wrapped_by_the_receiver),
        cmocka_unit_test(half_covered_wide_characters_are_written_over),
        cmocka_unit_test(a_contested_width_is_followed_by_a_position),
        cmocka_unit_test(an_emoji_by_its_style),
        cmocka_unit_test(shifted_text_is_found),
        cmocka_unit_test(pens_change_as_little_as_they_can),
        cmocka_unit_test(short_gaps_are_written_over),
        cmocka_unit_test(the_rest_of_the_screen_is_erased_at_once),
        cmocka_unit_test(scrolling_is_found),
        cmocka_unit_test(blank_rows_are_no_sign_of_a_scroll),
        cmocka_unit_test(scrolled_text_in_two_panes),
        cmocka_unit_test(modes_follow),
        cmocka_unit_test(titles_and_the_clipboard_follow),
        cmocka_unit_test(does_without_what_the_terminal_lacks),
        cmocka_unit_test(R39_draws_everything_where_nothing_is_known),
        cmocka_unit_test(R12_a_new_size_draws_everything),
        cmocka_unit_test(keyboard_protocols_arrive),
        cmocka_unit_test(R42_prints_what_stays),
        cmocka_unit_test(S19_the_largest_screen_can_be_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
