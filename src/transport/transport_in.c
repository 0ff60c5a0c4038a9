/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/transport_internal.h"

#include <inttypes.h>

#include "util/log.h"

/* No loss is so large: the peer has passed over numbers. */
#define PASSED_OVER_MIN ((uint64_t)1 << 20)

#define KEEP_BUFFER_BYTES ((size_t)64 << 10) /* a buffer that grew beyond is given back */

/* Whether our last word may still be under way, so that a repetition says nothing about its fate.
 */
static bool is_answered_lately(const struct transport *t)
{
    return msec_since(t->clock.now, sender_last_send(&t->sender)) < rtt_srtt_ms(&t->rtt);
}

/* One that came late tells of what was. What cannot be read is none. Whether it was a probe's,
   which says nothing else. */
static bool take_report(struct transport *t, const struct instruction *in,
                        const struct transport_event *event)
{
    struct pathreport theirs;

    if (!t->report.on || in->report.len == 0)
        return false;
    if (pathreport_decode(in->report.data, in->report.len, &theirs) != 0)
        return false;
    if (event->newest && report_take(&t->report, &theirs))
        sender_marked(&t->sender, &t->rtt, t->clock.now);
    if (!t->probes)
        return false;
    transport_note_probes(t, &theirs);
    return theirs.probe > 0;
}

/* Of what is sent: as the peer says, or else as much as of what comes. */
static uint32_t loss_of_ours(const struct transport *t)
{
    return t->report.known ? t->report.theirs.loss : loss_thousandths(&t->loss);
}

/* An instruction that is whole and readable. */
static int take_instruction(struct transport *t, const struct instruction *in,
                            struct transport_event *event)
{
    if (!receiver_numbers_valid(in))
        return ERR_MALFORMED;
    t->stats.instructions_received++;
    /* Every instruction counts for this, whatever becomes of its state. An acknowledgement of what
       we never sent finds nothing. */
    event->acked = sender_acked(&t->sender, t->clock.now, in->ack_num);
    passage_acked(&t->passage, sender_acked_num(&t->sender));
    pathmtu_acked(&t->pathmtu, sender_acked_num(&t->sender));
    report_acked(&t->report, sender_acked_num(&t->sender));
    if (take_report(t, in, event))
        return 0;

    int result = receiver_input(&t->receiver, t->clock.now, in);
    log_debug("received %" PRIu64 " => %" PRIu64 ", ack %" PRIu64 ", throwaway %" PRIu64
              ", %zu bytes: %d",
              in->old_num, in->new_num, in->ack_num, in->throwaway_num, in->diff.len, result);
    if (result < 0)
        return result;
    event->new_state = result == RECEIVER_NEWEST;
    if (in->new_num == INSTRUCTION_SHUTDOWN)
        transport_note_farewell(t, in);
    /* A repetition of content means that our acknowledgement was lost. Empty states are never
       urgent, or two idle peers would acknowledge each other for ever. */
    bool urgent = in->diff.len > 0 && result != RECEIVER_STORED;
    if (result == RECEIVER_KNOWN && is_answered_lately(t))
        urgent = false;
    if (event->new_state || urgent || in->new_num == INSTRUCTION_SHUTDOWN)
        sender_acknowledge(&t->sender, &t->rtt, t->clock.now, receiver_newest_num(&t->receiver),
                           urgent);
    return 0;
}

static int take_fragment(struct transport *t, const struct fragment *f,
                         struct transport_event *event)
{
    int rc = reassembly_add(t->reassembly, f, &t->joined);
    if (rc <= 0)
        return rc;
    rc = deflate_expand(t->deflate, t->joined.data, t->joined.len, &t->message);
    if (rc == 0)
        rc = instruction_decode(t->message.data, t->message.len, &t->incoming);
    if (rc == 0)
        rc = take_instruction(t, &t->incoming, event);
    if (t->message.cap > KEEP_BUFFER_BYTES)
        buf_wipe(&t->message);
    if (t->joined.cap > KEEP_BUFFER_BYTES)
        buf_wipe(&t->joined);
    if (t->incoming.diff.cap > KEEP_BUFFER_BYTES)
        buf_wipe(&t->incoming.diff);
    return rc;
}

/* The round trip that a timestamp's echo shows, and whether it is one that was sent as a challenge.
 */
