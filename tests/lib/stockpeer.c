/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stockpeer.h"

#include <stdlib.h>

#include "transport/receiver.h"
#include "transport/replay.h"
#include "util/xalloc.h"
#include "wire/deflate.h"
#include "wire/fragment.h"
#include "wire/instruction.h"
#include "wire/packet.h"
#include "wire/reassembly.h"

#define COLLECT_SERVER_MS    8
#define COLLECT_CLIENT_MS    1
#define ACK_DELAY_MS         100
#define ACK_INTERVAL_MS      3000
#define ACTIVE_MS            10000
#define STATES_MAX           32
#define EVICT_FROM_END       16
#define PAYLOAD_MAX          1252
#define HEADERS_BYTES        (SEAL_OVERHEAD_BYTES + PACKET_HEADER_BYTES + FRAGMENT_HEADER_BYTES)
#define PROSPECTIVE_BYTES    1000
#define PROSPECTIVE_SURPLUS  100
#define TIMESTAMP_HOLD_MS    1000
#define ROUND_TRIP_LIMIT_MS  5000
#define ROUND_TRIP_FIRST_MS  1000
#define ROUND_TRIP_FIRST_VAR 500
#define RTO_MIN_MS           50
#define RTO_MAX_MS           1000
#define FRAME_MIN_MS         20
#define FRAME_MAX_MS         250

struct sent {
    uint64_t num;
    msec_t time;
    void *state;
};

struct stockpeer {
    struct seal *seal;
    struct deflate *deflate;
    struct reassembly *reassembly;
    struct receiver receiver;
    struct rng *rng;
    uint64_t expected; /* sequence number */
    bool attached;

    const struct sync_ops *ops;
    void *live;
    struct sent sent[STATES_MAX + 1];
    size_t count, guess;
    msec_t collect_ms, ack_at, send_at, changed_since, last_new;
    bool want_ack;
    uint64_t ack_out, fragment_id;

    double srtt, rttvar;
    bool measured;
    uint16_t echo;
    msec_t echo_arrival;

    struct buf diff, resend, message, packed, plain;
    size_t cut_bytes;
    uint16_t index;
    struct instruction in;
};

struct stockpeer *stockpeer_new(const uint8_t key[KEY_BYTES], enum seal_direction sending,
                                const struct sync_ops *local_ops, void *local,
                                const struct sync_ops *remote_ops, void *remote, struct rng *rng,
                                msec_t now)
{
    struct stockpeer *p = xcalloc(1, sizeof *p);
    bool client = sending == SEAL_TO_SERVER;

    p->seal = seal_new(key, sending);
    p->deflate = deflate_new();
    p->reassembly = reassembly_new();
    receiver_init(&p->receiver, remote_ops, remote);
    p->rng = rng;
    p->attached = client;
    p->ops = local_ops;
    p->live = local;
    p->sent[0] = (struct sent){0, now, local_ops->clone(local)};
    p->count = 1;
    p->collect_ms = client ? COLLECT_CLIENT_MS : COLLECT_SERVER_MS;
    p->ack_at = p->send_at = now;
    p->changed_since = p->last_new = p->echo_arrival = MSEC_NEVER;
    p->srtt = ROUND_TRIP_FIRST_MS;
    p->rttvar = ROUND_TRIP_FIRST_VAR;
    return p;
}

void stockpeer_free(struct stockpeer *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->count; i++)
        p->ops->free(p->sent[i].state);
    p->ops->free(p->live);
    receiver_release(&p->receiver);
    reassembly_free(p->reassembly);
    deflate_free(p->deflate);
    seal_free(p->seal);
    buf_release(&p->diff);
    buf_release(&p->resend);
    buf_release(&p->message);
    buf_release(&p->packed);
    buf_release(&p->plain);
    instruction_release(&p->in);
    free(p);
}

/* --- time --- */

static msec_t clamp(double ms, msec_t least, msec_t most)
{
    msec_t up = (msec_t)ms + (ms > (double)(msec_t)ms);

    return msec_min(msec_max(up, least), most);
}

static msec_t rto_ms(const struct stockpeer *p)
{
    return clamp(p->srtt + 4 * p->rttvar, RTO_MIN_MS, RTO_MAX_MS);
}

static msec_t frame_ms(const struct stockpeer *p)
{
    return clamp(p->srtt / 2, FRAME_MIN_MS, FRAME_MAX_MS);
}

