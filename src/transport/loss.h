/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TRANSPORT_LOSS_H
#define MOSH_TRANSPORT_LOSS_H

/*
 * How much the network loses, as the gaps in the peer's sequence numbers show, and what is done
 * about it. Of a gap only the first few count: an outage, or the tail of a burst that a full queue
 * dropped, says little of what happens to a small datagram that travels alone.
 */

#include <stdbool.h>
#include <stdint.h>

#define LOSS_ONE        65536 /* everything */
#define LOSS_WINDOW     32    /* datagrams that the estimate looks back */
#define LOSS_GAP_MAX    3
#define LOSS_COPIES_MAX 4

struct loss {
    uint32_t estimate; /* of LOSS_ONE */
    uint32_t count;    /* datagrams, up to LOSS_WINDOW */
};

/* A datagram that is the newest, after `missing` numbers that have not arrived. */
void loss_newest(struct loss *l, uint64_t missing);

/* One that counted as missing: it was only late. */
void loss_late(struct loss *l);

/* The same in thousandths. */
uint32_t loss_thousandths(const struct loss *l);

/* How often something small is sent, where so many thousandths are lost, so that one copy arrives
   nearly always. */
unsigned loss_copies(uint32_t thousandths);

#endif
