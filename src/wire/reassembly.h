/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_WIRE_REASSEMBLY_H
#define MOSH_WIRE_REASSEMBLY_H

/*
 * Joins fragments to instructions again, in any order and with several instructions under way at
 * once, so that a late or repeated datagram cannot destroy a large frame.
 *
 * Bounds: REASSEMBLY_SLOTS instructions and REASSEMBLY_BYTES_MAX bytes in all; the oldest id gives
 * way. Refused are ids that were completed, those that are 64 or more behind the newest completed
 * one, and, while all slots are taken, those that are older than every one kept. A fragment that
 * contradicts an earlier one of its id (other contents, a final index below one already seen) ends
 * that assembly.
 */

#include "wire/fragment.h"

#define REASSEMBLY_SLOTS     8
#define REASSEMBLY_BYTES_MAX ((size_t)4 << 20)

struct reassembly;

struct reassembly *reassembly_new(void);
void reassembly_free(struct reassembly *r);

/*
 * Takes a fragment. Returns 1 when it completed its instruction: `whole` then holds the joined
 * contents (what it held before is gone). Returns 0 when more is to come or it was a repetition,
 * and ERR_REPLAY, ERR_LIMIT or ERR_MALFORMED when it was refused; `whole` is then untouched.
 */
int reassembly_add(struct reassembly *r, const struct fragment *f, struct buf *whole) MUST_CHECK;

#endif
