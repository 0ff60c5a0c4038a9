/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_FORGER_H
#define MOSH_TESTS_FORGER_H

/*
 * Makes datagrams in the place of one side: from what it has seen of it, or with the key. The
 * sequence numbers that it needs are not used by the honest side, which passes over them; but with
 * its next number of an instruction one gets lost.
 */

#include "crypto/seal.h"
#include "network.h"

struct forger;

struct forger *forger_new(enum seal_direction sender);
void forger_free(struct forger *f);

/* What the honest side sends; `f` may be NULL. */
void forger_sees(struct forger *f, const struct buf *datagram);

/* `other` is the one of the other direction, for reflections; `honest` the seal of the honest side.
 */
void forger_begin(struct forger *f, const struct forger *other, struct seal *honest,
                  enum forgery what, uint64_t seed);

/* Appends the next datagram; false if there is none. */
bool forger_next(struct forger *f, struct buf *out);

#endif
