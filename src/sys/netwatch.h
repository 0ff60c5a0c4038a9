/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_NETWATCH_H
#define MOSH_SYS_NETWATCH_H

/*
 * Notices when the way to the server becomes another one: an address, a link or a route of this
 * machine has changed. The system says that something has changed (Linux by rtnetlink; the BSDs and
 * macOS by a routing socket, which nobody has tried yet; elsewhere nothing is noticed), and then we
 * look whether it matters: which way a datagram to the server would leave (sys/netroute.h). What it
 * says itself is not read: there are too many kinds of it, and what may pass for the kernel's word
 * is nothing to rely on.
 *
 * Changes come in swarms, and most of them are no concern of ours (containers come and go). The
 * first one is looked at at once, the others after a pause that grows from NETWATCH_LOOK_MS to
 * NETWATCH_LOOK_MAX_MS while there is no rest. So no more than so often are there datagrams for it.
 */

#include <stdbool.h>
#include <stddef.h>

#include "sys/endpoint.h"
#include "sys/netroute.h"
#include "util/msec.h"

#define NETWATCH_SERVERS_MAX 8
#define NETWATCH_LOOK_MS     50
#define NETWATCH_LOOK_MAX_MS 1000
#define NETWATCH_NUDGE_MS    3000 /* for what seems not to matter, but there is silence */

struct netwatch {
    int fd; /* to be watched by the loop if not negative; see netwatch_due */
    struct netroute route;
    struct endpoint server[NETWATCH_SERVERS_MAX];
    struct netroute_way way[NETWATCH_SERVERS_MAX];
    size_t servers;
    msec_t looked, pause_ms; /* when, and how long not to look again after that */
    msec_t nudged;           /* MSEC_NEVER: never */
};

/* Never fails: what cannot be watched is not. At most NETWATCH_SERVERS_MAX addresses count. */
void netwatch_open(struct netwatch *w, const struct endpoint *servers, size_t count, msec_t now);
void netwatch_close(struct netwatch *w);

/* When the descriptor is to be watched again; before that the system's messages may wait there. */
msec_t netwatch_due(const struct netwatch *w);

/*
 * The descriptor is readable. Returns true if there is reason to believe that the way to the server
 * is another one; also, now and then, if anything at all has changed while the server is `silent`.
 */
bool netwatch_look(struct netwatch *w, msec_t now, bool silent);

/* The same without the system's messages: for tests, and the part that has to do with time. */
bool netwatch_judge(struct netwatch *w, msec_t now, bool different, bool silent);

#endif
