/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_NETROUTE_H
#define MOSH_SYS_NETROUTE_H

/*
 * Which way a datagram to an address would leave this machine: from which of our addresses, through
 * which interface and by which router, and whether that interface works. On Linux the kernel is
 * asked by rtnetlink, over a descriptor that is open before the program is confined
 * (sys/sandbox.h). Elsewhere a socket is connected, which sends nothing, and its address looked for
 * among those of the interfaces; the router is not known then.
 */

#include <stdbool.h>
#include <stdint.h>

#include "sys/endpoint.h"

struct netroute {
    int fd; /* -1 if there is none */
};

/* Has no gaps: equal ways have equal bytes. All zero: there is no way. */
struct netroute_way {
    uint8_t source[16], router[16]; /* zero if there is none, or none is known */
    uint32_t interface;
    uint32_t works; /* 1: it is up and has a carrier */
};

void netroute_open(struct netroute *r);
void netroute_close(struct netroute *r);

void netroute_find(const struct netroute *r, const struct endpoint *to, struct netroute_way *out);

#endif
