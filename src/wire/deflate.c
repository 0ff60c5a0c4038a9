/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/deflate.h"

#include <stdlib.h>
#include <zlib.h>

#include "util/xalloc.h"

/* Room for the expansion of most instructions at the first try. */
enum { EXPAND_FIRST_BYTES = 4096 };

/* What is shorter hardly ever repeats a part of itself: not to look for that costs three bytes in a
   thousand. */
enum { SHORT_BYTES = 40 };

/*
 * How hard zlib looks for what it has seen before. Its default follows up to 128 earlier places for
 * every byte; on a frame of many colours, where all looks alike, that takes ten times as long as
 * making the frame. Following 12 places costs a hundredth more bytes (a tenth where each character
 * has a style of its own) and saves half to three quarters of the time; 4 places, a fifth more
 * bytes there, and five sixths. Small instructions, which are most, are compressed by the default.
 */
static const struct effort {
    size_t bytes_min;
    int good, lazy, nice, chain; /* as for deflateTune() */
} efforts[] = {{(size_t)64 << 10, 4, 4, 32, 4}, {(size_t)8 << 10, 8, 16, 64, 12}};

struct deflate {
    z_stream compressor;
    z_stream expander;
};

/* zlib's own memory comes from here, so that running out of it has the one end that it always has.
 */
static voidpf zlib_alloc(voidpf opaque, uInt count, uInt size)
{
    (void)opaque;
    return xcalloc(count, size);
}

static void zlib_free(voidpf opaque, voidpf p)
{
    (void)opaque;
    free(p);
}

struct deflate *deflate_new(void)
{
    struct deflate *d = xcalloc(1, sizeof *d);
    d->compressor.zalloc = d->expander.zalloc = zlib_alloc;
    d->compressor.zfree = d->expander.zfree = zlib_free;
    int compressor = deflateInit(&d->compressor, Z_DEFAULT_COMPRESSION);
    int expander = inflateInit(&d->expander);
    assert(compressor == Z_OK && expander == Z_OK); /* else we were built for another zlib */
    return d;
}

void deflate_free(struct deflate *d)
{
    deflateEnd(&d->compressor);
    inflateEnd(&d->expander);
    free(d);
}

/* zlib's interface knows no const before ZLIB_CONST, but reads its input only. */
static void set_input(z_stream *z, const uint8_t *in, size_t len)
{
    z->next_in = (Bytef *)(uintptr_t)in;
    z->avail_in = (uInt)len;
}

/* Of a stream that was just reset, and with that set to its default. */
static void tune(z_stream *z, size_t len)
{
    for (size_t i = 0; i < sizeof efforts / sizeof efforts[0]; i++) {
        const struct effort *e = &efforts[i];
        if (len < e->bytes_min)
            continue;
        deflateTune(z, e->good, e->lazy, e->nice, e->chain);
        return;
    }
}

static void append_checksum(struct buf *out, const uint8_t *in, size_t len)
{
    const uint32_t sum = (uint32_t)adler32(1, in, (uInt)len);

    buf_append_be16(out, (uint16_t)(sum >> 16));
    buf_append_be16(out, (uint16_t)sum);
}

/* --- short messages --- */

/* Bits on their way into bytes, which are filled from the lowest bit on. */
struct bits {
    struct buf *out;
    unsigned waiting, count; /* of a byte that is not full yet */
};

static void put_bits(struct bits *b, unsigned bits, unsigned count)
{
    b->waiting |= bits << b->count;
    for (b->count += count; b->count >= 8; b->count -= 8) {
        buf_append_byte(b->out, (uint8_t)b->waiting);
        b->waiting >>= 8;
    }
}

/* A code of Huffman's comes with its highest bit first. */
static unsigned reversed(unsigned byte)
{
    byte = (byte & 0x0F) << 4 | byte >> 4;
    byte = (byte & 0x33) << 2 | (byte >> 2 & 0x33);
    return (byte & 0x55) << 1 | (byte >> 1 & 0x55);
}

