/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_HOPS_H
#define MOSH_SYS_HOPS_H

/*
 * A client's sockets, and the addresses of its server. For each family there is one socket that
 * sends, opened when it is needed first; the older ones still listen, for answers to what they sent
 * may be under way. A new one means a new source port, which finds a way again when a router has
 * forgotten the old one or when a network throttles it.
 */

#include <stdbool.h>
#include <stddef.h>

#include "sys/udp.h"
#include "util/err.h"
#include "util/msec.h"

#define HOPS_MAX         10
#define HOPS_SERVERS_MAX 8
#define HOPS_KEEP_MS     60000 /* the older ones are closed so long after the last hop */

#define HOPS_NOWHERE SIZE_MAX /* no address of the server, or none that is known */

struct hops {
    struct endpoint server[HOPS_SERVERS_MAX];
    size_t servers;
    int fd[HOPS_MAX]; /* oldest first */
    int family[HOPS_MAX];
    size_t count;
    size_t older; /* of these, how many only listen */
    msec_t newest_since;
};

/* Takes the server's first address, and opens the first socket. Returns 0, or -1 with errno set. */
int hops_init(struct hops *h, const struct endpoint *server, msec_t now) MUST_CHECK;
void hops_release(struct hops *h);

/* Takes further addresses from a text: numeric ones with blanks between them, as many as there is
   room for. What is none is left out, and so is what is there already. */
void hops_add_servers(struct hops *h, const char *addresses);

/* From now on new sockets send. Without a free descriptor the old ones go on. */
void hops_next(struct hops *h, msec_t now);

/*
 * Sends to the server's address `to`, and to `beside`, too, unless that is HOPS_NOWHERE. What the
 * system refuses to send there goes to the first address that it can be sent to. Returns 0, or the
 * errno value of the first failure if it could be sent to none.
 */
int hops_send(struct hops *h, size_t to, size_t beside, const uint8_t *bytes,
              size_t len) MUST_CHECK;

/* Sends to the server's address `to` alone, in one piece or not at all. Returns 0, or an errno
   value: EMSGSIZE if it is too large for the network here, or pieces cannot be forbidden. */
int hops_probe(struct hops *h, size_t to, const uint8_t *bytes, size_t len) MUST_CHECK;

/* Which of the server's addresses that is, or HOPS_NOWHERE. */
size_t hops_server_at(const struct hops *h, const struct endpoint *a);

/* Something authentic arrived: lets go of older sockets that have had their time. */
void hops_heard(struct hops *h, msec_t now);

#endif
