/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_WIRE_INSTRUCTION_H
#define MOSH_WIRE_INSTRUCTION_H

/*
 * The transport's message: "apply this diff to state old_num and you have state new_num".
 * transport.proto is its definition; the functions here add the checks that the protobuf library
 * does not make.
 */

#include <stdint.h>

#include "util/buf.h"

#define INSTRUCTION_VERSION   2
#define INSTRUCTION_SHUTDOWN  UINT64_MAX /* as new_num: the session ends; as ack_num: agreed */
#define INSTRUCTION_CHAFF_MAX 16         /* bytes that we send */

struct instruction {
    uint64_t old_num;
    uint64_t new_num;
    uint64_t ack_num;       /* newest state received in order from the peer */
    uint64_t throwaway_num; /* the peer may forget states below this one */
    struct buf diff;
    struct buf chaff;  /* random bytes that blur the length; ignored by the receiver */
    struct buf report; /* wire/pathreport.h, to peers that know it; empty: none */
};

void instruction_release(struct instruction *i);

/* Appends the protobuf encoding, with every field present, as stock mosh writes it. */
void instruction_encode(const struct instruction *i, struct buf *out);

/*
 * Replaces *out, which must be valid ({0} or used before). ERR_MALFORMED if the bytes are no
 * Instruction, ERR_VERSION if it is of another protocol version, ERR_LIMIT if decoding would take
 * more memory than a session has to give. Missing numbers read as 0. Unknown fields are ignored. A
 * known number with another wire type is malformed: protobuf-c refuses it, where stock skips the
 * field.
 */
int instruction_decode(const uint8_t *bytes, size_t len, struct instruction *out) MUST_CHECK;

#endif
