/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_WIRE_DEFLATE_H
#define MOSH_WIRE_DEFLATE_H

/*
 * zlib streams (RFC 1950), one for each instruction. The zlib contexts are kept and reset between
 * messages, because setting one up costs more than a keystroke's worth of work.
 */

#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

/* Largest instruction, before and after compression; stock mosh's limit. */
#define DEFLATE_BYTES_MAX ((size_t)4 << 20)

struct deflate;

struct deflate *deflate_new(void);
void deflate_free(struct deflate *d);

/* This one and deflate_expand replace the contents of `out`; on an error it is empty. */
int deflate_compress(struct deflate *d, const uint8_t *in, size_t len, struct buf *out) MUST_CHECK;

/* Appends a stream in which nothing is compressed; no memory is taken if `out` has the room, which
   is DEFLATE_STORED_BYTES more than `len`. */
#define DEFLATE_STORED_MAX   0xFFFFu
#define DEFLATE_STORED_BYTES 11
void deflate_store(const uint8_t *in, size_t len, struct buf *out);

/* ERR_MALFORMED if `in` is no complete zlib stream, ERR_LIMIT if it grows past the maximum. */
int deflate_expand(struct deflate *d, const uint8_t *in, size_t len, struct buf *out) MUST_CHECK;

#endif
