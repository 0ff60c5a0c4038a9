/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "util/smaller.h"
#include "wire/deflate.h"

static void round_trip(struct deflate *d, const uint8_t *in, size_t len)
{
    struct buf packed = {0}, back = {0};
    assert_int_equal(deflate_compress(d, in, len, &packed), 0);
    check_bytes(packed.data, 2, "\x78\x9C", 2); /* the default level, as stock sends */
    assert_int_equal(deflate_expand(d, packed.data, packed.len, &back), 0);
    check_bytes(back.data, back.len, in, len);
    buf_release(&packed);
    buf_release(&back);
}

static void round_trips_with_one_context(void **state)
{
    (void)state;
    struct deflate *d = deflate_new();
    struct rng rng = {3};
    static uint8_t in[200000];
    round_trip(d, NULL, 0);
    for (size_t i = 0; i < 60; i++) {
        size_t len = rng_below(&rng, i < 50 ? 5000 : sizeof in);
        rng_fill(&rng, in, len);
        if (i % 2) /* half of them compress well */
            for (size_t n = 0; n < len; n++)
                in[n] &= 1;
        round_trip(d, in, len);
    }
    deflate_free(d);
}

/* The kept contexts must not make a message depend on the one before it. */
static void messages_do_not_depend_on_each_other(void **state)
{
    (void)state;
    struct deflate *used = deflate_new(), *fresh = deflate_new();
    struct buf a = {0}, b = {0};
    const uint8_t text[] = "the same text, the same text, the same text";
    for (int i = 0; i < 3; i++)
        assert_int_equal(deflate_compress(used, text, sizeof text, &a), 0);
    assert_int_equal(deflate_compress(fresh, text, sizeof text, &b), 0);
    check_bytes(a.data, a.len, b.data, b.len);
    uLong len = compressBound(sizeof text);
    Bytef zlibs[256];
    assert_int_equal(compress(zlibs, &len, text, sizeof text), Z_OK);
    check_bytes(a.data, a.len, zlibs, len);
    buf_release(&a);
    buf_release(&b);
    deflate_free(used);
    deflate_free(fresh);
}

/* For which zlib is not asked, but which it reads as any other stream. */
static void short_messages_are_streams(void **state)
{
    (void)state;
    static const uint8_t known[] = {0x78, 0x9C, 0x4B, 0x04, 0x00, 0x00, 0x62, 0x00, 0x62};
    struct deflate *d = deflate_new();
    struct rng rng = {11};
    struct buf packed = {0};
    assert_int_equal(deflate_compress(d, (const uint8_t *)"a", 1, &packed), 0);
    check_bytes(packed.data, packed.len, known, sizeof known);
    for (size_t len = 0; len < 64; len++)
        for (unsigned any = 0; any < 256; any++) {
            uint8_t in[64], back[64];
            uLong back_len = sizeof back;
            rng_fill(&rng, in, len);
            if (len > 0)
                in[len - 1] = (uint8_t)any;
            assert_int_equal(deflate_compress(d, in, len, &packed), 0);
            assert_in_range(packed.len, 8, 8 + len + len / 8 + 1);
            assert_int_equal(uncompress(back, &back_len, packed.data, packed.len), Z_OK);
            check_bytes(back, back_len, in, len);
        }
    buf_release(&packed);
    deflate_free(d);
}

/* What zlib reads as any other stream, and what needs no memory if there is room. */
static void what_is_stored_is_a_stream(void **state)
{
    (void)state;
    static const size_t lens[] = {0, 1, 100, 255, 256, 257, 60000, DEFLATE_STORED_MAX};
    static uint8_t in[DEFLATE_STORED_MAX];
    struct deflate *d = deflate_new();
    struct rng rng = {9};
    struct buf stored = {0}, back = {0};
    rng_fill(&rng, in, sizeof in);
    buf_reserve(&stored, sizeof in + DEFLATE_STORED_BYTES);
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        const uint8_t *memory = stored.data;
        buf_clear(&stored);
        deflate_store(in, lens[i], &stored);
        assert_ptr_equal(stored.data, memory);
        assert_int_equal(stored.len, lens[i] + DEFLATE_STORED_BYTES);
        assert_int_equal(deflate_expand(d, stored.data, stored.len, &back), 0);
        check_bytes(back.data, back.len, in, lens[i]);
    }
    /* The checksum is one. */
    stored.data[stored.len - 1] ^= 1;
    assert_int_equal(deflate_expand(d, stored.data, stored.len, &back), ERR_MALFORMED);
    buf_release(&stored);
    buf_release(&back);
    deflate_free(d);
}

