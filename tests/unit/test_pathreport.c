/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "wire/instruction.h"
#include "wire/pathreport.h"

static void reports_come_back(void **state)
{
    static const struct pathreport reports[] = {
        {0},
        {.loss = 290, .marked = 7},
        {.loss = 1000, .marked = UINT32_MAX, .probe = 1, .probes = UINT32_MAX, .arrived = 300},
    };
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
        struct pathreport back = {.loss = 1, .marked = 1, .probe = 1, .arrived = 1};
        buf_clear(&out);
        pathreport_encode(&reports[i], &out);
        assert_true(out.len <= PATHREPORT_BYTES_MAX);
        assert_int_equal(pathreport_decode(out.data, out.len, &back), 0);
        assert_int_equal(back.loss, reports[i].loss);
        assert_int_equal(back.marked, reports[i].marked);
        assert_int_equal(back.probe, reports[i].probe);
        assert_int_equal(back.probes, reports[i].probes);
        assert_int_equal(back.arrived, reports[i].arrived);
    }
    buf_clear(&out);
    pathreport_encode(&reports[1], &out);
    check_hex(out.data, out.len, "08 a202 10 07");
    buf_release(&out);
}

static void check_malformed(const char *hex)
{
    uint8_t bytes[128];
    struct pathreport kept = {.loss = 5, .marked = 6};

    assert_int_equal(pathreport_decode(bytes, unhex(hex, bytes), &kept), ERR_MALFORMED);
    assert_int_equal(kept.loss, 5);
    assert_int_equal(kept.marked, 6);
}

static void what_is_malformed_is_none(void **state)
{
    uint8_t bytes[128];
    struct pathreport report;

    (void)state;
    check_malformed("");
    check_malformed("08 05");         /* no marks */
    check_malformed("10 05");         /* no loss */
    check_malformed("08 e907 10 00"); /* more than all is lost */
    check_malformed("08 05 10");      /* cut */
    check_malformed("0a 0105 10 00"); /* of another type */
    check_malformed("ffffffffffffffff");
    /* What is unknown is for later versions, as far as it has room. */
    assert_int_equal(pathreport_decode(bytes, unhex("08 05 10 06 7a 03 616263", bytes), &report),
                     0);
    assert_int_equal(report.loss, 5);
    uint8_t large[PATHREPORT_BYTES_MAX + 1] = {0x08, 0x05, 0x10, 0x06, 0x7a, sizeof large - 6};
    assert_int_equal(pathreport_decode(large, sizeof large, &report), ERR_MALFORMED);
}

/* It is field 1000 of the instruction, which a peer that does not know it passes over. */
static void it_travels_in_an_instruction(void **state)
{
    struct instruction i = {.old_num = 1, .new_num = 2}, back = {.old_num = 0};
    const struct pathreport report = {.loss = 20, .marked = 3};
    struct buf out = {0};

    (void)state;
    pathreport_encode(&report, &i.report);
    instruction_encode(&i, &out);
    check_hex(out.data, out.len, "0802 1001 1802 2000 2800 3200 3a00 c23e 04 0814 1003");
    assert_int_equal(instruction_decode(out.data, out.len, &back), 0);
    check_bytes(back.report.data, back.report.len, i.report.data, i.report.len);
    instruction_release(&i);
    buf_clear(&out);
    instruction_encode(&i, &out);
    assert_int_equal(instruction_decode(out.data, out.len, &back), 0);
    assert_int_equal(back.report.len, 0);
    instruction_release(&back);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_come_back),
        cmocka_unit_test(what_is_malformed_is_none),
        cmocka_unit_test(it_travels_in_an_instruction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
