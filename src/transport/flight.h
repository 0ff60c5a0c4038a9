/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TRANSPORT_FLIGHT_H
#define MOSH_TRANSPORT_FLIGHT_H

/*
 * How much may be under way. A program that floods the screen fills whatever queue there is on a
 * slow path, and what the user sees then, or asks for, comes after all that. So only so many bytes
 * of large instructions are sent before the first of them are acknowledged. How many, the
 * round-trip time tells: while it stays near the shortest of late, more; when it grows, fewer. One
 * instruction may always be under way, however large.
 *
 * Small instructions are not counted, and large ones not for longer than they can take.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/msec.h"

#define FLIGHT_LARGE_BYTES  1500 /* an instruction above this counts */
#define FLIGHT_ENTRIES_MAX  16
#define FLIGHT_WINDOW_FIRST 16384
#define FLIGHT_WINDOW_MIN   4096
#define FLIGHT_WINDOW_MAX   (1u << 20)
#define FLIGHT_QUEUE_MS     40 /* so much longer than the shortest, and a quarter of it, is well */
#define FLIGHT_SHORTEST_MS  10000 /* the shortest round trip is that of the last 10 to 20 s */
#define FLIGHT_BYTES_PER_MS 4     /* no path that is of use is slower */

struct flight {
    struct {
        uint64_t num;
        size_t bytes;
    } entry[FLIGHT_ENTRIES_MAX]; /* ascending by number */
    size_t count, bytes;         /* under way */
    size_t next_bytes;           /* as large the next instruction is taken to be */
    size_t window;
    msec_t overdue;        /* from then on nothing counts as under way */
    msec_t shortest_ms[2]; /* of the present 10 s and of those before; MSEC_NEVER: none */
    msec_t shortest_since;
    msec_t shrunk; /* when the window was last made smaller; MSEC_NEVER: never */
    bool queued;   /* the last round trip was long */
    msec_t marked; /* the network marked something, because its queue fills; MSEC_NEVER: not now */
};

/* Also when the path is another one: nothing is under way, and nothing is known of it. */
void flight_init(struct flight *f, msec_t now);

/* An instruction of so many bytes was sent; its acknowledgement should come within `wait_ms`. */
void flight_sent(struct flight *f, msec_t now, uint64_t num, size_t bytes, msec_t wait_ms);
void flight_acked(struct flight *f, uint64_t num);
void flight_round_trip(struct flight *f, msec_t now, msec_t rtt_ms);

/* The peer says that something was marked. `rtt_ms`: the round trip as it is taken to be. */
void flight_marked(struct flight *f, msec_t now, msec_t rtt_ms);

/* From when on the next instruction may be sent, if no acknowledgement comes before; 0: it may. */
msec_t flight_free(const struct flight *f);

#endif
