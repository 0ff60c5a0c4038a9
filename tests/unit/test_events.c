/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdlib.h>

#include "terminal/events.h"

static struct events *list;

static int release(void **state)
{
    (void)state;
    events_unref(list);
    list = NULL;
    return 0;
}

static struct reader bytes(const char *text)
{
    return (struct reader){(const uint8_t *)text, strlen(text)};
}

static bool clipboard(const char *selections, const char *base64)
{
    return events_add_clipboard(&list, bytes(selections), bytes(base64));
}

static bool note(const char *title, const char *body)
{
    return events_add_note(&list, bytes(title), bytes(body));
}

static const struct screen_event *newest(void)
{
    return &list->event[list->count - 1];
}

static void each_event_has_a_number(void **state)
{
    (void)state;
    assert_int_equal(events_newest(list), 0);
    assert_true(clipboard("c", "aGk="));
    assert_true(clipboard("c", "aGk="));
    assert_true(note("", "done"));
    assert_int_equal(events_newest(list), 3);
    assert_int_equal(list->count, 3);
    assert_int_equal(newest()->number, 3);
    assert_int_equal(newest()->kind, EVENT_NOTE);
}

/* xterm's letters, in the order in which they came. */
static void selections_are_letters(void **state)
{
    static const struct {
        const char *letters, *kept;
    } taken[] = {{"c", "c"}, {"p", "p"}, {"", ""}, {"sc07", "sc07"}, {"cpc", "cp"}, {"xyc\a", "c"}};
    (void)state;
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        assert_true(clipboard(taken[i].letters, ""));
        assert_string_equal(newest()->name->bytes, taken[i].kept);
    }
    assert_false(clipboard("x", "aGk="));
    assert_false(clipboard("8", "aGk="));
    /* NUL is no letter, although it ends the list of them. */
    assert_false(events_add_read(&list, (struct reader){(const uint8_t *)"", 1}));
}

static void S23_a_clipboard_is_base64(void **state)
{
    static const char *const refused[] = {
        "?", "a b", "a=b", "===", "a\033", "\xc3\xa9", "-_", "a\a"};
    static const char *const taken[] = {"", "aGk=", "aA==", "+/AZaz09", "abc"};
    char *longest = malloc(CLIPBOARD_BYTES_MAX + 2);

    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_false(clipboard("c", refused[i]));
    assert_null(list);
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        assert_true(clipboard("c", taken[i]));
    memset(longest, 'A', CLIPBOARD_BYTES_MAX + 1);
    longest[CLIPBOARD_BYTES_MAX + 1] = '\0';
    assert_false(clipboard("c", longest));
    longest[CLIPBOARD_BYTES_MAX] = '\0';
    assert_true(clipboard("c", longest));
    free(longest);
}

static void S24_a_note_is_text(void **state)
{
    (void)state;
    char longest[2000];

    assert_true(note("a\033]0;b\a\n", "c\xc2\x9b\x7f\xe2\x80\xae\xff"
                                      "d"));
    assert_string_equal(newest()->name->bytes, "a]0;b");
    assert_string_equal(newest()->text->bytes, "c\xef\xbf\xbd"
                                               "d");
    assert_false(note("\033\a", "\n"));
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    assert_true(note(longest, longest));
    assert_int_equal(newest()->name->len, NOTE_TITLE_MAX);
    assert_int_equal(newest()->text->len, NOTE_BODY_MAX);
}

static void only_the_newest_are_kept(void **state)
{
    (void)state;
    char *text = malloc(CLIPBOARD_BYTES_MAX + 1);

    for (int i = 0; i < 1000; i++)
        note("", "n");
    assert_int_equal(list->count, SCREEN_EVENTS_MAX);
    assert_int_equal(list->event[0].number, 1000 - SCREEN_EVENTS_MAX + 1);
    assert_int_equal(list->bytes, SCREEN_EVENTS_MAX);
    memset(text, 'A', CLIPBOARD_BYTES_MAX);
    text[CLIPBOARD_BYTES_MAX] = '\0';
    for (int i = 0; i < 10; i++) {
        assert_true(clipboard("", text));
        assert_true(list->bytes <= SCREEN_EVENTS_BYTES_MAX);
    }
    assert_int_equal(list->count, 1);
    assert_int_equal(events_newest(list), 1010);
    free(text);
}

