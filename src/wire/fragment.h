/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_WIRE_FRAGMENT_H
#define MOSH_WIRE_FRAGMENT_H

/*
 * A compressed instruction is cut into fragments that each fit a datagram.
 *
 *   id (8 bytes) | final flag (1 bit) and index (15 bits) | contents
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

#define FRAGMENT_HEADER_BYTES 10
#define FRAGMENT_INDEX_MAX    0x7FFFu

struct fragment {
    uint64_t id; /* one for each transmission of an instruction, counting from 1 */
    uint16_t index;
    bool final;
    const uint8_t *contents; /* borrowed */
    size_t contents_len;
};

void fragment_encode(const struct fragment *f, struct buf *out); /* appends */
int fragment_decode(const uint8_t *bytes, size_t len, struct fragment *out) MUST_CHECK;

#endif
