/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TRANSPORT_PASSAGE_H
#define MOSH_TRANSPORT_PASSAGE_H

/*
 * What large instructions need to get through. Some paths silently drop datagrams above a size,
 * some drop what comes faster than they carry. When large instructions are not acknowledged, though
 * the peer is heard and what is small arrives, they are cut into the smallest pieces, and these are
 * sent one after the other with pauses, which get longer until something gets through, and shorter
 * again as long as everything does. Every now and then one is sent as it would be otherwise:
 * perhaps the path has become better.
 *
 * Where datagrams are lost at random, more of them have to be before that is believed.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/msec.h"

#define PASSAGE_SMALL_BYTES      500  /* datagrams of that size pass everywhere */
#define PASSAGE_FAILURES         2    /* so many in a row make the path a narrow one, ... */
#define PASSAGE_FAILURES_LOSSY   5    /* ... or so many where much is lost anyway */
#define PASSAGE_SILENCE_MS       3500 /* a peer that is there is heard in less time */
#define PASSAGE_BYTES_PER_MS     16   /* at first, on a narrow path */
#define PASSAGE_BYTES_PER_MS_MIN 2
#define PASSAGE_INSTRUCTION_MS   10000 /* no longer than that for one instruction */
#define PASSAGE_BYTES_PER_MS_MAX 1000
#define PASSAGE_TRIAL_MS         20000 /* until one is sent as ever again; then twice as long ... */
#define PASSAGE_TRIAL_MS_MAX     1280000

struct passage {
    bool refusable;
    bool narrow, trial;    /* trial: what is under way was sent as on any path */
    uint64_t first_num;    /* of the large instructions that are not acknowledged, the first */
    uint64_t num;          /* and the last; 0: there are none */
    unsigned failures;     /* in a row */
    unsigned bytes_per_ms; /* on a narrow path */
    unsigned too_fast;     /* at that rate something was lost last */
    unsigned pace;         /* for the instruction that is leaving; 0: without pauses */
    msec_t trial_at, trial_ms;
    msec_t next_piece; /* not before */
};

/* With `refusable`, what is not acknowledged may have been refused, as a server does with input
   that the program does not read: then there are no pauses. */
void passage_init(struct passage *p, bool refusable);

/* An instruction of so many bytes, the one of state `num`, begins to leave. */
void passage_begin(struct passage *p, msec_t now, uint64_t num, size_t bytes);

/* How large its datagrams may be at most; `usual` otherwise. */
size_t passage_payload(const struct passage *p, size_t usual);

/* A piece of it has left. The next one is to wait until p->next_piece. */
void passage_piece(struct passage *p, msec_t now, size_t bytes);

void passage_acked(struct passage *p, uint64_t num);

/* The peer is heard, after so long. If it was away, what did not get through has told nothing. */
void passage_heard(struct passage *p, msec_t silence_ms);

/* What is not acknowledged has to be sent again; the peer was last heard then. */
void passage_retry(struct passage *p, msec_t now, msec_t heard, bool lossy);

#endif
