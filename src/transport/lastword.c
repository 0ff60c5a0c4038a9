/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/lastword.h"

#include <assert.h>

#include "wire/deflate.h"
#include "wire/fragment.h"
#include "wire/packet.h"

/* An instruction has 80 bytes beside its diff, at most, and around it come a hundred more. */
#define ROOM_BYTES 256

void lastword_init(struct lastword *w, const struct buf *diff)
{
    assert(diff->len <= LASTWORD_DIFF_BYTES_MAX);
    *w = (struct lastword){.instruction.new_num = INSTRUCTION_SHUTDOWN};
    buf_append(&w->instruction.diff, diff->data, diff->len);
    buf_reserve(&w->one, ROOM_BYTES);
    buf_reserve(&w->other, ROOM_BYTES);
}

void lastword_release(struct lastword *w)
{
    instruction_release(&w->instruction);
    buf_release(&w->one);
    buf_release(&w->other);
}

const struct buf *lastword_make(struct lastword *w, struct seal *seal, uint64_t base,
                                uint64_t ack_num, uint64_t fragment_id, uint16_t timestamp)
{
    w->instruction.old_num = w->instruction.throwaway_num = base;
    w->instruction.ack_num = ack_num;
    buf_clear(&w->one);
    instruction_encode(&w->instruction, &w->one);
    buf_clear(&w->other);
    deflate_store(w->one.data, w->one.len, &w->other);
    const struct fragment fragment = {
        .id = fragment_id,
        .final = true,
        .contents = w->other.data,
        .contents_len = w->other.len,
    };
    buf_clear(&w->one);
    fragment_encode(&fragment, &w->one);
    const struct packet packet = {
        .timestamp = timestamp,
        .timestamp_reply = PACKET_NO_TIMESTAMP,
        .payload = w->one.data,
        .payload_len = w->one.len,
    };
    buf_clear(&w->other);
    packet_encode(&packet, &w->other);
    buf_clear(&w->one);
    return seal_close(seal, w->other.data, w->other.len, &w->one) == 0 ? &w->one : NULL;
}
