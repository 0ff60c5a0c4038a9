/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_BENCH_PATH_H
#define MOSH_BENCH_PATH_H

/*
 * One direction of an emulated link: what happens to a packet from the moment it is sent until it
 * arrives. Pure: the time is an argument, in microseconds, and chance comes from a seed, so that a
 * run can be repeated.
 *
 * A packet first waits for the bottleneck, behind those that were sent before it and if there is
 * room in the queue; then it may be lost; then it travels for `delay_us` and a random share of
 * `jitter_us`. Packets keep their order, as on most real links, but for those that `reorder`
 * chooses: these are held back, and others overtake them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PATH_NEVER         UINT64_MAX
#define PATH_LATE_US       1000
#define PATH_PACKET_MAX    65535
#define PATH_IN_FLIGHT_MAX 65536 /* packets; more are lost */

/* {0} is a perfect link. Chances are from 0 to 1, each packet's own. */
struct path_params {
    uint64_t delay_us;
    uint64_t jitter_us; /* evenly spread between 0 and this */
    double loss;
    double burst;      /* that a stretch of loss begins with this packet ... */
    uint64_t burst_us; /* ... which takes all packets for so long */
    double duplicate;
    double corrupt; /* one bit of what the packet carries, past its IP header, is flipped */
    double reorder;
    uint64_t reorder_us;  /* held back for so long */
    uint64_t rate_bytes;  /* per second; 0: no bottleneck */
    uint64_t queue_bytes; /* room before the bottleneck; 0: no bound */
    uint64_t mtu_bytes;   /* larger packets are lost, and nobody says so; 0: none are */
    bool down;            /* everything is lost */
};

struct path_stats {
    uint64_t packets, bytes; /* sent into the path */
    uint64_t lost, overflowed, duplicated, corrupted, reordered, delivered;
    uint64_t late; /* delivered more than PATH_LATE_US after their time: the emulator's fault */
    uint64_t late_us_max; /* the worst of them all */
};

struct path;

struct path *path_new(uint64_t seed);
void path_free(struct path *p);

/* For what is sent from now on. */
void path_set(struct path *p, const struct path_params *params);
const struct path_params *path_get(const struct path *p);
const struct path_stats *path_get_stats(const struct path *p);

/* The packet is copied; longer ones than PATH_PACKET_MAX are lost. */
void path_send(struct path *p, uint64_t now_us, const uint8_t *packet, size_t len);

/* When the next packet arrives, or PATH_NEVER. */
uint64_t path_deadline_us(const struct path *p);

/* The next packet that has arrived by now, or NULL; borrowed until the next call. */
const uint8_t *path_deliver(struct path *p, uint64_t now_us, size_t *len);

/* Reads "delay=50ms,jitter=5ms,loss=2%,burst=0.1%/200ms,rate=64kbit,queue=8000,reorder=1%/30ms,
   duplicate=1%,corrupt=1%,mtu=1280,down" over `params`. Returns NULL, or the word that is not
   understood, which is borrowed from `text`. */
const char *path_parse(const char *text, struct path_params *params);

#endif
