/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_WIRE_PACKET_H
#define MOSH_WIRE_PACKET_H

/*
 * The plaintext of a datagram: two 16-bit timestamps in milliseconds, big-endian, then a fragment.
 */

#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

#define PACKET_HEADER_BYTES 4
#define PACKET_NO_TIMESTAMP 0xFFFFu
#define PACKET_DATAGRAM_MAX 2048 /* no sender makes a larger UDP payload */

struct packet {
    uint16_t timestamp;       /* the sender's clock modulo 2^16, or PACKET_NO_TIMESTAMP */
    uint16_t timestamp_reply; /* the receiver's, echoed, or PACKET_NO_TIMESTAMP */
    const uint8_t *payload;   /* borrowed */
    size_t payload_len;
};

void packet_encode(const struct packet *p, struct buf *out); /* appends */
int packet_decode(const uint8_t *bytes, size_t len, struct packet *out) MUST_CHECK;

/* A clock reading as a timestamp: modulo 2^16, and never PACKET_NO_TIMESTAMP. */
uint16_t packet_timestamp(uint64_t now_ms);

#endif
