/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_OUTQ_H
#define MOSH_SYS_OUTQ_H

/*
 * A bounded queue of bytes on their way to a descriptor that may be slow, and is never waited for.
 *
 * The descriptor may be a terminal whose open file description is shared with the user's shell,
 * where O_NONBLOCK left on would break other programs. So the flag is set for the length of each
 * write alone, and put back as it was.
 */

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"
#include "util/msec.h"

struct outq {
    struct buf pending;
    size_t bytes_max;
};

void outq_init(struct outq *q, size_t bytes_max);
void outq_release(struct outq *q);

/* Takes all of `bytes`, or none and ERR_LIMIT if they do not fit. */
int outq_append(struct outq *q, const void *bytes, size_t len) MUST_CHECK;

static inline bool outq_empty(const struct outq *q)
{
    return q->pending.len == 0;
}

/* Writes what the descriptor takes. 0, also if that was nothing; -1 with errno set if it failed
   for good: the queue is then empty. */
int outq_flush(struct outq *q, int fd) MUST_CHECK;

/* Writes until the queue is empty, the descriptor fails, or `patience_ms` have passed; what is
   left then is dropped. For the end of a program. Returns whether all was written. */
bool outq_drain(struct outq *q, int fd, msec_t patience_ms);

#endif
