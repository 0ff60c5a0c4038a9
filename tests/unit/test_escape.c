/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "session/client.h"
#include "session/escape.h"

/* What MOSH_ESCAPE_KEY may say. */
static void R20_parses_the_variable(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        int key;
        bool understood;
    } cases[] = {
        {NULL, 0x1E, true},
        {"", ESCAPE_KEY_NONE, true},
        {"~", '~', true},
        {"\x02", 0x02, true},
        {"^B", 0x02, true},
        {"^b", 0x02, true},
        {"^^", 0x1E, true},
        {"^]", 0x1D, true},
        {"^_", 0x1F, true},
        {"^?", 0x7F, true},
        {"^", '^', true},
        {"\x7f", 0x7F, true},
        {"\x01", 0x01, true},
        {"^C", ESCAPE_KEY_DEFAULT, false},
        {"^d", ESCAPE_KEY_DEFAULT, false},
        {"\n", ESCAPE_KEY_DEFAULT, false},
        {"^L", ESCAPE_KEY_DEFAULT, false},
        {"\r", ESCAPE_KEY_DEFAULT, false},
        {"^@", ESCAPE_KEY_DEFAULT, false},
        {"^1", ESCAPE_KEY_DEFAULT, false},
        {"^BB", ESCAPE_KEY_DEFAULT, false},
        {"^\x7f", ESCAPE_KEY_DEFAULT, false},
        {"ab", ESCAPE_KEY_DEFAULT, false},
        {"\x80", ESCAPE_KEY_DEFAULT, false},
        {"\xc3\xa9", ESCAPE_KEY_DEFAULT, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool understood = !cases[i].understood;

        assert_int_equal(escapekey_parse(cases[i].value, &understood), cases[i].key);
        assert_int_equal(understood, cases[i].understood);
    }
}

/* Feeds `typed` as one read; the verdicts come back as letters. */
static const char *feed(struct escape *e, const char *typed)
{
    static const char letters[] = {
        [ESCAPE_SEND] = 's',     [ESCAPE_SEND_KEY] = 'k', [ESCAPE_SEND_TWO] = '2',
        [ESCAPE_SEND_ESC] = 'e', [ESCAPE_SWALLOW] = '-',  [ESCAPE_QUIT] = 'Q',
        [ESCAPE_SUSPEND] = 'Z',  [ESCAPE_STATUS] = 'i'};
    static char got[64];
    const struct token_modes modes = {.pastes = true};
    struct tokens tokens = {0};
    struct reader input = {.at = (const uint8_t *)typed, .left = strlen(typed)};
    struct token token;
    size_t count = 0;

    while (tokens_next(&tokens, &modes, &input, &token) || tokens_release(&tokens, &modes, &token))
        got[count++] = letters[escape_feed(e, &token)];
    got[count] = '\0';
    return got;
}

static void commands_of_a_control_key(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *want;
    } cases[] = {
        {"ls", "ss"},
        {"a\x1e.", "s-Q"},
        {"\x1e\x1a", "-Z"},
        {"\x1e^a", "-ks"},
        {"\x1eiab", "-i-s"}, /* the first key closes it */
        {"\x1ei\x1e.", "-i-Q"},
        {"\x1ei\x1eixa", "-i-i-s"},
        {"\x1ei\x1b[200~ab\x1b[201~", "-isss"},
        {"\x1e\x1e", "-k"}, /* R20: typed twice it is sent once */
        {"\x1e\x1e\x1e.", "-k-Q"},
        {"\x1ex", "-2"},
        {"\x1e\x1b", "--"},     /* Esc leaves the menu */
        {"\x1e\x1b[A", "-2"},   /* a cursor key does not */
        {"\x1e\x1b.", "-2"},    /* nor does Alt */
        {"\x1b\x1e.", "eQ"},    /* Esc just before it is another key */
        {"\x1e\x1b[I.", "-sQ"}, /* and reports are none */
        {"\x1e\x1b[<35;1;1M.", "-sQ"},
        {"\x1e\r.", "-2s"},
        {"\x1b[200~\x1e.\x1b[201~", "sss"}, /* what is pasted is no command */
        {"\x1e\x1b[200~.\x1b[201~", "-s2s"},
        {"\xff\x80", "ss"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct escape e = {.key = 0x1E};

        assert_string_equal(feed(&e, cases[i].typed), cases[i].want);
        assert_false(e.pending);
    }
    struct escape e = {.key = 0x02};
    assert_string_equal(feed(&e, "\x02"
                                 "b\x02"
                                 "B\x02\x02\x02"
                                 "^"),
                        "-k-k-k-2");
    assert_string_equal(feed(&e, "x\x02"), "s-");
    assert_true(e.pending);
    assert_string_equal(feed(&e, "."), "Q");
}