static void sample(struct stockpeer *p, msec_t ms)
{
    double r = (double)ms, error = p->srtt > r ? p->srtt - r : r - p->srtt;

    if (ms >= ROUND_TRIP_LIMIT_MS)
        return;
    if (!p->measured) {
        p->measured = true;
        p->srtt = r;
        p->rttvar = r / 2;
        return;
    }
    p->rttvar = 0.75 * p->rttvar + 0.25 * error;
    p->srtt = 0.875 * p->srtt + 0.125 * r;
}

static struct sent *last(struct stockpeer *p)
{
    return &p->sent[p->count - 1];
}

static bool is_active(const struct stockpeer *p, msec_t now)
{
    return p->last_new != MSEC_NEVER && msec_since(now, p->last_new) < ACTIVE_MS;
}

static void timers(struct stockpeer *p, msec_t now)
{
    p->guess = 0;
    while (p->guess + 1 < p->count &&
           msec_since(now, p->sent[p->guess + 1].time) < rto_ms(p) + ACK_DELAY_MS)
        p->guess++;
    if (p->want_ack)
        p->ack_at = msec_min(p->ack_at, now + ACK_DELAY_MS);
    if (!p->ops->equal(p->live, last(p)->state)) {
        if (p->changed_since == MSEC_NEVER)
            p->changed_since = now;
        p->send_at = msec_max(p->changed_since + p->collect_ms, last(p)->time + frame_ms(p));
    } else if (!p->ops->equal(p->live, p->sent[p->guess].state) && is_active(p, now)) {
        p->send_at = last(p)->time + frame_ms(p);
        if (p->changed_since != MSEC_NEVER)
            p->send_at = msec_max(p->send_at, p->changed_since + p->collect_ms);
    } else if (!p->ops->equal(p->live, p->sent[0].state) && is_active(p, now)) {
        p->send_at = last(p)->time + rto_ms(p) + ACK_DELAY_MS;
    } else {
        p->send_at = MSEC_NEVER;
    }
}

msec_t stockpeer_deadline(struct stockpeer *p, msec_t now)
{
    if (!p->attached)
        return MSEC_NEVER;
    timers(p, now);
    return msec_max(msec_min(p->ack_at, p->send_at), now);
}

/* --- what is sent --- */

static void append(struct stockpeer *p, msec_t now, uint64_t num, const void *state)
{
    size_t evicted;

    p->sent[p->count++] = (struct sent){num, now, p->ops->clone(state)};
    if (p->count <= STATES_MAX)
        return;
    evicted = p->count - EVICT_FROM_END;
    p->ops->free(p->sent[evicted].state);
    memmove(&p->sent[evicted], &p->sent[evicted + 1], (p->count - evicted - 1) * sizeof *p->sent);
    p->count--;
}

static void transmit(struct stockpeer *p, size_t base, uint64_t num)
{
    struct instruction out = {.old_num = p->sent[base].num,
                              .new_num = num,
                              .ack_num = p->ack_out,
                              .throwaway_num = p->sent[0].num,
                              .diff = p->diff};
    uint8_t chaff[INSTRUCTION_CHAFF_MAX];

    rng_fill(p->rng, chaff, sizeof chaff);
    buf_append(&out.chaff, chaff, rng_below(p->rng, sizeof chaff + 1));
    buf_clear(&p->message);
    instruction_encode(&out, &p->message);
    buf_release(&out.chaff);
    assert_int_equal(deflate_compress(p->deflate, p->message.data, p->message.len, &p->packed), 0);
    p->cut_bytes = 0;
    p->index = 0;
    p->fragment_id++;
    p->want_ack = false;
}

static size_t choose_base(struct stockpeer *p)
{
    buf_clear(&p->diff);
    p->ops->diff(p->sent[p->guess].state, p->live, &p->diff);
    if (p->guess == 0)
        return 0;
    buf_clear(&p->resend);
    p->ops->diff(p->sent[0].state, p->live, &p->resend);
    if (p->resend.len > p->diff.len &&
        (p->resend.len >= PROSPECTIVE_BYTES || p->resend.len - p->diff.len >= PROSPECTIVE_SURPLUS))
        return p->guess;
    buf_swap(&p->diff, &p->resend);
    return 0;
}

void stockpeer_tick(struct stockpeer *p, msec_t now)
{
    size_t base;
    uint64_t num = last(p)->num;

    if (!p->attached)
        return;
    timers(p, now);
    if (now < p->ack_at && now < p->send_at)
        return;
    base = choose_base(p);
    if (p->diff.len == 0 && now < p->ack_at) {
        p->changed_since = MSEC_NEVER;
        return;
    }
    if (p->diff.len == 0) {
        append(p, now, ++num, p->live);
    } else if (p->ops->equal(p->live, last(p)->state)) {
        last(p)->time = now;
    } else {
        append(p, now, ++num, p->live);
    }
    transmit(p, base, num);
    p->ack_at = now + ACK_INTERVAL_MS;
    p->changed_since = MSEC_NEVER;
}

