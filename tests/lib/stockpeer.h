/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_STOCKPEER_H
#define MOSH_TESTS_STOCKPEER_H

/*
 * A model of what a stock mosh end does on the wire, and when: its timers, its choice of what a
 * difference starts from, its acknowledgements. It is what latencies are compared with on the
 * virtual clock, and the other end of mixed sessions. The objects are ours. It has no end of the
 * session, and like a real one it trusts its peer.
 */

#include <stdbool.h>

#include "crypto/seal.h"
#include "transport/sync.h"
#include "unit.h"
#include "util/buf.h"
#include "util/msec.h"

struct stockpeer;

/* Takes the objects over. A client is attached from the start, a server when it hears somebody. */
struct stockpeer *stockpeer_new(const uint8_t key[KEY_BYTES], enum seal_direction sending,
                                const struct sync_ops *local_ops, void *local,
                                const struct sync_ops *remote_ops, void *remote, struct rng *rng,
                                msec_t now);
void stockpeer_free(struct stockpeer *p);

/* True if the peer's object has moved on. */
bool stockpeer_recv(struct stockpeer *p, msec_t now, const uint8_t *datagram, size_t len);
void stockpeer_tick(struct stockpeer *p, msec_t now);
bool stockpeer_pull(struct stockpeer *p, msec_t now, struct buf *out);
msec_t stockpeer_deadline(struct stockpeer *p, msec_t now);

void *stockpeer_local(struct stockpeer *p);
const void *stockpeer_remote(const struct stockpeer *p);
uint64_t stockpeer_remote_num(const struct stockpeer *p);
msec_t stockpeer_srtt_ms(const struct stockpeer *p);

#endif
