/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "wire/fragment.h"

static void encodes_and_decodes(void **state)
{
    (void)state;
    static const struct {
        struct fragment f;
        const char *hex;
    } cases[] = {
        {{1, 0, true, (const uint8_t *)"abc", 3}, "0000000000000001 8000 616263"},
        {{0x0102030405060708u, 5, false, NULL, 0}, "0102030405060708 0005"},
        {{UINT64_MAX, FRAGMENT_INDEX_MAX, true, NULL, 0}, "ffffffffffffffff ffff"},
        {{2, FRAGMENT_INDEX_MAX, false, NULL, 0}, "0000000000000002 7fff"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct fragment *f = &cases[i].f;
        struct buf out = {0};
        struct fragment back;
        fragment_encode(f, &out);
        check_hex(out.data, out.len, cases[i].hex);
        assert_int_equal(fragment_decode(out.data, out.len, &back), 0);
        assert_true(back.id == f->id);
        assert_int_equal(back.index, f->index);
        assert_int_equal(back.final, f->final);
        check_bytes(back.contents, back.contents_len, f->contents, f->contents_len);
        buf_release(&out);
    }
}

/* An authenticated packet may hold too little. */
static void S16_short_headers_are_refused(void **state)
{
    (void)state;
    const uint8_t bytes[FRAGMENT_HEADER_BYTES] = {0};
    struct fragment f = {.id = 7};
    for (size_t len = 0; len < sizeof bytes; len++)
        assert_int_equal(fragment_decode(bytes, len, &f), ERR_MALFORMED);
    assert_true(f.id == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_and_decodes),
        cmocka_unit_test(S16_short_headers_are_refused),
    };
    return cmocka_run_group_tests_name("fragment", tests, NULL, NULL);
}
