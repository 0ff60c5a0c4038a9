/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/emulators.h"

#include <stdio.h>

#include "util/utf8.h"

static void osc(const char *text)
{
    osc_dispatch(e, (struct osc_text){.bytes = (const uint8_t *)text, .len = strlen(text)});
}

/* One of which the parser had to leave the end out. */
static void cut_osc(const char *text)
{
    osc_dispatch(
        e, (struct osc_text){.bytes = (const uint8_t *)text, .len = strlen(text), .cut = true});
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
    osc("0"); /* numbers alone set nothing */
    osc("1");
    osc("2");
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
    osc("0:;#102030"); /* nor is a colon a digit */
    assert_int_equal(e->screen.registers.foreground, COLOUR_DEFAULT);
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
    cut_osc("52;c;eHh4");
    check_text(e->screen.clipboard, "eA==");
    assert_int_equal(events_newest(e->screen.events), 1);
    osc("52;c;");
    check_text(e->screen.clipboard, "");
    assert_int_equal(events_newest(e->screen.events), 2);
}

/* Which user allows it is for the client to say, and a client that takes no events could not tell.
 */
static void S23_the_clipboard_is_read_where_it_may_be(void **state)
{
    static const struct {
        uint32_t features, abilities;
        bool allowed;
    } cases[] = {
        {FEATURE_EVENTS, CAN_READ_CLIPBOARD, true},
        {FEATURES_KNOWN, UINT32_MAX, true},
        {FEATURE_EVENTS, UINT32_MAX & ~(uint32_t)CAN_READ_CLIPBOARD, false},
        {FEATURES_KNOWN & ~(uint32_t)FEATURE_EVENTS, CAN_READ_CLIPBOARD, false},
        {0, 0, false},
    };
    uint64_t asked = 0;
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        e->profile.features = cases[i].features;
        e->profile.abilities = cases[i].abilities;
        osc("52;c;?");
        asked += cases[i].allowed;
        assert_int_equal(events_newest(e->screen.events), asked);
        osc("52;c;??"); /* neither a question nor base64 */
        assert_int_equal(events_newest(e->screen.events), asked);
    }
    assert_int_equal(e->screen.events->event[0].kind, EVENT_READ);
    assert_null(e->screen.clipboard);
}

/* As much as stock clients read of the whole command: one base64 more, and they get none. */
static void a_clipboard_for_stock_has_a_length(void **state)
{
    enum { STOCK_MAX = 16384 - 5 };
    char text[5 + STOCK_MAX + 2] = "52;c;";
    (void)state;

    memset(text + 5, 'A', STOCK_MAX);
    osc(text);
    check_text(e->screen.clipboard, text + 5);
    text[5 + STOCK_MAX] = 'B';
    osc(text);
    text[5 + STOCK_MAX] = '\0';
    check_text(e->screen.clipboard, text + 5);
    assert_int_equal(events_newest(e->screen.events), 2);
}

static void palette_numbers_are_decimal(void **state)
{
    (void)state;
    osc("4;9;#102030");
    assert_int_equal(e->screen.registers.palette->colour[9], COLOUR_RGB | 0x102030);
    osc("4;:;#405060;;#405060;1:;#405060;256;#405060;-1;#405060");
    for (size_t i = 0; i < PALETTE_COLOURS; i++)
        if (i != 9)
            assert_int_equal(e->screen.registers.palette->colour[i], COLOUR_DEFAULT);
}

static void check_marks(uint8_t marks, uint16_t input)
{
    assert_int_equal(e->screen.row[0]->marks, marks);
    assert_int_equal(e->screen.row[0]->input, input);
}

/* Programs set marks; that a row has none any more is for a server alone to say. */
static void marks_of_prompts(void **state)
{
    (void)state;
    for (int mirror = 0; mirror <= 1; mirror++) {
        e->role = mirror ? EMULATOR_MIRROR : EMULATOR_HOST;
        screen_set_marks(&e->screen, 0, 0, 0);
        osc("133;D");
        check_marks(ROW_OUTPUT_END, 0);
        osc("133;C");
        check_marks(ROW_OUTPUT_END | ROW_OUTPUT, 0);
        osc("133;A");
        osc("133;B");
        check_marks(ROW_OUTPUT_END | ROW_OUTPUT | ROW_PROMPT, 1);
        osc("133;1");
        osc("133;/");
        osc("133;00");
        osc("133");
        check_marks(ROW_OUTPUT_END | ROW_OUTPUT | ROW_PROMPT, 1);
        osc("133;A");
        check_marks(ROW_OUTPUT_END | ROW_OUTPUT | ROW_PROMPT, mirror ? 1 : 0);
        osc("133;B");
        osc("133;0");
        if (mirror)
            check_marks(0, 0);
        else
            check_marks(ROW_OUTPUT_END | ROW_OUTPUT | ROW_PROMPT, 1);
    }
}

