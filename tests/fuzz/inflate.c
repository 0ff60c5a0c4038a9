/* SPDX-License-Identifier: GPL-3.0-or-later */

/* S18: streams as they come; and what was compressed here comes out as it went in. */

#include "fuzz.h"

#include "wire/deflate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct deflate *d; /* kept, as a session keeps it */
    struct buf out = {0}, back = {0};

    if (!d)
        d = deflate_new();
    if (deflate_expand(d, data, size, &out) == 0)
        assert_in_range(out.len, 0, DEFLATE_BYTES_MAX);
    else
        assert_int_equal(out.len, 0);
    assert_int_equal(deflate_compress(d, data, size, &out), 0);
    assert_int_equal(deflate_expand(d, out.data, out.len, &back), 0);
    check_bytes(back.data, back.len, data, size);
    buf_release(&out);
    buf_release(&back);
    return 0;
}
