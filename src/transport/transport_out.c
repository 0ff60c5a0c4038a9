/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/transport_internal.h"

#include <assert.h>
#include <inttypes.h>

#include "util/log.h"
#include "util/smaller.h"

/*
 * A machine that was copied (a snapshot, a process that was frozen) goes on with the sequence
 * numbers of the one it is a copy of, and so with its nonces. It finds that time has passed: after
 * a longer pause than any that a session makes by itself, the numbers go on beyond all that may
 * have been used meanwhile, at random, since there may be several copies.
 */
#define COPY_PAUSE_MS     5000
#define COPY_NUMBERS_MS   1000 /* more than anybody sends in a millisecond */
#define COPY_PAUSE_MAX_MS ((msec_t)1 << 40)

/* Random bytes of random number, so that the length of a datagram does not tell what was typed. */
static void add_chaff(struct transport *t, struct buf *chaff)
{
    uint8_t bytes[1 + INSTRUCTION_CHAFF_MAX];
    t->random(t->random_context, bytes, sizeof bytes);
    buf_clear(chaff);
    buf_append(chaff, bytes + 1, bytes[0] % (INSTRUCTION_CHAFF_MAX + 1u));
}

static void add_report(struct transport *t, struct buf *report)
{
    const struct pathreport now = {.loss = loss_thousandths(&t->loss),
                                   .marked = (uint32_t)t->stats.datagrams_marked,
                                   .probes = t->pathmtu.probes,
                                   .arrived = t->probe_arrived};

    buf_clear(report);
    if (!t->report.on)
        return;
    report_update(&t->report, &now, sender_newest_num(&t->sender));
    if (t->report.owed)
        pathreport_encode(&t->report.ours, report);
}

static void transmit(struct transport *t)
{
    struct instruction *i = &t->leaving;
    add_chaff(t, &i->chaff);
    add_report(t, &i->report);
    buf_clear(&t->message);
    instruction_encode(i, &t->message);
    log_debug("sending %" PRIu64 " => %" PRIu64 ", ack %" PRIu64 ", throwaway %" PRIu64
              ", %zu bytes, srtt %" PRIu64 ", rto %" PRIu64,
              i->old_num, i->new_num, i->ack_num, i->throwaway_num, i->diff.len,
              rtt_srtt_ms(&t->rtt), rtt_rto_ms(&t->rtt));
    int rc = deflate_compress(t->deflate, t->message.data, t->message.len, &t->joined);
    if (rc == 0 && t->padded)
        rc = transport_fill(t, i, t->padded);
    /* As if the network lost it. */
    if (rc < 0) { /* untested: SENDER_DIFF_BYTES_MAX is small enough */
        log_debug("not compressed: %s", err_string(rc));
        return;
    }
    size_t bytes = t->joined.len + DATAGRAM_HEADER_BYTES;
    sender_note_size(&t->sender, &t->rtt, bytes);
    if (!t->no_repeats)
        passage_begin(&t->passage, t->clock.now, i->new_num, bytes);
    t->large = pathmtu_is_large(&t->pathmtu, bytes);
    pathmtu_sent(&t->pathmtu, i->new_num, bytes);
    outgoing_start(&t->outgoing, &t->joined);
    t->stats.instructions_sent++;
    if (i->throwaway_num == INSTRUCTION_SHUTDOWN)
        t->confirmed = true;
}

/* What the peer misses says nothing of chance, since it is what a narrow path drops. */
static void note_retry(struct transport *t)
{
    bool lossy = loss_copies(loss_thousandths(&t->loss)) > 1;

    if (msec_since(t->clock.now, t->heard) < PASSAGE_SILENCE_MS)
        pathmtu_retry(&t->pathmtu, t->clock.now, lossy);
    passage_retry(&t->passage, t->clock.now, t->heard, lossy);
}

void transport_tick(struct transport *t, msec_t now)
{
    steady_advance(&t->clock, now);
    transport_settle(t);
    if (transport_is_over(t) || !t->attached || t->outgoing.pending)
        return;
    unsigned retries = t->sender.retries;
    if (!sender_make(&t->sender, &t->rtt, t->clock.now, &t->leaving))
        return;
    if (t->sender.retries > retries) {
        t->stats.instructions_repeated++;
        note_retry(t);
    }
    transmit(t);
    transport_settle(t);
}

static uint16_t timestamp(const struct transport *t)
{
    uint16_t stamp = packet_timestamp(t->clock.now);
    if (t->challenging)
        stamp = (uint16_t)(stamp + t->challenge);
    return stamp == PACKET_NO_TIMESTAMP ? 0 : stamp;
}

