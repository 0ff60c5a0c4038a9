/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "util/buf.h"

#include <stdlib.h>
#include <string.h>

#include "util/wipe.h"
#include "util/xalloc.h"

enum { FIRST_BYTES = 64 };

void buf_release(struct buf *b)
{
    free(b->data);
    *b = (struct buf){0};
}

void buf_wipe(struct buf *b)
{
    wipe(b->data, b->cap);
    buf_release(b);
}

void buf_swap(struct buf *a, struct buf *b)
{
    struct buf was = *a;
    *a = *b;
    *b = was;
}

void buf_grow(struct buf *b, size_t extra_bytes)
{
    assert(extra_bytes <= BUF_BYTES_MAX && b->len <= BUF_BYTES_MAX - extra_bytes);
    size_t needed = b->len + extra_bytes;
    /* Doubling keeps appending n bytes linear in n, however small the pieces are. */
    size_t cap = b->cap ? b->cap * 2 : FIRST_BYTES;
    if (cap < needed)
        cap = needed;
    if (cap > BUF_BYTES_MAX)
        cap = BUF_BYTES_MAX;
    b->data = xreallocarray(b->data, cap, 1);
    b->cap = cap;
}

void buf_append_any_dec(struct buf *b, uint64_t n)
{
    enum { DIGITS_MAX = 20 }; /* 2^64 - 1 has so many */
    size_t len = 1;
    uint8_t *at;

    for (uint64_t power = 10; n >= power && len < DIGITS_MAX; power *= 10)
        len++;
    buf_reserve(b, len);
    b->len += len;
    at = b->data + b->len;
    do {
        *--at = (uint8_t)('0' + n % 10);
        n /= 10;
    } while (n);
}

void buf_append_be16(struct buf *b, uint16_t n)
{
    uint8_t bytes[2] = {(uint8_t)(n >> 8), (uint8_t)n};
    buf_append(b, bytes, sizeof bytes);
}

void buf_append_be64(struct buf *b, uint64_t n)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(n >> (56 - 8 * i));
    buf_append(b, bytes, sizeof bytes);
}

void buf_consume(struct buf *b, size_t len)
{
    assert(len <= b->len);
    if (len == 0)
        return;
    b->len -= len;
    memmove(b->data, b->data + len, b->len);
}

int reader_bytes(struct reader *r, size_t len, const uint8_t **out)
{
    if (len > r->left)
        return ERR_MALFORMED;
    *out = r->at;
    r->at += len;
    r->left -= len;
    return 0;
}

int reader_be16(struct reader *r, uint16_t *out)
{
    const uint8_t *p;
    int err = reader_bytes(r, 2, &p);
    if (err)
        return err;
    *out = (uint16_t)(p[0] << 8 | p[1]);
    return 0;
}

int reader_be64(struct reader *r, uint64_t *out)
{
    const uint8_t *p;
    int err = reader_bytes(r, 8, &p);
    if (err)
        return err;
    uint64_t n = 0;
    for (size_t i = 0; i < 8; i++)
        n = n << 8 | p[i];
    *out = n;
    return 0;
}
