/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TRANSPORT_TRANSPORT_H
#define MOSH_TRANSPORT_TRANSPORT_H

/*
 * State synchronisation over datagrams: keeps the peer's copy of our object up to date and ours of
 * the peer's, over a network that loses, repeats, delays and reorders.
 *
 * Pure: datagrams and the time come in as arguments, datagrams and a deadline come out. Addresses
 * and sockets stay outside; an event says which datagram was the newest authentic one, and the
 * caller adopts its sender as the peer's address.
 *
 *   transport  this facade: one datagram in or out, the end, counters
 *   sender     numbered snapshots of our object, when to send which difference
 *   receiver   numbered states of the peer's object
 *   outgoing   the instruction that is leaving, cut to the size of datagrams
 *   passage    small datagrams, with pauses, where large instructions do not get through
 *   pathmtu    larger datagrams than usual, where they do
 *   replay     window of sequence numbers: each datagram counts once
 *   loss       how much gets lost, and how often small things are sent because of that
 *   report     what the sides tell each other of loss, and of ECN's marks
 *   rtt        round-trip time and what follows from it; the timestamps that measure it
 *   lastword   the end of a session when memory has run out
 *   ways       beside it, for a client: source ports, and the addresses of the server
 *   paths      beside it, for a server: where the client is
 *
 * Should the caller's clock step backwards, the step counts as zero: all spans of time go on from
 * where they were, and the times that come out are on the caller's new clock.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/seal.h"
#include "transport/sync.h"
#include "util/buf.h"
#include "util/msec.h"
#include "util/random.h"

struct transport_config {
    uint8_t key[KEY_BYTES];
    enum seal_direction sending;
    const struct sync_ops *local_ops;
    const struct sync_ops *remote_ops;
    void *local_initial;  /* state 0 of our object; ownership passes to the transport */
    void *remote_initial; /* state 0 of the peer's object, likewise */
    msec_t collect_ms;    /* how long to gather changes before sending the first of them */
    struct buf last_word; /* what the last state differs by if memory runs out; copied */
    bool no_repeats;      /* small things are never sent twice at once: losses are to be seen */
    random_fn *random;
    void *random_context;
};

/* Largest UDP payload for each kind of network, as stock mosh chooses it; more where probes of the
   path have shown that it passes. */
#define TRANSPORT_PAYLOAD_IPV4    1252
#define TRANSPORT_PAYLOAD_IPV6    1216
#define TRANSPORT_PAYLOAD_MINIMUM 500
static inline size_t transport_payload_usual(bool is_ipv6)
{
    return is_ipv6 ? TRANSPORT_PAYLOAD_IPV6 : TRANSPORT_PAYLOAD_IPV4;
}

/* What a datagram did. */
struct transport_event {
    bool newest;    /* the newest authentic one so far: its sender is where the peer is now */
    bool new_state; /* transport_remote() has moved on */
    bool acked;     /* the peer has acknowledged a newer state of ours */
    bool answered;  /* it is the newest one and answers a challenge */
};

struct transport_stats {
    uint64_t datagrams_sent, datagrams_received; /* received: authentic ones */
    uint64_t bytes_sent, bytes_received;
    uint64_t dropped_unauthentic, dropped_replayed, dropped_malformed, dropped_other;
    uint64_t instructions_sent, instructions_received;
    uint64_t instructions_repeated; /* those of the sent ones that were due for want of an answer */
    uint64_t datagrams_marked;      /* of those received, with the mark ECN CE */
    uint64_t probes_sent, probes_received;
    uint64_t datagrams_numbered; /* up to the newest that came from the peer: the rest was lost */
    uint64_t round_trips;        /* measured */
    msec_t round_trip_ms;        /* the last of them */
};

struct transport;

/* The configuration is copied and may be wiped afterwards. */
struct transport *transport_new(const struct transport_config *config, msec_t now);
void transport_free(struct transport *t);

/* --- network side --- */

/*
 * Takes a UDP payload. `congested` tells that it carried the mark ECN CE. Returns 0, or a negative
 * code that says why it had no effect; *event is set either way.
 */
int transport_recv(struct transport *t, msec_t now, const uint8_t *datagram, size_t len,
                   bool congested, struct transport_event *event);

/* The second half of transport_recv, behind the cryptography: for tests and fuzzers. */
int transport_input(struct transport *t, msec_t now, uint64_t sequence, const uint8_t *plain,
                    size_t len, bool congested, struct transport_event *event);

/* Does what is due. Call after every input and whenever the deadline has passed. */
void transport_tick(struct transport *t, msec_t now);

/* Moves the next datagram to send into `out`, replacing its contents; false if there is none now.
   Call until it is false after every tick: nothing new is made before all that was made has left.
   On a narrow path (transport/passage.h) some of that may be due later. */
bool transport_pull(struct transport *t, struct buf *out);

/* The same, for one that has at most `bytes_max` bytes. If that is less than TRANSPORT_PULL_MIN,
   what there was to send is forgotten as if it were lost on the way. */
#define TRANSPORT_PULL_MIN 64
bool transport_pull_within(struct transport *t, size_t bytes_max, struct buf *out);

/* When transport_tick next has something to do; MSEC_NEVER if only input can change that. */
msec_t transport_deadline(struct transport *t, msec_t now);

/* Whether there is an address to send to. Without one nothing is sent and no time is due. A new
   transport has one if it is a client's. */
void transport_set_attached(struct transport *t, bool attached);

/* Whether the datagram that was pulled last is a probe of the path's MTU (transport/pathmtu.h),
   which is to travel in one piece or not at all, and to go nowhere but where the peer is. */
bool transport_pulled_probe(const struct transport *t);

/* The system refuses the datagram that was pulled last, because of its size (EMSGSIZE). */
void transport_refused(struct transport *t);

