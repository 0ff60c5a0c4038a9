/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The instruction's protobuf: what was understood means the same when it is written again. */

#include "fuzz.h"

#include "wire/instruction.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct instruction once = {0}, twice = {0};
    struct buf bytes = {0};

    if (instruction_decode(data, size, &once) == 0) {
        instruction_encode(&once, &bytes);
        assert_int_equal(instruction_decode(bytes.data, bytes.len, &twice), 0);
        assert_true(once.old_num == twice.old_num && once.new_num == twice.new_num);
        assert_true(once.ack_num == twice.ack_num && once.throwaway_num == twice.throwaway_num);
        check_bytes(twice.diff.data, twice.diff.len, once.diff.data, once.diff.len);
        check_bytes(twice.chaff.data, twice.chaff.len, once.chaff.data, once.chaff.len);
    }
    instruction_release(&once);
    instruction_release(&twice);
    buf_release(&bytes);
    return 0;
}
