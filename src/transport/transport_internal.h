/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TRANSPORT_TRANSPORT_INTERNAL_H
#define MOSH_TRANSPORT_TRANSPORT_INTERNAL_H

/* What the files of the transport share: transport.c has the objects and the path, transport_in.c
   what comes in, transport_out.c what goes out, transport_fill.c datagrams of a given size,
   transport_end.c the end. */

#include "transport/lastword.h"
#include "transport/loss.h"
#include "transport/outgoing.h"
#include "transport/passage.h"
#include "transport/pathmtu.h"
#include "transport/receiver.h"
#include "transport/replay.h"
#include "transport/report.h"
#include "transport/rtt.h"
#include "transport/sender.h"
#include "transport/transport.h"
#include "util/steady.h"
#include "wire/deflate.h"
#include "wire/fragment.h"
#include "wire/packet.h"
#include "wire/reassembly.h"

#define PLAIN_HEADER_BYTES    (PACKET_HEADER_BYTES + FRAGMENT_HEADER_BYTES)
#define DATAGRAM_HEADER_BYTES (SEAL_OVERHEAD_BYTES + PLAIN_HEADER_BYTES)

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
    struct pathmtu pathmtu;
    size_t padded; /* to so many bytes are datagrams filled; 0: not at all */
    bool probes;   /* the peer understands them */
    bool large;    /* what was sent last would go in fewer datagrams that are larger */
    bool pulled_probe;
    uint32_t probes_told, probe_arrived; /* the peer's: how many it has sent; the newest here */
    bool attached, no_repeats;
    uint16_t challenge; /* what is, or was last, added to timestamps; 0: nothing ever was */
    bool challenging;

    struct steady clock; /* of all times here */
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
    struct instruction incoming, leaving, probe;
    struct buf plain, joined, message; /* kept for their memory */
};

bool transport_is_over(const struct transport *t);
void transport_finish(struct transport *t, enum transport_phase phase);

/* Ends a session whose time has come; and when that will next have something to do. */
void transport_settle(struct transport *t);
msec_t transport_settle_due(const struct transport *t);

/* Seals a fragment. False when the key is used up, and with it the session. */
bool transport_seal_fragment(struct transport *t, const struct fragment *fragment,
                             uint16_t timestamp, uint16_t timestamp_reply, struct buf *out);

/* Lengthens the chaff of an instruction that was encoded (t->message) and compressed (t->joined)
   until it fills a datagram of so many bytes; as nearly as can be. */
int transport_fill(struct transport *t, struct instruction *i, size_t datagram_bytes) MUST_CHECK;

/* The probe that is due now that all else has left, of at most `bytes_max` bytes; false if none. */
bool transport_pull_probe(struct transport *t, size_t bytes_max, struct buf *out);

/* What the peer's report, in a datagram that is the newest or is not, says of probes. */
void transport_note_probes(struct transport *t, const struct pathreport *theirs);

/* The peer says that it leaves. */
void transport_note_farewell(struct transport *t, const struct instruction *in);

#endif
