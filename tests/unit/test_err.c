/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <limits.h>

#include "util/err.h"

static void every_code_has_its_own_phrase(void **state)
{
    (void)state;
    for (int a = 0; a >= ERR_EXHAUSTED; a--) {
        assert_string_not_equal(err_string(a), "unknown error");
        for (int b = 0; b > a; b--)
            assert_string_not_equal(err_string(a), err_string(b));
    }
}

static void any_other_number_is_unknown(void **state)
{
    static const int others[] = {1, INT_MAX, INT_MIN, ERR_EXHAUSTED - 1};
    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_string_equal(err_string(others[i]), "unknown error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_its_own_phrase),
        cmocka_unit_test(any_other_number_is_unknown),
    };
    return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