static void printable_key_counts_after_return_alone(void **state)
{
    (void)state;
    struct escape e = {.key = '~'};

    assert_string_equal(feed(&e, "~."), "ss");
    assert_string_equal(feed(&e, "\r~."), "s-Q");
    assert_string_equal(feed(&e, "\n~~~."), "s-kss");
    assert_string_equal(feed(&e, "\r~x~."), "s-2ss");
    assert_string_equal(feed(&e, "\r~\r~."), "s-2-Q");
    e = (struct escape){.key = 'Q'};
    assert_string_equal(feed(&e, "\rQq\rQQ"), "s-ks-k");
}

/* The key and its commands in the forms of the kitty keyboard protocol and of modifyOtherKeys,
   with all that comes between keys there. */
static void R20_keys_of_every_protocol(void **state)
{
    static const struct {
        const char *typed, *want;
    } cases[] = {
        {"\x1b[94;5u\x1b[46u", "-Q"},
        {"\x1b[94;5u.", "-Q"},
        {"\x1b[54;6u.", "-Q"},
        {"\x1b[27;5;94~.", "-Q"},
        {"\x1b[27;6;94~\x1b[27;5;122~", "-Z"},
        {"\x1b[94;5u\x1b[122;5u", "-Z"},
        {"\x1b[94;5u\x1b[1103::122;5u", "-Z"}, /* on a Cyrillic keyboard */
        {"\x1b[94;5u\x1b[27u", "--"},
        {"\x1b[94;5u\x1b[94;5u", "-k"},
        {"\x1b[94;5u^", "-k"},
        {"\x1b[94;5u\x1b[54;2u", "-k"},
        {"\x1b[94;5ux", "-2"},
        {"\x1b[94;5u\x1b[1;1:1A", "-2"},
        {"\x1b[94;7u.", "ss"}, /* with Alt */
        /* Ctrl goes down, ^ goes down and up, Ctrl goes up, and so on */
        {"\x1b[57442;5u\x1b[94;5u\x1b[94;5:3u\x1b[57442;1:3u\x1b[46u", "s--sQ"},
        {"\x1b[94;5u\x1b[94;5:2u\x1b[94;5:2u\x1b[94;5:3u\x1b[94;5:3u.", "----sQ"},
        {"\x1b[94;5u\x1b[94;5:3u\x1b[94;5u\x1b[94;5:3u", "--ks"},
        {"\x1b[97;1:3u\x1b[94;5u\x1b[98;1:3u.", "s-sQ"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct escape e = {.key = 0x1E};

        assert_string_equal(feed(&e, cases[i].typed), cases[i].want);
        assert_false(e.pending);
    }
    struct escape e = {.key = '~'};
    assert_string_equal(feed(&e, "\x1b[13u\x1b[13;1:3u\x1b[96:126;2u\x1b[46u"), "ss-Q");
    e = (struct escape){.key = 0x1E};
    (void)feed(&e, "\x1b[54;6u");
    check_bytes(e.typed, e.typed_len, "\x1b[54;6u", 7); /* sent as it came */
}

static void without_a_key_all_is_sent(void **state)
{
    (void)state;
    struct escape e = {.key = ESCAPE_KEY_NONE};
    char text[32];

    assert_string_equal(feed(&e, "\r\x1e.\xff~."), "ssssss");
    escape_quit_keys(&e, text, sizeof text);
    assert_string_equal(text, "");
}

/* The texts name the key that is configured. */
static void R20_names_the_key(void **state)
{
    (void)state;
    static const struct {
        int key;
        const char *quit_keys;
    } cases[] = {{0x1E, "Ctrl-^ ."}, {0x02, "Ctrl-B ."}, {0x7F, "Ctrl-? ."}, {'~', "Enter ~ ."}};
    char text[128];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct escape e = {.key = cases[i].key};

        escape_quit_keys(&e, text, sizeof text);
        assert_string_equal(text, cases[i].quit_keys);
    }
    struct escape e = {.key = 0x02};
    escape_help(&e, text, sizeof text);
    assert_non_null(strstr(text, "B send Ctrl-B"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R20_parses_the_variable),
        cmocka_unit_test(commands_of_a_control_key),
        cmocka_unit_test(printable_key_counts_after_return_alone),
        cmocka_unit_test(R20_keys_of_every_protocol),
        cmocka_unit_test(without_a_key_all_is_sent),
        cmocka_unit_test(R20_names_the_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
