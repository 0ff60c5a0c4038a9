/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdlib.h>

#include "util/utf8.h"

/* Decodes all of `bytes`, and a character that is cut off at the end as one U+FFFD. */
static size_t decode(const char *bytes, size_t len, uint32_t *out)
{
    struct utf8_decoder d = {0};
    size_t count = 0;
    for (size_t i = 0; i < len;) {
        enum utf8_result result = utf8_feed(&d, (uint8_t)bytes[i], &out[count]);
        count += result != UTF8_MORE;
        i += result != UTF8_BROKEN;
    }
    if (d.missing)
        out[count++] = UTF8_REPLACEMENT;
    return count;
}

#define R UTF8_REPLACEMENT

static void ill_formed_input_gives_one_replacement_for_each_maximal_subpart(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t count;
        uint32_t want[10];
    } cases[] = {
        {"a", 1, {'a'}},
        {"\xC2\x9B", 1, {0x9B}},
        {"\xFF", 1, {R}},
        {"\x9B", 1, {R}},
        {"\xC3"
         "c",
         2,
         {R, 'c'}},
        {"\xE2\x82"
         "d",
         2,
         {R, 'd'}},
        {"\xC0\x80", 2, {R, R}},
        {"\xE0\x80\x80", 3, {R, R, R}},
        {"\xED\xA0\x80", 3, {R, R, R}}, /* a surrogate */
        {"\xED\x9F\xBF", 1, {0xD7FF}},
        {"\xF0\x8F\xBF\xBF", 4, {R, R, R, R}},
        {"\xF4\x8F\xBF\xBF", 1, {0x10FFFF}},
        {"\xF4\x90\x80\x80", 4, {R, R, R, R}}, /* beyond U+10FFFF */
        {"\xF5\x80", 2, {R, R}},
        {"\xC2\xC2\xA9", 2, {R, 0xA9}},
        {"\xF0\x9F\x98\x80", 1, {0x1F600}},
        {"\xF0\x9F\x98", 1, {R}},
        {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF", 4, {R, R, R, R}}, /* table 3-8 of Unicode 15 */
        {"\xF0\x80\x80\x41", 4, {R, R, R, 'A'}},
        {"\xEF\xBF\xBD", 1, {R}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t got[16];
        size_t count = decode(cases[i].bytes, strlen(cases[i].bytes), got);
        check_bytes(got, count * sizeof *got, cases[i].want, cases[i].count * sizeof *got);
    }
}

static void every_scalar_value_survives_the_round_trip(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        char bytes[UTF8_BYTES_MAX];
        uint32_t got[UTF8_BYTES_MAX];
        size_t len = utf8_encode(c, bytes);
        if (decode(bytes, len, got) != 1 || got[0] != c)
            fail_msg("U+%04X", (unsigned)c);
    }
}

/* Where a read ends must not matter. */
static void R8_the_state_is_all_in_the_decoder(void **state)
{
    (void)state;
    struct utf8_decoder d = {0}, copy;
    uint32_t c = 0;
    assert_int_equal(utf8_feed(&d, 0xE2, &c), UTF8_MORE);
    assert_int_equal(utf8_feed(&d, 0x82, &c), UTF8_MORE);
    copy = d;
    assert_int_equal(utf8_feed(&d, 0xAC, &c), UTF8_DONE);
    assert_int_equal(c, 0x20AC);
    assert_int_equal(utf8_feed(&copy, 'x', &c), UTF8_BROKEN);
    assert_int_equal(c, UTF8_REPLACEMENT);
    assert_int_equal(utf8_feed(&copy, 'x', &c), UTF8_DONE);
    assert_int_equal(c, 'x');
}

static bool valid(const char *bytes)
{
    return utf8_valid((const uint8_t *)bytes, strlen(bytes));
}

static void validity(void **state)
{
    (void)state;
    assert_true(valid(""));
    assert_true(valid("plain \xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"));
    assert_true(valid("\xEF\xBF\xBD")); /* U+FFFD itself is a character like others */
    assert_false(valid("\xFF"));
    assert_false(valid("\xC0\x80"));
    assert_false(valid("\xC3"));
    assert_false(valid("\xC3x"));
    assert_false(valid("\xE2\x82"));
    assert_false(valid("\xED\xA0\x80"));
    assert_false(valid("a\x80"));
}

/* The length of the first character by utf8_feed, which is the measure: 0 if it is a control,
   ill-formed or cut off. */
static size_t fed_length(const uint8_t *bytes, size_t len, uint32_t *code)
{
    struct utf8_decoder d = {0};

    for (size_t i = 0; i < len; i++) {
        enum utf8_result result = utf8_feed(&d, bytes[i], code);
        if (result == UTF8_BROKEN || (i == 0 && result == UTF8_DONE && bytes[0] >= 0x80))
            return 0;
        if (result == UTF8_DONE)
            return *code < 0x20 || (*code >= 0x7F && *code < 0xA0) ? 0 : i + 1;
    }
    return 0;
}

/* Every first and second byte, with others after them that go on, or do not. What is beyond `left`
   is not looked at: valgrind and the address sanitizer see to it. */
static void whole_characters_are_taken_as_byte_by_byte(void **state)
{
    static const uint8_t others[] = {0x00, 0x41, 0x7F, 0x80, 0x9F, 0xA5, 0xBF, 0xC0, 0xFF};
    (void)state;

    for (unsigned i = 0; i < 256 * 256 * 9 * 9; i++) {
        const uint8_t bytes[4] = {(uint8_t)(i & 0xFF), (uint8_t)(i >> 8 & 0xFF),
                                  others[(i >> 16) % 9], others[(i >> 16) / 9]};
        size_t left = 4 - i % 5 % 4;
        uint32_t want = 0, code = 0;
        size_t len = fed_length(bytes, left, &want);
        const uint8_t *at = bytes;
        if (utf8_take(bytes + 4 - left, left, &code) != fed_length(bytes + 4 - left, left, &want) ||
            utf8_take(bytes, left, &code) != len)
            fail_msg("%02X %02X %02X %02X, %zu", bytes[0], bytes[1], bytes[2], bytes[3], left);
        if (len == 0)
            continue;
        assert_int_equal(utf8_decode(&at), code);
        assert_int_equal(at - bytes, len);
        assert_int_equal(fed_length(bytes, left, &want), len);
        assert_int_equal(code, want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ill_formed_input_gives_one_replacement_for_each_maximal_subpart),
        cmocka_unit_test(whole_characters_are_taken_as_byte_by_byte),
        cmocka_unit_test(every_scalar_value_survives_the_round_trip),
        cmocka_unit_test(R8_the_state_is_all_in_the_decoder),
        cmocka_unit_test(validity),
    };
    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
