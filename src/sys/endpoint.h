/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_ENDPOINT_H
#define MOSH_SYS_ENDPOINT_H

/* Where a datagram goes to or comes from: an IP address and a UDP port. Never a name. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "util/err.h"

/* "[", an IPv6 address, "%" and a zone, "]:", a port, NUL. */
#define ENDPOINT_CHARS 128

struct endpoint {
    struct sockaddr_storage storage; /* family AF_UNSPEC: no address */
    socklen_t len;
};

/* Takes a numeric IPv4 or IPv6 address, the latter with %zone if need be. Returns 0, or -1. */
int endpoint_parse(const char *ip, uint16_t port, struct endpoint *out) MUST_CHECK;

/* The wildcard address of a family. */
struct endpoint endpoint_any(int family, uint16_t port);

/* The opposite of endpoint_ip; `ip` has 4 or 16 bytes, as the family wants it. */
struct endpoint endpoint_make(int family, const void *ip, uint16_t port, uint32_t zone);

int endpoint_family(const struct endpoint *a);
uint16_t endpoint_port(const struct endpoint *a);
/* The address in network order, as 4 or 16 bytes: how many. The rest of `out` is zero. */
size_t endpoint_ip(const struct endpoint *a, uint8_t out[16]);

/* The zone of a link-local address; else 0. */
uint32_t endpoint_zone(const struct endpoint *a);
void endpoint_set_port(struct endpoint *a, uint16_t port);

/* An IPv4 address in IPv6 form is equal to the IPv4 address. */
bool endpoint_equal(const struct endpoint *a, const struct endpoint *b);

/* Has the zone of this address printed by its name from now on, not by its number. To find the name
   takes calls to the system, which a confined program may not make (sys/sandbox.h), and so printing
   does not look for it; endpoint_parse has done this. */
void endpoint_learn_zone(const struct endpoint *a);

/* Printable: "ip" or "ip:port" ("[ip]:port" for IPv6). An IPv4 address in IPv6 form is shown as
   IPv4. "?" if there is none. */
void endpoint_print_ip(const struct endpoint *a, char out[ENDPOINT_CHARS]);
void endpoint_print(const struct endpoint *a, char out[ENDPOINT_CHARS]);

#endif
