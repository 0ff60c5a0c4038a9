/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "terminal/parser.h"
#include "util/smaller.h"
#include "util/utf8.h"

/*
 * The events of some input, as text: a run 'abc', a character <E9>, a control ^07, an escape
 * sequence E(key), a control sequence C(key;parameters), a string O(text). Runs that follow each
 * other are joined, since where input is cut may part them.
 */
struct trace {
    struct parser parser;
    struct buf text;
    bool in_run;
};

static void trace_key(struct buf *text, uint32_t key)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        if (key >> shift)
            buf_append_byte(text, (uint8_t)(key >> shift));
    }
}

static void trace_params(struct buf *text, const struct params *params)
{
    for (size_t i = 0; i < params->count; i++) {
        buf_append_byte(text, params->joined >> i & 1 ? ':' : i ? ';' : ' ');
        buf_append_dec(text, params->value[i]);
    }
}

static void trace_hex(struct buf *text, uint32_t code)
{
    char number[16];
    snprintf(number, sizeof number, "%02X", code);
    buf_append_str(text, number);
}

static void trace_character(struct buf *text, uint32_t code)
{
    buf_append_str(text, "<");
    trace_hex(text, code);
    buf_append_str(text, ">");
}

/* ASCII is between quotes. */
static void trace_ascii(struct trace *t, bool ascii)
{
    if (t->in_run != ascii)
        buf_append_byte(&t->text, '\'');
    t->in_run = ascii;
}

/* Returns where the text ends. */
static const uint8_t *trace_utf8(struct trace *t, const uint8_t *at, size_t len)
{
    const uint8_t *begin = at, *end = at + len;
    uint32_t code;

    for (; at < end && (len = utf8_take(at, (size_t)(end - at), &code)) > 0; at += len) {
        trace_ascii(t, code < 0x80);
        if (code < 0x80)
            buf_append_byte(&t->text, (uint8_t)code);
        else
            trace_character(&t->text, code);
    }
    assert_true(at > begin);
    return at;
}

static void trace_event(struct trace *t, const struct parser_event *event, struct reader *input)
{
    if (event->kind != PARSER_UTF8)
        trace_ascii(t, event->kind == PARSER_TEXT);
    switch (event->kind) {
    case PARSER_TEXT:
        buf_append(&t->text, event->text, event->len);
        break;
    case PARSER_UTF8:
        parser_put_back(input, event, trace_utf8(t, event->text, event->len));
        break;
    case PARSER_CHARACTER:
        trace_character(&t->text, event->code);
        break;
    case PARSER_CONTROL:
        buf_append_str(&t->text, "^");
        trace_hex(&t->text, event->code);
        break;
    case PARSER_ESCAPE:
        buf_append_str(&t->text, "E(");
        trace_key(&t->text, event->code);
        buf_append_str(&t->text, ")");
        break;
    case PARSER_CSI:
        buf_append_str(&t->text, "C(");
        trace_key(&t->text, event->code);
        trace_params(&t->text, event->params);
        buf_append_str(&t->text, ")");
        break;
    case PARSER_OSC:
    case PARSER_DCS:
        buf_append_str(&t->text, event->kind == PARSER_OSC ? "O(" : "D(");
        buf_append(&t->text, event->text, event->len);
        buf_append_str(&t->text, event->cut ? " cut)" : ")");
        break;
    }
}

static void trace_write(struct trace *t, const void *bytes, size_t len)
{
    struct reader input = {bytes, len};
    struct parser_event event = {0};

    while (parser_next(&t->parser, &input, &event))
        trace_event(t, &event, &input);
    assert_int_equal(input.left, 0);
}

static void trace_release(struct trace *t)
{
    parser_release(&t->parser);
    buf_release(&t->text);
}

static void check_pieces(const char *bytes, size_t len, size_t piece, const char *want)
{
    struct trace t = {0};

    for (size_t at = 0; at < len; at += piece)
        trace_write(&t, bytes + at, smaller(piece, len - at));
    if (t.in_run)
        buf_append_byte(&t.text, '\'');
    buf_append_byte(&t.text, '\0');
    assert_string_equal((const char *)t.text.data, want);
    trace_release(&t);
}

/* At once, and byte by byte, which goes another way. */
static void check(const char *bytes, size_t len, const char *want)
{
    check_pieces(bytes, len, len, want);
    check_pieces(bytes, len, 1, want);
}

#define CHECK(bytes, want) check(bytes, sizeof(bytes) - 1, want)

static void text_comes_as_runs(void **state)
{
    (void)state;
    CHECK("hello ~", "'hello ~'");
    CHECK("a\rb", "'a'^0D'b'");
    CHECK("a\177b", "'ab'");
    CHECK("\xC3\xA9", "<E9>");
    CHECK("x\xE4\xB8\xAD\xF0\x9F\x98\x80y", "'x'<4E2D><1F600>'y'");
    CHECK("\xC3\xA9t\xC3\xA9 ,x \xC3\xA9 long\xC3\xA9\rx",
          "<E9>'t'<E9>' ,x '<E9>' long'<E9>^0D'x'");
    CHECK("\xC3\xA9 \xC2\x85 \xC3\xA9 \033[m \xC3\xA9 \xC3",
          "<E9>' '^85' '<E9>' 'C(m 0)' '<E9>' '");
}