static msec_t round_trip(const struct transport *t, uint16_t reply, bool *answered)
{
    msec_t plain_ms = echo_round_trip_ms(t->clock.now, reply);
    msec_t challenge_ms = echo_round_trip_ms(t->clock.now, (uint16_t)(reply - t->challenge));

    *answered = t->challenge != 0 && challenge_ms < RTT_SAMPLE_LIMIT_MS;
    return *answered ? challenge_ms : plain_ms;
}

/* Only the newest datagram tells about the path: a late or repeated one shows how it was. */
static void take_header(struct transport *t, const struct packet *p, bool congested,
                        struct transport_event *event)
{
    sender_heard(&t->sender, t->clock.now, msec_since(t->clock.now, t->heard));
    passage_heard(&t->passage, msec_since(t->clock.now, t->heard));
    t->heard = t->clock.now;
    echo_remember(&t->echo, t->clock.now, p->timestamp, congested && !t->report.on);
    if (p->timestamp_reply == PACKET_NO_TIMESTAMP)
        return;
    t->stats.round_trip_ms = round_trip(t, p->timestamp_reply, &event->answered);
    t->stats.round_trips++;
    if (rtt_sample(&t->rtt, t->stats.round_trip_ms))
        flight_round_trip(&t->sender.flight, t->clock.now, t->stats.round_trip_ms);
}

static int input(struct transport *t, uint64_t sequence, const uint8_t *plain, size_t len,
                 bool congested, struct transport_event *event)
{
    struct packet packet;
    struct fragment fragment;
    int rc = packet_decode(plain, len, &packet);
    if (rc == 0)
        rc = fragment_decode(packet.payload, packet.payload_len, &fragment);
    if (rc < 0)
        return rc;
    /*
     * A peer that jumps to the end of the sequence numbers leaves itself none to go on with. We
     * do not help: it holds the key, harms only its own session, and taking lower numbers again
     * would mean taking repeated ones.
     */
    uint64_t expected = t->replay.next, missing;
    event->newest = sequence >= expected;
    if (!replay_accept(&t->replay, sequence))
        return ERR_REPLAY;
    t->stats.datagrams_received++;
    t->stats.datagrams_marked += congested;
    missing = event->newest ? sequence - expected : 0;
    if (missing >= PASSED_OVER_MIN) {
        t->passed_over += missing;
        missing = 0;
    }
    t->stats.datagrams_numbered = t->replay.next - t->passed_over;
    t->stats.bytes_received += len + SEAL_OVERHEAD_BYTES;
    if (event->newest) {
        take_header(t, &packet, congested, event);
        loss_newest(&t->loss, missing);
    } else {
        loss_late(&t->loss);
    }
    rc = take_fragment(t, &fragment, event);
    if (!t->no_repeats)
        sender_set_copies(&t->sender, loss_copies(loss_of_ours(t)));
    return rc;
}

static int count_drop(struct transport *t, int rc)
{
    if (rc == 0)
        return 0;
    if (rc == ERR_AUTH)
        t->stats.dropped_unauthentic++;
    else if (rc == ERR_REPLAY)
        t->stats.dropped_replayed++;
    else if (rc == ERR_MALFORMED || rc == ERR_VERSION)
        t->stats.dropped_malformed++;
    else
        t->stats.dropped_other++;
    return rc;
}

int transport_input(struct transport *t, msec_t now, uint64_t sequence, const uint8_t *plain,
                    size_t len, bool congested, struct transport_event *event)
{
    steady_advance(&t->clock, now);
    *event = (struct transport_event){0};
    return count_drop(t, input(t, sequence, plain, len, congested, event));
}

int transport_recv(struct transport *t, msec_t now, const uint8_t *datagram, size_t len,
                   bool congested, struct transport_event *event)
{
    *event = (struct transport_event){0};
    /* What no sender can have made costs nothing. It tells nothing either: these are not errors of
       a peer, anybody can send them. */
    if (len < DATAGRAM_HEADER_BYTES || len > PACKET_DATAGRAM_MAX)
        return count_drop(t, ERR_AUTH);
    uint64_t sequence;
    int rc = seal_open(t->seal, datagram, len, &sequence, &t->plain);
    if (rc < 0)
        return count_drop(t, rc);
    return transport_input(t, now, sequence, t->plain.data, t->plain.len, congested, event);
}
