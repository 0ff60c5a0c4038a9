/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "terminal/cluster.h"

#define JOINER "\u200D"
#define MARKS                                                                                      \
    "\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030A\u030B\u030C\u030D\u030E\u030F"

static const struct {
    const char *text;
    size_t width;
    const char *fitting;
    size_t columns, characters;
    bool settled;
} cases[] = {
    {"e\u0301", 1, "e\u0301", 1, 1, true},
    {"\u4E2D\u0301", 2, "\u4E2D\u0301", 2, 1, true},
    {"\u1100\u1161\u11A8", 2, "\u1100\u1161\u11A8", 2, 1, true},
    /* an emoji that is narrow elsewhere; in a cell that is narrow here, too, it is as it was sent
     */
    {"\u2764\uFE0F", 2, "\u2764\uFE0F", 1, 1, false},
    {"\u2764\uFE0F", 1, "\u2764\uFE0F", 1, 1, true},
    {"1\uFE0F\u20E3", 2, "1\uFE0F\u20E3", 1, 1, false},
    /* the first of a family, without what joined it to the others */
    {"\U0001F469" JOINER "\U0001F469" JOINER "\U0001F467", 2, "\U0001F469", 2, 1, false},
    {"\U0001F469" JOINER, 2, "\U0001F469" JOINER, 2, 1, true},
    {"\u2764\uFE0F" JOINER "\u2764\uFE0F", 2, "\u2764\uFE0F", 1, 1, false},
    {"\U0001F44D\U0001F3FD", 2, "\U0001F44D", 2, 1, false},
    /* both halves of a flag fit, as two characters */
    {"\U0001F1E9\U0001F1EA", 2, "\U0001F1E9\U0001F1EA", 2, 2, false},
    {"\u0915\u094D\u0937", 1, "\u0915\u094D", 1, 1, false},
    /* a cell of stock mosh holds no more */
    {"x" MARKS MARKS, 1, "x" MARKS "\u0301", 1, 1, false},
    {"x" MARKS "\u0301", 1, "x" MARKS "\u0301", 1, 1, true},
};

static void what_fits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text = cases[i].text;
        struct cluster_part part = cluster_fitting(text, strlen(text), cases[i].width);

        if (part.len != strlen(cases[i].fitting) || memcmp(text, cases[i].fitting, part.len) != 0)
            fail_msg("number %zu: %zu bytes", i, part.len);
        assert_int_equal(part.width, cases[i].columns);
        assert_int_equal(part.characters, cases[i].characters);
        assert_int_equal(cluster_is_settled(text, strlen(text), cases[i].width), cases[i].settled);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_fits)};

    return cmocka_run_group_tests_name("cluster", tests, NULL, NULL);
}
