/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_UDP_H
#define MOSH_SYS_UDP_H

/*
 * UDP sockets: non-blocking, closed on exec, marked ECT(0), reporting the ECN field of what
 * arrives, and without the "don't fragment" bit. A system that refuses one of these options loses
 * that nicety and nothing else (R31).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sys/endpoint.h"
#include "util/err.h"

/* Datagrams that are read in one turn of the loop, so that a flood cannot starve the rest. */
#define UDP_BATCH 64

/* An unbound socket for a client. ICMP errors are reported by udp_take_error. Returns the
   descriptor, or -1 with errno set. */
int udp_open(int family) MUST_CHECK;

/*
 * A server's socket on the first free port from `low` to `high`; 0 to 0 lets the system choose.
 * `wanted` names the address; its port does not matter. Every address means those of its family
 * alone. Returns the descriptor and the bound address, or -1 with errno set.
 */
int udp_bind(const struct endpoint *wanted, uint16_t low, uint16_t high,
             struct endpoint *bound) MUST_CHECK;

struct udp_arrival {
    size_t len;
    bool congested; /* marked ECN CE by a router */
    struct endpoint from;
    struct endpoint to; /* of our addresses, at a server's socket and if the system says it */
};

/*
 * Returns 1 for a datagram, 0 when none is waiting, or -1 with errno set: then the socket cannot be
 * read for now, although poll may say that it can (loop_rest). One that is longer than `size` is
 * handed over with length 0: no peer sends such, and nothing shorter than a tag is ever looked at.
 */
int udp_receive(int fd, uint8_t *bytes, size_t size, struct udp_arrival *out) MUST_CHECK;

/* Returns 0, or an errno value. A full buffer counts as sent: networks lose datagrams anyway. */
int udp_send(int fd, const struct endpoint *to, const uint8_t *bytes, size_t len) MUST_CHECK;

/* The same with `own`, of our addresses, as the source. If that is not ours any more, the system
   chooses. */
int udp_send_from(int fd, const struct endpoint *own, const struct endpoint *to,
                  const uint8_t *bytes, size_t len) MUST_CHECK;

/* Whether what the socket sends from now on travels in one piece or not at all; at first it does
   not. Returns 0, or -1 where that cannot be had. */
int udp_forbid_fragments(int fd, int family, bool forbid) MUST_CHECK;

/* Empties the queue of ICMP errors of a client's socket; the errno value of the last one, or 0, and
   where that was sent which did not arrive (no address, if that is not known). Anyone who can guess
   the ports can forge them: they may inform, never decide (R22). That something was too large is
   left out: the system has told it when that was sent, and what a router says of a probe is no
   news. */
int udp_take_error(int fd, struct endpoint *to);

#endif
