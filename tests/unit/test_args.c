/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdbool.h>

#include "sys/args.h"

static void decimals(void **state)
{
    static const struct {
        const char *text;
        uint64_t min, max;
        int result;
        uint64_t value;
    } cases[] = {
        {"0", 0, 10, 0, 0},
        {"10", 0, 10, 0, 10},
        {"11", 0, 10, -1, 0},
        {"0", 1, 10, -1, 0},
        {"007", 0, 10, 0, 7},
        {"", 0, 10, -1, 0},
        {"-1", 0, 10, -1, 0},
        {"+1", 0, 10, -1, 0},
        {" 1", 0, 10, -1, 0},
        {"1 ", 0, 10, -1, 0},
        {"10x", 0, 100, -1, 0},
        {"0x10", 0, 100, -1, 0},
        {"18446744073709551615", 0, UINT64_MAX, 0, UINT64_MAX},
        {"18446744073709551616", 0, UINT64_MAX, -1, 0},
        {"99999999999999999999999999", 0, UINT64_MAX, -1, 0},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t value = 4711;
        int result = args_decimal(cases[i].text, cases[i].min, cases[i].max, &value);
        if (result != cases[i].result)
            fail_msg("\"%s\" gave %d", cases[i].text, result);
        assert_int_equal(value, result == 0 ? cases[i].value : 4711);
    }
}

static void port_ranges(void **state)
{
    static const struct {
        const char *text;
        bool good;
        uint16_t low, high;
    } cases[] = {
        {"", true, 0, 0},
        {"0", true, 0, 0},
        {"60001", true, 60001, 60001},
        {"60001:60999", true, 60001, 60999},
        {"65535:65535", true, 65535, 65535},
        {"65536", false, 0, 0},
        {"0:10", false, 0, 0},
        {"10:9", false, 0, 0},
        {"10:", false, 0, 0},
        {":10", false, 0, 0},
        {":", false, 0, 0},
        {"1:2:3", false, 0, 0},
        {"60001-60999", false, 0, 0},
        {"-1", false, 0, 0},
        {"000000000000000000001", false, 0, 0},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct port_range range = {1, 1};
        const char *wrong = args_port_range(cases[i].text, &range);
        if ((wrong == NULL) != cases[i].good)
            fail_msg("\"%s\": %s", cases[i].text, wrong ? wrong : "was accepted");
        assert_int_equal(range.low, wrong ? 1 : cases[i].low);
        assert_int_equal(range.high, wrong ? 1 : cases[i].high);
    }
}

static void control_characters_are_seen(void **state)
{
    (void)state;
    assert_false(args_has_controls(""));
    assert_false(args_has_controls("[mosh] \xC3\xA9 ~"));
    assert_true(args_has_controls("a\033b"));
    assert_true(args_has_controls("\n"));
    assert_true(args_has_controls("a\x7F"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(control_characters_are_seen),
        cmocka_unit_test(decimals),
        cmocka_unit_test(port_ranges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
