/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/transport.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "transport/lastword.h"
#include "transport/loss.h"
#include "transport/outgoing.h"
#include "transport/passage.h"
#include "transport/receiver.h"
#include "transport/replay.h"
#include "transport/report.h"
#include "transport/rtt.h"
#include "transport/sender.h"
#include "util/log.h"
#include "util/xalloc.h"
#include "wire/deflate.h"
#include "wire/fragment.h"
#include "wire/packet.h"
#include "wire/reassembly.h"

#define PLAIN_HEADER_BYTES    (PACKET_HEADER_BYTES + FRAGMENT_HEADER_BYTES)
#define DATAGRAM_HEADER_BYTES (SEAL_OVERHEAD_BYTES + PLAIN_HEADER_BYTES)

/* How long the one who was asked for the end stays after it last heard the question: a few round
   trips, in which a question that is repeated would have come again. Being short matters: a user
   who left a shell waits for it. */
#define LINGER_ROUND_TRIPS 4
#define LINGER_MIN_MS      200
#define LINGER_MAX_MS      2000
#define LINGER_LIMIT_MS    5000 /* in all */

/* The last number but one is never used: the one after it means the end of the session. */
#define STATE_NUM_LIMIT (INSTRUCTION_SHUTDOWN - 1)

/*
 * A machine that was copied (a snapshot, a process that was frozen) goes on with the sequence
 * numbers of the one it is a copy of, and so with its nonces. It finds that time has passed: after
 * a longer pause than any that a session makes by itself, the numbers go on beyond all that may
 * have been used meanwhile, at random, since there may be several copies.
 */
#define COPY_PAUSE_MS     5000
#define COPY_NUMBERS_MS   1000 /* more than anybody sends in a millisecond */
#define COPY_PAUSE_MAX_MS ((msec_t)1 << 40)

/* No loss is so large: the peer has passed over numbers. */
#define PASSED_OVER_MIN ((uint64_t)1 << 20)

#define KEEP_BUFFER_BYTES ((size_t)64 << 10) /* a buffer that grew beyond is given back */

struct transport {
    enum seal_direction sending;
    random_fn *random;
    void *random_context;

    struct seal *seal;
    struct deflate *deflate;
    struct reassembly *reassembly;
    struct replay replay;
    struct rtt rtt;
    struct echo echo;
    struct loss loss; /* towards us */
    struct report report;
    struct sender sender;
    struct receiver receiver;
    struct outgoing outgoing;
    struct passage passage;
    struct lastword lastword;
    size_t payload_max;
    size_t padded; /* to so many bytes are datagrams filled; 0: not at all */
    bool attached, no_repeats;
    uint16_t challenge; /* what is, or was last, added to timestamps; 0: nothing ever was */
    bool challenging;

    msec_t now;        /* our clock, which never steps back */
    msec_t caller_now; /* the caller's at the same moment */
    msec_t heard;
    msec_t sealed;        /* the last datagram; MSEC_NEVER before the first */
    uint64_t passed_over; /* numbers of the peer's that it did not use */

    enum transport_phase phase;
    msec_t give_up_at;
    bool peer_closing;
    bool peer_confirmed;                  /* the peer knows that we know of its farewell */
    bool confirmed;                       /* we said that we know that the peer knows of ours */
    msec_t farewell_first, farewell_last; /* the peer's, as heard */

    struct transport_stats stats;
    struct instruction incoming, leaving;
    struct buf plain, joined, message; /* kept for their memory */
};

struct transport *transport_new(const struct transport_config *config, msec_t now)
{
    struct transport *t = xcalloc(1, sizeof *t);
    t->sending = config->sending;
    t->no_repeats = config->no_repeats;
    t->random = config->random;
    t->random_context = config->random_context;
    t->seal = seal_new(config->key, config->sending);
    t->deflate = deflate_new();
    t->reassembly = reassembly_new();
    rtt_init(&t->rtt);
    echo_init(&t->echo);
    passage_init(&t->passage, config->sending == SEAL_TO_SERVER);
    sender_init(&t->sender, config->local_ops, config->local_initial, config->collect_ms, now);
    t->sender.answers = config->sending == SEAL_TO_CLIENT;
    receiver_init(&t->receiver, config->remote_ops, config->remote_initial);
    lastword_init(&t->lastword, &config->last_word);
    t->payload_max = TRANSPORT_PAYLOAD_MINIMUM;
    t->attached = config->sending == SEAL_TO_SERVER;
    t->now = t->caller_now = now;
    t->heard = MSEC_NEVER;
    t->sealed = MSEC_NEVER;
    t->give_up_at = MSEC_NEVER;
    return t;
}

