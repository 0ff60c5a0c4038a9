/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "terminal/keypress.h"

static bool read_key(const char *bytes, struct keypress *k)
{
    const struct token_modes modes = {.pastes = true};
    struct tokens tokens = {0};
    struct reader input = {.at = (const uint8_t *)bytes, .left = strlen(bytes)};
    struct token token;

    if (!tokens_next(&tokens, &modes, &input, &token))
        assert_true(tokens_release(&tokens, &modes, &token));
    assert_int_equal(input.left, 0);
    return keypress_read(&token, k);
}

static void keys_in_all_forms(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        uint32_t code, function;
        unsigned modifiers;
        enum keypress_event event;
        int byte;
    } cases[] = {
        {"a", 'a', 0, 0, KEYPRESS_DOWN, 'a'},
        {"\u00e9", 0xE9, 0, 0, KEYPRESS_DOWN, -1},
        {"\x1e", 0x1E, 0, 0, KEYPRESS_DOWN, 0x1E},
        {"\033", 0x1B, 0, 0, KEYPRESS_DOWN, 0x1B},
        {"\033b", 'b', 0, KEYPRESS_ALT, KEYPRESS_DOWN, 'b'},
        {"\033[A", 0, 'A', 0, KEYPRESS_DOWN, -1},
        {"\033OA", 0, 'A', 0, KEYPRESS_DOWN, -1},
        {"\033[1;5C", 0, 'C', KEYPRESS_CTRL, KEYPRESS_DOWN, -1},
        {"\033[1;1:3C", 0, 'C', 0, KEYPRESS_UP, -1},
        {"\033[1;129C", 0, 'C', 0, KEYPRESS_DOWN, -1}, /* Num Lock */
        {"\033[3~", 0, KEYPRESS_NUMBER(3), 0, KEYPRESS_DOWN, -1},
        {"\033[3;2:2~", 0, KEYPRESS_NUMBER(3), KEYPRESS_SHIFT, KEYPRESS_REPEATED, -1},
        {"\033[[A", 0, TOKEN_KEY('[', 0, 'A'), 0, KEYPRESS_DOWN, -1},
        /* Ctrl-^, on several keyboards */
        {"\033[94;5u", '^', 0, KEYPRESS_CTRL, KEYPRESS_DOWN, 0x1E},
        {"\033[54;6u", '6', 0, KEYPRESS_CTRL | KEYPRESS_SHIFT, KEYPRESS_DOWN, 0x1E},
        {"\033[54:94;6u", '6', 0, KEYPRESS_CTRL | KEYPRESS_SHIFT, KEYPRESS_DOWN, 0x1E},
        {"\033[54;5u", '6', 0, KEYPRESS_CTRL, KEYPRESS_DOWN, 0x1E},
        {"\033[27;6;94~", '^', 0, KEYPRESS_CTRL | KEYPRESS_SHIFT, KEYPRESS_DOWN, 0x1E},
        {"\033[27;5;94~", '^', 0, KEYPRESS_CTRL, KEYPRESS_DOWN, 0x1E},
        {"\033[61:94;6u", '=', 0, KEYPRESS_CTRL | KEYPRESS_SHIFT, KEYPRESS_DOWN, 0x1E},
        {"\033[94;5:2u", '^', 0, KEYPRESS_CTRL, KEYPRESS_REPEATED, 0x1E},
        {"\033[94;5:3u", '^', 0, KEYPRESS_CTRL, KEYPRESS_UP, 0x1E},
        {"\033[94;197u", '^', 0, KEYPRESS_CTRL, KEYPRESS_DOWN, 0x1E}, /* with both locks */
        {"\033[94;7u", '^', 0, KEYPRESS_CTRL | KEYPRESS_ALT, KEYPRESS_DOWN, 0x1E},
        {"\033[94;13u", '^', 0, KEYPRESS_CTRL | 8, KEYPRESS_DOWN, -1},
        /* others with Ctrl */
        {"\033[99;5u", 'c', 0, KEYPRESS_CTRL, KEYPRESS_DOWN, 3},
        {"\033[99;6u", 'c', 0, KEYPRESS_CTRL | KEYPRESS_SHIFT, KEYPRESS_DOWN, 3},
        {"\033[27;5;99~", 'c', 0, KEYPRESS_CTRL, KEYPRESS_DOWN, 3},
        {"\033[1103::122;5u", 'z', 0, KEYPRESS_CTRL, KEYPRESS_DOWN, 0x1A}, /* in Cyrillic */
        {"\033[1103;5u", 0x44F, 0, KEYPRESS_CTRL, KEYPRESS_DOWN, -1},
        {"\033[32;5u", ' ', 0, KEYPRESS_CTRL, KEYPRESS_DOWN, 0},
        {"\033[50;5u", '2', 0, KEYPRESS_CTRL, KEYPRESS_DOWN, 0},
        {"\033[47;5u", '/', 0, KEYPRESS_CTRL, KEYPRESS_DOWN, 0x1F},
        {"\033[56;5u", '8', 0, KEYPRESS_CTRL, KEYPRESS_DOWN, 0x7F},
        {"\033[49;5u", '1', 0, KEYPRESS_CTRL, KEYPRESS_DOWN, -1},
        {"\033[91;5u", '[', 0, KEYPRESS_CTRL, KEYPRESS_DOWN, 0x1B},
        {"\033[95;5u", '_', 0, KEYPRESS_CTRL, KEYPRESS_DOWN, 0x1F},
        {"\033[123;5u", '{', 0, KEYPRESS_CTRL, KEYPRESS_DOWN, 0x1B},
        {"\033[126;5u", '~', 0, KEYPRESS_CTRL, KEYPRESS_DOWN, 0x1E},
        {"\033[63;5u", '?', 0, KEYPRESS_CTRL, KEYPRESS_DOWN, 0x7F},
        {"\033[9;5u", '\t', 0, KEYPRESS_CTRL, KEYPRESS_DOWN, '\t'},
        {"\033[13;5u", '\r', 0, KEYPRESS_CTRL, KEYPRESS_DOWN, '\r'},
        {"\033[27;5u", 0x1B, 0, KEYPRESS_CTRL, KEYPRESS_DOWN, 0x1B},
        {"\033[127;5u", 0x7F, 0, KEYPRESS_CTRL, KEYPRESS_DOWN, '\b'},
        {"\033[0;5u", 0, 0, KEYPRESS_CTRL, KEYPRESS_DOWN, -1},
        {"\033[97::98;5u", 'a', 0, KEYPRESS_CTRL, KEYPRESS_DOWN, 1},
        /* and with Shift: the character that Shift makes, or else the one that it does not */
        {"\033[49:33;6u", '1', 0, KEYPRESS_CTRL | KEYPRESS_SHIFT, KEYPRESS_DOWN, -1},
        {"\033[50:34;6u", '2', 0, KEYPRESS_CTRL | KEYPRESS_SHIFT, KEYPRESS_DOWN, 0},
        {"\033[51;6u", '3', 0, KEYPRESS_CTRL | KEYPRESS_SHIFT, KEYPRESS_DOWN, 0x1B},
        {"\033[96;6u", '`', 0, KEYPRESS_CTRL | KEYPRESS_SHIFT, KEYPRESS_DOWN, 0x1E},
        {"\033[65;6u", 'A', 0, KEYPRESS_CTRL | KEYPRESS_SHIFT, KEYPRESS_DOWN, 1},
        {"\033[32;6u", ' ', 0, KEYPRESS_CTRL | KEYPRESS_SHIFT, KEYPRESS_DOWN, 0},
        {"\033[233;6u", 0xE9, 0, KEYPRESS_CTRL | KEYPRESS_SHIFT, KEYPRESS_DOWN, -1},
        /* keys that are bytes without Ctrl */
        {"\033[13u", '\r', 0, 0, KEYPRESS_DOWN, '\r'},
        {"\033[27u", 0x1B, 0, 0, KEYPRESS_DOWN, 0x1B},
        {"\033[127u", 0x7F, 0, 0, KEYPRESS_DOWN, 0x7F},
        {"\033[46u", '.', 0, 0, KEYPRESS_DOWN, '.'},
        {"\033[46;;46u", '.', 0, 0, KEYPRESS_DOWN, '.'},
        {"\033[97;2u", 'A', 0, KEYPRESS_SHIFT, KEYPRESS_DOWN, 'A'},
        {"\033[97:65;2;65u", 'A', 0, KEYPRESS_SHIFT, KEYPRESS_DOWN, 'A'},
        {"\033[96;2u", '~', 0, KEYPRESS_SHIFT, KEYPRESS_DOWN, '~'},
        {"\033[0;2u", 0, 0, KEYPRESS_SHIFT, KEYPRESS_DOWN, 0},
        {"\033[123;2u", '{', 0, KEYPRESS_SHIFT, KEYPRESS_DOWN, '{'},
        {"\033[233;2u", 0xE9, 0, KEYPRESS_SHIFT, KEYPRESS_DOWN, -1},
        {"\033[97;;7u", 'a', 0, 0, KEYPRESS_DOWN, 'a'},                /* a control is no text */
        {"\033[46:58;2u", ':', 0, KEYPRESS_SHIFT, KEYPRESS_DOWN, ':'}, /* German */
        {"\033[101;;233u", 0xE9, 0, 0, KEYPRESS_DOWN, -1},
        {"\033[98;3u", 'b', 0, KEYPRESS_ALT, KEYPRESS_DOWN, 'b'},
        {"\033[57400u", '1', 0, 0, KEYPRESS_DOWN, '1'}, /* on the keypad */
        {"\033[57414u", '\r', 0, 0, KEYPRESS_DOWN, '\r'},
        {"\033[57376u", 0, KEYPRESS_KITTY(57376), 0, KEYPRESS_DOWN, -1}, /* F13 */
        {"\033[57344u", 0, KEYPRESS_KITTY(57344), 0, KEYPRESS_DOWN, -1}, /* before them */
        {"\033[57361u", 0, KEYPRESS_KITTY(57361), 0, KEYPRESS_DOWN, -1}, /* Print Screen */
        {"\033[57455u", 0, KEYPRESS_KITTY(57455), 0, KEYPRESS_DOWN, -1}, /* after the modifiers */
        {"\033[63744u", 63744, 0, 0, KEYPRESS_DOWN, -1},
        /* what there is no such modifier of, and what only looks like xterm's other keys */
        {"\033[1;0C", 0, 'C', 0, KEYPRESS_DOWN, -1},
        {"\033[1;257C", 0, 'C', 0, KEYPRESS_DOWN, -1},
        {"\033[27;5~", 0, KEYPRESS_NUMBER(27), KEYPRESS_CTRL, KEYPRESS_DOWN, -1},
        {"\033[R", 0, 'R', 0, KEYPRESS_DOWN, -1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct keypress k;

        assert_true(read_key(cases[i].bytes, &k));
        assert_int_equal(k.code, cases[i].code);
        assert_int_equal(k.function, cases[i].function);
        assert_int_equal(k.modifiers, cases[i].modifiers);
        assert_int_equal(k.event, cases[i].event);
        assert_int_equal(k.byte, cases[i].byte);
        assert_false(keypress_is_modifier(&k));
    }
}

static void modifiers_alone(void **state)
{
    static const char *const keys[] = {"\033[57442;5u", "\033[57441;2:3u", "\033[57358u",
                                       "\033[57453u"};
    (void)state;

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct keypress k;

        assert_true(read_key(keys[i], &k));
        assert_true(keypress_is_modifier(&k));
        assert_int_equal(k.byte, -1);
    }
}

static void what_is_no_key(void **state)
{
    static const char *const reports[] = {
        "\033[I",    "\033[O",      "\033[<0;1;2M", "\033[<0;1;2m",   "\033[32;1;2M",
        "\033[5;7R", "\033[?62;1c", "\033[0n",      "\033[?2026;2$y", "\033[8;24;80t",
        "\033[?1u",  "\033[>4;2m",  "\033]11;?\a",  "\033P1+r\033\\", "\033[200~",
        "\033[0c",   "\033[1;2y",   "\033[201~",    "\033[?997;1n",   "\033_Gi=1\033\\",
    };
    (void)state;

    for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
        struct keypress k;

        assert_false(read_key(reports[i], &k));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_in_all_forms),
        cmocka_unit_test(modifiers_alone),
        cmocka_unit_test(what_is_no_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
