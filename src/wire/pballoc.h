/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_WIRE_PBALLOC_H
#define MOSH_WIRE_PBALLOC_H

/*
 * Memory for one decoding by protobuf-c, up to a bound. A message of a few bytes may ask for many
 * times its size: two bytes are an instruction, whose structures take more than a hundred. Beyond
 * the bound the library gets NULL and gives the message up.
 */

#include <stdbool.h>
#include <stddef.h>
#include <protobuf-c/protobuf-c.h>

/* The largest message with one copy of its contents, and as much again for its structure. */
#define PBALLOC_BYTES_MAX ((size_t)8 << 20)

struct pballoc {
    ProtobufCAllocator allocator;
    size_t left_bytes; /* what was given out and freed again is not counted back */
    bool refused;
};

/* `p` may not move afterwards. It owns nothing: who frees the message frees all. */
void pballoc_init(struct pballoc *p, size_t bytes_max);

/*
 * Decodes a message. Returns NULL and sets *err to ERR_MALFORMED or ERR_LIMIT; else the result is
 * freed by pballoc_free.
 */
ProtobufCMessage *pballoc_unpack(struct pballoc *p, const ProtobufCMessageDescriptor *kind,
                                 const uint8_t *bytes, size_t len, int *err);
void pballoc_free(struct pballoc *p, ProtobufCMessage *message);

#endif
