/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "session/client.h"
#include "session/escape.h"

/* R20: what MOSH_ESCAPE_KEY may say. */
static void parses_the_variable(void **state)
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
        {"ab", ESCAPE_KEY_DEFAULT, false},
        {"\x80", ESCAPE_KEY_DEFAULT, false},
        {"\xc3\xa9", ESCAPE_KEY_DEFAULT, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool understood = !cases[i].understood;

        assert_int_equal(client_parse_escape_key(cases[i].value, &understood), cases[i].key);
        assert_int_equal(understood, cases[i].understood);
    }
}

/* Feeds `typed` as one read; the verdicts come back as letters. */
static const char *feed(struct escape *e, const char *typed)
{
    static const char letters[] = {
        [ESCAPE_SEND] = 's',    [ESCAPE_SEND_KEY] = 'k', [ESCAPE_SEND_TWO] = '2',
        [ESCAPE_SWALLOW] = '-', [ESCAPE_QUIT] = 'Q',     [ESCAPE_SUSPEND] = 'Z'};
    static char got[64];
    size_t len = strlen(typed);

    for (size_t i = 0; i < len; i++)
        got[i] = letters[escape_feed(e, (uint8_t)typed[i], i + 1 == len)];
    got[len] = '\0';
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
        {"\x1e\x1e", "-k"}, /* R20: typed twice it is sent once */
        {"\x1e\x1e\x1e.", "-k-Q"},
        {"\x1ex", "-2"},
        {"\x1e\x1b", "--"},     /* Esc leaves the menu */
        {"\x1e\x1b[A", "-2ss"}, /* a cursor key does not */

        {"\x1e\r.", "-2s"},
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

static void without_a_key_all_is_sent(void **state)
{
    (void)state;
    struct escape e = {.key = ESCAPE_KEY_NONE};
    char text[32];

    assert_string_equal(feed(&e, "\r\x1e.\xff~."), "ssssss");
    escape_quit_keys(&e, text, sizeof text);
    assert_string_equal(text, "");
}

/* R20: the texts name the key that is configured. */
static void names_the_key(void **state)
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
    assert_non_null(strstr(text, "B to send Ctrl-B"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_the_variable),
        cmocka_unit_test(commands_of_a_control_key),
        cmocka_unit_test(printable_key_counts_after_return_alone),
        cmocka_unit_test(without_a_key_all_is_sent),
        cmocka_unit_test(names_the_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
