/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TRANSPORT_SYNC_H
#define MOSH_TRANSPORT_SYNC_H

/*
 * The contract of a synchronised state: what the transport has to be able to do with an object to
 * keep a copy of it up to date at the other end. The transport never looks inside.
 *
 * A state is a value. clone, equal and diff must be cheap when little changed, because a sender
 * keeps up to 32 snapshots and a receiver up to 1,024.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

struct sync_ops {
    void *(*clone)(const void *state);
    void (*free)(void *state);
    bool (*equal)(const void *a, const void *b);

    /* Whether what has changed is worth a datagram of its own as soon as one may be sent. What is
       not goes with the next thing that is, or alone after a while. NULL: everything is. */
    bool (*urgent)(const void *from, const void *to);

    /* Whether the peer waits for just this, though it is not urgent: it is not held up by what was
       sent before. NULL: never. */
    bool (*awaited)(const void *from, const void *to);

    /* Appends to `out`, an empty buf, what turns `from` into `to`; nothing if they are equal. */
    void (*diff)(const void *from, const void *to, struct buf *out);

    /* Applies a diff that the peer sent. A negative code if it is not acceptable: the transport
       then frees the half-changed state and drops the instruction. */
    int (*apply)(void *state, const uint8_t *diff, size_t len);

    /* Forgets the part of an append-only state that `known`, an earlier state of the same object,
       already has; all of it if a peer that breaks the rules made `known` the longer one. NULL:
       states do not grow, and there is nothing that one could leave to another. */
    void (*subtract)(void *state, const void *known);

    /* Memory, in bytes, that this state holds; an estimate that bounds what a peer can make us
       keep. What several states share is charged to each in part, so that the sum over all of them
       is what they take. It changes as others come and go: it shrinks with each clone, and grows
       again when one is freed. */
    size_t (*footprint)(const void *state);
};

#endif