/* Sixteen colours are the user's; the rest terminals agree on. */
static void colours_come_from_the_profile_or_a_table(void **state)
{
    struct buf reply = {0};
    (void)state;

    e->reply = &reply;
    e->profile.colours = 256;
    e->profile.foreground = 0x123456; /* what stands beside the palette */
    for (size_t i = 0; i < PROFILE_PALETTE; i++)
        e->profile.palette[i] = 0x010101 * (uint32_t)(i + 1);
    osc("4;0;?;15;?;16;?;255;?");
    static const char want[] =
        "\033]4;0;rgb:0101/0101/0101\033\\\033]4;15;rgb:1010/1010/1010\033\\"
        "\033]4;16;rgb:0000/0000/0000\033\\\033]4;255;rgb:eeee/eeee/eeee\033\\";
    check_bytes(reply.data, reply.len, want, sizeof want - 1);
    buf_clear(&reply);
    e->profile.colours = 255;
    osc("4;16;?");
    assert_int_equal(reply.len, 0);
    e->reply = NULL;
    buf_release(&reply);
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

static void a_directory_is_whole_or_not_taken(void **state)
{
    (void)state;
    osc("7;file://host/home");
    check_text(e->screen.registers.directory, "file://host/home");
    cut_osc("7;file://host/tmp");
    osc("7;file://host/a\xe2\x80\xae");
    osc("7;http://host/tmp");
    osc("7;file://");
    osc("7;file:/host/tmp");
    osc("7;fil://host/tmp");
    osc("7");
    check_text(e->screen.registers.directory, "file://host/home");
    osc("7;file:///");
    check_text(e->screen.registers.directory, "file:///");
    osc("7;");
    check_text(e->screen.registers.directory, NULL);
}

static void directories_have_a_length(void **state)
{
    char text[2 + DIRECTORY_BYTES_MAX + 2] = "7;file://";
    (void)state;
    memset(text + strlen(text), 'x', sizeof text - 2 - strlen(text));
    osc(text);
    check_text(e->screen.registers.directory, text + 2);
    text[sizeof text - 2] = 'y';
    osc(text);
    text[sizeof text - 2] = '\0';
    check_text(e->screen.registers.directory, text + 2);
    /* One byte more, and one character less: it is bytes that count. */
    char longer[sizeof text] = "7;file://\u00e9\u00e9";
    memset(longer + 13, 'x', sizeof longer - 1 - 13);
    osc(longer);
    check_text(e->screen.registers.directory, text + 2);
}

static void check_link(const char *want)
{
    check_text(e->screen.pen_link, want);
    assert_int_equal(e->screen.pen.link != 0, want != NULL);
}

static void links_have_what_is_known_of_the_parameters(void **state)
{
    static const char *const nothing[] = {
        "8;;",          "8;id=1;", "8;;http://x/\x7f", "8;;http://x/\x1f", "8;;http://x/\xc3\xa9",
        "8;\n;http://x"};
    (void)state;
    osc("8;;http://x");
    check_link(";http://x");
    osc("8;id=7;http://x");
    check_link("id=7;http://x");
    osc("8;a:id:k=v:id=8:z;http://x;y");
    check_link("id=8;http://x;y");
    osc("8;http://y"); /* there is no second semicolon: as if it were not there */
    check_link("id=8;http://x;y");
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
        osc("8;;http://x");
        osc(nothing[i]);
        check_link(NULL);
    }
    osc("8;idx=9;http://x"); /* only nearly an id */
    check_link(";http://x");
    osc("8;;http://x/~me");
    check_link(";http://x/~me");
    osc("8;;http://x");
    cut_osc("8;;http://y"); /* it would lead somewhere else */
    check_link(NULL);
}

