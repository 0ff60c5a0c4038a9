/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_LISTENER_H
#define MOSH_SYS_LISTENER_H

/*
 * A server's sockets: one for each family, on the same port. Two are more robust than one for both:
 * systems differ in whether an IPv6 socket may carry IPv4, and in which of its options count then.
 *
 * A machine may have many addresses. An answer has to leave from the one that was asked, since
 * nothing else passes the translators and the firewalls on the way; so it is part of where a
 * datagram came from.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sys/udp.h"

#define LISTENER_SOCKETS_MAX 2

struct listener {
    int fd[LISTENER_SOCKETS_MAX];
    int family[LISTENER_SOCKETS_MAX];
    size_t count;
    uint16_t port;
};

/* The other end of a path, and our end of it. Has no gaps: equal ones have equal bytes. */
struct peer {
    uint8_t ip[16], own_ip[16]; /* own_ip is zero if it is not known */
    uint32_t zone;
    uint16_t port;
    uint16_t family;
};

/*
 * Listens on the first port from `low` to `high` that is free for all that is wanted; 0 to 0 lets
 * the system choose. `wanted` is an address, whose port does not matter; the wildcard of IPv6 means
 * every address of both families, and so does NULL. A family that this machine does not have is
 * left out. Returns 0, or -1 with errno set.
 */
int listener_open(struct listener *l, const struct endpoint *wanted, uint16_t low,
                  uint16_t high) MUST_CHECK;
void listener_close(struct listener *l);

/* As udp_receive, from socket `i`. */
int listener_receive(const struct listener *l, size_t i, uint8_t *bytes, size_t size,
                     struct udp_arrival *out, struct peer *from) MUST_CHECK;

/* As udp_send. */
int listener_send(const struct listener *l, const struct peer *to, const uint8_t *bytes,
                  size_t len) MUST_CHECK;

/* The same, in one piece or not at all; EMSGSIZE, too, if pieces cannot be forbidden. */
int listener_probe(const struct listener *l, const struct peer *to, const uint8_t *bytes,
                   size_t len) MUST_CHECK;

struct endpoint peer_endpoint(const struct peer *p);

#endif
