/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "launch/quote.h"

/* What a real shell makes of the quoted word. */
static void check_shell(const char *shell, const char *word)
{
    struct buf command = {0};
    buf_append_str(&command, shell);
    buf_append_str(&command, " -c ");
    struct buf inner = {0};
    buf_append_str(&inner, "printf %s ");
    quote_append(&inner, word);
    buf_append_byte(&inner, '\0');
    quote_append(&command, (const char *)inner.data);
    buf_append_byte(&command, '\0');
    FILE *pipe = popen((const char *)command.data, "r");
    assert_non_null(pipe);
    char got[1024];
    size_t len = fread(got, 1, sizeof got - 1, pipe);
    got[len] = '\0';
    assert_int_equal(pclose(pipe), 0);
    assert_string_equal(got, word);
    buf_release(&inner);
    buf_release(&command);
}

/* fish sees a backslash within single quotes, and csh an exclamation mark. */
static void check_form(const char *word, const char *quoted)
{
    struct buf out = {0};
    quote_append(&out, word);
    buf_append_byte(&out, '\0');
    assert_string_equal((const char *)out.data, quoted);
    buf_release(&out);
}

static void a_shell_gives_every_word_back(void **state)
{
    (void)state;
    static const char *const words[] = {
        "plain", "",     "two words", "it's",     "'",   "''", "\"", "$HOME `id` $(id) \\",
        "*?[]~", "a\nb", "-n",        "\t ;&|<>", "\\'", "!",  "#",  "\xC3\xA9\xFF",
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        check_shell("sh", words[i]);
    check_shell("bash", "it's $HOME !x \\'");
    check_form("it's", "'it'\\''s'");
    check_form("a\\b!c", "'a'\\\\'b'\\!'c'");
}

struct split {
    const char *command;
    const char *words[6];
};

static void splits_as_a_shell_does(void **state)
{
    (void)state;
    static const struct split cases[] = {
        {"ssh", {"ssh"}},
        {"", {NULL}},
        {" \t\n ", {NULL}},
        {"  ssh   -p 22 ", {"ssh", "-p", "22"}},
        {"ssh -o 'A b' -o \"C d\"", {"ssh", "-o", "A b", "-o", "C d"}},
        {"a''b \"\" c\"d\"'e'", {"ab", "", "cde"}},
        {"a\\ b \\'c \\\\", {"a b", "'c", "\\"}},
        {"\"a\\\"b\\\\c\\$d\\`e\\f\"", {"a\"b\\c$d`e\\f"}},
        {"'a\\b\"c'", {"a\\b\"c"}},
        {"a\\\nb", {"ab"}},
        {"\"a\\\nb\"", {"ab"}},
        {"$HOME ~ * `id`", {"$HOME", "~", "*", "`id`"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct words got = {0};
        assert_int_equal(quote_split(cases[i].command, &got), 0);
        size_t n = 0;
        for (; cases[i].words[n]; n++) {
            assert_true(n < got.count);
            assert_string_equal(got.at[n], cases[i].words[n]);
        }
        assert_int_equal(got.count, n);
        words_release(&got);
    }
}

static void refuses_what_is_not_completed(void **state)
{
    (void)state;
    static const struct {
        const char *command;
        int error;
    } cases[] = {
        {"ssh 'a", QUOTE_UNTERMINATED},  {"ssh \"a", QUOTE_UNTERMINATED},
        {"\"a\\\"", QUOTE_UNTERMINATED}, {"\"a\\", QUOTE_UNTERMINATED},
        {"ssh a\\", QUOTE_DANGLING},     {"'", QUOTE_UNTERMINATED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct words got = {0};
        words_add(&got, "kept");
        assert_int_equal(quote_split(cases[i].command, &got), cases[i].error);
        assert_int_equal(got.count, 1);
        words_release(&got);
    }
}

/* Quoting and splitting are each other's inverse, for any bytes. */
static void splitting_undoes_quoting(void **state)
{
    (void)state;
    struct rng rng = {.state = 16};
    for (int round = 0; round < 2000; round++) {
        struct buf line = {0};
        struct words in = {0}, out = {0};
        size_t count = rng_below(&rng, 5);
        for (size_t i = 0; i < count; i++) {
            char word[12];
            size_t len = rng_below(&rng, sizeof word);
            for (size_t j = 0; j < len; j++) {
                if (rng_below(&rng, 2))
                    word[j] = "'\"\\ \n$"[rng_below(&rng, 6)];
                else
                    word[j] = (char)(1 + rng_below(&rng, 255));
            }
            word[len] = '\0';
            words_add(&in, word);
            quote_append(&line, word);
            buf_append_byte(&line, ' ');
        }
        buf_append_byte(&line, '\0');
        assert_int_equal(quote_split((const char *)line.data, &out), 0);
        assert_int_equal(out.count, in.count);
        for (size_t i = 0; i < in.count; i++)
            assert_string_equal(out.at[i], in.at[i]);
        buf_release(&line);
        words_release(&in);
        words_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shell_gives_every_word_back),
        cmocka_unit_test(splits_as_a_shell_does),
        cmocka_unit_test(refuses_what_is_not_completed),
        cmocka_unit_test(splitting_undoes_quoting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