/* The network to the peer, and with it the size of datagrams. Probes are sent from now on. */
void transport_set_network(struct transport *t, bool is_ipv6);

/* A size that is not to change. That of a new transport is TRANSPORT_PAYLOAD_MINIMUM. */
void transport_set_payload_max(struct transport *t, size_t udp_payload_bytes);

/* For measuring a path: has each instruction from now on fill a datagram of so many bytes with
   chaff, if it is not larger anyway. At most what transport_set_payload_max takes; 0: no more. */
void transport_set_padding(struct transport *t, size_t udp_payload_bytes);

/* --- objects --- */

/* Our live object, borrowed; change it, then call transport_tick. Frozen after a shutdown began. */
void *transport_local(struct transport *t);

/* Our live object was changed just now. Calling it is of use where changes come in pieces. */
void transport_touched(struct transport *t, msec_t now);

/* The newest state of the peer's object that arrived in order, and its number and arrival time
   (MSEC_NEVER before the first one). Borrowed until the next transport_recv, which may also
   subtract from it what an earlier newest state had: look at each when an event reports it. */
const void *transport_remote(const struct transport *t);
uint64_t transport_remote_num(const struct transport *t);
msec_t transport_remote_time(const struct transport *t);

/* Our newest numbered state that was sent; the newest one that the peer acknowledged, and when
   that one was first sent (the latest proof that the path works in both directions; MSEC_NEVER
   before the first one). */
uint64_t transport_sent_num(const struct transport *t);
uint64_t transport_acked_num(const struct transport *t);
msec_t transport_acked_time(const struct transport *t);

/* Refuse (true) or take (false) new states of the peer's object. While refused, acknowledgements
   still count and the peer keeps and repeats what it has: back-pressure. States without new
   content, and the one with which the peer ends the session, are taken all the same. */
void transport_refuse_states(struct transport *t, bool refuse);

/* Hold our object back (true) while it is half changed: nothing of it is sent, but the peer is
   still answered. Let it go (false) before the shutdown. */
void transport_hold_local(struct transport *t, bool hold);

/* --- the path --- */

/* The peer understands reports of the path (transport/report.h), or does not, as at first. Only
   with it are reports sent, and taken. */
void transport_set_reports(struct transport *t, bool on);

/* The same for probes, which need reports. */
void transport_set_probes(struct transport *t, bool on);

/* How large datagrams are at most. */
size_t transport_payload_max(const struct transport *t);

/* What the peer has said of the path towards it; NULL if it has not. Borrowed. */
struct pathreport;
const struct pathreport *transport_peer_report(const struct transport *t);

msec_t transport_heard_time(const struct transport *t); /* newest authentic datagram, or never */
msec_t transport_srtt_ms(const struct transport *t);
msec_t transport_rto_ms(const struct transport *t); /* how long an answer may take */
msec_t transport_frame_interval_ms(const struct transport *t);

/* Since when something that was sent is not acknowledged; MSEC_NEVER if nothing is missing. */
msec_t transport_waiting_since(const struct transport *t);

/* The way out has changed a little, as by another source port: the next instruction leaves soon. */
void transport_hurry(struct transport *t, msec_t now);

/* The path to the peer is another one: what is under way counts as lost, all that the peer may lack
   goes out at once, and the round-trip time is measured anew. */
void transport_path_changed(struct transport *t, msec_t now);

/*
 * Challenges the peer: from now on something that nobody else knows is added to the timestamps. The
 * peer, any peer, adds the time that it keeps them and sends them back; so what answers shows that
 * something that was sent since then has reached it. Each time that it is turned on is another one.
 */
void transport_challenge(struct transport *t, bool on);

const struct transport_stats *transport_get_stats(const struct transport *t);

/* --- the end --- */

/*
 * The end is one last state: its content is the live object as it is then, and nothing can follow.
 * Whoever asks for the end repeats that state, less and less often, until it is acknowledged, and
 * then says so once more. Whoever is asked acknowledges, and stays until it hears that or the
 * other side has been silent for long enough to be gone.
 */
enum transport_phase {
    TRANSPORT_RUNNING,
    TRANSPORT_CLOSING,   /* we asked for the end, or the peer did and we still answer it */
    TRANSPORT_CLOSED,    /* both sides know; pull what is left, nothing more will come */
    TRANSPORT_ABANDONED, /* we asked and nobody answered */
    TRANSPORT_EXHAUSTED, /* the key may not be used any more */
};

/* Long enough for a few losses on any path that works; the limit of stock mosh. */
#define TRANSPORT_GIVE_UP_MS 10000

/*
 * Asks for the end, and gives up `give_up_ms` from now (MSEC_NEVER: not by itself) whether or not
 * there is an address to send to. A server whose program ended while its client is away gives a
 * long time, so that the client finds the last screen when it comes back. May be called again to
 * set another time. Does nothing if the peer asked first.
 */
void transport_shutdown(struct transport *t, msec_t now, msec_t give_up_ms);
enum transport_phase transport_phase(const struct transport *t);

/* Whether the peer asked for the end (perhaps at the same time as we). */
bool transport_peer_closing(const struct transport *t);

/*
 * For who has no memory left, at whatever moment of whatever call that was found: a datagram that
 * tells the peer that this was the end, borrowed until the next one, which says it again. It takes
 * no memory. Nothing else may be done with the transport afterwards. NULL if there is nobody to
 * tell, or the end has begun before.
 */
#define TRANSPORT_LAST_WORDS 3 /* so often it is to be said, since nobody waits for an answer */
const struct buf *transport_last_word(struct transport *t);

/* For tests of the limits of the key and of the numbers of states. */
struct seal *transport_seal(struct transport *t);
void transport_skip(struct transport *t, uint64_t state_num);

#endif
