/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdio.h>

#include "util/buf.h"

static void empty_is_valid(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_append(&b, NULL, 0);
    buf_consume(&b, 0);
    buf_clear(&b);
    buf_release(&b);
    buf_wipe(&b);
    assert_null(b.data);
}

static void appends_decimals_of_every_length(void **state)
{
    (void)state;
    struct buf b = {0};
    char expected[32];
    for (uint64_t n = 0; n < 12000; n++) {
        buf_clear(&b);
        buf_append_dec(&b, n);
        check_bytes(b.data, b.len, expected,
                    (size_t)snprintf(expected, sizeof expected, "%llu", (unsigned long long)n));
    }
    buf_release(&b);
}

static void appends_every_kind(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_append(&b, "ab", 2);
    buf_append_str(&b, "cd");
    buf_append_byte(&b, 0);
    buf_append_dec(&b, 0);
    buf_append_dec(&b, 1234567890);
    buf_append_dec(&b, UINT64_MAX);
    buf_append_be16(&b, 0xFE01);
    buf_append_be64(&b, 0x0123456789ABCDEFu);
    check_bytes(b.data, b.len,
                "abcd\0"
                "0"
                "1234567890"
                "18446744073709551615"
                "\xFE\x01"
                "\x01\x23\x45\x67\x89\xAB\xCD\xEF",
                46);
    buf_release(&b);
}

static void grows_and_keeps_its_contents(void **state)
{
    (void)state;
    struct buf b = {0};
    size_t moves = 0, cap = 0;
    for (size_t i = 0; i < 100000; i++) {
        buf_append_byte(&b, (uint8_t)(i * 7));
        moves += b.cap != cap;
        cap = b.cap;
    }
    assert_true(moves < 20); /* doubling, not a step for each byte */
    for (size_t i = 0; i < b.len; i++)
        assert_int_equal(b.data[i], (uint8_t)(i * 7));
    buf_clear(&b);
    assert_int_equal(b.cap, cap);
    buf_release(&b);
}

static void consumes_from_the_front(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_append_str(&b, "hello");
    buf_consume(&b, 2);
    check_bytes(b.data, b.len, "llo", 3);
    buf_consume(&b, 3);
    assert_int_equal(b.len, 0);
    buf_append_str(&b, "x");
    check_bytes(b.data, b.len, "x", 1);
    buf_release(&b);
}

static void swaps(void **state)
{
    (void)state;
    struct buf a = {0}, b = {0};
    buf_append_str(&a, "one");
    buf_swap(&a, &b);
    assert_null(a.data);
    check_bytes(b.data, b.len, "one", 3);
    buf_release(&b);
}

static void reserve_makes_room_without_moving_the_end(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_append_str(&b, "x");
    buf_reserve(&b, 1000);
    assert_true(b.cap >= 1001);
    assert_int_equal(b.len, 1);
    const uint8_t *where = b.data;
    for (int i = 0; i < 1000; i++)
        buf_append_byte(&b, 'y');
    assert_ptr_equal(b.data, where);
    buf_release(&b);
}

/* The last step is not beyond the maximum. */
static void grows_up_to_the_maximum(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_reserve(&b, BUF_BYTES_MAX / 2 + 1);
    assert_int_equal(b.cap, BUF_BYTES_MAX / 2 + 1);
    b.len = b.cap;
    buf_reserve(&b, 1);
    assert_int_equal(b.cap, BUF_BYTES_MAX);
    b.len = 0;
    buf_release(&b);
}

static void reader_takes_only_what_is_there(void **state)
{
    (void)state;
    const uint8_t bytes[] = {0x12, 0x34, 1, 2, 3, 4, 5, 6, 7, 8, 0xFF};
    struct reader r = {bytes, sizeof bytes};
    uint16_t two = 0;
    uint64_t eight = 99;
    const uint8_t *rest = NULL;
    assert_int_equal(reader_be16(&r, &two), 0);
    assert_int_equal(two, 0x1234);
    assert_int_equal(reader_be64(&r, &eight), 0);
    assert_true(eight == 0x0102030405060708u);

    two = 7;
    assert_int_equal(reader_be16(&r, &two), ERR_MALFORMED);
    assert_int_equal(reader_be64(&r, &eight), ERR_MALFORMED);
    assert_int_equal(reader_bytes(&r, 2, &rest), ERR_MALFORMED);
    assert_int_equal(reader_bytes(&r, SIZE_MAX, &rest), ERR_MALFORMED);
    assert_int_equal(two, 7);
    assert_true(eight == 0x0102030405060708u);
    assert_null(rest);
    assert_int_equal(r.left, 1);

    assert_int_equal(reader_bytes(&r, 1, &rest), 0);
    assert_int_equal(*rest, 0xFF);
    assert_int_equal(reader_bytes(&r, 0, &rest), 0);
    assert_int_equal(r.left, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_is_valid),
        cmocka_unit_test(appends_decimals_of_every_length),
        cmocka_unit_test(appends_every_kind),
        cmocka_unit_test(grows_and_keeps_its_contents),
        cmocka_unit_test(consumes_from_the_front),
        cmocka_unit_test(swaps),
        cmocka_unit_test(reserve_makes_room_without_moving_the_end),
        cmocka_unit_test(grows_up_to_the_maximum),
        cmocka_unit_test(reader_takes_only_what_is_there),
    };
    return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
