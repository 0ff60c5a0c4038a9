/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdlib.h>

#include "overlay/notify.h"

#define START 5000

struct bar {
    struct notify notify;
    struct pool *pool;
    struct screen screen;
    char text[512];
};

static int set_up(void **state)
{
    struct bar *b = calloc(1, sizeof *b);

    b->pool = pool_new();
    screen_init(&b->screen, b->pool, 3, 130);
    notify_init(&b->notify, "Ctrl-^ .", START);
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    struct bar *b = *state;

    screen_release(&b->screen);
    pool_unref(b->pool);
    free(b);
    return 0;
}

/* What the bar says at `now`; empty if there is none. */
static const char *shown(struct bar *b, msec_t now)
{
    struct screen frame;
    struct buf text = {0};

    screen_copy(&frame, &b->screen);
    notify_apply(&b->notify, now, &frame);
    for (size_t col = 0; col < frame.cols; col++)
        row_put_text(frame.row[0], col, &text);
    while (text.len > 0 && text.data[text.len - 1] == ' ')
        text.len--;
    buf_append_byte(&text, 0);
    strcpy(b->text, (const char *)text.data);
    buf_release(&text);
    screen_release(&frame);
    return b->text;
}

static void silence_is_told_from_the_threshold_on(void **state)
{
    struct bar *b = *state;

    assert_string_equal(shown(b, START), "");
    assert_string_equal(shown(b, START + 6500), "");
    assert_int_equal(notify_deadline(&b->notify, START), START + 6501);
    assert_string_equal(shown(b, START + 6501), "mosh: 6 s without contact [to quit: Ctrl-^ .]");
    notify_set_contact(&b->notify, START + 9000, START);
    assert_string_equal(shown(b, START + 10000), "");
    assert_int_equal(notify_deadline(&b->notify, START + 9000), START + 10001);
    assert_string_equal(shown(b, START + 10001), "mosh: 10 s without reply [to quit: Ctrl-^ .]");
    /* Contact matters more. */
    assert_string_equal(shown(b, START + 16000), "mosh: 7 s without contact [to quit: Ctrl-^ .]");
}

static void spans_are_readable(void **state)
{
    struct bar *b = *state;
    static const struct {
        msec_t span;
        const char *want;
    } cases[] = {
        {59999, "59 s"},
        {60000, "1 min"},
        {3599999, "59 min"},
        {3600000, "1 h 00 min"},
        {(26 * 60 + 5) * 60000, "26 h 05 min"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *text = shown(b, START + cases[i].span);

        assert_non_null(strstr(text, cases[i].want));
        assert_memory_equal(text, "mosh: ", 6);
    }
}

/* After the first minute at most one change each minute; and the deadline names every
   moment at which the text changes. */
static void R23_deadline_names_every_change(void **state)
{
    struct bar *b = *state;
    msec_t now = START;
    size_t changes = 0;
    char before[512] = "";

    while (now < START + 3600000) {
        msec_t next = notify_deadline(&b->notify, now);

        assert_true(next > now);
        assert_string_equal(shown(b, next - 1), before);
        now = next;
        strcpy(before, shown(b, now));
        if (now > START + 60000)
            changes++;
    }
    assert_in_range(changes, 58, 60);
}

static void message_goes_or_stays(void **state)
{
    struct bar *b = *state;

    notify_message(&b->notify, START, "hello", false, true);
    assert_string_equal(shown(b, START + 999), "mosh: hello [to quit: Ctrl-^ .]");
    assert_int_equal(notify_deadline(&b->notify, START), START + 1000);
    assert_string_equal(shown(b, START + 1000), "");
    notify_message(&b->notify, START, "choose", true, false);
    assert_string_equal(shown(b, START + 5000), "mosh: choose");
    assert_string_equal(shown(b, START + 15000), "mosh: choose (15 s without contact)");
    notify_clear(&b->notify);
    assert_string_equal(shown(b, START + 5000), "");
}

static void network_error_stands_beside_the_message(void **state)
{
    struct bar *b = *state;

    notify_network_error(&b->notify, START, "Network is unreachable");
    assert_string_equal(shown(b, START + 3099), "mosh: Network is unreachable [to quit: Ctrl-^ .]");
    assert_string_equal(shown(b, START + 3100), "");
    notify_message(&b->notify, START, "no answer", true, true);
    assert_string_equal(shown(b, START + 1),
                        "mosh: no answer: Network is unreachable [to quit: Ctrl-^ .]");
    notify_network_works(&b->notify, START + 500);
    assert_string_equal(shown(b, START + 1500), "mosh: no answer [to quit: Ctrl-^ .]");
    /* Success does not make an old error last longer. */
    notify_clear(&b->notify);
    notify_network_works(&b->notify, START + 9000);
    assert_string_equal(shown(b, START + 4000), "");
}

static void network_error_goes_when_the_server_is_heard(void **state)
{
    struct bar *b = *state;

    notify_network_error(&b->notify, START, "Network is unreachable");
    notify_network_works(&b->notify, START + 1);
    assert_string_equal(shown(b, START + 2), "mosh: Network is unreachable [to quit: Ctrl-^ .]");
    notify_network_is_back(&b->notify, START + 3);
    assert_string_equal(shown(b, START + 3), "");
}

/* Bytes that could mean something to a terminal never reach the screen. */
static void S31_text_is_plain_and_bounded(void **state)
{
    struct bar *b = *state;
    char longest[600];

    notify_network_error(&b->notify, START, "a\x1b[2J\xc3\xa9\x7f");
    assert_non_null(strstr(shown(b, START), "mosh: a?[2J???"));
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    notify_message(&b->notify, START, longest, true, true);
    assert_int_equal(strlen(shown(b, START)), NOTIFY_TEXT_MAX);
}

static void bar_fits_any_width(void **state)
{
    struct bar *b = *state;

    notify_message(&b->notify, START, "hello", true, true);
    screen_release(&b->screen);
    screen_init(&b->screen, b->pool, 1, 1);
    assert_string_equal(shown(b, START), "m");
}

static void bar_hides_the_cursor_in_its_way(void **state)
{
    struct bar *b = *state;
    struct screen frame;
    const struct style *style;

    notify_message(&b->notify, START, "hello", true, true);
    for (size_t row = 0; row < 2; row++) {
        b->screen.cursor_row = row;
        screen_copy(&frame, &b->screen);
        frame.cursor_visible = true;
        notify_apply(&b->notify, START, &frame);
        assert_int_equal(frame.cursor_visible, row == 1);
        style = pool_style(frame.pool, frame.row[0]->cell[129].style);
        assert_int_equal(style->background, COLOUR_INDEXED | 4);
        style = pool_style(frame.pool, frame.row[0]->cell[0].style);
        assert_int_equal(style->attributes, STYLE_BOLD);
        screen_release(&frame);
    }
}

#define BAR_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BAR_TEST(silence_is_told_from_the_threshold_on),
        BAR_TEST(spans_are_readable),
        BAR_TEST(R23_deadline_names_every_change),
        BAR_TEST(message_goes_or_stays),
        BAR_TEST(network_error_stands_beside_the_message),
        BAR_TEST(network_error_goes_when_the_server_is_heard),
        BAR_TEST(S31_text_is_plain_and_bounded),
        BAR_TEST(bar_fits_any_width),
        BAR_TEST(bar_hides_the_cursor_in_its_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