void transport_free(struct transport *t)
{
    if (!t)
        return;
    seal_free(t->seal);
    deflate_free(t->deflate);
    reassembly_free(t->reassembly);
    sender_release(&t->sender);
    receiver_release(&t->receiver);
    outgoing_release(&t->outgoing);
    lastword_release(&t->lastword);
    buf_wipe(&t->incoming.diff);
    buf_wipe(&t->leaving.diff);
    instruction_release(&t->incoming);
    instruction_release(&t->leaving);
    buf_wipe(&t->plain);
    buf_wipe(&t->joined);
    buf_wipe(&t->message);
    free(t);
}

/* --- our clock and the caller's --- */

static msec_t clock_at(const struct transport *t, msec_t caller_now)
{
    return t->now + msec_since(caller_now, t->caller_now);
}

static msec_t advance(struct transport *t, msec_t caller_now)
{
    t->now = clock_at(t, caller_now);
    t->caller_now = caller_now;
    return t->now;
}

/* A time of ours on the caller's clock; what was before its origin, at its origin. */
static msec_t caller_time(const struct transport *t, msec_t ours)
{
    if (ours == MSEC_NEVER)
        return MSEC_NEVER;
    if (ours > t->now)
        return msec_after(t->caller_now, ours - t->now);
    msec_t ago = t->now - ours;
    return t->caller_now > ago ? t->caller_now - ago : 0;
}

/* --- the end --- */

static bool is_over(const struct transport *t)
{
    return t->phase != TRANSPORT_RUNNING && t->phase != TRANSPORT_CLOSING;
}

static msec_t linger_until(const struct transport *t)
{
    msec_t silence = LINGER_ROUND_TRIPS * rtt_rto_ms(&t->rtt);
    silence = msec_min(msec_max(silence, LINGER_MIN_MS), LINGER_MAX_MS);
    msec_t limit = msec_after(t->farewell_first, LINGER_LIMIT_MS);
    return msec_min(msec_after(t->farewell_last, silence), limit);
}

static void finish(struct transport *t, enum transport_phase phase)
{
    log_debug("session over: phase %d", (int)phase);
    t->phase = phase;
    if (phase != TRANSPORT_CLOSED)
        outgoing_cancel(&t->outgoing);
}

/* Ends a session whose time has come. */
static void settle(struct transport *t)
{
    if (is_over(t))
        return;
    if (sender_newest_num(&t->sender) == STATE_NUM_LIMIT) {
        finish(t, TRANSPORT_EXHAUSTED);
    } else if (t->peer_closing) {
        if (t->peer_confirmed || t->now >= linger_until(t))
            finish(t, TRANSPORT_CLOSED);
    } else if (t->confirmed) {
        finish(t, TRANSPORT_CLOSED);
    } else if (t->phase == TRANSPORT_CLOSING && t->now >= t->give_up_at) {
        finish(t, TRANSPORT_ABANDONED);
    }
}

/* When settle will next have something to do. */
static msec_t settle_due(const struct transport *t)
{
    if (t->peer_closing)
        return linger_until(t);
    return t->phase == TRANSPORT_CLOSING ? t->give_up_at : MSEC_NEVER;
}

void transport_shutdown(struct transport *t, msec_t now, msec_t give_up_ms)
{
    advance(t, now);
    if (is_over(t) || t->peer_closing)
        return;
    if (t->phase == TRANSPORT_RUNNING)
        sender_close(&t->sender, t->now);
    t->phase = TRANSPORT_CLOSING;
    t->give_up_at = msec_after(t->now, give_up_ms);
}

enum transport_phase transport_phase(const struct transport *t)
{
    return t->phase;
}

bool transport_peer_closing(const struct transport *t)
{
    return t->peer_closing;
}

static void note_farewell(struct transport *t, const struct instruction *in)
{
    if (!t->peer_closing) {
        t->peer_closing = true;
        t->farewell_first = t->now;
        if (t->phase == TRANSPORT_RUNNING)
            t->phase = TRANSPORT_CLOSING;
    }
    t->farewell_last = t->now;
    /* The peer forgets all but its last state when it knows that we have it. */
    if (in->throwaway_num == INSTRUCTION_SHUTDOWN)
        t->peer_confirmed = true;
}

