/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdlib.h>

#include "session/echoed.h"
#include "terminal/emulator.h"

/* A program's screen, and what the user has typed into it. */
struct world {
    struct emulator *emulator;
    struct echoed echoed;
};

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);

    w->emulator = emulator_new(EMULATOR_HOST, 4, 20);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    emulator_free(w->emulator);
    free(w);
    return 0;
}

static void type(struct world *w, uint64_t state_num, const char *keys)
{
    echoed_typed(&w->echoed, emulator_screen(w->emulator), state_num, (const uint8_t *)keys,
                 strlen(keys));
}

static void print(struct world *w, const char *text)
{
    emulator_write(w->emulator, (const uint8_t *)text, strlen(text), NULL);
}

static uint64_t take(struct world *w)
{
    return echoed_take(&w->echoed, emulator_screen(w->emulator));
}

/* What of it is seen when a key was typed and printed. */
static uint64_t take_echo(struct world *w, uint64_t state_num, const char *key)
{
    type(w, state_num, key);
    print(w, key);
    return take(w);
}

static void text_is_seen_where_it_was_typed(void **state)
{
    struct world *w = *state;

    print(w, "$ ");
    assert_int_equal(take(w), 0);
    type(w, 3, "a");
    assert_int_equal(take(w), 0);
    print(w, "a");
    assert_int_equal(take(w), 3);
    assert_int_equal(take(w), 0);
    type(w, 4, "b ");
    type(w, 6, "\xC3\xA9\xE6\xBC\xA2"); /* é, and a wide character */
    type(w, 9, "d");
    print(w, "b ");
    assert_int_equal(take(w), 4);
    print(w, "\xC3\xA9");
    assert_int_equal(take(w), 0); /* half of a state */
    print(w, "\xE6\xBC\xA2"
             "d");
    assert_int_equal(take(w), 9);
    type(w, 10,
         "x"); /* in the middle of text, with something else drawn before the cursor is back */
    print(w, "xyz\033[4;1Hstatus\033[1;11H");
    assert_int_equal(take(w), 10);
}

static void what_stands_elsewhere_is_no_echo(void **state)
{
    static const char *const outputs[] = {
        "*",           /* a password */
        "b",           /* another key */
        "\033[4;1Ha",  /* in another row */
        " a",          /* farther on */
        "ab",          /* with more behind it */
        "a\r",         /* and the cursor is not there */
        "\r\na",       /* on a line of its own */
        "\033[4;20Ha", /* at the margin */
        "\033[2J\033[H",
        "a\xCC\x81", /* with a mark that was not typed */
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
        w->echoed = (struct echoed){0};
        print(w, "\033[2J\033[1;5H");
        type(w, 1, "a");
        print(w, outputs[i]);
        assert_int_equal(take(w), 0);
    }
}

/* Where the cursor goes after other keys, nobody knows before they were acknowledged. */
static void behind_other_keys_nothing_is_seen(void **state)
{
    static const char *const others[] = {"\r",   "\033x", "\033[A",  "\x7f",
                                         "\xC3", "a\r",   "\xCC\x81"};
    struct world *w = *state;

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        w->echoed = (struct echoed){0};
        print(w, "\033[2J\033[H");
        type(w, 1, others[i]);
        type(w, 2, "b");
        print(w, "ab");
        assert_int_equal(take(w), 0);
        echoed_acknowledged(&w->echoed, 1);
        assert_int_equal(take_echo(w, 3, "c"), 0);
        echoed_acknowledged(&w->echoed, 3);
        assert_int_equal(take_echo(w, 4, "d"), 4);
    }
}

/* A program that is slow, whose echo comes after the time that it was given. */
static void keys_that_were_not_seen_in_time_are_forgotten(void **state)
{
    struct world *w = *state;

    type(w, 1, "a");
    type(w, 2, "b");
    echoed_acknowledged(&w->echoed, 1);
    print(w, "ab");
    assert_int_equal(take(w), 0);
    echoed_acknowledged(&w->echoed, 2);
    assert_int_equal(take_echo(w, 3, "c"), 3);
    echoed_acknowledged(&w->echoed, 3);
    assert_int_equal(take_echo(w, 4, "d"), 4);
}

static void more_than_is_followed_is_not_seen(void **state)
{
    struct world *w = *state;
    char text[ECHOED_KEYS_MAX + 1];

    emulator_resize(w->emulator, 4, 200);
    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < sizeof text; i++)
        echoed_typed(&w->echoed, emulator_screen(w->emulator), 1 + i, (const uint8_t *)text + i, 1);
    emulator_write(w->emulator, (const uint8_t *)text, sizeof text, NULL);
    assert_int_equal(take(w), 0); /* the cursor is one column too far */
    print(w, "\b");
    assert_int_equal(take(w), ECHOED_KEYS_MAX);
}

static void a_screen_that_has_shrunk(void **state)
{
    struct world *w = *state;

    print(w, "\033[4;18H");
    type(w, 1, "a");
    emulator_resize(w->emulator, 2, 3);
    print(w, "a");
    assert_int_equal(take(w), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(text_is_seen_where_it_was_typed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_stands_elsewhere_is_no_echo, set_up, tear_down),
        cmocka_unit_test_setup_teardown(behind_other_keys_nothing_is_seen, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keys_that_were_not_seen_in_time_are_forgotten, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(more_than_is_followed_is_not_seen, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_screen_that_has_shrunk, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
