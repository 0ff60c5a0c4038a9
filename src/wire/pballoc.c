/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/pballoc.h"

#include <stdlib.h>

#include "util/err.h"
#include "util/xalloc.h"

static void *bounded_alloc(void *context, size_t size)
{
    struct pballoc *p = context;
    if (size > p->left_bytes) {
        p->refused = true;
        return NULL;
    }
    p->left_bytes -= size;
    return xmalloc(size);
}

static void bounded_free(void *context, void *memory)
{
    (void)context;
    free(memory);
}

void pballoc_init(struct pballoc *p, size_t bytes_max)
{
    *p = (struct pballoc){
        .allocator = {.alloc = bounded_alloc, .free = bounded_free, .allocator_data = p},
        .left_bytes = bytes_max,
    };
}

ProtobufCMessage *pballoc_unpack(struct pballoc *p, const ProtobufCMessageDescriptor *kind,
                                 const uint8_t *bytes, size_t len, int *err)
{
    ProtobufCMessage *message = protobuf_c_message_unpack(kind, &p->allocator, len, bytes);
    if (!message)
        *err = p->refused ? ERR_LIMIT : ERR_MALFORMED;
    return message;
}

void pballoc_free(struct pballoc *p, ProtobufCMessage *message)
{
    protobuf_c_message_free_unpacked(message, &p->allocator);
}
