/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_MESSAGES_H
#define MOSH_TESTS_MESSAGES_H

/* Messages of a length and of a weight, for the bounds of those who decode them. */

#include "util/buf.h"
#include "unit.h"
#include "wire/pballoc.h"

/* Appends a field that nobody knows, of `len` bytes in all, from 4 to two million. */
static inline void put_unknown(struct buf *b, size_t len)
{
    enum { TAG = 15 << 3 | 2 };
    size_t rest = len - 4;

    buf_append_byte(b, TAG);
    buf_append_byte(b, (uint8_t)(rest | 0x80)); /* always three bytes of length */
    buf_append_byte(b, (uint8_t)(rest >> 7 | 0x80));
    buf_append_byte(b, (uint8_t)(rest >> 14));
    while (rest-- > 0)
        buf_append_byte(b, 'x');
}

/* How much memory it takes to decode a message. */
static inline size_t message_weight(const ProtobufCMessageDescriptor *kind, const struct buf *b)
{
    struct pballoc memory;
    int err = 0;

    pballoc_init(&memory, SIZE_MAX);
    ProtobufCMessage *message = pballoc_unpack(&memory, kind, b->data, b->len, &err);
    assert_non_null(message);
    pballoc_free(&memory, message);
    return SIZE_MAX - memory.left_bytes;
}

#endif
