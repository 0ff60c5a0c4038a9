/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/emulators.h"

enum { BEL = 0x07, BS = 0x08, HT = 0x09, LF = 0x0A, CR = 0x0D, IND = 0x84, NEL = 0x85, RI = 0x8D };

static void bells_are_counted(void **state)
{
    (void)state;
    control_dispatch(e, BEL);
    control_dispatch(e, BEL);
    assert_int_equal(e->screen.bells, 2);
}

static void backspace_stops_at_the_edge(void **state)
{
    (void)state;
    put("ab");
    for (size_t col = 2; col-- > 0;) {
        control_dispatch(e, BS);
        CHECK_CURSOR(0, col);
    }
    control_dispatch(e, BS);
    CHECK_CURSOR(0, 0);
    CHECK_ROW(0, "ab........");
}

/* A mirror does what the diffs of stock servers count on (D14). */
static void backspace_where_a_wrap_is_pending(void **state)
{
    (void)state;
    put("0123456789");
    control_dispatch(e, BS);
    CHECK_CURSOR(0, 8);
    emulator_free(e);
    e = emulator_new(EMULATOR_MIRROR, 5, 10);
    put("0123456789");
    control_dispatch(e, BS);
    CHECK_CURSOR(0, 9);
    assert_false(e->wrap_pending);
}

static void tab_leaves_a_pending_wrap(void **state)
{
    (void)state;
    control_dispatch(e, HT);
    CHECK_CURSOR(0, 8);
    put("ab");
    control_dispatch(e, HT);
    CHECK_CURSOR(0, 9);
    assert_true(e->wrap_pending);
}

static void lines(void **state)
{
    static const uint32_t feeds[] = {LF, 0x0B, 0x0C, IND};
    (void)state;
    for (size_t i = 0; i < sizeof feeds / sizeof *feeds; i++) {
        emulator_move_to(e, 1, 3);
        control_dispatch(e, feeds[i]);
        CHECK_CURSOR(2, 3);
    }
    control_dispatch(e, NEL);
    CHECK_CURSOR(3, 0);
    control_dispatch(e, RI);
    CHECK_CURSOR(2, 0);
    emulator_move_to(e, 1, 3);
    control_dispatch(e, CR);
    CHECK_CURSOR(1, 0);
}

static void write_text(const char *text)
{
    emulator_write(e, (const uint8_t *)text, strlen(text), NULL);
}

/* Within side margins, those that follow one another are done at once. */
static void many_lines(void **state)
{
    (void)state;
    write_text("0123456789\r\nabcdefghij\r\nABCDEFGHIJ\033[?69h\033[2;9s\033[1;3r\033[2;3H");
    write_text("\n\v\nx\f");
    CHECK_ROW(0, "0........9");
    CHECK_ROW(1, "a.x......j");
    CHECK_ROW(2, "A........J");
    write_text("\033[5;1H\n\nx");
    CHECK_CURSOR(4, 1);
    write_text("\033[1;1H\n\n\n\n");
    CHECK_CURSOR(2, 0);
    CHECK_ROW(1, "a.x......j");
}

/* Those of C0 and C1 that mean nothing to any terminal here. */
static void R9_unknown_controls_change_nothing(void **state)
{
    static const uint32_t unknown[] = {0x00, 0x01, 0x05, 0x10, 0x1F, 0x80, 0x91};
    (void)state;
    put("0123456789");
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        control_dispatch(e, unknown[i]);
    escape_dispatch(e, PARSER_KEY(0, 'l'));
    escape_dispatch(e, PARSER_KEY('#', '7'));
    CHECK_CURSOR(0, 9);
    assert_true(e->wrap_pending);
    CHECK_ROW(0, "0123456789");
}

static void escapes_save_restore_and_reset(void **state)
{
    (void)state;
    emulator_move_to(e, 2, 2);
    escape_dispatch(e, PARSER_KEY(0, '7'));
    put("x");
    escape_dispatch(e, PARSER_KEY(0, '8'));
    CHECK_CURSOR(2, 2);
    escape_dispatch(e, PARSER_KEY(0, 'c'));
    CHECK_CURSOR(0, 0);
    CHECK_ROW(2, "..........");
}

/* The rows of the pattern are one, and no sign that anything scrolled. */
static void alignment_pattern(void **state)
{
    (void)state;
    emulator_set_margins(e, 1, 3);
    e->origin = true;
    escape_dispatch(e, PARSER_KEY('#', '8'));
    for (size_t row = 0; row < 5; row++) {
        CHECK_ROW(row, "EEEEEEEEEE");
        assert_int_equal(e->screen.row[row]->identity, 0);
    }
    CHECK_CURSOR(0, 0);
    assert_int_equal(e->top, 0);
    assert_int_equal(e->bottom, 5);
    emulator_move_to(e, 1, 1);
    put("x");
    CHECK_ROW(1, "ExEEEEEEEE");
    CHECK_ROW(2, "EEEEEEEEEE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(bells_are_counted),
        EMULATOR_TEST(backspace_stops_at_the_edge),
        EMULATOR_TEST(backspace_where_a_wrap_is_pending),
        EMULATOR_TEST(tab_leaves_a_pending_wrap),
        EMULATOR_TEST(lines),
        EMULATOR_TEST(many_lines),
        EMULATOR_TEST(R9_unknown_controls_change_nothing),
        EMULATOR_TEST(escapes_save_restore_and_reset),
        EMULATOR_TEST(alignment_pattern),
    };
    return cmocka_run_group_tests_name("control", tests, NULL, NULL);
}
