/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "crypto/seal.h"
#include "wire/deflate.h"
#include "wire/fragment.h"
#include "wire/instruction.h"
#include "wire/packet.h"
#include "wire/pballoc.h"
#include "wire/transport.pb-c.h"
#include "wire/usermsg.h"

static void check_encoding(const struct instruction *i, const char *hex)
{
    struct buf out = {0};
    instruction_encode(i, &out);
    check_hex(out.data, out.len, hex);

    struct instruction back = {.old_num = 99};
    buf_append_str(&back.diff, "replaced");
    assert_int_equal(instruction_decode(out.data, out.len, &back), 0);
    assert_true(back.old_num == i->old_num);
    assert_true(back.new_num == i->new_num);
    assert_true(back.ack_num == i->ack_num);
    assert_true(back.throwaway_num == i->throwaway_num);
    check_bytes(back.diff.data, back.diff.len, i->diff.data, i->diff.len);
    check_bytes(back.chaff.data, back.chaff.len, i->chaff.data, i->chaff.len);
    check_bytes(back.report.data, back.report.len, i->report.data, i->report.len);
    instruction_release(&back);
    assert_true(back.old_num == 0 && back.new_num == 0 && !back.diff.data);
    buf_release(&out);
}

/* Byte for byte what stock mosh writes. */
static void R30_golden_bytes(void **state)
{
    (void)state;
    struct instruction first = {.new_num = 1};
    usermsg_put_resize(&first.diff, 80, 24);
    check_encoding(&first, "08 02 10 00 18 01 20 00 28 00 32 08 0a061a0428503018 3a 00");
    instruction_release(&first);

    struct instruction end = {
        .old_num = 3, .new_num = INSTRUCTION_SHUTDOWN, .ack_num = 7, .throwaway_num = 3};
    check_encoding(&end, "0802 1003 18ffffffffffffffffff01 2007 2803 3200 3a00");

    struct instruction chaff = {.old_num = 300, .new_num = 301, .throwaway_num = 300};
    buf_append_str(&chaff.chaff, "noise");
    check_encoding(&chaff, "0802 10ac02 18ad02 2000 28ac02 3200 3a056e6f697365");
    instruction_release(&chaff);
}

/* A field of ours behind those of stock, of one byte at least; what is written is appended. */
static void a_report_is_behind_the_rest(void **state)
{
    (void)state;
    struct instruction i = {.old_num = 1, .new_num = 2, .ack_num = 3, .throwaway_num = 4};
    struct buf out = {0};
    buf_append_byte(&i.report, 'r');
    check_encoding(&i, "0802 1001 1802 2003 2804 3200 3a00 c23e0172");
    for (int n = 0; n < 2; n++)
        instruction_encode(&i, &out);
    check_hex(
        out.data, out.len,
        "0802 1001 1802 2003 2804 3200 3a00 c23e0172 0802 1001 1802 2003 2804 3200 3a00 c23e0172");
    buf_release(&out);
    instruction_release(&i);
}

/* All layers in one: the first datagram of a client, which a stock server took. The stream is
   stored there; ours would be compressed and as valid. */
