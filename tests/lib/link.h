/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_LINK_H
#define MOSH_TESTS_LINK_H

/*
 * A simulated network path between a client and a server on a virtual clock: a queue of datagrams
 * under way, ordered by the time of their arrival. What happens to each is decided by a generator
 * when it is sent, so that a run is repeated by its seed. Datagrams are copied in and out.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"
#include "util/msec.h"

enum link_direction { LINK_TO_SERVER, LINK_TO_CLIENT };

/* All chances are in thousandths for each datagram. {0} is a perfect network without delay. */
struct link_profile {
    const char *name;
    msec_t delay_ms;  /* one way */
    msec_t jitter_ms; /* up to so much is added, for each datagram anew: they overtake each other */
    unsigned loss, duplicate, corrupt;
    unsigned reorder; /* is held back by a further delay_ms + 50 */
    unsigned burst;   /* begins a stretch of burst_ms in which everything is lost */
    msec_t burst_ms;
    size_t bytes_per_s; /* rate of a bottleneck in each direction; 0: none */
    size_t mtu_bytes;   /* what is larger is lost; 0: nothing is too large */
    size_t queue_bytes; /* what waits before the bottleneck; what does not fit is lost */
};

struct link_stats {
    uint64_t sent, lost, duplicated, corrupted, delivered, bytes;
};

struct link;

struct link *link_new(uint64_t seed, const struct link_profile *profile); /* copied */
void link_free(struct link *l);

/* From now on; what is under way is not touched. */
void link_set_profile(struct link *l, const struct link_profile *profile);

/* Cuts a direction, or mends it. What is under way arrives all the same. */
void link_set_down(struct link *l, enum link_direction direction, bool down);

void link_send(struct link *l, msec_t now, enum link_direction direction, const uint8_t *bytes,
               size_t len);

/* When the next datagram arrives; MSEC_NEVER if none is under way. */
msec_t link_deadline(const struct link *l);

/* Takes the next datagram that has arrived by `now`; false if there is none. Replaces `out`. */
bool link_deliver(struct link *l, msec_t now, enum link_direction *direction, struct buf *out);

const struct link_stats *link_get_stats(const struct link *l, enum link_direction direction);

#endif
