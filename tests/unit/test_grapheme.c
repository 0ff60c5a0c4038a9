/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "util/grapheme.h"
#include "util/width.h"

/* Each text with its clusters, as their lengths in code points. */
static const struct {
    uint32_t text[12];
    size_t clusters[6];
} cases[] = {
    {{'a', 'b'}, {1, 1}},
    {{'e', 0x301, 0x323, 'x'}, {3, 1}},
    {{'\r', '\n', 0x301}, {1, 1, 1}},
    /* families, professions, hearts: joined by ZWJ */
    {{0x1F468, 0x200D, 0x1F469, 0x200D, 0x1F467, 0x1F468}, {5, 1}},
    {{0x1F469, 0x1F3FD, 0x200D, 0x1F680}, {4}},
    {{0x2764, 0xFE0F, 0x200D, 0x1F525}, {4}},
    {{'a', 0x200D, 0x1F525}, {2, 1}},
    {{0x1F525, 0x200D, 0x200D, 0x1F525}, {3, 1}},
    /* modifiers, keycaps, tags */
    {{0x1F44D, 0x1F3FB, 0x1F44D}, {2, 1}},
    {{'1', 0xFE0F, 0x20E3, '2'}, {3, 1}},
    {{0x1F3F4, 0xE0067, 0xE0062, 0xE007F, 'a'}, {4, 1}},
    /* flags: two by two */
    {{0x1F1E9, 0x1F1EA, 0x1F1EB, 0x1F1F7, 0x1F1EE}, {2, 2, 1}},
    {{0x1F1E9, 0x301, 0x1F1EA}, {2, 1}},
    /* Hangul */
    {{0x1100, 0x1161, 0x11A8, 0x1100}, {3, 1}},
    {{0x1100, 0x1100, 0xAC00, 0x11A8, 0xAC01, 0x11A8, 0x1161}, {4, 2, 1}},
    /* spacing marks, prepended ones */
    {{0x915, 0x93E, 0x916}, {2, 1}},
    {{0x600, '1', '2'}, {2, 1}},
    /* conjuncts: Devanagari has them, Tamil has not, ZWNJ ends them */
    {{0x915, 0x94D, 0x937, 0x93F, 0x915}, {4, 1}},
    {{0x915, 0x94D, 0x200D, 0x937}, {4}},
    {{0x915, 0x94D, 0x200C, 0x937}, {3, 1}},
    {{0x915, 0x94D, 'x'}, {2, 1}},
    {{0xB95, 0xBCD, 0xBB7}, {2, 1}},
    /* a virama joins consonants alone, and one more of them does no harm */
    {{'x', 0x94D, 0x937}, {2, 1}},
    {{0x915, 0x94D, 0x94D, 0x937}, {4}},
};

static void clusters(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct grapheme g = {0};
        size_t cluster = 0, len = 0;

        for (const uint32_t *c = cases[i].text; *c; c++) {
            if (grapheme_joins(&g, *c)) {
                len++;
                continue;
            }
            if (c != cases[i].text && cases[i].clusters[cluster++] != len)
                fail_msg("text %zu: cluster %zu is %zu long", i, cluster - 1, len);
            len = 1;
        }
        if (cases[i].clusters[cluster] != len || cases[i].clusters[cluster + 1] != 0)
            fail_msg("text %zu: the last cluster, %zu, is %zu long", i, cluster, len);
    }
}

/* One line of GraphemeBreakTest.txt: code points with a sign before, between and after them that
   says whether there is a boundary. */
static void check_line(char *line)
{
    static const char boundary[] = "\xC3\xB7";
    struct grapheme g = {0};
    bool breaks = true;
    char *save = NULL;

    for (char *word = strtok_r(line, " \t\r\n", &save); word;
         word = strtok_r(NULL, " \t\r\n", &save)) {
        if ((unsigned char)*word >= 0x80) {
            breaks = strcmp(word, boundary) == 0;
            continue;
        }
        uint32_t code = (uint32_t)strtoul(word, NULL, 16);
        if (code == '\n' || code == '\r')
            return; /* what a terminal never sees as text */
        if (grapheme_joins(&g, code) == breaks)
            fail_msg("U+%04X %s", (unsigned)code, breaks ? "joins" : "does not join");
    }
}

/* Unicode's own test, where Debian's package unicode-data is. Its GB9c came with 15.1. */
static void unicode_says_the_same(void **state)
{
    (void)state;
    FILE *in = fopen("/usr/share/unicode/auxiliary/GraphemeBreakTest.txt", "r");
    char line[1024];
    size_t lines = 0;

    if (!in)
        skip();
    while (fgets(line, sizeof line, in)) {
        char *comment = strchr(line, '#');
        if (comment)
            *comment = '\0';
        check_line(line);
        lines++;
    }
    fclose(in);
    assert_in_range(lines, 500, 5000);
}

static void emoji_style(void **state)
{
    (void)state;
    static const uint32_t with[] = {'#', '*', '0', '9', 0xA9, 0x2764, 0x263A, 0x1F3F3, 0x1F6F3};
    static const uint32_t without[] = {0,    'a',        '/',     ':',
                                       0xAA, 0x2763 - 2, 0x1F600, 0x1F468 + 0x100000};

    for (size_t i = 0; i < sizeof with / sizeof *with; i++)
        assert_true(grapheme_has_emoji_style(with[i]));
    for (size_t i = 0; i < sizeof without / sizeof *without; i++)
        assert_false(grapheme_has_emoji_style(without[i]));
}

/* What never prints is in no cluster, so that no mark joins it. */
static void nothing_joins_a_control(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x110000; c++) {
        struct grapheme g = {0};

        if (c != 0xAD && width_of(c) >= 0)
            continue;
        (void)grapheme_joins(&g, 'a');
        if (c < 0x20 || c == 0x7F || c > 0x10FFFF)
            assert_false(grapheme_joins(&g, c));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clusters),
        cmocka_unit_test(unicode_says_the_same),
        cmocka_unit_test(emoji_style),
        cmocka_unit_test(nothing_joins_a_control),
    };

    return cmocka_run_group_tests_name("grapheme", tests, NULL, NULL);
}
