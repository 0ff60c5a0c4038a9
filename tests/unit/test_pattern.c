/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "launch/pattern.h"

static void matches_as_ssh_does(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
        int matches;
    } cases[] = {
        {"", "", 1},
        {"", "a", 0},
        {"a", "", 0},
        {"*", "", 1},
        {"*", "anything", 1},
        {"?", "", 0},
        {"?", "a", 1},
        {"host", "host", 1},
        {"host", "HOST", 1},
        {"host", "hos", 0},
        {"host", "hosts", 0},
        {"*.example.org", "a.b.example.org", 1},
        {"*.example.org", "example.org", 0},
        {"web?.*", "web1.x", 1},
        {"web?.*", "web.x", 0},
        {"a*b*c", "aXbXbXc", 1},
        {"a*b*c", "aXbXbX", 0},
        {"a**", "a", 1},
        {"[a]", "a", 0},
        {"192.168.?.?", "192.168.1.2", 1},
        /* what makes others take for ever */
        {"*a*a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(pattern_match(cases[i].pattern, cases[i].text), cases[i].matches);
}

static void a_negated_pattern_that_matches_decides(void **state)
{
    (void)state;
    struct words w = {0};
    assert_false(pattern_match_any(&w, "a"));
    words_add(&w, "*.org");
    words_add(&w, "!bad.*");
    words_add(&w, "bad.org");
    assert_true(pattern_match_any(&w, "good.org"));
    assert_false(pattern_match_any(&w, "bad.org"));
    assert_false(pattern_match_any(&w, "good.com"));
    words_release(&w);
    words_add(&w, "!bad"); /* alone it matches nothing */
    assert_false(pattern_match_any(&w, "good"));
    words_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_as_ssh_does),
        cmocka_unit_test(a_negated_pattern_that_matches_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