static void links_have_a_length(void **state)
{
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        char text[LINK_URI_BYTES_MAX + LINK_ID_BYTES_MAX + 16] = "8;;";
        memset(text + 3, 'a', LINK_URI_BYTES_MAX + over);
        osc(text);
        assert_int_equal(e->screen.pen_link != NULL, !over);
        memset(text, 0, sizeof text);
        strcpy(text, "8;id=");
        memset(text + 5, 'a', LINK_ID_BYTES_MAX + over);
        strcat(text, ";http://x");
        osc(text);
        assert_int_equal(e->screen.pen_link != NULL, !over);
    }
}

static void colours_are_given_back_by_number(void **state)
{
    static const char *const others[] = {"104;x", "104;256", "104;/", "104;:", "104;;", "4;/;#fff"};
    (void)state;
    osc("4;1;#102030;255;#405060");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        osc(others[i]);
    assert_int_equal(e->screen.registers.palette->colour[1], COLOUR_RGB | 0x102030);
    assert_int_equal(e->screen.registers.palette->colour[255], COLOUR_RGB | 0x405060);
    osc("104;x;1");
    assert_int_equal(e->screen.registers.palette->colour[1], COLOUR_DEFAULT);
    assert_int_equal(e->screen.registers.palette->colour[255], COLOUR_RGB | 0x405060);
    osc("104");
    assert_null(e->screen.registers.palette);
}

static void check_progress(enum progress_state want, unsigned percent)
{
    assert_int_equal(e->screen.registers.progress, want);
    assert_int_equal(e->screen.registers.percent, percent);
}

static void progress_goes_on_where_it_was(void **state)
{
    (void)state;
    osc("9;4;1;40");
    check_progress(PROGRESS_RUNNING, 40);
    osc("9;4;2");
    check_progress(PROGRESS_FAILED, 40);
    osc("9;4;4;x");
    check_progress(PROGRESS_PAUSED, 40);
    osc("9;4;2;101");
    check_progress(PROGRESS_FAILED, 40);
    osc("9;4;5;1");
    osc("9;4;;1");
    osc("9;4");
    check_progress(PROGRESS_FAILED, 40);
    osc("9;4;1;100");
    check_progress(PROGRESS_RUNNING, 100);
    osc("9;4;1;:"); /* which is no digit, although it comes after the last one */
    check_progress(PROGRESS_RUNNING, 0);
    osc("9;4;3;50");
    check_progress(PROGRESS_UNKNOWN, 0);
    osc("9;4;0;50");
    check_progress(PROGRESS_NONE, 0);
    assert_null(e->screen.events);
}

/* That there is one note more, and which. */
static void check_note(uint64_t number, const char *title, const char *body)
{
    const struct events *list = e->screen.events;

    assert_int_equal(events_newest(list), number);
    assert_int_equal(list->event[list->count - 1].kind, EVENT_NOTE);
    check_text(list->event[list->count - 1].name, title);
    check_text(list->event[list->count - 1].text, body);
}

static void notes_come_in_parts(void **state)
{
    (void)state;
    osc("99;a=report:p=title:zz:x:;named");
    check_note(1, "named", "");
    osc("99;p=body;only a body");
    check_note(2, "", "only a body");
    cut_osc("99;;half a title");
    osc("99;i=1");
    assert_int_equal(events_newest(e->screen.events), 2);
    /* Parts without a name belong together. */
    osc("99;d=0;one ");
    osc("99;d=0;title");
    osc("99;p=body;body");
    check_note(3, "one title", "body");
    /* Those of another name do not. */
    osc("99;i=1:d=0;lost");
    osc("99;i=12;kept");
    check_note(4, "kept", "");
    osc("99;d=0;lost");
    osc("99;i=1;kept");
    check_note(5, "kept", "");
}

static void pairs_of_notes_say_what_they_say(void **state)
{
    (void)state;
    osc("99;p=;of no kind");
    assert_null(e->screen.events);
    osc("99;pxicon;a title"); /* without an equals sign it is no pair */
    check_note(1, "a title", "");
    osc("99;d=0:p=body;one ");
    osc("99;p=body;two");
    check_note(2, "", "one two");
    osc("99;e=1:d=0;aGk=");
    osc("99;;!");
    check_note(3, "hi!", "");
}

