/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_WIRETAP_H
#define MOSH_TESTS_WIRETAP_H

/*
 * Reads along what one side sends, with the key, and checks what every peer, stock mosh among
 * them, relies on: sizes, sequence numbers, fragments, and the numbers of instructions. It sees the
 * datagrams in the order in which they are sent, before the network has them.
 */

#include <stddef.h>
#include <stdint.h>

#include "crypto/seal.h"
#include "wire/instruction.h"

struct wiretap;

struct wiretap *wiretap_new(const uint8_t key[KEY_BYTES], enum seal_direction sender);
void wiretap_free(struct wiretap *w);

/* What it sends may stop in the middle of an instruction, to go on with a newer one. */
void wiretap_allow_cuts(struct wiretap *w);

/*
 * Returns NULL, or what is wrong with the datagram. *whole is the instruction that it completed,
 * borrowed until the next call, or NULL.
 */
const char *wiretap_check(struct wiretap *w, const uint8_t *datagram, size_t len,
                          size_t payload_max, const struct instruction **whole);

#endif
