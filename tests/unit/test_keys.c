/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "terminal/keys.h"

static struct keys keys;
static struct buf out;

static int fresh(void **state)
{
    (void)state;
    keys = (struct keys){0};
    buf_clear(&out);
    return 0;
}

static int release(void **state)
{
    (void)state;
    buf_release(&out);
    return 0;
}

static void type(msec_t now, bool application, const char *bytes)
{
    keys_translate(&keys, now, application, (const uint8_t *)bytes, strlen(bytes), &out);
}

static void expect(const char *bytes)
{
    check_bytes(out.data, out.len, bytes, strlen(bytes));
    buf_clear(&out);
}

static void cursor_keys_follow_the_mode_of_the_program(void **state)
{
    (void)state;
    type(0, false, "\033OA\033OB\033OC\033OD");
    expect("\033[A\033[B\033[C\033[D");
    type(0, false, "\033OH\033OF\033OE\033OG"); /* R37: Home, End, and what is neither */
    expect("\033[H\033[F\033OE\033OG");
    type(0, true, "\033OH\033OF");
    expect("\033OH\033OF");
    type(0, true, "\033OA\033OB\033OC\033OD");
    expect("\033OA\033OB\033OC\033OD");
}

static void everything_else_passes_unchanged(void **state)
{
    (void)state;
    const char *bytes = "abc\033[A\033[H\033OM\033OP\033\033[1;5A\033b\r\n\t\003OA \xC3\xA9\033";
    type(0, false, bytes);
    expect(bytes);
}

static void alt_with_a_cursor_key_is_translated(void **state)
{
    (void)state;
    type(0, false, "\033\033OA");
    expect("\033\033[A");
}

static void a_key_may_arrive_in_pieces(void **state)
{
    (void)state;
    type(0, false, "\033");
    expect("\033");
    type(10, false, "O");
    expect("");
    type(10 + KEYS_HOLD_MS - 1, false, "A");
    expect("[A");
}

/* D10: in stock mosh Alt-O seems dead until the next key. */
static void a_lone_alt_o_is_let_go_in_time(void **state)
{
    (void)state;
    assert_true(keys_deadline(&keys) == MSEC_NEVER);
    type(1000, false, "\033O");
    expect("\033");
    assert_true(keys_deadline(&keys) == 1000 + KEYS_HOLD_MS);
    keys_flush(&keys, 1000 + KEYS_HOLD_MS - 1, &out);
    expect("");
    keys_flush(&keys, 1000 + KEYS_HOLD_MS, &out);
    expect("O");
    assert_true(keys_deadline(&keys) == MSEC_NEVER);
    type(2000, false, "A");
    expect("A");
}

static void a_key_typed_long_after_alt_o_is_a_key_of_its_own(void **state)
{
    (void)state;
    type(0, false, "\033O");
    type(KEYS_HOLD_MS, false, "A");
    expect("\033OA");
}

static void nothing_is_held_in_application_mode(void **state)
{
    (void)state;
    type(0, true, "\033O");
    expect("\033O");
}

static void a_new_escape_ends_the_wait(void **state)
{
    (void)state;
    type(0, false, "\033O\033OA");
    expect("\033O\033[A");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cursor_keys_follow_the_mode_of_the_program, fresh, release),
        cmocka_unit_test_setup_teardown(everything_else_passes_unchanged, fresh, release),
        cmocka_unit_test_setup_teardown(alt_with_a_cursor_key_is_translated, fresh, release),
        cmocka_unit_test_setup_teardown(a_key_may_arrive_in_pieces, fresh, release),
        cmocka_unit_test_setup_teardown(a_lone_alt_o_is_let_go_in_time, fresh, release),
        cmocka_unit_test_setup_teardown(a_key_typed_long_after_alt_o_is_a_key_of_its_own, fresh,
                                        release),
        cmocka_unit_test_setup_teardown(nothing_is_held_in_application_mode, fresh, release),
        cmocka_unit_test_setup_teardown(a_new_escape_ends_the_wait, fresh, release),
    };
    return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
