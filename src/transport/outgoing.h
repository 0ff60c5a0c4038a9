/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TRANSPORT_OUTGOING_H
#define MOSH_TRANSPORT_OUTGOING_H

/*
 * The instruction that is leaving, compressed, and how far it was cut into fragments. There is only
 * ever one, which bounds what waits for a slow caller. Every transmission has a new fragment id, so
 * that one id can never stand for two contents.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"
#include "wire/fragment.h"

struct outgoing {
    struct buf contents;
    size_t cut_bytes;
    uint64_t id; /* of the instruction under way; 0 before the first */
    uint16_t index;
    bool pending;
};

void outgoing_release(struct outgoing *o);

/* Swaps `contents` in. At most DEFLATE_BYTES_MAX bytes, and not none. */
void outgoing_start(struct outgoing *o, struct buf *contents);

/* Forgets what has not left yet. */
void outgoing_cancel(struct outgoing *o);

/* The next fragment, with at most `room` bytes of contents, borrowed until the next call. False if
   there is none. `room` may change from one to the next. */
bool outgoing_next(struct outgoing *o, size_t room, struct fragment *out);

#endif
