/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TRANSPORT_LASTWORD_H
#define MOSH_TRANSPORT_LASTWORD_H

/*
 * The end of a session for which no memory is left, in one datagram that takes none: the room for
 * it is set aside at the start. Nothing is compressed, and of the transport it takes numbers alone,
 * since it may be made in the middle of anything.
 */

#include <stdint.h>

#include "crypto/seal.h"
#include "util/buf.h"
#include "wire/instruction.h"

#define LASTWORD_DIFF_BYTES_MAX 32

struct lastword {
    struct instruction instruction; /* its diff is what the last state differs by */
    struct buf one, other;          /* what is made goes to and fro between them */
};

/* `diff` is copied, at most LASTWORD_DIFF_BYTES_MAX bytes. */
void lastword_init(struct lastword *w, const struct buf *diff);
void lastword_release(struct lastword *w);

/*
 * From `base`, a state that the peer surely has, to the last one. `fragment_id` is one that was not
 * used. A datagram, borrowed until the next call; NULL if the key allows no more.
 */
const struct buf *lastword_make(struct lastword *w, struct seal *seal, uint64_t base,
                                uint64_t ack_num, uint64_t fragment_id, uint16_t timestamp);

#endif
