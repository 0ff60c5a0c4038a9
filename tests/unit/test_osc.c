/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/emulators.h"
#include "util/utf8.h"

static void osc(const char *text)
{
    osc_dispatch(e, &(struct parser_event){.text = (const uint8_t *)text, .len = strlen(text)});
}

static void check_text(const struct text *t, const char *want)
{
    if (!want) {
        assert_null(t);
        return;
    }
    assert_non_null(t);
    check_bytes((const uint8_t *)t->bytes, t->len, want, strlen(want));
}

static void check_titles(const char *window, const char *icon)
{
    check_text(e->screen.window_title, window);
    check_text(e->screen.icon_name, icon);
}

static void titles(void **state)
{
    (void)state;
    check_titles(NULL, NULL);
    osc("2;window");
    check_titles("window", NULL);
    osc("1;icon");
    check_titles("window", "icon");
    osc("0;both; of them");
    check_titles("both; of them", "both; of them");
    osc("2;");
    check_titles("", "both; of them");
}

/* A number that would wrap around is not a small one. */
static void the_number_is_read_as_it_is(void **state)
{
    static const char *const others[] = {
        "", "2", "x;y", "-2;y", "100002;y", "4294967298;y", "2x;y", "00000x;y"};
    (void)state;
    osc("2;kept");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        osc(others[i]);
    check_text(e->screen.window_title, "kept");
    osc("002;zeros in front");
    check_text(e->screen.window_title, "zeros in front");
}

/* Every code point there is, one by one. */
static void S24_no_title_breaks_or_turns_a_line(void **state)
{
    (void)state;
    for (uint32_t code = 0xA0; code < 0x110000; code += code < 0x3000 ? 1 : 61) {
        char text[16] = "2;", encoded[8] = "";
        bool unfit = code == 0x061C || code == 0x200E || code == 0x200F ||
                     (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);

        if (code >= 0xD800 && code < 0xE000)
            continue;
        encoded[utf8_encode(code, encoded)] = '\0';
        strcat(text, encoded);
        osc(text);
        check_text(e->screen.window_title, unfit ? "" : encoded);
    }
}

static void a_long_title_is_cut_between_characters(void **state)
{
    char text[2 + 300 * 2 + 1] = "2;", want[256 * 2 + 1] = "";
    (void)state;
    for (int i = 0; i < 300; i++)
        strcat(text, "é");
    for (int i = 0; i < 256; i++)
        strcat(want, "é");
    osc(text);
    check_text(e->screen.window_title, want);
}

static void S23_the_clipboard_takes_base64_alone(void **state)
{
    static const char *const refused[] = {
        "52;c;?", "52;c;a b", "52;c;a=b", "52;c;===", "52;c;é", "52;", "52;c", "52;x;eA=="};
    (void)state;
    osc("52;c;eA==");
    check_text(e->screen.clipboard, "eA==");
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        osc(refused[i]);
        check_text(e->screen.clipboard, "eA==");
    }
    /* The beginning of a longer text. */
    osc_dispatch(
        e, &(struct parser_event){.text = (const uint8_t *)"52;c;eHh4", .len = 9, .cut = true});
    check_text(e->screen.clipboard, "eA==");
    assert_int_equal(events_newest(e->screen.events), 1);
    osc("52;c;");
    check_text(e->screen.clipboard, "");
    assert_int_equal(events_newest(e->screen.events), 2);
}

/* 100 kB are whole; what a stock client would cut off, and make nonsense of, it does not get. */
static void a_clipboard_of_100_kilobytes(void **state)
{
    (void)state;
    struct buf text = {0};

    osc("52;c;eA==");
    buf_append_str(&text, "\033]52;c;");
    for (size_t i = 0; i < CLIPBOARD_BYTES_MAX; i++)
        buf_append_byte(&text, 'A');
    buf_append_byte(&text, '\a');
    emulator_write(e, text.data, text.len, NULL);
    assert_int_equal(events_newest(e->screen.events), 2);
    assert_int_equal(e->screen.events->event[1].text->len, CLIPBOARD_BYTES_MAX);
    check_text(e->screen.clipboard, "eA==");
    assert_int_equal(e->parser.string.cap, 0); /* no memory is kept */
    text.data[text.len - 1] = 'A';             /* one more than the limit */
    buf_append_byte(&text, '\a');
    emulator_write(e, text.data, text.len, NULL);
    assert_int_equal(events_newest(e->screen.events), 2);
    /* and then there are no limits left to pass */
    for (int i = 0; i < 100; i++)
        emulator_write(e, text.data, text.len - 1, NULL);
    assert_true(e->parser.string.cap <= 2 * PARSER_LONG_STRING_BYTES_MAX);
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(titles),
        EMULATOR_TEST(the_number_is_read_as_it_is),
        EMULATOR_TEST(S24_no_title_breaks_or_turns_a_line),
        EMULATOR_TEST(a_long_title_is_cut_between_characters),
        EMULATOR_TEST(S23_the_clipboard_takes_base64_alone),
        EMULATOR_TEST(a_clipboard_of_100_kilobytes),
    };
    return cmocka_run_group_tests_name("osc", tests, NULL, NULL);
}
