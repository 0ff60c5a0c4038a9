/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TRANSPORT_TRANSPORT_INTERNAL_H
#define MOSH_TRANSPORT_TRANSPORT_INTERNAL_H

/* What the files of the transport share: transport.c has the objects and the path, transport_in.c
   what comes in, transport_out.c what goes out, transport_end.c the end. */

#include "transport/lastword.h"
#include "transport/loss.h"
#include "transport/outgoing.h"
#include "transport/passage.h"
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
    size_t payload_max;
    size_t padded; /* to so many bytes are datagrams filled; 0: not at all */
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
    struct instruction incoming, leaving;
    struct buf plain, joined, message; /* kept for their memory */
};

bool transport_is_over(const struct transport *t);
void transport_finish(struct transport *t, enum transport_phase phase);

/* Ends a session whose time has come; and when that will next have something to do. */
void transport_settle(struct transport *t);
msec_t transport_settle_due(const struct transport *t);

/* The peer says that it leaves. */
void transport_note_farewell(struct transport *t, const struct instruction *in);

#endif