/*
 * Keystrokes, acknowledgements and heartbeats, which are most of what is sent, repeat nothing, and
 * zlib would write them byte for byte in the fixed code of RFC 1951 (3.2.6), too. But zlib clears
 * 64 KiB of memory first, and makes three trees to see that they are not worth it.
 */
static void compress_short(const uint8_t *in, size_t len, struct buf *out)
{
    static const uint8_t head[] = {0x78, 0x9C}; /* as zlib begins by default */
    struct bits bits = {.out = out};

    buf_append(out, head, sizeof head);
    put_bits(&bits, 1, 1); /* the last block, */
    put_bits(&bits, 1, 2); /* in the fixed code */
    for (size_t i = 0; i < len; i++) {
        if (in[i] < 144)
            put_bits(&bits, reversed(0x30u + in[i]), 8);
        else
            put_bits(&bits, 1 | reversed(in[i]) << 1, 9);
    }
    put_bits(&bits, 0, 7 + 7); /* the end of the block, and what fills the byte */
    append_checksum(out, in, len);
}

/* --- all others --- */

int deflate_compress(struct deflate *d, const uint8_t *in, size_t len, struct buf *out)
{
    z_stream *z = &d->compressor;
    buf_clear(out);
    if (len > DEFLATE_BYTES_MAX)
        return ERR_LIMIT;
    if (len < SHORT_BYTES) {
        compress_short(in, len, out);
        return 0;
    }
    buf_reserve(out, deflateBound(z, len));
    deflateReset(z);
    tune(z, len);
    set_input(z, in, len);
    z->next_out = out->data;
    z->avail_out = (uInt)out->cap;
    int result = deflate(z, Z_FINISH);
    assert(result == Z_STREAM_END); /* deflateBound() promises that it fits */
    if (z->total_out > DEFLATE_BYTES_MAX)
        return ERR_LIMIT;
    out->len = z->total_out;
    return 0;
}

/* RFC 1950: a header, one last block of RFC 1951's kind that is as it is, its length before it with
   the low byte first, and a checksum. */
void deflate_store(const uint8_t *in, size_t len, struct buf *out)
{
    assert(len <= DEFLATE_STORED_MAX);
    const uint8_t low = (uint8_t)len, high = (uint8_t)(len >> 8);
    const uint8_t head[] = {0x78, 0x01, 0x01, low, high, (uint8_t)~low, (uint8_t)~high};

    buf_append(out, head, sizeof head);
    buf_append(out, in, len);
    append_checksum(out, in, len);
}

/* One call of inflate() into the free part of `out`, which grows no further than the maximum. */
static int inflate_more(z_stream *z, struct buf *out)
{
    uint8_t excess = 0; /* at the maximum, a stream may have its end to read, but no content */
    bool full = out->len == DEFLATE_BYTES_MAX;
    size_t room = DEFLATE_BYTES_MAX - out->len;
    if (!full)
        buf_reserve(out, 1);
    if (room > out->cap - out->len)
        room = out->cap - out->len;
    z->next_out = full ? &excess : out->data + out->len;
    z->avail_out = full ? 1 : (uInt)room;
    int result = inflate(z, Z_NO_FLUSH);
    if (full && z->avail_out == 0)
        return ERR_LIMIT;
    if (!full)
        out->len += room - z->avail_out;
    if (result == Z_STREAM_END)
        return 1;
    /* Not Z_OK is a fault in the data, or Z_BUF_ERROR: it ended too early. */
    return result == Z_OK ? 0 : ERR_MALFORMED;
}

int deflate_expand(struct deflate *d, const uint8_t *in, size_t len, struct buf *out)
{
    z_stream *z = &d->expander;
    buf_clear(out);
    if (len > DEFLATE_BYTES_MAX)
        return ERR_LIMIT;
    buf_reserve(out, EXPAND_FIRST_BYTES);
    inflateReset(z);
    set_input(z, in, len);
    int result;
    do
        result = inflate_more(z, out);
    while (result == 0);
    if (result < 0) {
        buf_release(out); /* not only cleared: it may have grown to the maximum for nothing */
        return result;
    }
    return 0; /* what follows the stream is ignored, as zlib's own uncompress() does */
}
