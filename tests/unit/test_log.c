/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "util/buf.h"
#include "util/err.h"
#include "util/log.h"

static void into_buf(void *context, const char *line)
{
    buf_append_str(context, line);
    buf_append_byte(context, '\n');
}

static void silent_without_a_sink(void **state)
{
    (void)state;
    log_debug("%s", "nobody sees this");
}

/* What is logged can be shown in a terminal. */
static void S26_control_bytes_are_escaped(void **state)
{
    (void)state;
    struct buf lines = {0};
    log_set_sink(into_buf, &lines);
    log_debug("%d and %s", 12, "\033]0;x\a \xC2\x9B \x7F \\ ~");
    log_set_sink(NULL, NULL);
    log_debug("after");
    buf_append_byte(&lines, '\0');
    assert_string_equal((char *)lines.data, "12 and \\x1b]0;x\\x07 \\xc2\\x9b \\x7f \\x5c ~\n");
    buf_release(&lines);
}

static void long_lines_are_cut(void **state)
{
    (void)state;
    struct buf lines = {0};
    char wide[5000];
    memset(wide, '\t', sizeof wide);
    wide[sizeof wide - 1] = '\0';
    log_set_sink(into_buf, &lines);
    log_debug("%s", wide);
    log_set_sink(NULL, NULL);
    assert_true(lines.len > 1000 && lines.len < 2100);
    buf_release(&lines);
}

/* A wide character that no locale has. */
static void what_cannot_be_formatted_is_left_out(void **state)
{
    (void)state;
    struct buf lines = {0};
    const wchar_t none[] = {(wchar_t)0x7FFFFFFF, 0};
    log_set_sink(into_buf, &lines);
    log_debug("%ls", none);
    log_debug("and then");
    log_set_sink(NULL, NULL);
    check_bytes(lines.data, lines.len, "and then\n", 9);
    buf_release(&lines);
}

static void every_error_has_its_phrase(void **state)
{
    (void)state;
    for (int a = ERR_EXHAUSTED; a <= 0; a++) {
        assert_string_not_equal(err_string(a), "unknown error");
        for (int b = ERR_EXHAUSTED; b < a; b++)
            assert_string_not_equal(err_string(a), err_string(b));
    }
    assert_string_equal(err_string(1), "unknown error");
    assert_string_equal(err_string(ERR_EXHAUSTED - 1), "unknown error");
    assert_string_equal(err_string(-2147483647 - 1), "unknown error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silent_without_a_sink),
        cmocka_unit_test(S26_control_bytes_are_escaped),
        cmocka_unit_test(long_lines_are_cut),
        cmocka_unit_test(what_cannot_be_formatted_is_left_out),
        cmocka_unit_test(every_error_has_its_phrase),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