/* Text in colours, as a screen full of them. */
static void put_colours(struct buf *out, size_t len)
{
    struct rng rng = {5};
    char text[64];

    while (out->len < len) {
        snprintf(text, sizeof text, "\033[%d;%dm%c", (int)rng_below(&rng, 8),
                 30 + (int)rng_below(&rng, 8), 'a' + (int)rng_below(&rng, 26));
        buf_append_str(out, text);
    }
}

/* Less is done for large messages, but not much less comes of it; and small ones after them are
   compressed as ever. */
static void large_messages_are_compressed_nearly_as_well(void **state)
{
    (void)state;
    static const size_t sizes[] = {100, 8191, 20000, 200000, 100};
    static Bytef zlibs[300000];
    struct deflate *d = deflate_new();

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct buf in = {0}, out = {0};
        uLong len = sizeof zlibs;
        put_colours(&in, sizes[i]);
        in.len = sizes[i];
        round_trip(d, in.data, in.len);
        assert_int_equal(deflate_compress(d, in.data, in.len, &out), 0);
        assert_int_equal(compress(zlibs, &len, in.data, in.len), Z_OK);
        if (in.len < 8192)
            check_bytes(out.data, out.len, zlibs, len);
        assert_true(out.len <= len + len / 4);
        buf_release(&in);
        buf_release(&out);
    }
    deflate_free(d);
}

/* In short messages nothing is looked for that was there before. */
static void messages_of_forty_bytes_are_searched(void **state)
{
    (void)state;
    struct deflate *d = deflate_new();
    struct buf packed = {0};
    uint8_t same[40];
    memset(same, 'a', sizeof same);
    assert_int_equal(deflate_compress(d, same, 39, &packed), 0);
    assert_int_equal(packed.len, 39 + 8);
    assert_int_equal(deflate_compress(d, same, 40, &packed), 0);
    assert_in_range(packed.len, 8, 16);
    buf_release(&packed);
    deflate_free(d);
}

static void put_again(struct buf *out, size_t from, size_t len)
{
    buf_reserve(out, len);
    buf_append(out, out->data + from, len);
}

/* Text in colours that goes on with parts of itself, most of them short. One in four comes in three
   ways, so that of the last of these a part is found at once, and a longer one by looking further.
 */
static void put_repetitions(struct buf *out, size_t len)
{
    struct rng rng = {6};

    put_colours(out, 600);
    while (out->len < len) {
        size_t part = 3 + rng_below(&rng, rng_below(&rng, 8) ? 20 : 100), more = part + 2;
        size_t from = out->len - more - rng_below(&rng, smaller(out->len - more, 30000));
        if (rng_below(&rng, 4) == 0) {
            put_again(out, from, part);
            put_again(out, from + 1, more - 1);
            put_again(out, from, more);
        } else {
            put_again(out, from, part);
        }
        if (rng_below(&rng, 2))
            buf_append_byte(out, (uint8_t)('0' + rng_below(&rng, 40)));
    }
    out->len = len;
}

/* How far is looked for repetitions depends on the length; 8191 bytes are compressed by default. */
static void effort_depends_on_the_length(void **state)
{
    (void)state;
    static const struct {
        size_t len;
        int good, lazy, nice, chain;
    } cases[] = {{8191, 8, 16, 128, 128},
                 {8192, 8, 16, 64, 12},
                 {65535, 8, 16, 64, 12},
                 {65536, 4, 4, 32, 4},
                 {200000, 4, 4, 32, 4}};
    struct deflate *d = deflate_new();

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static uint8_t want[300000];
        struct buf in = {0}, packed = {0};
        z_stream z = {0};
        put_repetitions(&in, cases[i].len);
        assert_int_equal(deflateInit(&z, Z_DEFAULT_COMPRESSION), Z_OK);
        deflateTune(&z, cases[i].good, cases[i].lazy, cases[i].nice, cases[i].chain);
        z.next_in = in.data;
        z.avail_in = (uInt)in.len;
        z.next_out = want;
        z.avail_out = sizeof want;
        assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
        assert_int_equal(deflate_compress(d, in.data, in.len, &packed), 0);
        check_bytes(packed.data, packed.len, want, z.total_out);
        deflateEnd(&z);
        buf_release(&in);
        buf_release(&packed);
    }
    deflate_free(d);
}

