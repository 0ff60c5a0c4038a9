/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "terminal/harmless.h"
#include "util/utf8.h"

static void check_harmless(const char *text, size_t characters_max, const char *want)
{
    struct text *got = harmless_text((const uint8_t *)text, strlen(text), characters_max);

    check_bytes(got->bytes, got->len, want, strlen(want));
    text_unref(got);
}

/* Controls of both kinds, what says which way text runs, and what ends lines. */
static bool is_unfit(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x061C || code == 0x200E ||
           code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069);
}

/* Also those that no title can hold: texts that come as base64 may. */
static void S24_every_code_point(void **state)
{
    (void)state;
    for (uint32_t code = 0; code < 0x110000; code++) {
        char utf8[UTF8_BYTES_MAX];
        struct text *got;

        if (code >= 0xD800 && code < 0xE000)
            continue;
        size_t len = utf8_encode(code, utf8);
        got = harmless_text((const uint8_t *)utf8, len, 1);
        if (got->len != (is_unfit(code) ? 0 : len) || memcmp(got->bytes, utf8, got->len) != 0)
            fail_msg("U+%04X", (unsigned)code);
        text_unref(got);
    }
}

static void what_is_left_out_does_not_count(void **state)
{
    (void)state;
    check_harmless("a\x1b[1mb\xC2\x9B\x01z", 6, "a[1mbz");
    check_harmless("a\x1b\x1b\x1b"
                   "bc",
                   2, "ab");
    check_harmless("\xC3\xA9\xC3\xA9\xC3\xA9", 2, "\xC3\xA9\xC3\xA9");
    check_harmless("abc", 0, "");
    check_harmless("", 5, "");
}

/* Bytes that are no UTF-8 are replaced, and none of them is passed on. */
static void bytes_that_are_no_text(void **state)
{
    (void)state;
    check_harmless("a\x80", 5, "a\xEF\xBF\xBD");
    check_harmless("\x80"
                   "a",
                   5,
                   "\xEF\xBF\xBD"
                   "a");
    check_harmless("a\xE2\x80", 5, "a"); /* it ends too early */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S24_every_code_point),
        cmocka_unit_test(what_is_left_out_does_not_count),
        cmocka_unit_test(bytes_that_are_no_text),
    };
    return cmocka_run_group_tests_name("harmless text", tests, NULL, NULL);
}
