/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Datagrams of a given size: where a path is measured, and as probes of its MTU. */

#include "transport/transport_internal.h"

#include "util/log.h"

_Static_assert(PATHMTU_PAYLOAD_MAX == PACKET_DATAGRAM_MAX, "what a receiver has room for");

/* Random bytes do not shrink, but how much is added around them depends on their number; so it
   takes more than one attempt. */
int transport_fill(struct transport *t, struct instruction *i, size_t datagram_bytes)
{
    enum { ATTEMPTS = 6, BYTES_MAX = PACKET_DATAGRAM_MAX };
    size_t wanted = datagram_bytes - DATAGRAM_HEADER_BYTES;
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

/* --- probes --- */

/* Over a round trip: the peer answers with an acknowledgement. */
#define PROBE_ANSWER_MS (SENDER_ACK_DELAY_MS + SENDER_ACK_SLACK_MS_MAX)

/*
 * Only where the peer says what becomes of it, and the path, known to lead to the peer, takes what
 * is sent: where a queue is long already, or datagrams have to be small, larger ones are no gain.
 * Nothing is made up for a peer that has acknowledged nothing yet.
 */
static bool may_probe(const struct transport *t)
{
    return t->probes && !t->challenging && !t->passage.narrow && !t->sender.flight.queued &&
           t->phase == TRANSPORT_RUNNING && sender_acked_num(&t->sender) > 0;
}

/* A step to a state that the peer has, so that there is nothing in it to lose. */
static int make_probe(struct transport *t, uint32_t number)
{
    struct pathreport report = t->report.ours;
    struct instruction *i = &t->probe;

    i->new_num = sender_acked_num(&t->sender);
    i->old_num = i->throwaway_num = i->new_num - 1;
    i->ack_num = t->sender.ack_num;
    buf_clear(&i->chaff);
    buf_clear(&i->report);
    report.probe = report.probes = number;
    pathreport_encode(&report, &i->report);
    buf_clear(&t->message);
    instruction_encode(i, &t->message);
    return deflate_compress(t->deflate, t->message.data, t->message.len, &t->joined);
}

/* Its time is not measured: it would take longer than what is small, and if it is lost, the peer's
   timestamp would be lost with it. */
bool transport_pull_probe(struct transport *t, size_t bytes_max, struct buf *out)
{
    bool behind_large = t->large;
    t->large = false;
    if (!behind_large || !may_probe(t))
        return false;
    size_t bytes = pathmtu_probe(&t->pathmtu, t->clock.now);
    if (bytes == 0 || bytes > bytes_max)
        return false;
    if (make_probe(t, t->pathmtu.probes + 1) < 0 || transport_fill(t, &t->probe, bytes) < 0 ||
        t->joined.len + DATAGRAM_HEADER_BYTES != bytes)
        return false; /* untested: it would go behind the next large instruction */
    const struct fragment whole = {.id = ++t->outgoing.id,
                                   .final = true,
                                   .contents = t->joined.data,
                                   .contents_len = t->joined.len};
    if (!transport_seal_fragment(t, &whole, PACKET_NO_TIMESTAMP, PACKET_NO_TIMESTAMP, out))
        return false;
    pathmtu_probed(&t->pathmtu, t->clock.now, rtt_rto_ms(&t->rtt) + PROBE_ANSWER_MS);
    log_debug("probe %u of %zu bytes", (unsigned)t->pathmtu.probes, bytes);
    t->stats.probes_sent++;
    t->pulled_probe = true;
    return true;
}

/* A probe that did not arrive was an attempt, and no loss of the path: how many were sent tells how
   many of the numbers that are missing were theirs. */
static void forgive(struct transport *t, const struct pathreport *theirs)
{
    uint32_t told = theirs->probe > theirs->probes ? theirs->probe : theirs->probes;
    uint32_t before = t->probes_told + (theirs->probe > t->probes_told);

    if (told > t->probes_told)
        t->probes_told = told;
    for (uint32_t i = 0; i < LOSS_GAP_MAX && before + i < told; i++)
        loss_late(&t->loss);
}

void transport_note_probes(struct transport *t, const struct pathreport *theirs)
{
    forgive(t, theirs);
    if (theirs->probe > t->probe_arrived) {
        t->probe_arrived = theirs->probe;
        t->stats.probes_received++;
        /* A search should be over while there is still something to send. */
        sender_acknowledge(&t->sender, &t->rtt, t->clock.now, receiver_newest_num(&t->receiver),
                           true);
    }
    if (theirs->arrived > 0)
        pathmtu_arrived(&t->pathmtu, t->clock.now, theirs->arrived);
}
