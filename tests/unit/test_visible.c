/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "launch/visible.h"

static void check_text(const char *in, size_t len, const char *expected)
{
    /* However the text is split, the result is the same. */
    for (size_t cut = 0; cut <= len; cut++) {
        struct visible v = {0};
        struct buf out = {0};
        visible_put(&v, in, cut, &out);
        visible_put(&v, in + cut, len - cut, &out);
        visible_end(&v, &out);
        assert_int_equal(out.len, strlen(expected));
        assert_memory_equal(out.data, expected, out.len);
        buf_release(&out);
    }
}

#define CHECK_TEXT(in, expected) check_text(in, sizeof(in) - 1, expected)

static void S26_escapes_what_a_terminal_would_obey(void **state)
{
    (void)state;
    CHECK_TEXT("plain text\r\n\tand a tab", "plain text\r\n\tand a tab");
    CHECK_TEXT("\x1B]0;title\x07", "^[]0;title^G");
    CHECK_TEXT("\x1B[2J\x08\x0E\x7F", "^[[2J^H^N^?");
    CHECK_TEXT("a\0b", "a^@b");
    CHECK_TEXT("\xC2\x9B"
               "31m",
               "\\x9b31m");
    CHECK_TEXT("\x9B"
               "31m",
               "\xEF\xBF\xBD"
               "31m");
    CHECK_TEXT("gr\xC3\xBC\xC3\x9F \xE4\xBD\xA0 \xF0\x9F\x98\x80",
               "gr\xC3\xBC\xC3\x9F \xE4\xBD\xA0 \xF0\x9F\x98\x80");
    CHECK_TEXT("\xC3", "\xEF\xBF\xBD");
    CHECK_TEXT("\xE4\xBD\x1B[", "\xEF\xBF\xBD^[[");
}

/* Of everything that may come, nothing that comes out is a control character but three. */
static void lets_no_control_character_through(void **state)
{
    (void)state;
    struct rng rng = {.state = 26};
    for (int round = 0; round < 2000; round++) {
        uint8_t in[64];
        struct visible v = {0};
        struct buf out = {0};
        rng_fill(&rng, in, sizeof in);
        visible_put(&v, in, sizeof in, &out);
        visible_end(&v, &out);
        assert_true(utf8_valid(out.data, out.len));
        for (size_t i = 0; i < out.len; i++) {
            uint8_t b = out.data[i];
            assert_true(b >= 0x20 || b == '\n' || b == '\r' || b == '\t');
            assert_true(b != 0x7F);
            if (b == 0xC2)
                assert_true(out.data[i + 1] >= 0xA0);
        }
        buf_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S26_escapes_what_a_terminal_would_obey),
        cmocka_unit_test(lets_no_control_character_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
