/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "forger.h"

#include <stdlib.h>
#include <zlib.h>

#include "util/xalloc.h"
#include "wire/deflate.h"
#include "wire/fragment.h"
#include "wire/packet.h"

#define PIECE_BYTES 1000
#define BOMB_BYTES  ((size_t)6 << 20)

struct forger {
    struct seal *seal, *opening, *honest;
    uint64_t next_id; /* after what was seen */
    struct buf last, stream, plain, scratch;
    size_t at; /* in the stream */
    uint16_t index;
    struct buf ready; /* one that is whole */
};

struct forger *forger_new(enum seal_direction sender)
{
    static const uint8_t key[KEY_BYTES] = "sixteen bytes...";
    struct forger *f = xcalloc(1, sizeof *f);

    f->seal = seal_new(key, sender);
    f->opening = seal_new(key, sender == SEAL_TO_SERVER ? SEAL_TO_CLIENT : SEAL_TO_SERVER);
    return f;
}

void forger_free(struct forger *f)
{
    if (!f)
        return;
    seal_free(f->seal);
    seal_free(f->opening);
    buf_release(&f->last);
    buf_release(&f->stream);
    buf_release(&f->plain);
    buf_release(&f->scratch);
    buf_release(&f->ready);
    free(f);
}

void forger_sees(struct forger *f, const struct buf *datagram)
{
    struct packet packet;
    struct fragment fragment;
    uint64_t sequence;

    if (!f)
        return;
    buf_clear(&f->last);
    buf_append(&f->last, datagram->data, datagram->len);
    if (seal_open(f->opening, datagram->data, datagram->len, &sequence, &f->plain) < 0 ||
        packet_decode(f->plain.data, f->plain.len, &packet) < 0 ||
        fragment_decode(packet.payload, packet.payload_len, &fragment) < 0)
        return;
    f->next_id = fragment.id + 1;
}

/* --- streams --- */

static void compress_into(struct forger *f, const uint8_t *bytes, size_t len)
{
    uLongf room = compressBound((uLong)len);

    buf_clear(&f->stream);
    buf_reserve(&f->stream, room);
    if (compress2(f->stream.data, &room, bytes, (uLong)len, Z_BEST_COMPRESSION) == Z_OK)
        f->stream.len = room;
}

static void random_bytes(struct rng *rng, size_t len, struct buf *out)
{
    buf_clear(out);
    buf_reserve(out, len);
    rng_fill(rng, out->data, len);
    out->len = len;
}

/* To make it takes longer than most sessions: once has to do. */
static void bomb(struct forger *f)
{
    static struct buf packed;
    uint8_t *zeros;

    if (packed.len == 0) {
        zeros = xcalloc(1, BOMB_BYTES);
        compress_into(f, zeros, BOMB_BYTES);
        free(zeros);
        buf_append(&packed, f->stream.data, f->stream.len);
    }
    buf_clear(&f->stream);
    buf_append(&f->stream, packed.data, packed.len);
}

static void instruction(struct forger *f, const struct instruction *i)
{
    buf_clear(&f->scratch);
    instruction_encode(i, &f->scratch);
    compress_into(f, f->scratch.data, f->scratch.len);
}

static void impossible(struct forger *f, struct rng *rng, bool base)
{
    struct instruction i = {0};

    i.old_num = base ? 1 + rng_next(rng) / 2 : 0;
    i.new_num = i.old_num + 1 + rng_below(rng, 1000000);
    random_bytes(rng, 1 + rng_below(rng, 200), &i.diff);
    i.diff.data[0] = 0x07; /* no protobuf begins so: the wire type 7 is not one */
    instruction(f, &i);
    instruction_release(&i);
}

static void whole(struct forger *f, const struct buf *datagram)
{
    buf_clear(&f->ready);
    buf_append(&f->ready, datagram->data, datagram->len);
}

void forger_begin(struct forger *f, const struct forger *other, struct seal *honest,
                  enum forgery what, uint64_t seed)
{
    struct rng rng = {seed};

    f->honest = honest;
    buf_clear(&f->ready);
    buf_clear(&f->stream);
    f->at = 0;
    f->index = 0;
    switch (what) {
    case FORGERY_NOISE:
        random_bytes(&rng, rng_below(&rng, 2100), &f->scratch);
        whole(f, &f->scratch);
        break;
    case FORGERY_MUTATED:
        whole(f, &f->last);
        if (f->ready.len > 0)
            f->ready.data[rng_below(&rng, f->ready.len)] ^= (uint8_t)(1u << rng_below(&rng, 8));
        break;
    case FORGERY_REPLAYED: /* may be news if it was lost: so only to be believed once */
        whole(f, &f->last);
        break;
    case FORGERY_REFLECTED:
        whole(f, &other->last);
        break;
    case FORGERY_BOMB:
        bomb(f);
        break;
    case FORGERY_TRUNCATED:
        random_bytes(&rng, 500, &f->scratch);
        compress_into(f, f->scratch.data, f->scratch.len);
        f->stream.len = 1 + rng_below(&rng, f->stream.len - 1);
        break;
    case FORGERY_NO_STREAM:
        random_bytes(&rng, 1 + rng_below(&rng, 3000), &f->stream);
        break;
    case FORGERY_NONSENSE:
        random_bytes(&rng, 1 + rng_below(&rng, 3000), &f->scratch);
        f->scratch.data[0] = 0x07;
        compress_into(f, f->scratch.data, f->scratch.len);
        break;
    case FORGERY_BAD_BASE:
        impossible(f, &rng, true);
        break;
    case FORGERY_BAD_DIFF:
        impossible(f, &rng, false);
        break;
    case FORGERIES:
        break;
    }
}

bool forger_next(struct forger *f, struct buf *out)
{
    struct fragment fragment = {.id = f->next_id, .index = f->index};
    struct packet packet = {.timestamp = PACKET_NO_TIMESTAMP,
                            .timestamp_reply = PACKET_NO_TIMESTAMP};

    if (f->ready.len > 0) {
        buf_append(out, f->ready.data, f->ready.len);
        buf_clear(&f->ready);
        return true;
    }
    if (f->at >= f->stream.len) {
        buf_release(&f->stream);
        return false;
    }
    fragment.contents = f->stream.data + f->at;
    fragment.contents_len = f->stream.len - f->at;
    if (fragment.contents_len > PIECE_BYTES)
        fragment.contents_len = PIECE_BYTES;
    f->at += fragment.contents_len;
    fragment.final = f->at == f->stream.len;
    f->index++;
    buf_clear(&f->scratch);
    fragment_encode(&fragment, &f->scratch);
    packet.payload = f->scratch.data;
    packet.payload_len = f->scratch.len;
    buf_clear(&f->plain);
    packet_encode(&packet, &f->plain);
    seal_skip(f->seal, seal_next_sequence(f->honest), 0);
    seal_skip(f->honest, seal_next_sequence(f->seal) + 1, 0);
    return seal_close(f->seal, f->plain.data, f->plain.len, out) == 0;
}