/* --- what comes in --- */

/* Whether our last word may still be under way, so that a repetition says nothing about its fate.
 */
static bool is_answered_lately(const struct transport *t)
{
    return msec_since(t->now, sender_last_send(&t->sender)) < rtt_srtt_ms(&t->rtt);
}

/* One that came late tells of what was. What cannot be read is none. */
static void take_report(struct transport *t, const struct instruction *in,
                        const struct transport_event *event)
{
    struct pathreport theirs;

    if (!t->report.on || in->report.len == 0 || !event->newest)
        return;
    if (pathreport_decode(in->report.data, in->report.len, &theirs) != 0)
        return;
    if (report_take(&t->report, &theirs))
        sender_marked(&t->sender, &t->rtt, t->now);
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
    event->acked = sender_acked(&t->sender, t->now, in->ack_num);
    passage_acked(&t->passage, sender_acked_num(&t->sender));
    report_acked(&t->report, sender_acked_num(&t->sender));
    take_report(t, in, event);

    int result = receiver_input(&t->receiver, t->now, in);
    log_debug("received %" PRIu64 " => %" PRIu64 ", ack %" PRIu64 ", throwaway %" PRIu64
              ", %zu bytes: %d",
              in->old_num, in->new_num, in->ack_num, in->throwaway_num, in->diff.len, result);
    if (result < 0)
        return result;
    event->new_state = result == RECEIVER_NEWEST;
    if (in->new_num == INSTRUCTION_SHUTDOWN)
        note_farewell(t, in);
    /* A repetition of content means that our acknowledgement was lost. Empty states are never
       urgent, or two idle peers would acknowledge each other for ever. */
    bool urgent = in->diff.len > 0 && result != RECEIVER_STORED;
    if (result == RECEIVER_KNOWN && is_answered_lately(t))
        urgent = false;
    if (event->new_state || urgent || in->new_num == INSTRUCTION_SHUTDOWN)
        sender_acknowledge(&t->sender, &t->rtt, t->now, receiver_newest_num(&t->receiver), urgent);
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
    msec_t plain_ms = echo_round_trip_ms(t->now, reply);
    msec_t challenge_ms = echo_round_trip_ms(t->now, (uint16_t)(reply - t->challenge));

    *answered = t->challenge != 0 && challenge_ms < RTT_SAMPLE_LIMIT_MS;
    return *answered ? challenge_ms : plain_ms;
}