static void first_datagram_of_a_client(void **state)
{
    (void)state;
    uint8_t key[KEY_BYTES], datagram[128];
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)i;
    size_t len =
        unhex("0000000000000000 063740385c0185599f3f6607cce99a2e699791095f4c12279cd23cc27e23"
              "d6d87d3f667505d442d52ac1cea00e7a71 a1b281143d1e7236e9f7b72ddda5c280",
              datagram);
    assert_int_equal(len, 71);
    struct seal *server = seal_new(key, SEAL_TO_CLIENT);
    struct deflate *d = deflate_new();
    struct buf plain = {0}, expanded = {0};
    struct packet p;
    struct fragment f;
    struct instruction i = {0};
    uint64_t sequence;
    assert_int_equal(seal_open(server, datagram, len, &sequence, &plain), 0);
    assert_int_equal(packet_decode(plain.data, plain.len, &p), 0);
    assert_int_equal(p.timestamp, 0x1234);
    assert_int_equal(p.timestamp_reply, PACKET_NO_TIMESTAMP);
    assert_int_equal(fragment_decode(p.payload, p.payload_len, &f), 0);
    assert_true(f.id == 1 && f.final && f.index == 0);
    assert_int_equal(deflate_expand(d, f.contents, f.contents_len, &expanded), 0);
    assert_int_equal(instruction_decode(expanded.data, expanded.len, &i), 0);
    assert_true(i.old_num == 0 && i.new_num == 1 && i.ack_num == 0 && i.throwaway_num == 0);
    check_hex(i.diff.data, i.diff.len, "0a061a0428503018");
    instruction_release(&i);
    buf_release(&plain);
    buf_release(&expanded);
    deflate_free(d);
    seal_free(server);
}

static int decode_hex(const char *hex, struct instruction *out)
{
    static uint8_t bytes[4096];
    size_t len = unhex(hex, bytes);
    return instruction_decode(bytes, len, out);
}

static void fields_may_be_missing_or_in_any_order(void **state)
{
    (void)state;
    struct instruction i = {.old_num = 5, .new_num = 5, .ack_num = 5, .throwaway_num = 5};
    buf_append_str(&i.diff, "old");
    assert_int_equal(decode_hex("0802", &i), 0);
    assert_true(i.old_num == 0 && i.new_num == 0 && i.ack_num == 0 && i.throwaway_num == 0);
    assert_int_equal(i.diff.len, 0);
    assert_int_equal(decode_hex("320161 2804 2003 1802 1001 0802", &i), 0);
    assert_true(i.old_num == 1 && i.new_num == 2 && i.ack_num == 3 && i.throwaway_num == 4);
    check_bytes(i.diff.data, i.diff.len, "a", 1);
    assert_int_equal(decode_hex("0802 1001 1007", &i), 0); /* the last one counts */
    assert_true(i.old_num == 7);
    instruction_release(&i);
}

static void F47_another_version_is_told_apart(void **state)
{
    (void)state;
    struct instruction i = {.old_num = 5};
    assert_int_equal(decode_hex("0803 1001", &i), ERR_VERSION);
    assert_int_equal(decode_hex("0801", &i), ERR_VERSION);
    assert_int_equal(decode_hex("1001", &i), ERR_VERSION);
    assert_int_equal(decode_hex("", &i), ERR_VERSION);
    assert_true(i.old_num == 5);
}

/* Extensions of a future version, of every wire type and length of tag. */
static void R30_unknown_fields_are_ignored(void **state)
{
    (void)state;
    static const char *const extensions[] = {
        "4005",                            /* field 8, varint */
        "41 0102030405060708",             /* 64 bits */
        "45 01020304",                     /* 32 bits */
        "42 03 616263",                    /* bytes */
        "c83e 01",                         /* field 1001 */
        "ca3e 00",                         /* field 1001, empty bytes */
        "f8ffffff0f ffffffffffffffffff01", /* the highest field number */
    };
    for (size_t n = 0; n < sizeof extensions / sizeof extensions[0]; n++) {
        char hex[256] = "0802 1001 ";
        strcat(hex, extensions[n]);
        strcat(hex, " 1802");
        struct instruction i = {0};
        assert_int_equal(decode_hex(hex, &i), 0);
        assert_true(i.old_num == 1 && i.new_num == 2);
        instruction_release(&i);
    }
}

static void malformed(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "08",                   /* no value */
        "0802 32ff 61",         /* longer than the message */
        "0802 32ffffffff0f 61", /* much longer */
        "0802 32ffffffffffffffffff01 61",
        "0802 10ffffffffffffffffffff01", /* a varint of eleven bytes */
        "0802 4b 4c",                    /* groups, which protobuf-c does not know */
        "0802 07",                       /* no such wire type */
        "0802 00",                       /* field number 0 */
        "0802 1500000000",               /* a known field with another wire type: protobuf-c refuses
                                            the message, where C++ would take it for unknown */
        "0802 3005",
        "ffffffffffffffffffffffff",
    };
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct instruction i = {.old_num = 5};
        if (decode_hex(cases[n], &i) != ERR_MALFORMED)
            fail_msg("%s was accepted", cases[n]);
        assert_true(i.old_num == 5);
        assert_null(i.diff.data);
    }
}

