/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_STATESYNC_LINES_H
#define MOSH_STATESYNC_LINES_H

/*
 * Lines of the server's history on their way to the client. A request is an item of the user's log,
 * the answer a part of the screen's state; lines.proto defines what is in them.
 *
 * The lines of an answer travel as the difference between nothing and a screen that has them as its
 * rows, so all that a screen may show arrives, in the vocabulary that the client has announced.
 * That a line's text goes on in the next is told beside it.
 */

#include <stddef.h>
#include <stdint.h>

#include "terminal/caps.h"
#include "terminal/emulator.h"
#include "util/buf.h"

#define LINES_COUNT_MAX         256                 /* of a request, and of an answer */
#define LINES_REQUEST_BYTES_MAX 64                  /* encoded */
#define LINES_ANSWER_BYTES_MAX  ((size_t)128 << 10) /* encoded; longer ones are refused */
#define LINES_ANSWER_BYTES      ((size_t)32 << 10)  /* of text, that we send */

struct lines_request {
    uint64_t number; /* of the request */
    uint64_t first;  /* line; beyond all that there are: the newest ones are meant */
    uint32_t count;  /* 0: no more lines are wanted */
};

void lines_request_encode(const struct lines_request *r, struct buf *out);
int lines_request_decode(const uint8_t *bytes, size_t len, struct lines_request *r) MUST_CHECK;

/* Appends the answer to a request: from its first line on, or from the oldest that is kept, as many
   as there are and as have room. Of a line that is too long for any answer there is a part. */
void lines_encode(const struct lines_request *r, struct emulator *e, const struct caps *caps,
                  struct buf *out);

/* An answer. Each row has no more columns than its line uses, but one at least. */
struct lines {
    uint64_t request; /* whose answer it is */
    uint64_t first;
    size_t count;
    struct row *row[LINES_COUNT_MAX];
};

/* Returns 0, or ERR_MALFORMED or ERR_LIMIT and then there are no lines. The rows are in the
   pool. */
int lines_decode(const uint8_t *bytes, size_t len, struct pool *pool, struct lines *out) MUST_CHECK;
void lines_release(struct lines *l);

#endif