/* F40, 2.1 */
static void malformed_utf8_becomes_replacement_characters(void **state)
{
    (void)state;
    CHECK("\xFF", "<FFFD>");
    CHECK("\xC3"
          "c",
          "<FFFD>'c'");
    CHECK("\xE2\x82"
          "d",
          "<FFFD>'d'");
    CHECK("\xC0\x80", "<FFFD><FFFD>");
    CHECK("\xE2\x82\033[m", "<FFFD>C(m 0)");
    CHECK("\x9B"
          "31m",
          "<FFFD>'31m'");
}

static void c1_controls_come_as_utf8_or_as_escape(void **state)
{
    (void)state;
    CHECK("\xC2\x9B"
          "31m",
          "C(m 31)");
    CHECK("\xC2\x84\033D", "^84^84");
    CHECK("\033\\", "^9C");
    CHECK("\xC2\x9D"
          "2;t\xC2\x9C",
          "O(2;t)");
}

static void sequences_are_named_by_their_key(void **state)
{
    (void)state;
    CHECK("\033"
          "7\033c\033#8\033(B\033%/G",
          "E(7)E(c)E(#8)E((B)E(%/G)");
    CHECK("\033[H\033[?25h\033[!p\033[?2026$p\033[2 q\033[>c",
          "C(H 0)C(?h 25)C(!p 0)C(?$p 2026)C( q 2)C(>c 0)");
    CHECK("\033[? !px", "C(? !p 0)'x'");
    CHECK("\033[ !\"#p\033[0mx", "C(m 0)'x'");
    CHECK("\033 !\"#px", "'x'");
    CHECK("\033\xC3\xA9x", "'x'");
    CHECK("\033[\xC3\xA9x", "'x'");
}

static void parameters(void **state)
{
    (void)state;
    CHECK("\033[m\033[;m\033[1;;3m", "C(m 0)C(m 0;0)C(m 1;0;3)");
    CHECK("\033[65534A\033[65535A\033[65536A\033[99999999999999999999A",
          "C(A 65534)C(A 65535)C(A 65535)C(A 65535)");
    CHECK("\033[38:2::1:2:3;4:3m", "C(m 38:2:0:1:2:3;4:3)");
    CHECK("\033[:3mx", "'x'");
    CHECK("\033[1?3mx", "'x'");
    CHECK("\033[1 3mx", "'x'");
}

/* D12, F39 */
static void a_sequence_with_too_many_parameters_is_dropped(void **state)
{
    (void)state;
    struct buf bytes = {0}, want = {0};

    buf_append_str(&bytes, "\033[1");
    buf_append_str(&want, "C(m 1");
    for (size_t i = 1; i < PARSER_PARAMS_MAX; i++) {
        buf_append_str(&bytes, ";7");
        buf_append_str(&want, ";7");
    }
    buf_append_str(&want, ")");
    buf_append_byte(&want, '\0');
    buf_append_str(&bytes, "m");
    check((const char *)bytes.data, bytes.len, (const char *)want.data);

    bytes.len--;
    for (size_t i = 0; i < 100000; i++)
        buf_append_str(&bytes, ";9");
    buf_append_str(&bytes, "mx");
    check((const char *)bytes.data, bytes.len, "'x'");
    buf_release(&bytes);
    buf_release(&want);
}

static void controls_within_a_sequence_are_executed(void **state)
{
    (void)state;
    CHECK("\033[1\r;2\nH", "^0D^0AC(H 1;2)");
    CHECK("\033\r7", "^0DE(7)");
    CHECK("\033[1\177A", "C(A 1)");
    CHECK("\033[1<\r2mx", "^0D'x'");
}

/* 15.2, F39 */
static void can_sub_and_escape_abort_in_every_state(void **state)
{
    (void)state;
    static const char *const starts[] = {"",         "\033",    "\033(",  "\033[",
                                         "\033[1",   "\033[1 ", "\033[:", "\033]2;t",
                                         "\033P1",   "\033P+q", "\033Xs", "\033]2;t\033[",
                                         "\033_\001"};

    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        struct buf bytes = {0};
        buf_append_str(&bytes, starts[i]);
        buf_append_str(&bytes, "\030x");
        check((const char *)bytes.data, bytes.len, "^18'x'");
        bytes.len -= 2;
        buf_append_str(&bytes, "\032x");
        check((const char *)bytes.data, bytes.len, "^1A'x'");
        bytes.len -= 2;
        buf_append_str(&bytes, "\033[5Ax");
        check((const char *)bytes.data, bytes.len, "C(A 5)'x'");
        buf_release(&bytes);
    }
}

