/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_WIRE_PATHREPORT_H
#define MOSH_WIRE_PATHREPORT_H

/*
 * What one side tells the other of the path towards it: an extension, for peers that have announced
 * that they know it (PROTOCOL.md, section 9). transport.proto is its definition.
 */

#include <stdint.h>

#include "util/buf.h"

#define PATHREPORT_LOSS_ALL  1000
#define PATHREPORT_BYTES_MAX 64

struct pathreport {
    uint32_t loss;   /* of late, in thousandths */
    uint32_t marked; /* datagrams with the mark ECN CE since the beginning, modulo 2^32 */

    /* Of probes (transport/pathmtu.h), which are numbered from 1; 0, and not there, without. */
    uint32_t probe;   /* the number of the one that this is */
    uint32_t probes;  /* how many were sent so far */
    uint32_t arrived; /* the newest one of the other side's that has arrived */
};

/* Appends the encoding. */
void pathreport_encode(const struct pathreport *r, struct buf *out);

/* ERR_MALFORMED if it is none, and then *out is as before. Unknown fields are ignored. */
int pathreport_decode(const uint8_t *bytes, size_t len, struct pathreport *out) MUST_CHECK;

#endif
