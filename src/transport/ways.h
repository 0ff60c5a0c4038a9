/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TRANSPORT_WAYS_H
#define MOSH_TRANSPORT_WAYS_H

/*
 * A client's ways to the server: from which source port, and to which of the server's addresses.
 *
 * The port. A new one finds a way again when a router has forgotten the old one, or when the
 * network throttles it. It is taken at once when the system says that the network has changed, and
 * when there was no round trip for WAYS_HOP_MS.
 *
 * The address. The server may have several, of both families, and which of them can be reached from
 * here changes with the network. One is chosen. While it is in doubt whether datagrams reach the
 * server there, each instruction goes to one of the others, too, all in their turn: the very same
 * datagrams, which the server takes once, from where they arrive first. An answer says which
 * address to choose. Of a large instruction only the beginning goes there, which is enough for an
 * answer.
 *
 * Pure: addresses are indices, in the order of preference. A server that has only one is never in
 * doubt.
 */

#include <stdbool.h>
#include <stddef.h>

#include "util/msec.h"

#define WAYS_MAX        8     /* addresses of a server */
#define WAYS_HOP_MS     10000 /* without a round trip for so long: another port */
#define WAYS_SILENT_MS  6500  /* nothing heard for so long, which is two heartbeats: in doubt */
#define WAYS_DEAF_MS    2000  /* something not acknowledged for so long, or ... */
#define WAYS_DEAF_TRIPS 3     /* ... so many round trips, if that is longer: in doubt */

/* The network may be said to have changed as often as one likes: a port is new for so long. */
#define WAYS_CHANGE_MS 50

#define WAYS_BESIDE_DATAGRAMS 4

#define WAYS_NONE SIZE_MAX /* no address, or an unknown one */

struct ways {
    size_t count;   /* addresses, at least 1 */
    size_t chosen;  /* the one in use */
    size_t other;   /* the last that was tried beside it; WAYS_NONE if none was */
    msec_t hopped;  /* when the port in use was taken */
    msec_t changed; /* when the network changed, and no round trip since; else MSEC_NEVER */
    bool hop_asked; /* a new port is wanted because of that */
    bool deaf;      /* it was in doubt because of acknowledgements that did not come */
    size_t sent;    /* instructions, as long as nothing was heard */
};

/* What the transport knows of the other side. */
struct ways_news {
    msec_t heard;      /* newest authentic datagram; MSEC_NEVER: none */
    msec_t round_trip; /* when the newest thing that was acknowledged was sent; MSEC_NEVER: none */
    msec_t waiting;    /* since when something is not acknowledged; MSEC_NEVER: nothing is */
    msec_t srtt_ms;    /* how long a round trip takes */
};

void ways_init(struct ways *w, size_t addresses, msec_t now);

/* The system says that addresses, links or routes are not what they were, or the machine slept. */
void ways_network_changed(struct ways *w, msec_t now);

/* Whether another source port is to be taken; then call ways_hopped, whether or not that worked. */
bool ways_hop_due(const struct ways *w, msec_t now, const struct ways_news *news);
void ways_hopped(struct ways *w, msec_t now);

/* For the first WAYS_BESIDE_DATAGRAMS datagrams of an instruction, which go to `chosen`: the
   address that they go to as well, or WAYS_NONE. */
size_t ways_beside(struct ways *w, msec_t now, const struct ways_news *news);

/* A datagram was the newest authentic one. `before` is what was known before it, `acked` whether it
   acknowledged something new, `from` the address that it came from. */
void ways_heard(struct ways *w, msec_t now, const struct ways_news *before, bool acked,
                size_t from);

/* What is known now: a round trip since the network changed makes an end of that. */
void ways_settle(struct ways *w, const struct ways_news *news);

/* Whether it is in doubt that datagrams reach the server. */
bool ways_in_doubt(const struct ways *w, msec_t now, const struct ways_news *news);

#endif
