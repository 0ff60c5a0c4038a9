/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TRANSPORT_RTT_H
#define MOSH_TRANSPORT_RTT_H

/*
 * Round-trip time. Smooths samples as RFC 6298 section 2 does and derives from them how long to
 * wait for an acknowledgement and how often to send. Also keeps the peer's timestamp until it is
 * echoed: that is how the peer gets its samples.
 */

#include <stdbool.h>
#include <stdint.h>

#include "util/msec.h"

#define RTT_INITIAL_MS      1000
#define RTT_INITIAL_VAR_MS  500
#define RTT_SAMPLE_LIMIT_MS 5000  /* a longer sample is a machine that slept, not a network, ... */
#define RTT_SAMPLE_MAX_MS   20000 /* ... unless there are no others, or others not much shorter */
#define RTO_MIN_MS          50
#define RTO_STEADY_MS       1000 /* no more than that, or half of SRTT over it, for what varies */
#define RTO_MAX_MS          10000
#define FRAME_MIN_MS        20
#define FRAME_MAX_MS        250

struct rtt {
    int64_t srtt_us, rttvar_us;
    bool measured; /* false: the values are guesses, or those of another path */
};

void rtt_init(struct rtt *r);

/* False if the sample was ignored, because it cannot be the network's. */
bool rtt_sample(struct rtt *r, msec_t sample_ms);

/* The path is another one. Until it is measured the old values will do, and then count no more. */
void rtt_path_changed(struct rtt *r);

msec_t rtt_srtt_ms(const struct rtt *r);           /* rounded up */
msec_t rtt_rto_ms(const struct rtt *r);            /* RTO_MIN_MS to RTO_MAX_MS */
msec_t rtt_frame_interval_ms(const struct rtt *r); /* FRAME_MIN_MS to FRAME_MAX_MS */

/* The timestamp field of datagrams (protocol: 16 bits of milliseconds). */
#define ECHO_HOLD_LIMIT_MS      1000 /* a timestamp held longer is not echoed */
#define ECHO_CONGESTION_FINE_MS 500  /* a marked datagram's round trip looks so much longer */

struct echo {
    uint16_t timestamp;
    msec_t arrival; /* MSEC_NEVER: nothing to echo */
};

void echo_init(struct echo *e);

/*
 * Remembers a timestamp; PACKET_NO_TIMESTAMP changes nothing. `congested`: the network marked the
 * datagram (ECN CE), and the peer does not know how to be told of that (transport/report.h). The
 * only way to slow such a one down is to make its round trips look longer.
 */
void echo_remember(struct echo *e, msec_t now, uint16_t timestamp, bool congested);

/* The reply for the next datagram: the timestamp plus the time it was held, each one only once, or
   PACKET_NO_TIMESTAMP. */
uint16_t echo_take(struct echo *e, msec_t now);

/* The round trip that a reply shows, in milliseconds modulo 2^16. */
msec_t echo_round_trip_ms(msec_t now, uint16_t reply);

#endif
