/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <time.h>

#include "../lib/ref_ocb.h"
#include "crypto/seal.h"

static const uint8_t iota[64] = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
    22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
    44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63,
};

/* Both ends of a session under the key 00 01 .. 0f. */
struct pair {
    struct seal *client, *server;
};

static struct pair pair_new(void)
{
    return (struct pair){seal_new(iota, SEAL_TO_SERVER), seal_new(iota, SEAL_TO_CLIENT)};
}

static void pair_free(struct pair p)
{
    seal_free(p.client);
    seal_free(p.server);
}

/* The iterated test of RFC 7253, appendix A: it holds the reference itself to the standard. */
static void reference_gives_the_answer_of_the_standard(void **state)
{
    (void)state;
    uint8_t key[16] = {0}, nonce[12] = {0}, s[128] = {0};
    static uint8_t c[128 * 3 * (128 + 16)];
    size_t len = 0;
    key[15] = 128;
    for (unsigned i = 0; i < 128; i++) {
        for (unsigned part = 1; part <= 3; part++) {
            unsigned n = 3 * i + part;
            size_t ad = part == 2 ? 0 : i, text = part == 3 ? 0 : i;
            /* The parts are (S, S), (no data, S) and (S, no text). */
            nonce[10] = (uint8_t)(n >> 8);
            nonce[11] = (uint8_t)n;
            ref_ocb_encrypt(key, nonce, s, ad, s, text, c + len);
            len += text + 16;
        }
    }
    uint8_t tag[16];
    nonce[10] = 385 >> 8;
    nonce[11] = 385 & 0xFF;
    ref_ocb_encrypt(key, nonce, c, len, NULL, 0, tag);
    check_hex(tag, 16, "67e944d23256c5e0b6c61fa22fdf1ea2");
}

static void S14_self_test_passes(void **state)
{
    (void)state;
    enum { TIMES = 100 };
    clock_t start = clock();

    for (int i = 0; i < TIMES; i++)
        assert_true(seal_self_test());
    double took = (double)(clock() - start) / CLOCKS_PER_SEC / TIMES;
    print_message("# figure S14: %.3f ms of CPU at each start (at most 1)\n", took * 1000);
}