static void expands_every_kind_of_zlib_stream(void **state)
{
    (void)state;
    struct deflate *d = deflate_new();
    struct buf out = {0};
    static const int levels[] = {0, 1, 9}, windows[] = {9, 15};
    uint8_t text[3000];
    memset(text, 'x', sizeof text);
    for (size_t l = 0; l < 3; l++) {
        for (size_t w = 0; w < 2; w++) {
            static uint8_t packed[4096];
            z_stream z = {0};
            z.next_in = text;
            z.avail_in = sizeof text;
            z.next_out = packed;
            z.avail_out = sizeof packed;
            assert_int_equal(deflateInit2(&z, levels[l], Z_DEFLATED, windows[w], 8, Z_FIXED), Z_OK);
            assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
            size_t packed_len = z.total_out;
            deflateEnd(&z);
            size_t after = w ? 7 : 0; /* what follows the stream does not matter */
            assert_int_equal(deflate_expand(d, packed, packed_len + after, &out), 0);
            check_bytes(out.data, out.len, text, sizeof text);
        }
    }
    buf_release(&out);
    deflate_free(d);
}

static void refuse(struct deflate *d, const uint8_t *in, size_t len, int want)
{
    struct buf out = {0};
    buf_append_str(&out, "from before");
    assert_int_equal(deflate_expand(d, in, len, &out), want);
    assert_int_equal(out.len, 0);
    buf_release(&out);
}

/* F36 */
static void what_is_no_stream_is_refused(void **state)
{
    (void)state;
    struct deflate *d = deflate_new();
    struct buf good = {0};
    assert_int_equal(deflate_compress(d, (const uint8_t *)"hello, hello, hello", 19, &good), 0);
    for (size_t len = 0; len < good.len; len++)
        refuse(d, good.data, len, ERR_MALFORMED);          /* cut off anywhere */
    refuse(d, good.data + 2, good.len - 2, ERR_MALFORMED); /* raw deflate */
    refuse(d, (const uint8_t *)"\x1F\x8B\x08\0\0\0\0\0\0\3", 10, ERR_MALFORMED); /* gzip */
    refuse(d, (const uint8_t *)"\x78\xBB\0\0\0\1", 6, ERR_MALFORMED); /* wants a dictionary */
    refuse(d, (const uint8_t *)"junk", 4, ERR_MALFORMED);
    good.data[good.len - 1] ^= 1;
    refuse(d, good.data, good.len, ERR_MALFORMED); /* checksum */
    good.data[good.len - 1] ^= 1;
    round_trip(d, good.data, good.len); /* and the context is none the worse */
    buf_release(&good);
    deflate_free(d);
}

/* To the byte. */
static void S18_expansion_stops_at_the_maximum(void **state)
{
    (void)state;
    struct deflate *d = deflate_new();
    struct buf out = {0};
    for (size_t over = 0; over <= 1; over++) {
        size_t len = DEFLATE_BYTES_MAX + over;
        struct buf odd = {0}; /* which, however often it is doubled, is never the maximum */
        uLong packed_len = compressBound(len);
        uint8_t *zeros = calloc(1, len), *packed = malloc(packed_len);
        assert_int_equal(compress(packed, &packed_len, zeros, len), Z_OK);
        assert_int_equal(deflate_expand(d, packed, packed_len, &out), over ? ERR_LIMIT : 0);
        assert_int_equal(out.len, over ? 0 : len);
        assert_true(out.cap <= DEFLATE_BYTES_MAX);
        buf_reserve(&odd, 5000);
        assert_int_equal(deflate_expand(d, packed, packed_len, &odd), over ? ERR_LIMIT : 0);
        assert_int_equal(odd.len, over ? 0 : len);
        buf_release(&odd);
        refuse(d, packed, packed_len - 4, over ? ERR_LIMIT : ERR_MALFORMED); /* no checksum */
        free(zeros);
        free(packed);
    }
    assert_null(out.data); /* nothing is kept of what was refused */
    deflate_free(d);
}