static void copies_are_independent(void **state)
{
    (void)state;
    struct events *copy;

    note("", "one");
    copy = events_ref(list);
    note("", "two");
    assert_int_equal(events_newest(copy), 1);
    assert_int_equal(copy->count, 1);
    assert_int_equal(events_newest(list), 2);
    events_unref(copy);
    assert_string_equal(list->event[0].text->bytes, "one");
}

/* From a server, which is not trusted more than a program. */
static void what_a_server_numbers(void **state)
{
    (void)state;
    assert_true(events_take(&list, 5, EVENT_CLIPBOARD, bytes("c"), bytes("aGk=")));
    assert_false(events_take(&list, 5, EVENT_CLIPBOARD, bytes("c"), bytes("aGk=")));
    assert_false(events_take(&list, 4, EVENT_NOTE, bytes(""), bytes("x")));
    assert_false(events_take(&list, 6, EVENT_CLIPBOARD, bytes("c"), bytes("?")));
    assert_false(events_take(&list, 6, EVENT_CLIPBOARD, bytes("c;"), bytes("\033[c")));
    assert_false(events_take(&list, 6, 3, bytes("c"), bytes("aGk=")));
    assert_false(events_take(&list, 6, 0, bytes("c"), bytes("aGk=")));
    assert_true(events_take(&list, UINT64_MAX, EVENT_NOTE, bytes(""), bytes("\033x")));
    assert_string_equal(newest()->text->bytes, "x");
    assert_false(events_take(&list, 1, EVENT_NOTE, bytes(""), bytes("x")));
}

static void a_server_may_be_wrong_in_each_field(void **state)
{
    (void)state;
    assert_true(events_take(&list, 1, EVENT_READ, bytes("c"), bytes("")));
    assert_false(events_take(&list, 2, EVENT_READ, bytes("c"), bytes("aGk=")));
    assert_false(events_take(&list, 2, EVENT_READ, bytes("x"), bytes("")));
    assert_false(events_take(&list, 2, EVENT_NOTE, bytes("\033"), bytes("\n")));
    assert_int_equal(list->count, 1);
    assert_int_equal(events_newest(list), 1);
}

static void check_written(const struct caps *caps, const char *want)
{
    struct event_gate gate = {.done = events_newest(list) - 1};
    struct buf out = {0};

    events_put(caps, list, &gate, 0, &out);
    check_bytes(out.data, out.len, want, strlen(want));
    buf_release(&out);
}

static void written_as_the_terminal_knows_them(void **state)
{
    (void)state;
    struct caps plain = {0}, clip = {.clipboard = true}, nine = {.notifications = NOTE_OSC9};
    struct caps many = {.notifications = NOTE_OSC777}, kitty = {.notifications = NOTE_OSC99};

    clipboard("pc", "aGk=");
    check_written(&plain, "\033]52;c;aGk=\a");
    check_written(&clip, "\033]52;pc;aGk=\a");
    clipboard("", "");
    check_written(&plain, "\033]52;c;\a");
    check_written(&clip, "\033]52;;\a");
    note("a;b", "c;d");
    check_written(&plain, "");
    check_written(&nine, "\033]9;a;b: c;d\a");
    check_written(&many, "\033]777;notify;a,b;c;d\a");
    check_written(&kitty, "\033]99;i=mosh3:d=0;a;b\033\\\033]99;i=mosh3:p=body;c;d\033\\");
    note("", "4;1;50");
    check_written(&nine, "\033]9; 4;1;50\a"); /* which is no progress */
    check_written(&kitty, "\033]99;i=mosh4;4;1;50\033\\");
    note("only", "");
    check_written(&nine, "\033]9;only\a");
    check_written(&many, "\033]777;notify;only;\a");
    check_written(&kitty, "\033]99;i=mosh5;only\033\\");
    note("", "(4)");
    check_written(&nine, "\033]9;(4)\a");
}

