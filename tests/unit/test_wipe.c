/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "util/wipe.h"

static void all_of_it_and_no_more(void **state)
{
    (void)state;
    char bytes[] = "a secret";
    wipe(bytes + 2, 3);
    assert_memory_equal(bytes, "a \0\0\0ret", sizeof bytes);
    wipe(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        assert_int_equal(bytes[i], 0);
}

static void nothing_is_fine(void **state)
{
    (void)state;
    char byte = 'x';
    wipe(&byte, 0);
    assert_int_equal(byte, 'x');
    wipe(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_it_and_no_more),
        cmocka_unit_test(nothing_is_fine),
    };
    return cmocka_run_group_tests_name("wipe", tests, NULL, NULL);
}
