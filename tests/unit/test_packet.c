/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "wire/packet.h"

static void encodes_and_decodes(void **state)
{
    (void)state;
    struct buf out = {0};
    struct packet p = {0x1234, PACKET_NO_TIMESTAMP, (const uint8_t *)"abc", 3}, back;
    packet_encode(&p, &out);
    check_hex(out.data, out.len, "1234 ffff 616263");
    assert_int_equal(packet_decode(out.data, out.len, &back), 0);
    assert_int_equal(back.timestamp, 0x1234);
    assert_int_equal(back.timestamp_reply, PACKET_NO_TIMESTAMP);
    check_bytes(back.payload, back.payload_len, "abc", 3);
    packet_encode(&p, &out);
    assert_int_equal(out.len, 14); /* appended */
    buf_release(&out);
}

static void the_payload_may_be_empty_but_the_header_not_short(void **state)
{
    (void)state;
    struct packet p = {.timestamp = 7, .payload_len = 99};
    for (size_t len = 0; len < PACKET_HEADER_BYTES; len++)
        assert_int_equal(packet_decode((const uint8_t *)"\0\1\0\2", len, &p), ERR_MALFORMED);
    assert_int_equal(p.timestamp, 7);
    assert_int_equal(p.payload_len, 99);
    assert_int_equal(packet_decode((const uint8_t *)"\0\1\0\2", 4, &p), 0);
    assert_int_equal(p.timestamp_reply, 2);
    assert_int_equal(p.payload_len, 0);
}

static void timestamps_are_never_the_one_that_means_none(void **state)
{
    (void)state;
    assert_int_equal(packet_timestamp(0), 0);
    assert_int_equal(packet_timestamp(65534), 65534);
    assert_int_equal(packet_timestamp(65535), 0);
    assert_int_equal(packet_timestamp(65536), 0);
    assert_int_equal(packet_timestamp(65537), 1);
    assert_int_equal(packet_timestamp(0x123456789ABCDu), 0xABCD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_and_decodes),
        cmocka_unit_test(the_payload_may_be_empty_but_the_header_not_short),
        cmocka_unit_test(timestamps_are_never_the_one_that_means_none),
    };
    return cmocka_run_group_tests_name("packet", tests, NULL, NULL);
}
