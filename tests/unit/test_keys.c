/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* memmem */
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

static void type_in(msec_t now, struct keys_modes modes, const char *bytes)
{
    keys_translate(&keys, now, &modes, (const uint8_t *)bytes, strlen(bytes), &out);
}

static void type(msec_t now, bool application, const char *bytes)
{
    type_in(now, (struct keys_modes){.application_cursor_keys = application}, bytes);
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

/* LNM; what is pasted was not typed, and a line feed is none */
static void return_is_two_characters_in_newline_mode(void **state)
{
    (void)state;
    const struct keys_modes modes = {.newline = true, .bracketed_paste = true};

    type_in(0, modes, "a\rb\n\r\r");
    expect("a\r\nb\n\r\n\r\n");
    type_in(0, modes, "\033[200~a\rb\033[201~\r");
    expect("\033[200~a\rb\033[201~\r\n");
    type_in(0, (struct keys_modes){0}, "\r");
    expect("\r");
}

static void everything_else_passes_unchanged(void **state)
{
    (void)state;
    static const char *const passed[] = {
        "abc\033[A\033[H\033OM\033OP\033\033[1;5A\033b\r\n\t\003OA \xC3\xA9\033",
        "\033[2~\033[3~\033[5~\033[6~\033[15~\033[24~", /* as xterm has them */
        "\033[1;5H\033[1;2P\033[3;5~\033[7;1~\033[1;5~",
        "\033[<0;1;2M\033[<0;1;2m\033[M !!\033[I\033[O\033[32;1;2M",
        "\033[?62;1c\033]11;rgb:1/2/3\033\\\033P1$r\033\\\033[5;7R",
        "\033[97;5u\033[27;5;97~\033O5A\033[[F\033[e\033Oe",
        "\xff\xc3\033\xff\033[\xff\033O\xff\033]x\r",
    };
    for (size_t i = 0; i < sizeof passed / sizeof *passed; i++) {
        type(1000 * i, false, passed[i]);
        keys_flush(&keys, 1000 * i + 500, &out);
        expect(passed[i]);
    }
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
    expect("");
    assert_true(keys_deadline(&keys) == 1000 + KEYS_HOLD_MS);
    keys_flush(&keys, 1000 + KEYS_HOLD_MS - 1, &out);
    expect("");
    keys_flush(&keys, 1000 + KEYS_HOLD_MS, &out);
    expect("\033O");
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

/* What rxvt, PuTTY, tmux and the Linux console send; the program expects an xterm. */
static void R37_keys_of_other_terminals_become_xterms(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *normal, *application;
    } cases[] = {
        {"\033[1~\033[4~", "\033[H\033[F", "\033OH\033OF"}, /* PuTTY, tmux, Linux */
        {"\033[7~\033[8~", "\033[H\033[F", "\033OH\033OF"}, /* rxvt */
        {"\033[11~\033[12~\033[13~\033[14~", "\033OP\033OQ\033OR\033OS",
         "\033OP\033OQ\033OR\033OS"}, /* PuTTY, rxvt */
        {"\033[[A\033[[B\033[[C\033[[D\033[[E", "\033OP\033OQ\033OR\033OS\033[15~",
         "\033OP\033OQ\033OR\033OS\033[15~"}, /* Linux */
        {"\033[a\033[d\033Oa\033Od", "\033[1;2A\033[1;2D\033[1;5A\033[1;5D",
         "\033[1;2A\033[1;2D\033[1;5A\033[1;5D"}, /* rxvt with Shift and Ctrl */
        {"\033[7$\033[7^\033[8@", "\033[1;2H\033[1;5H\033[1;6F", "\033[1;2H\033[1;5H\033[1;6F"},
        {"\033[3^\033[2$\033[11^\033[24@", "\033[3;5~\033[2;2~\033[1;5P\033[24;6~",
         "\033[3;5~\033[2;2~\033[1;5P\033[24;6~"},
        {"\033\033[7~", "\033\033[H", "\033\033OH"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        type(0, false, cases[i].typed);
        expect(cases[i].normal);
        type(0, true, cases[i].typed);
        expect(cases[i].application);
        for (const char *at = cases[i].typed; *at; at++) /* a byte at a time */
            type(0, false, (char[]){*at, 0});
        expect(cases[i].normal);
    }
}

/* In that protocol F3 is CSI 13 ~. */
static void a_keyboard_protocol_has_its_own_keys(void **state)
{
    struct keys_modes modes = {.kitty_keyboard = true};
    (void)state;

    type_in(0, modes, "\033[13~\033[7~\033[57399u\033Oa\033OA");
    expect("\033[13~\033[7~\033[57399u\033Oa\033[A");
}

static void what_is_pasted_is_no_key(void **state)
{
    struct keys_modes modes = {.bracketed_paste = true};
    (void)state;

    type_in(0, modes, "\033[7~\033[200~\033[7~\033OA\033[201~\033OA");
    expect("\033[H\033[200~\033[7~\033OA\033[201~\033[A");
    type_in(0, modes, "\033[200~\033[7");
    expect("\033[200~\033[7");
    type_in(2000, modes, "~\033OA");
    expect("~\033OA");
    modes.bracketed_paste = false; /* the program is another one */
    type_in(4000, modes, "\033OA\033[200~\033OA");
    expect("\033[A\033[200~\033[A");
}

static void alt_with_a_bracket_is_let_go_in_time(void **state)
{
    (void)state;
    type(1000, false, "\033[");
    expect("");
    keys_flush(&keys, 1000 + KEYS_HOLD_MS, &out);
    expect("\033[");
    type(2000, false, "A7~");
    expect("A7~");
}

/* Whatever is typed, however it is cut: all of it arrives, but for the keys above. */
static void nothing_is_lost(void **state)
{
    static const char *const pieces[] = {"\033",  "[",        "O", "A",  "\033[A", "\033[3~",
                                         "\033[", "\033O",    "~", ";",  "1",      "\033[1;5C",
                                         "\xc3",  "\xa9",     "x", "\r", "\x1e",   "\033]0;x\a",
                                         "\033b", "\033[200~"};
    struct rng rng = {.state = 37};
    (void)state;

    for (int round = 0; round < 3000; round++) {
        struct buf typed = {0};
        msec_t now = 0;

        keys = (struct keys){0};
        buf_clear(&out);
        for (size_t i = rng_below(&rng, 30); i > 0; i--) {
            const char *piece = pieces[rng_below(&rng, sizeof pieces / sizeof *pieces)];
            buf_append_str(&typed, piece);
            type(now, true, piece);
            now += rng_below(&rng, 70);
            keys_flush(&keys, now, &out);
        }
        keys_flush(&keys, now + KEYS_HOLD_MS, &out);
        /* of all that can come about from these, three are other keys */
        if (typed.len > 0 && !memmem(typed.data, typed.len, "[1~", 3) &&
            !memmem(typed.data, typed.len, "[11~", 4) && !memmem(typed.data, typed.len, "[[A", 3))
            check_bytes(out.data, out.len, typed.data, typed.len);
        buf_release(&typed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cursor_keys_follow_the_mode_of_the_program, fresh, release),
        cmocka_unit_test_setup_teardown(return_is_two_characters_in_newline_mode, fresh, release),
        cmocka_unit_test_setup_teardown(everything_else_passes_unchanged, fresh, release),
        cmocka_unit_test_setup_teardown(alt_with_a_cursor_key_is_translated, fresh, release),
        cmocka_unit_test_setup_teardown(a_key_may_arrive_in_pieces, fresh, release),
        cmocka_unit_test_setup_teardown(a_lone_alt_o_is_let_go_in_time, fresh, release),
        cmocka_unit_test_setup_teardown(a_key_typed_long_after_alt_o_is_a_key_of_its_own, fresh,
                                        release),
        cmocka_unit_test_setup_teardown(nothing_is_held_in_application_mode, fresh, release),
        cmocka_unit_test_setup_teardown(R37_keys_of_other_terminals_become_xterms, fresh, release),
        cmocka_unit_test_setup_teardown(a_keyboard_protocol_has_its_own_keys, fresh, release),
        cmocka_unit_test_setup_teardown(what_is_pasted_is_no_key, fresh, release),
        cmocka_unit_test_setup_teardown(alt_with_a_bracket_is_let_go_in_time, fresh, release),
        cmocka_unit_test_setup_teardown(nothing_is_lost, fresh, release),
        cmocka_unit_test_setup_teardown(a_new_escape_ends_the_wait, fresh, release),
    };
    return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