static uint16_t echo_take(struct stockpeer *p, msec_t now)
{
    msec_t held = msec_since(now, p->echo_arrival);

    p->echo_arrival = MSEC_NEVER;
    return held < TIMESTAMP_HOLD_MS ? (uint16_t)(p->echo + held) : PACKET_NO_TIMESTAMP;
}

bool stockpeer_pull(struct stockpeer *p, msec_t now, struct buf *out)
{
    size_t left = p->packed.len - p->cut_bytes, piece = PAYLOAD_MAX - HEADERS_BYTES;
    struct fragment fragment = {.id = p->fragment_id, .index = p->index};
    struct packet packet = {.timestamp = packet_timestamp(now)};

    if (left == 0)
        return false;
    fragment.contents = p->packed.data + p->cut_bytes;
    fragment.contents_len = left < piece ? left : piece;
    fragment.final = fragment.contents_len == left;
    p->cut_bytes += fragment.contents_len;
    p->index++;
    buf_clear(&p->message);
    fragment_encode(&fragment, &p->message);
    packet.timestamp_reply = echo_take(p, now);
    packet.payload = p->message.data;
    packet.payload_len = p->message.len;
    buf_clear(&p->plain);
    packet_encode(&packet, &p->plain);
    buf_clear(out);
    assert_int_equal(seal_close(p->seal, p->plain.data, p->plain.len, out), 0);
    return true;
}

/* --- what comes in --- */

static void take_header(struct stockpeer *p, msec_t now, const struct packet *packet)
{
    p->attached = true;
    if (packet->timestamp != PACKET_NO_TIMESTAMP) {
        p->echo = packet->timestamp;
        p->echo_arrival = now;
    }
    if (packet->timestamp_reply != PACKET_NO_TIMESTAMP)
        sample(p, (uint16_t)(packet_timestamp(now) - packet->timestamp_reply));
}

static void take_ack(struct stockpeer *p, uint64_t num)
{
    size_t i = 0;
    void *known;

    while (i < p->count && p->sent[i].num != num)
        i++;
    if (i == 0 || i == p->count)
        return;
    for (size_t k = 0; k < i; k++)
        p->ops->free(p->sent[k].state);
    p->count -= i;
    memmove(p->sent, p->sent + i, p->count * sizeof *p->sent);
    if (!p->ops->subtract)
        return;
    known = p->ops->clone(p->sent[0].state);
    for (size_t k = 0; k < p->count; k++)
        p->ops->subtract(p->sent[k].state, known);
    p->ops->subtract(p->live, known);
    p->ops->free(known);
}

static bool take_instruction(struct stockpeer *p, msec_t now)
{
    take_ack(p, p->in.ack_num);
    if (receiver_input(&p->receiver, now, &p->in) != RECEIVER_NEWEST)
        return false;
    p->ack_out = p->in.new_num;
    p->last_new = now;
    p->want_ack |= p->in.diff.len > 0;
    return true;
}

bool stockpeer_recv(struct stockpeer *p, msec_t now, const uint8_t *datagram, size_t len)
{
    uint64_t sequence;
    struct packet packet;
    struct fragment fragment;
    struct buf joined = {0}, message = {0};
    bool news = false;

    if (seal_open(p->seal, datagram, len, &sequence, &p->plain) != 0)
        return false;
    assert_int_equal(packet_decode(p->plain.data, p->plain.len, &packet), 0);
    if (sequence >= p->expected) {
        p->expected = sequence + 1;
        take_header(p, now, &packet);
    }
    assert_int_equal(fragment_decode(packet.payload, packet.payload_len, &fragment), 0);
    if (reassembly_add(p->reassembly, &fragment, &joined) == 1) {
        assert_int_equal(deflate_expand(p->deflate, joined.data, joined.len, &message), 0);
        assert_int_equal(instruction_decode(message.data, message.len, &p->in), 0);
        news = take_instruction(p, now);
    }
    buf_release(&joined);
    buf_release(&message);
    return news;
}

/* --- objects --- */

void *stockpeer_local(struct stockpeer *p)
{
    return p->live;
}

const void *stockpeer_remote(const struct stockpeer *p)
{
    return receiver_newest(&p->receiver);
}

uint64_t stockpeer_remote_num(const struct stockpeer *p)
{
    return receiver_newest_num(&p->receiver);
}

msec_t stockpeer_srtt_ms(const struct stockpeer *p)
{
    return (msec_t)p->srtt;
}