/* Two bytes ask for the memory of a field each. */
static void S16_memory_is_bounded(void **state)
{
    (void)state;
    struct buf many = {0};
    buf_append_str(&many, "\x08\x02");
    while (many.len < DEFLATE_BYTES_MAX)
        buf_append(&many, "\x42", 2); /* an unknown, empty field */
    struct instruction i = {0};
    assert_int_equal(instruction_decode(many.data, many.len, &i), ERR_LIMIT);
    assert_null(i.diff.data);

    /* The largest honest one passes. */
    buf_clear(&many);
    struct instruction large = {.new_num = 1};
    buf_reserve(&large.diff, DEFLATE_BYTES_MAX);
    memset(large.diff.data, 'x', large.diff.cap);
    large.diff.len = DEFLATE_BYTES_MAX - 64;
    instruction_encode(&large, &many);
    assert_int_equal(instruction_decode(many.data, many.len, &i), 0);
    assert_int_equal(i.diff.len, large.diff.len);
    instruction_release(&large);
    instruction_release(&i);
    buf_release(&many);
}

/* To the byte: a structure, and a diff that fills the rest. */
static void S16_the_bound_of_memory(void **state)
{
    (void)state;
    struct instruction i = {.new_num = 1}, back = {0};
    struct buf bytes = {0};
    const size_t diff_max = PBALLOC_BYTES_MAX - sizeof(Wire__Instruction);
    buf_reserve(&i.diff, diff_max + 1);
    memset(i.diff.data, 'x', diff_max + 1);
    for (size_t over = 0; over <= 1; over++) {
        i.diff.len = diff_max + over;
        buf_clear(&bytes);
        instruction_encode(&i, &bytes);
        assert_int_equal(instruction_decode(bytes.data, bytes.len, &back), over ? ERR_LIMIT : 0);
    }
    instruction_release(&i);
    instruction_release(&back);
    buf_release(&bytes);
}

/* Whichever allocation is refused, nothing leaks and nothing crashes. */
static void every_allocation_may_be_refused(void **state)
{
    (void)state;
    uint8_t bytes[256];
    size_t len = unhex("0802 1001 320161 4203626364 320162 3a0163 c23e0161 4005 4005 4005 4005 4005"
                       "4005 4005 4005 4005 4005 4005 4005 4005 4005 4005 4005 4005 4005 4005 4005",
                       bytes);
    bool passed = false;
    for (size_t bound = 0; bound < 8192 && !passed; bound++) {
        struct pballoc memory;
        int err = 0;
        pballoc_init(&memory, bound);
        ProtobufCMessage *m =
            pballoc_unpack(&memory, &wire__instruction__descriptor, bytes, len, &err);
        if (m)
            pballoc_free(&memory, m);
        else
            assert_int_equal(err, ERR_LIMIT);
        passed = m;
    }
    assert_true(passed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R30_golden_bytes),
        cmocka_unit_test(a_report_is_behind_the_rest),
        cmocka_unit_test(first_datagram_of_a_client),
        cmocka_unit_test(fields_may_be_missing_or_in_any_order),
        cmocka_unit_test(F47_another_version_is_told_apart),
        cmocka_unit_test(R30_unknown_fields_are_ignored),
        cmocka_unit_test(malformed),
        cmocka_unit_test(S16_memory_is_bounded),
        cmocka_unit_test(S16_the_bound_of_memory),
        cmocka_unit_test(every_allocation_may_be_refused),
    };
    return cmocka_run_group_tests_name("instruction", tests, NULL, NULL);
}
