/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_UTIL_BUF_H
#define MOSH_UTIL_BUF_H

/*
 * buf: a growing byte string that owns its memory. {0} is a valid empty one. Its data may be NULL
 * while it is empty.
 *
 * reader: a cursor over borrowed bytes that cannot run past their end.
 *
 * Whoever takes bytes from a peer checks their number against a maximum of its own before it
 * appends them; a buf that would pass BUF_BYTES_MAX all the same is a fault of ours and asserts.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "util/err.h"

/* More than the longest frame: the largest screen, each cell in a style and a place of its own. */
#define BUF_BYTES_MAX ((size_t)256 << 20)

struct buf {
    uint8_t *data;
    size_t len;
    size_t cap;
};

void buf_release(struct buf *b); /* frees; {0} afterwards */
void buf_wipe(struct buf *b);    /* as release, after overwriting the memory */
void buf_swap(struct buf *a, struct buf *b);
void buf_grow(struct buf *b, size_t extra_bytes); /* buf_reserve, where there is no room yet */

/* Room for `extra_bytes` after the end. */
static inline void buf_reserve(struct buf *b, size_t extra_bytes)
{
    if (extra_bytes > b->cap - b->len)
        buf_grow(b, extra_bytes);
}

static inline void buf_clear(struct buf *b) /* empties, and keeps the memory */
{
    b->len = 0;
}

static inline void buf_append(struct buf *b, const void *bytes, size_t len)
{
    if (len == 0)
        return; /* memcpy may not be given NULL, not even for nothing */
    buf_reserve(b, len);
    /* cppcheck-suppress uninitvar ; does not see that utf8_encode(), for `len`, writes to `bytes`
     */
    memcpy(b->data + b->len, bytes, len);
    b->len += len;
}

static inline void buf_append_str(struct buf *b, const char *s)
{
    buf_append(b, s, strlen(s));
}

void buf_append_any_dec(struct buf *b, uint64_t n);
void buf_append_be16(struct buf *b, uint16_t n);
void buf_append_be64(struct buf *b, uint64_t n);
void buf_consume(struct buf *b, size_t len); /* removes the first `len` bytes; len <= b->len */

static inline void buf_append_byte(struct buf *b, uint8_t byte)
{
    buf_reserve(b, 1);
    b->data[b->len++] = byte;
}

/* Decimal digits. Parts of colours and places on the screen, of which a frame may have ten
   thousands, have up to three. */
static inline void buf_append_dec(struct buf *b, uint64_t n)
{
    unsigned small = (unsigned)n;
    uint8_t *at;

    if (n >= 1000) {
        buf_append_any_dec(b, n);
        return;
    }
    buf_reserve(b, 3);
    at = b->data + b->len;
    if (small >= 100)
        *at++ = (uint8_t)('0' + small / 100);
    if (small >= 10)
        *at++ = (uint8_t)('0' + small / 10 % 10);
    *at++ = (uint8_t)('0' + small % 10);
    b->len = (size_t)(at - b->data);
}

struct reader {
    const uint8_t *at;
    size_t left;
};

/* Each takes what it names from the front, or returns ERR_MALFORMED and takes nothing. */
int reader_be16(struct reader *r, uint16_t *out) MUST_CHECK;
int reader_be64(struct reader *r, uint64_t *out) MUST_CHECK;
int reader_bytes(struct reader *r, size_t len, const uint8_t **out) MUST_CHECK;

#endif