static void S18_a_bomb_is_cheap(void **state)
{
    (void)state;
    enum { BOMB_BYTES = 1 << 20 };
    struct deflate *d = deflate_new();
    uint8_t *bomb = malloc(BOMB_BYTES);
    static uint8_t zeros[1 << 16];
    z_stream z = {0};
    assert_int_equal(deflateInit(&z, 9), Z_OK);
    z.next_out = bomb;
    z.avail_out = BOMB_BYTES;
    while (z.total_in < (uLong)64 << 20) {
        z.next_in = zeros;
        z.avail_in = sizeof zeros;
        assert_int_equal(deflate(&z, Z_NO_FLUSH), Z_OK);
    }
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    refuse(d, bomb, z.total_out, ERR_LIMIT);
    deflateEnd(&z);
    free(bomb);
    deflate_free(d);
}

static void large_input_is_refused(void **state)
{
    (void)state;
    struct deflate *d = deflate_new();
    uint8_t *bytes = malloc(DEFLATE_BYTES_MAX + 1);
    struct rng rng = {5};
    for (size_t i = 0; i + 8 <= DEFLATE_BYTES_MAX; i += 8) {
        uint64_t noise = rng_next(&rng);
        memcpy(bytes + i, &noise, 8);
    }
    bytes[DEFLATE_BYTES_MAX] = 0;
    struct buf out = {0}, back = {0};
    assert_int_equal(deflate_compress(d, bytes, DEFLATE_BYTES_MAX + 1, &out), ERR_LIMIT);
    /* Noise does not get smaller, so that its stream is too large. */
    assert_int_equal(deflate_compress(d, bytes, DEFLATE_BYTES_MAX, &out), ERR_LIMIT);
    assert_int_equal(out.len, 0);
    assert_int_equal(deflate_compress(d, bytes, DEFLATE_BYTES_MAX / 2, &out), 0);
    refuse(d, bytes, DEFLATE_BYTES_MAX + 1, ERR_LIMIT);
    /* To the byte, of the stream... */
    size_t len = DEFLATE_BYTES_MAX - DEFLATE_BYTES_MAX / 1000;
    for (int i = 0; i < 5 && out.len != DEFLATE_BYTES_MAX; i++) {
        assert_int_equal(deflate_compress(d, bytes, len, &out), 0);
        len += DEFLATE_BYTES_MAX - out.len;
    }
    assert_int_equal(out.len, DEFLATE_BYTES_MAX);
    assert_int_equal(deflate_expand(d, out.data, out.len, &back), 0);
    check_bytes(back.data, back.len, bytes, len);
    assert_int_equal(deflate_compress(d, bytes, len + 1, &out), ERR_LIMIT);
    /* ...and of the input, of which the stream is small. */
    memset(bytes, 0, DEFLATE_BYTES_MAX + 1);
    assert_int_equal(deflate_compress(d, bytes, DEFLATE_BYTES_MAX, &out), 0);
    assert_int_equal(deflate_compress(d, bytes, DEFLATE_BYTES_MAX + 1, &out), ERR_LIMIT);
    buf_release(&out);
    buf_release(&back);
    free(bytes);
    deflate_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trips_with_one_context),
        cmocka_unit_test(short_messages_are_streams),
        cmocka_unit_test(what_is_stored_is_a_stream),
        cmocka_unit_test(messages_do_not_depend_on_each_other),
        cmocka_unit_test(large_messages_are_compressed_nearly_as_well),
        cmocka_unit_test(messages_of_forty_bytes_are_searched),
        cmocka_unit_test(effort_depends_on_the_length),
        cmocka_unit_test(expands_every_kind_of_zlib_stream),
        cmocka_unit_test(what_is_no_stream_is_refused),
        cmocka_unit_test(S18_expansion_stops_at_the_maximum),
        cmocka_unit_test(S18_a_bomb_is_cheap),
        cmocka_unit_test(large_input_is_refused),
    };
    return cmocka_run_group_tests_name("deflate", tests, NULL, NULL);
}
