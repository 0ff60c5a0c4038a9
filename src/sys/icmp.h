/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_ICMP_H
#define MOSH_SYS_ICMP_H

/*
 * What the network, or the system, says of datagrams that a client's socket (udp_open) sent: that
 * nobody is there, that they are forbidden, that they are too large. Whoever can guess the ports
 * can forge most of it: it may inform, never decide (R22).
 */

#include <stdbool.h>
#include <stddef.h>

#include "sys/endpoint.h"
#include "util/err.h"

struct icmp_report {
    int error;            /* as an errno value */
    const char *text;     /* in words */
    struct endpoint from; /* who says so, if it is known */
    struct endpoint to;   /* where that was sent which did not arrive, if it is known */
    bool is_local;        /* this system: the datagram has not left */
    size_t packet_max;    /* for EMSGSIZE: the largest IP packet that can pass, or 0 */
};

/* The next report that waits. Returns 1, or 0 if there is none: always, where the system keeps no
   more than an error number, which comes without addresses then. */
int icmp_take(int fd, struct icmp_report *out) MUST_CHECK;

#endif