static void strings(void **state)
{
    (void)state;
    CHECK("\033]0;t\a", "O(0;t)");
    CHECK("\033]0;t\033\\x", "O(0;t)'x'");
    CHECK("\033]0;\xE4\xB8\xAD\r\n\177\xFFt\a", "O(0;\xE4\xB8\xAD\xEF\xBF\xBDt)");
    CHECK("\033]0;\xF0\x9F\x98\x80\a", "O(0;\xF0\x9F\x98\x80)");
    CHECK("\033]\a", "O()");
    CHECK("\033]0;t\033cx", "E(c)'x'");
    CHECK("\033]0;t\033]1;u\a", "O(1;u)");
    CHECK("\033]0;t\xC2\x84x", "^84'x'");
    CHECK("\033P1$r\a0m\033\\x", "D(1$r0m)'x'");
    CHECK("\xC2\x90$q\r\n\xE4\xB8\xADm\xC2\x9Cx", "D($q\xE4\xB8\xADm)'x'");
    CHECK("\033P\033\\\033P$q\033[m\033P$q\030", "D()C(m 0)^18");
    CHECK("\033_Gq;\r\n\xE4\xB8\xAD\xC2\x9Cx", "'x'");
    CHECK("\033^\033\\\033X\033\\", "^9C^9C");
}

static void check_endless(const char *start, size_t max)
{
    struct trace t = {0};
    uint8_t chunk[4096];

    memset(chunk, 'a', sizeof chunk);
    trace_write(&t, start, strlen(start));
    for (size_t i = 0; i < 2048; i++)
        trace_write(&t, chunk, sizeof chunk);
    assert_true(t.parser.string.cap <= 4 * max);
    assert_int_equal(t.text.len, 0);
    trace_write(&t, "\a", 1);
    assert_int_equal(t.text.len, strlen("'O( cut)") - 1 + max);
    parser_forget_string(&t.parser);
    /* The memory of a short one is kept. */
    assert_int_equal(t.parser.string.cap, max > PARSER_STRING_BYTES_MAX ? 0 : max);
    trace_release(&t);
}

/* F39 */
static void an_endless_string_takes_bounded_memory(void **state)
{
    (void)state;
    check_endless("\033]2;", PARSER_STRING_BYTES_MAX);
    check_endless("\033]5;", PARSER_STRING_BYTES_MAX);
    check_endless("\033]52", PARSER_STRING_BYTES_MAX);
    check_endless("\033]52;c;", PARSER_LONG_STRING_BYTES_MAX);
}

static void a_copy_goes_on_from_within_a_string(void **state)
{
    (void)state;
    struct trace t = {0}, copy = {0};

    trace_write(&t, "\033]2;ti\033", 7);
    parser_copy(&copy.parser, &t.parser);
    trace_write(&t, "[Ax", 3);
    trace_write(&copy, "\\", 1);
    check_bytes(t.text.data, t.text.len, "C(A 0)'x", 8);
    check_bytes(copy.text.data, copy.text.len, "O(2;ti)", 7);
    trace_release(&t);
    trace_release(&copy);
}

/* Where the input is cut changes nothing. */
static void R8_input_may_be_cut_anywhere(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "\033", "[",        "]",    "0;",       ";",        ":",          "?",    "38",   "m",
        "H",    "a",        "word", "\xC3\xA9", "\xE4\xB8", "\xAD",       "\xFF", "\r\n", "\030",
        "\a",   "\xC2\x9B", "\\",   "P",        "(",        "B",          " ",    "\177", "\xC2",
        "\x9C", "\x9D",     "7",    "1234",     "65536",    "4294967297", "ab",   "words"};
    const char *given = getenv("MOSH_TEST_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 0) : 1;
    struct rng rng = {seed};

    for (size_t i = 0; i < 5000; i++) {
        struct buf bytes = {0};
        struct trace whole = {0}, apart = {0};

        for (size_t n = rng_below(&rng, 30); n > 0; n--)
            buf_append_str(&bytes, pieces[rng_below(&rng, sizeof pieces / sizeof *pieces)]);
        trace_write(&whole, bytes.data, bytes.len);
        for (size_t at = 0; at < bytes.len; at++)
            trace_write(&apart, bytes.data + at, 1);
        if (whole.text.len != apart.text.len)
            print_error("case %zu, MOSH_TEST_SEED=%llu\n", i, (unsigned long long)seed);
        check_bytes(whole.text.data, whole.text.len, apart.text.data, apart.text.len);
        trace_release(&whole);
        trace_release(&apart);
        buf_release(&bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_comes_as_runs),
        cmocka_unit_test(malformed_utf8_becomes_replacement_characters),
        cmocka_unit_test(c1_controls_come_as_utf8_or_as_escape),
        cmocka_unit_test(sequences_are_named_by_their_key),
        cmocka_unit_test(parameters),
        cmocka_unit_test(a_sequence_with_too_many_parameters_is_dropped),
        cmocka_unit_test(controls_within_a_sequence_are_executed),
        cmocka_unit_test(can_sub_and_escape_abort_in_every_state),
        cmocka_unit_test(strings),
        cmocka_unit_test(an_endless_string_takes_bounded_memory),
        cmocka_unit_test(a_copy_goes_on_from_within_a_string),
        cmocka_unit_test(R8_input_may_be_cut_anywhere),
    };
    return cmocka_run_group_tests_name("parser", tests, NULL, NULL);
}