/* Only the newest datagram tells about the path: a late or repeated one shows how it was. */
static void take_header(struct transport *t, const struct packet *p, bool congested,
                        struct transport_event *event)
{
    sender_heard(&t->sender, t->now, msec_since(t->now, t->heard));
    passage_heard(&t->passage, msec_since(t->now, t->heard));
    t->heard = t->now;
    echo_remember(&t->echo, t->now, p->timestamp, congested && !t->report.on);
    if (p->timestamp_reply == PACKET_NO_TIMESTAMP)
        return;
    t->stats.round_trip_ms = round_trip(t, p->timestamp_reply, &event->answered);
    t->stats.round_trips++;
    if (rtt_sample(&t->rtt, t->stats.round_trip_ms))
        flight_round_trip(&t->sender.flight, t->now, t->stats.round_trip_ms);
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
    advance(t, now);
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

/* --- what goes out --- */

/* Random bytes of random number, so that the length of a datagram does not tell what was typed. */
static void add_chaff(struct transport *t, struct buf *chaff)
{
    uint8_t bytes[1 + INSTRUCTION_CHAFF_MAX];
    t->random(t->random_context, bytes, sizeof bytes);
    buf_clear(chaff);
    buf_append(chaff, bytes + 1, bytes[0] % (INSTRUCTION_CHAFF_MAX + 1u));
}

/* Lengthens the chaff until what is compressed fills the datagram. Random bytes do not shrink, but
   how much is added around them depends on their number; so it takes more than one attempt. */
static int pad(struct transport *t)
{
    enum { ATTEMPTS = 6, BYTES_MAX = PACKET_DATAGRAM_MAX };
    struct instruction *i = &t->leaving;
    size_t wanted = t->padded - DATAGRAM_HEADER_BYTES;
    uint8_t bytes[BYTES_MAX];
    int rc = 0;
    t->random(t->random_context, bytes, sizeof bytes);
    for (int n = 0; n < ATTEMPTS && rc == 0 && t->joined.len != wanted; n++) {
        size_t len = i->chaff.len + wanted - t->joined.len; /* may be fewer, too */
        if (len > BYTES_MAX)
            break;
        buf_clear(&i->chaff);
        buf_append(&i->chaff, bytes, len);
        buf_clear(&t->message);
        instruction_encode(i, &t->message);
        rc = deflate_compress(t->deflate, t->message.data, t->message.len, &t->joined);
    }
    return rc;
}

static void add_report(struct transport *t, struct buf *report)
{
    const struct pathreport now = {.loss = loss_thousandths(&t->loss),
                                   .marked = (uint32_t)t->stats.datagrams_marked};

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
        rc = pad(t);
    /* As if the network lost it. */
    if (rc < 0) { /* untested: SENDER_DIFF_BYTES_MAX is small enough */
        log_debug("not compressed: %s", err_string(rc));
        return;
    }
    sender_note_size(&t->sender, &t->rtt, t->joined.len + DATAGRAM_HEADER_BYTES);
    if (!t->no_repeats)
        passage_begin(&t->passage, t->now, i->new_num, t->joined.len + DATAGRAM_HEADER_BYTES);
    outgoing_start(&t->outgoing, &t->joined);
    t->stats.instructions_sent++;
    if (i->throwaway_num == INSTRUCTION_SHUTDOWN)
        t->confirmed = true;
}

void transport_tick(struct transport *t, msec_t now)
{
    advance(t, now);
    settle(t);
    if (is_over(t) || !t->attached || t->outgoing.pending)
        return;
    unsigned retries = t->sender.retries;
    if (!sender_make(&t->sender, &t->rtt, t->now, &t->leaving))
        return;
    if (t->sender.retries > retries) {
        t->stats.instructions_repeated++;
        /* What the peer misses says nothing of chance, since it is what a narrow path drops. */
        passage_retry(&t->passage, t->now, t->heard, loss_copies(loss_thousandths(&t->loss)) > 1);
    }
    transmit(t);
    settle(t);
}

static uint16_t timestamp(const struct transport *t)
{
    uint16_t stamp = packet_timestamp(t->now);
    if (t->challenging)
        stamp = (uint16_t)(stamp + t->challenge);
    return stamp == PACKET_NO_TIMESTAMP ? 0 : stamp;
}

/* The number that a datagram gets goes beyond those of a machine that this one is a copy of. */
static void part_from_copies(struct transport *t)
{
    msec_t pause = t->sealed == MSEC_NEVER ? 0 : msec_since(t->now, t->sealed);
    uint8_t bytes[4];

    t->sealed = t->now;
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

bool transport_pull_within(struct transport *t, size_t bytes_max, struct buf *out)
{
    struct fragment fragment;
    size_t passes = passage_payload(&t->passage, t->payload_max);
    if (bytes_max < TRANSPORT_PULL_MIN)
        outgoing_cancel(&t->outgoing);
    if (bytes_max > passes)
        bytes_max = passes;
    if (t->now < t->passage.next_piece)
        return false;
    if (!outgoing_next(&t->outgoing, bytes_max - DATAGRAM_HEADER_BYTES, &fragment))
        return false;
    buf_clear(&t->message);
    fragment_encode(&fragment, &t->message);
    struct packet packet = {
        .timestamp = timestamp(t),
        .timestamp_reply = echo_take(&t->echo, t->now),
        .payload = t->message.data,
        .payload_len = t->message.len,
    };
    buf_clear(&t->plain);
    packet_encode(&packet, &t->plain);
    buf_clear(out);
    part_from_copies(t);
    int rc = seal_close(t->seal, t->plain.data, t->plain.len, out);
    if (rc < 0) {
        finish(t, TRANSPORT_EXHAUSTED);
        return false;
    }
    t->stats.datagrams_sent++;
    t->stats.bytes_sent += out->len;
    passage_piece(&t->passage, t->now, out->len);
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
    return transport_pull_within(t, t->payload_max, out);
}

msec_t transport_deadline(struct transport *t, msec_t now)
{
    advance(t, now);
    if (is_over(t))
        return MSEC_NEVER;
    msec_t due = settle_due(t);
    if (t->attached && !t->outgoing.pending)
        due = msec_min(due, sender_deadline(&t->sender, &t->rtt, t->now));
    else if (t->attached && t->now < t->passage.next_piece)
        due = msec_min(due, t->passage.next_piece);
    return caller_time(t, due == MSEC_NEVER ? due : msec_max(due, t->now));
}

void transport_set_attached(struct transport *t, bool attached)
{
    t->attached = attached;
    if (!attached)
        outgoing_cancel(&t->outgoing);
}

void transport_set_payload_max(struct transport *t, size_t udp_payload_bytes)
{
    t->payload_max = udp_payload_bytes;
    if (t->payload_max < TRANSPORT_PAYLOAD_MINIMUM)
        t->payload_max = TRANSPORT_PAYLOAD_MINIMUM;
    if (t->payload_max > PACKET_DATAGRAM_MAX)
        t->payload_max = PACKET_DATAGRAM_MAX;
}

void transport_set_padding(struct transport *t, size_t udp_payload_bytes)
{
    assert(udp_payload_bytes <= PACKET_DATAGRAM_MAX);
    t->padded = udp_payload_bytes > DATAGRAM_HEADER_BYTES ? udp_payload_bytes : 0;
}

/* --- objects --- */

void *transport_local(struct transport *t)
{
    return t->sender.live;
}

const void *transport_remote(const struct transport *t)
{
    return receiver_newest(&t->receiver);
}

uint64_t transport_remote_num(const struct transport *t)
{
    return receiver_newest_num(&t->receiver);
}

msec_t transport_remote_time(const struct transport *t)
{
    return caller_time(t, receiver_newest_time(&t->receiver));
}

uint64_t transport_sent_num(const struct transport *t)
{
    return sender_newest_num(&t->sender);
}

uint64_t transport_acked_num(const struct transport *t)
{
    return sender_acked_num(&t->sender);
}

msec_t transport_acked_time(const struct transport *t)
{
    return caller_time(t, sender_acked_time(&t->sender));
}

void transport_touched(struct transport *t, msec_t now)
{
    sender_touched(&t->sender, advance(t, now));
}

void transport_refuse_states(struct transport *t, bool refuse)
{
    receiver_refuse(&t->receiver, refuse);
}

void transport_hold_local(struct transport *t, bool hold)
{
    sender_hold(&t->sender, hold);
}

/* --- the path --- */

void transport_set_reports(struct transport *t, bool on)
{
    t->report.on = on;
    if (!on)
        t->report.known = false;
}

const struct pathreport *transport_peer_report(const struct transport *t)
{
    return t->report.known ? &t->report.theirs : NULL;
}

msec_t transport_heard_time(const struct transport *t)
{
    return caller_time(t, t->heard);
}

msec_t transport_srtt_ms(const struct transport *t)
{
    return rtt_srtt_ms(&t->rtt);
}

msec_t transport_rto_ms(const struct transport *t)
{
    return rtt_rto_ms(&t->rtt);
}

msec_t transport_frame_interval_ms(const struct transport *t)
{
    return sender_interval_ms(&t->sender, &t->rtt);
}

msec_t transport_waiting_since(const struct transport *t)
{
    return caller_time(t, sender_waiting_since(&t->sender));
}

void transport_hurry(struct transport *t, msec_t now)
{
    sender_hurry(&t->sender, advance(t, now));
}

void transport_path_changed(struct transport *t, msec_t now)
{
    advance(t, now);
    outgoing_cancel(&t->outgoing);
    passage_init(&t->passage, t->passage.refusable);
    rtt_path_changed(&t->rtt);
    report_path_changed(&t->report);
    sender_restart(&t->sender, t->now);
}

/* Beyond any round trip that counts, so that the echo of one kind of timestamp is never taken for
   that of the other. */
#define CHALLENGE_MIN 16384

void transport_challenge(struct transport *t, bool on)
{
    if (on) {
        uint8_t bytes[2];
        t->random(t->random_context, bytes, sizeof bytes);
        t->challenge = (uint16_t)(CHALLENGE_MIN + (bytes[0] << 8 | bytes[1]) % (UINT16_MAX / 2));
    }
    t->challenging = on;
}

const struct transport_stats *transport_get_stats(const struct transport *t)
{
    return &t->stats;
}

struct seal *transport_seal(struct transport *t)
{
    return t->seal;
}

void transport_skip(struct transport *t, uint64_t state_num)
{
    sender_skip(&t->sender, t->now, state_num);
}