/* A question for the clipboard gets to a terminal whose user has said so, and to no other. */
static void questions_are_for_who_allows_them(void **state)
{
    (void)state;
    struct caps plain = {.clipboard = true}, open = {.clipboard = true, .clipboard_read = true};

    assert_true(events_add_read(&list, bytes("c")));
    assert_int_equal(newest()->kind, EVENT_READ);
    check_written(&plain, "");
    check_written(&open, "\033]52;c;?\a");
    assert_false(events_add_read(&list, bytes("xyz")));
    assert_true(events_take(&list, 7, EVENT_READ, bytes("p"), bytes("")));
    check_written(&open, "\033]52;p;?\a");
    assert_false(events_take(&list, 8, EVENT_READ, bytes("p"), bytes("aGk=")));
    assert_false(events_take(&list, 8, EVENT_READ + 1, bytes("p"), bytes("")));
}

/* How many of what there is are written by now. */
static size_t count_written(const struct caps *caps, struct event_gate *gate, msec_t now)
{
    struct buf out = {0};
    size_t count = 0;

    events_put(caps, list, gate, now, &out);
    for (size_t i = 0; i < out.len; i++)
        count += out.data[i] == '\a';
    buf_release(&out);
    return count;
}

static void S23_notes_beyond_the_rate_are_dropped(void **state)
{
    (void)state;
    struct caps caps = {.notifications = NOTE_OSC9};
    struct event_gate gate = {0};
    msec_t now = 12345;

    for (int i = 0; i < NOTE_BURST + 3; i++)
        note("", "n");
    assert_int_equal(count_written(&caps, &gate, now), NOTE_BURST);
    assert_int_equal(events_deadline(list, &gate), MSEC_NEVER);
    note("", "n");
    assert_int_equal(count_written(&caps, &gate, now + NOTE_REFILL_MS - 1), 0);
    note("", "n");
    assert_int_equal(count_written(&caps, &gate, now + NOTE_REFILL_MS), 1);
    for (int i = 0; i < SCREEN_EVENTS_MAX; i++)
        note("", "n");
    assert_int_equal(count_written(&caps, &gate, now + 100000), NOTE_BURST);
}

static void clipboards_beyond_the_rate_wait(void **state)
{
    (void)state;
    struct caps caps = {0};
    struct event_gate gate = {0};
    msec_t now = 12345;

    for (int i = 0; i < CLIPBOARD_BURST + 2; i++)
        clipboard("c", "aGk=");
    assert_int_equal(events_deadline(NULL, &gate), MSEC_NEVER);
    assert_int_equal(count_written(&caps, &gate, now), CLIPBOARD_BURST);
    assert_int_equal(events_deadline(list, &gate), now + CLIPBOARD_REFILL_MS);
    assert_int_equal(count_written(&caps, &gate, now + CLIPBOARD_REFILL_MS - 1), 0);
    assert_int_equal(count_written(&caps, &gate, now + CLIPBOARD_REFILL_MS), 1);
    assert_int_equal(count_written(&caps, &gate, now + CLIPBOARD_REFILL_MS), 0);
    for (int i = 0; i < 5 * SCREEN_EVENTS_MAX; i++) /* those that wait are lost, the newest stays */
        clipboard("c", "aGk=");
    assert_int_equal(count_written(&caps, &gate, now + 100000), CLIPBOARD_BURST);
    while (events_deadline(list, &gate) != MSEC_NEVER)
        assert_int_equal(count_written(&caps, &gate, events_deadline(list, &gate)), 1);
    assert_int_equal(gate.done, events_newest(list));
}

#define EVENTS_TEST(name) cmocka_unit_test_teardown(name, release)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVENTS_TEST(each_event_has_a_number),
        EVENTS_TEST(selections_are_letters),
        EVENTS_TEST(S23_a_clipboard_is_base64),
        EVENTS_TEST(S24_a_note_is_text),
        EVENTS_TEST(only_the_newest_are_kept),
        EVENTS_TEST(copies_are_independent),
        EVENTS_TEST(what_a_server_numbers),
        EVENTS_TEST(a_server_may_be_wrong_in_each_field),
        EVENTS_TEST(written_as_the_terminal_knows_them),
        EVENTS_TEST(questions_are_for_who_allows_them),
        EVENTS_TEST(S23_notes_beyond_the_rate_are_dropped),
        EVENTS_TEST(clipboards_beyond_the_rate_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