static void datagrams_that_stock_mosh_took(void **state)
{
    (void)state;
    static const struct {
        enum seal_direction direction;
        uint64_t sequence;
        const char *plain, *datagram;
    } cases[] = {
        {SEAL_TO_SERVER, 0, "1234ffff",
         "0000000000000000 39022b58 039e83e3919aa6d7c2b344a0df6eec4f"},
        {SEAL_TO_CLIENT, 1, "0001fffe68656c6c6f",
         "8000000000000001 dd047d2cd6ea42c92c 39d785e66368562d4bb7a98ab4de55f6"},
        {SEAL_TO_SERVER, 2, "", "0000000000000002 39b343450d7d8bdb517d558c35d0da01"},
        {SEAL_TO_CLIENT, SEAL_SEQUENCE_MAX,
         "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627",
         "ffffffffffffffff "
         "26cf64a2b0b9902ebaf2a8df7fca67c117ca10101ceb9c90eeebf1b5a103d4293e9ee5526fd4"
         "6de6 cdecd4bcb28136d3f7877e7c24d21e79"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pair p = pair_new();
        bool up = cases[i].direction == SEAL_TO_SERVER;
        struct seal *from = up ? p.client : p.server, *to = up ? p.server : p.client;
        uint8_t plain[64];
        size_t len = unhex(cases[i].plain, plain);
        struct buf datagram = {0}, opened = {0};
        uint64_t sequence = 77;

        seal_skip(from, cases[i].sequence, 0);
        assert_int_equal(seal_close(from, plain, len, &datagram), 0);
        check_hex(datagram.data, datagram.len, cases[i].datagram);
        assert_int_equal(seal_open(to, datagram.data, datagram.len, &sequence, &opened), 0);
        assert_true(sequence == cases[i].sequence);
        check_bytes(opened.data, opened.len, plain, len);
        buf_release(&datagram);
        buf_release(&opened);
        pair_free(p);
    }
}

static void S12_agrees_with_the_reference(void **state)
{
    (void)state;
    struct rng rng = {12};
    struct buf datagram = {0}, opened = {0};
    static uint8_t plain[2048], want[2048 + 16];
    const size_t count = quick_or_long(2500, 10000000);
    for (size_t i = 0; i < count; i++) {
        uint8_t key[KEY_BYTES], nonce[12] = {0};
        rng_fill(&rng, key, sizeof key);
        struct seal *from = seal_new(key, SEAL_TO_CLIENT), *to = seal_new(key, SEAL_TO_SERVER);
        size_t len = i <= 2048 ? i : rng_below(&rng, 2049);
        rng_fill(&rng, plain, len);
        uint64_t sequence = rng_next(&rng) >> 1, got = 0;
        seal_skip(from, sequence, 0);

        buf_clear(&datagram);
        assert_int_equal(seal_close(from, plain, len, &datagram), 0);
        for (size_t byte = 0; byte < 8; byte++)
            nonce[4 + byte] = (uint8_t)((sequence | (uint64_t)1 << 63) >> (56 - 8 * byte));
        ref_ocb_encrypt(key, nonce, NULL, 0, plain, len, want);
        check_bytes(datagram.data, 8, nonce + 4, 8);
        check_bytes(datagram.data + 8, datagram.len - 8, want, len + 16);

        assert_int_equal(seal_open(to, datagram.data, datagram.len, &got, &opened), 0);
        assert_true(got == sequence);
        check_bytes(opened.data, opened.len, plain, len);
        seal_free(from);
        seal_free(to);
    }
    print_message("# figure S12: %zu messages as by another implementation\n", count);
    buf_release(&datagram);
    buf_release(&opened);
}

static void S12_every_changed_bit_is_refused(void **state)
{
    (void)state;
    struct pair p = pair_new();
    struct buf datagram = {0}, opened = {0};
    for (size_t len = 0; len <= 50; len += 10) {
        buf_clear(&datagram);
        assert_int_equal(seal_close(p.client, iota, len, &datagram), 0);
        for (size_t bit = 0; bit < datagram.len * 8; bit++) {
            uint64_t sequence = 77;
            datagram.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
            buf_append_str(&opened, "left from before");
            assert_int_equal(seal_open(p.server, datagram.data, datagram.len, &sequence, &opened),
                             ERR_AUTH);
            assert_int_equal(opened.len, 0);
            assert_true(sequence == 77);
            datagram.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
    }
    buf_release(&datagram);
    buf_release(&opened);
    pair_free(p);
}

static void text_that_was_not_authentic_is_not_left_in_the_buffer(void **state)
{
    (void)state;
    struct pair p = pair_new();
    struct buf datagram = {0}, opened = {0};
    uint64_t sequence;
    assert_int_equal(seal_close(p.client, iota, sizeof iota, &datagram), 0);
    datagram.data[datagram.len - 1] ^= 1;
    assert_int_equal(seal_open(p.server, datagram.data, datagram.len, &sequence, &opened),
                     ERR_AUTH);
    for (size_t i = 0; i < opened.cap; i++)
        assert_int_equal(opened.data[i], 0);
    buf_release(&datagram);
    buf_release(&opened);
    pair_free(p);
}

/* What comes back to its sender is refused, though the key fits. */
static void S07_own_direction_is_refused(void **state)
{
    (void)state;
    struct pair p = pair_new();
    struct buf datagram = {0}, opened = {0};
    uint64_t sequence;
    assert_int_equal(seal_close(p.client, iota, 20, &datagram), 0);
    assert_int_equal(seal_open(p.client, datagram.data, datagram.len, &sequence, &opened),
                     ERR_AUTH);
    assert_int_equal(seal_open(p.server, datagram.data, datagram.len, &sequence, &opened), 0);
    buf_release(&datagram);
    buf_release(&opened);
    pair_free(p);
}

/* No byte of which is looked at. */
static void datagrams_beyond_any_buffer_are_refused(void **state)
{
    (void)state;
    struct pair p = pair_new();
    struct buf opened = {0};
    uint64_t sequence;
    assert_int_equal(seal_open(p.client, iota, BUF_BYTES_MAX + 1, &sequence, &opened), ERR_AUTH);
    assert_null(opened.data);
    buf_release(&opened);
    pair_free(p);
}

/* From the right direction; and of those without a nonce and a tag none is as much as copied. */
static void short_datagrams_are_refused(void **state)
{
    (void)state;
    struct pair p = pair_new();
    struct buf opened = {0};
    uint64_t sequence;
    for (size_t len = 0; len <= sizeof iota; len++) {
        uint8_t *datagram = memcpy(malloc(len + 1), iota, len);
        assert_int_equal(seal_open(p.server, datagram, len, &sequence, &opened), ERR_AUTH);
        if (len < SEAL_NONCE_BYTES + SEAL_TAG_BYTES)
            assert_null(opened.data);
        free(datagram);
    }
    buf_release(&opened);
    pair_free(p);
}

static void sequence_counts_up_and_datagrams_are_appended(void **state)
{
    (void)state;
    struct pair p = pair_new();
    struct buf both = {0}, opened = {0};
    uint64_t sequence;
    assert_true(seal_next_sequence(p.client) == 0);
    assert_int_equal(seal_close(p.client, iota, 3, &both), 0);
    size_t first = both.len;
    assert_int_equal(seal_close(p.client, iota, 4, &both), 0);
    assert_true(seal_next_sequence(p.client) == 2);
    assert_int_equal(seal_open(p.server, both.data, first, &sequence, &opened), 0);
    assert_true(sequence == 0);
    assert_int_equal(opened.len, 3);
    assert_int_equal(seal_open(p.server, both.data + first, both.len - first, &sequence, &opened),
                     0);
    assert_true(sequence == 1);
    assert_int_equal(opened.len, 4);
    buf_release(&both);
    buf_release(&opened);
    pair_free(p);
}

static void S10_F16_R48_the_last_sequence_number_is_the_last(void **state)
{
    (void)state;
    struct pair p = pair_new();
    struct buf datagram = {0};
    seal_skip(p.client, SEAL_SEQUENCE_MAX, 0);
    seal_skip(p.client, 5, 0); /* must not go back */
    assert_true(seal_next_sequence(p.client) == SEAL_SEQUENCE_MAX);
    assert_int_equal(seal_close(p.client, iota, 1, &datagram), 0);
    size_t len = datagram.len;
    for (int i = 0; i < 3; i++)
        assert_int_equal(seal_close(p.client, iota, 1, &datagram), ERR_EXHAUSTED);
    assert_int_equal(datagram.len, len);
    buf_release(&datagram);
    pair_free(p);
}

/* An incomplete block and an empty text count as a block each. */
static void S10_F16_R48_the_key_wears_out(void **state)
{
    (void)state;
    struct pair p = pair_new();
    struct buf datagram = {0};
    seal_skip(p.client, 0, SEAL_BLOCKS_MAX - 5);
    seal_skip(p.client, 0, 0);
    assert_int_equal(seal_close(p.client, iota, 17, &datagram), 0);
    assert_int_equal(seal_close(p.client, iota, 0, &datagram), 0);
    assert_int_equal(seal_close(p.client, iota, 33, &datagram), ERR_EXHAUSTED);
    assert_int_equal(seal_close(p.client, iota, 16, &datagram), 0);
    assert_int_equal(seal_close(p.client, iota, 1, &datagram), 0);
    assert_true(seal_next_sequence(p.client) == 4); /* a refusal costs no number */
    assert_int_equal(seal_close(p.client, iota, 0, &datagram), ERR_EXHAUSTED);
    buf_release(&datagram);
    pair_free(p);
}

static void freeing_nothing(void **state)
{
    (void)state;
    seal_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reference_gives_the_answer_of_the_standard),
        cmocka_unit_test(S14_self_test_passes),
        cmocka_unit_test(datagrams_that_stock_mosh_took),
        cmocka_unit_test(S12_agrees_with_the_reference),
        cmocka_unit_test(S12_every_changed_bit_is_refused),
        cmocka_unit_test(text_that_was_not_authentic_is_not_left_in_the_buffer),
        cmocka_unit_test(S07_own_direction_is_refused),
        cmocka_unit_test(datagrams_beyond_any_buffer_are_refused),
        cmocka_unit_test(short_datagrams_are_refused),
        cmocka_unit_test(sequence_counts_up_and_datagrams_are_appended),
        cmocka_unit_test(S10_F16_R48_the_last_sequence_number_is_the_last),
        cmocka_unit_test(S10_F16_R48_the_key_wears_out),
        cmocka_unit_test(freeing_nothing),
    };
    return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
