/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/rtt.h"

#include "wire/packet.h"

/* Microseconds are fine enough that the truncation of the divisions never shows in the results,
   and integers give the same values on every machine. */
#define US_PER_MS 1000

void rtt_init(struct rtt *r)
{
    r->srtt_us = (int64_t)RTT_INITIAL_MS * US_PER_MS;
    r->rttvar_us = (int64_t)RTT_INITIAL_VAR_MS * US_PER_MS;
    r->measured = false;
}

/* Of a path that is slow already, long samples are believed. */
static msec_t longest_sample_ms(const struct rtt *r)
{
    if (!r->measured)
        return RTT_SAMPLE_MAX_MS;
    return msec_min(msec_max(RTT_SAMPLE_LIMIT_MS, 4 * rtt_srtt_ms(r)), RTT_SAMPLE_MAX_MS);
}

bool rtt_sample(struct rtt *r, msec_t sample_ms)
{
    if (sample_ms >= longest_sample_ms(r))
        return false;
    int64_t sample_us = (int64_t)sample_ms * US_PER_MS;
    if (!r->measured) {
        r->srtt_us = sample_us;
        r->rttvar_us = sample_us / 2;
        r->measured = true;
        return true;
    }
    int64_t error_us = r->srtt_us - sample_us;
    if (error_us < 0)
        error_us = -error_us;
    r->rttvar_us = (3 * r->rttvar_us + error_us) / 4;
    r->srtt_us = (7 * r->srtt_us + sample_us) / 8;
    return true;
}

void rtt_path_changed(struct rtt *r)
{
    r->measured = false;
}

static msec_t ceil_ms(int64_t us)
{
    return (msec_t)((us + US_PER_MS - 1) / US_PER_MS);
}

msec_t rtt_srtt_ms(const struct rtt *r)
{
    return ceil_ms(r->srtt_us);
}

/*
 * Where round trips vary wildly, RFC 6298's formula waits for seconds before it believes in a loss,
 * and somebody sits there and waits, too; a repetition that was not needed costs one datagram.
 */
msec_t rtt_rto_ms(const struct rtt *r)
{
    msec_t rto = ceil_ms(r->srtt_us + 4 * r->rttvar_us);

    rto = msec_min(rto, msec_max(RTO_STEADY_MS, ceil_ms(r->srtt_us + r->srtt_us / 2)));
    return msec_min(msec_max(rto, RTO_MIN_MS), RTO_MAX_MS);
}

msec_t rtt_frame_interval_ms(const struct rtt *r)
{
    int64_t half_us = (r->srtt_us + 1) / 2;
    return msec_min(msec_max(ceil_ms(half_us), FRAME_MIN_MS), FRAME_MAX_MS);
}

void echo_init(struct echo *e)
{
    e->timestamp = PACKET_NO_TIMESTAMP;
    e->arrival = MSEC_NEVER;
}

void echo_remember(struct echo *e, msec_t now, uint16_t timestamp, bool congested)
{
    if (timestamp == PACKET_NO_TIMESTAMP)
        return;
    e->timestamp = (uint16_t)(timestamp - (congested ? ECHO_CONGESTION_FINE_MS : 0));
    e->arrival = now;
}

uint16_t echo_take(struct echo *e, msec_t now)
{
    msec_t held_ms = msec_since(now, e->arrival);
    e->arrival = MSEC_NEVER;
    if (held_ms >= ECHO_HOLD_LIMIT_MS)
        return PACKET_NO_TIMESTAMP;
    return (uint16_t)(e->timestamp + held_ms);
}

msec_t echo_round_trip_ms(msec_t now, uint16_t reply)
{
    return (uint16_t)(packet_timestamp(now) - reply);
}