/* The number that a datagram gets goes beyond those of a machine that this one is a copy of. */
static void part_from_copies(struct transport *t)
{
    msec_t pause = t->sealed == MSEC_NEVER ? 0 : msec_since(t->clock.now, t->sealed);
    uint8_t bytes[4];

    t->sealed = t->clock.now;
    if (pause < COPY_PAUSE_MS)
        return;
    t->random(t->random_context, bytes, sizeof bytes);
    uint64_t random =
        (uint64_t)bytes[0] << 24 | (uint64_t)bytes[1] << 16 | (uint64_t)bytes[2] << 8 | bytes[3];
    uint64_t most = msec_min(pause, COPY_PAUSE_MAX_MS) * COPY_NUMBERS_MS + random;
    uint64_t next = seal_next_sequence(t->seal);
    if (most < (SEAL_SEQUENCE_MAX - next) / 2) /* the last ones are left for a long time */
        seal_skip(t->seal, next + most, 0);
}

bool transport_seal_fragment(struct transport *t, const struct fragment *fragment,
                             uint16_t timestamp, uint16_t timestamp_reply, struct buf *out)
{
    buf_clear(&t->message);
    fragment_encode(fragment, &t->message);
    struct packet packet = {
        .timestamp = timestamp,
        .timestamp_reply = timestamp_reply,
        .payload = t->message.data,
        .payload_len = t->message.len,
    };
    buf_clear(&t->plain);
    packet_encode(&packet, &t->plain);
    buf_clear(out);
    part_from_copies(t);
    int rc = seal_close(t->seal, t->plain.data, t->plain.len, out);
    if (rc < 0) {
        transport_finish(t, TRANSPORT_EXHAUSTED);
        return false;
    }
    t->stats.datagrams_sent++;
    t->stats.bytes_sent += out->len;
    return true;
}

bool transport_pull_within(struct transport *t, size_t bytes_max, struct buf *out)
{
    struct fragment fragment;
    size_t passes = smaller(bytes_max, passage_payload(&t->passage, t->pathmtu.size));
    t->pulled_probe = false;
    if (bytes_max < TRANSPORT_PULL_MIN)
        outgoing_cancel(&t->outgoing);
    if (t->clock.now < t->passage.next_piece)
        return false;
    if (!outgoing_next(&t->outgoing, passes - DATAGRAM_HEADER_BYTES, &fragment))
        return transport_pull_probe(t, bytes_max, out);
    if (!transport_seal_fragment(t, &fragment, timestamp(t), echo_take(&t->echo, t->clock.now),
                                 out))
        return false;
    passage_piece(&t->passage, t->clock.now, out->len);
    return true;
}

/* What was sent last says which state the peer has, at whatever point the next is in the making. */
const struct buf *transport_last_word(struct transport *t)
{
    if (t->phase != TRANSPORT_RUNNING || !t->attached)
        return NULL;
    part_from_copies(t);
    return lastword_make(&t->lastword, t->seal, t->leaving.throwaway_num, t->leaving.ack_num,
                         ++t->outgoing.id, timestamp(t));
}

bool transport_pull(struct transport *t, struct buf *out)
{
    return transport_pull_within(t, SIZE_MAX, out);
}

msec_t transport_deadline(struct transport *t, msec_t now)
{
    steady_advance(&t->clock, now);
    if (transport_is_over(t))
        return MSEC_NEVER;
    msec_t due = transport_settle_due(t);
    if (t->attached && !t->outgoing.pending)
        due = msec_min(due, sender_deadline(&t->sender, &t->rtt, t->clock.now));
    else if (t->attached && t->clock.now < t->passage.next_piece)
        due = msec_min(due, t->passage.next_piece);
    return steady_for_caller(&t->clock, due == MSEC_NEVER ? due : msec_max(due, t->clock.now));
}

void transport_set_attached(struct transport *t, bool attached)
{
    t->attached = attached;
    if (!attached)
        outgoing_cancel(&t->outgoing);
}

void transport_set_network(struct transport *t, bool is_ipv6)
{
    pathmtu_begin(&t->pathmtu, transport_payload_usual(is_ipv6),
                  is_ipv6 ? PATHMTU_HEADERS_IPV6 : PATHMTU_HEADERS_IPV4);
}

void transport_set_payload_max(struct transport *t, size_t udp_payload_bytes)
{
    size_t most = smaller(udp_payload_bytes, PACKET_DATAGRAM_MAX);

    pathmtu_begin(&t->pathmtu, most < TRANSPORT_PAYLOAD_MINIMUM ? TRANSPORT_PAYLOAD_MINIMUM : most,
                  0);
}

size_t transport_payload_max(const struct transport *t)
{
    return t->pathmtu.size;
}

bool transport_pulled_probe(const struct transport *t)
{
    return t->pulled_probe;
}

void transport_refused(struct transport *t)
{
    if (!pathmtu_refused(&t->pathmtu, t->clock.now, t->pulled_probe))
        transport_set_payload_max(t, TRANSPORT_PAYLOAD_MINIMUM);
}

void transport_set_padding(struct transport *t, size_t udp_payload_bytes)
{
    assert(udp_payload_bytes <= PACKET_DATAGRAM_MAX);
    t->padded = udp_payload_bytes > DATAGRAM_HEADER_BYTES ? udp_payload_bytes : 0;
}