/* Titles and bodies are cut off; names are not, for then two could be one. */
static void parts_of_notes_have_a_length(void **state)
{
    enum { PART_MAX = 4096 };
    char name[PART_MAX + 2] = "", text[PART_MAX + 32];
    (void)state;

    for (size_t over = 0; over <= 1; over++) {
        memset(name, 'n', PART_MAX + over);
        snprintf(text, sizeof text, "99;i=%s:d=0;a", name);
        osc(text);
        snprintf(text, sizeof text, "99;i=%s;b", name);
        osc(text);
        check_note(1 + over, over ? "b" : "ab", "");
    }
    name[PART_MAX - 1] = '\0';
    snprintf(text, sizeof text, "99;d=0;%s", name);
    osc(text);
    assert_int_equal(e->note_parts.title->len, PART_MAX - 1);
    for (int i = 0; i < 2; i++) {
        osc("99;d=0;yz");
        assert_int_equal(e->note_parts.title->len, PART_MAX);
        assert_int_equal(e->note_parts.title->bytes[PART_MAX - 1], 'y');
    }
}

/* An emulator that was copied amid a note goes on with it, whatever becomes of the other one. */
static void parts_of_notes_are_copied(void **state)
{
    (void)state;
    osc("99;i=name:d=0;the ");
    osc("99;i=name:d=0:p=body;a ");
    struct emulator *first = e;
    e = emulator_clone(first);
    emulator_free(first);
    osc("99;i=name:d=0;title");
    osc("99;i=name:p=body;body");
    check_note(1, "the title", "a body");
}

/* RFC 4648: all of the alphabet, and what lies beside its parts in ASCII ends it. */
static void base64_of_notes(void **state)
{
    static const char *const ends[] = {"@", "[", "`", "{", ":", ",", "=", "\xc3\xa9"};
    (void)state;
    osc("99;e=1;QVo=");
    check_note(1, "AZ", "");
    osc("99;e=1;YXowOSsv");
    check_note(2, "az09+/", "");
    osc("99;e=1;fn5+fz8/");
    check_note(3, "~~~??", ""); /* DEL is left out */
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char text[32] = "99;e=1;YWI";
        strcat(text, ends[i]);
        strcat(text, "YWI=");
        osc(text);
        check_note(4 + i, "ab", "");
    }
    osc("99;e=1;ZD09QUA="); /* the first and the last of each part */
    check_note(12, "d==A@", "");
    osc_dispatch(e, (struct osc_text){.bytes = (const uint8_t *)"99;e=1;YWJj", .len = 10});
    check_note(13, "ab", ""); /* what stands behind the text is not looked at */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(titles),
        EMULATOR_TEST(the_number_is_read_as_it_is),
        EMULATOR_TEST(S24_no_title_breaks_or_turns_a_line),
        EMULATOR_TEST(a_long_title_is_cut_between_characters),
        EMULATOR_TEST(S23_the_clipboard_takes_base64_alone),
        EMULATOR_TEST(S23_the_clipboard_is_read_where_it_may_be),
        EMULATOR_TEST(a_clipboard_for_stock_has_a_length),
        EMULATOR_TEST(marks_of_prompts),
        EMULATOR_TEST(palette_numbers_are_decimal),
        EMULATOR_TEST(colours_come_from_the_profile_or_a_table),
        EMULATOR_TEST(a_clipboard_of_100_kilobytes),
        EMULATOR_TEST(a_directory_is_whole_or_not_taken),
        EMULATOR_TEST(directories_have_a_length),
        EMULATOR_TEST(links_have_what_is_known_of_the_parameters),
        EMULATOR_TEST(links_have_a_length),
        EMULATOR_TEST(colours_are_given_back_by_number),
        EMULATOR_TEST(progress_goes_on_where_it_was),
        EMULATOR_TEST(notes_come_in_parts),
        EMULATOR_TEST(pairs_of_notes_say_what_they_say),
        EMULATOR_TEST(parts_of_notes_have_a_length),
        EMULATOR_TEST(parts_of_notes_are_copied),
        EMULATOR_TEST(base64_of_notes),
    };
    return cmocka_run_group_tests_name("osc", tests, NULL, NULL);
}
