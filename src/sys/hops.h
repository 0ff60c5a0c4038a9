/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_HOPS_H
#define MOSH_SYS_HOPS_H

/*
 * A client's sockets. One sends; the older ones still listen, for answers to what they sent may be
 * under way. A new one means a new source port, which finds a way again when a router has
 * forgotten the old one or when a network throttles it.
 */

#include <stddef.h>

#include "util/err.h"
#include "util/msec.h"

#define HOPS_MAX     10
#define HOPS_KEEP_MS 60000 /* the older ones are closed so long after the last hop */

struct hops {
    int fd[HOPS_MAX]; /* oldest first */
    size_t count;
    int family;
    msec_t newest_since;
};

/* Opens the first socket. Returns 0, or -1 with errno set. */
int hops_init(struct hops *h, int family, msec_t now) MUST_CHECK;
void hops_release(struct hops *h);

/* Adds a socket and closes the oldest one beyond HOPS_MAX. Without a free descriptor everything
   stays as it was. */
void hops_next(struct hops *h, msec_t now);

/* The socket that sends. */
int hops_newest(const struct hops *h);

/* Something authentic arrived: lets go of older sockets that have had their time. */
void hops_heard(struct hops *h, msec_t now);

#endif
