/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_WHOLE_H
#define MOSH_TESTS_WHOLE_H

/* An instruction in one packet, as a peer that has the key could send it. */

#include "unit.h"

#include "wire/deflate.h"
#include "wire/fragment.h"
#include "wire/instruction.h"
#include "wire/packet.h"

/* Appends the packet to `plain`. */
static inline void whole_encode(struct deflate *d, uint64_t fragment_id,
                                const struct instruction *i, struct buf *plain)
{
    struct fragment f = {.id = fragment_id, .final = true};
    struct packet p = {.timestamp = 1, .timestamp_reply = PACKET_NO_TIMESTAMP};
    struct buf bytes = {0}, stream = {0}, fragment = {0};

    instruction_encode(i, &bytes);
    assert_int_equal(deflate_compress(d, bytes.data, bytes.len, &stream), 0);
    f.contents = stream.data;
    f.contents_len = stream.len;
    fragment_encode(&f, &fragment);
    p.payload = fragment.data;
    p.payload_len = fragment.len;
    packet_encode(&p, plain);
    buf_release(&bytes);
    buf_release(&stream);
    buf_release(&fragment);
}

#endif
