/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_CRYPTO_SEAL_H
#define MOSH_CRYPTO_SEAL_H

/*
 * Authenticated encryption of datagrams: AES-128 in OCB mode (RFC 7253, AEAD_AES_128_OCB_TAGLEN128)
 * through OpenSSL's EVP interface.
 *
 *   datagram = direction and sequence number (8 bytes, big-endian) | ciphertext | tag (16 bytes)
 *   nonce    = 4 zero bytes | the same 8 bytes
 *
 * The top bit of the 8 bytes is the direction. A seal owns the sequence counter of its side and
 * counts up with every datagram: a nonce that is used twice gives away the key's secrecy, so
 * nobody else may choose one. It also counts cipher blocks and refuses before the key is worn out.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/base64.h"
#include "util/buf.h"

#define SEAL_NONCE_BYTES    8 /* those that travel */
#define SEAL_TAG_BYTES      16
#define SEAL_OVERHEAD_BYTES (SEAL_NONCE_BYTES + SEAL_TAG_BYTES)
#define SEAL_SEQUENCE_MAX   (((uint64_t)1 << 63) - 1)
#define SEAL_BLOCKS_MAX     ((uint64_t)1 << 47)

enum seal_direction { SEAL_TO_SERVER = 0, SEAL_TO_CLIENT = 1 };

struct seal;

/*
 * `sending` is the direction of what this side encrypts; it opens only the other one's. Never NULL:
 * where the library has no memory for a cipher, the result seals nothing (ERR_EXHAUSTED) and opens
 * nothing (ERR_AUTH).
 */
struct seal *seal_new(const uint8_t key[KEY_BYTES], enum seal_direction sending);
void seal_free(struct seal *s); /* wipes the key */

/*
 * Appends the datagram for `plain` under the next sequence number. ERR_EXHAUSTED when the sequence
 * or the blocks of the key are used up, or the cipher failed: the session must end. Nothing is
 * appended then.
 */
int seal_close(struct seal *s, const uint8_t *plain, size_t len, struct buf *datagram) MUST_CHECK;

/*
 * Replaces the contents of `plain` and sets *sequence. ERR_AUTH when the datagram is too short,
 * not authentic, or our own direction; `plain` is then empty and *sequence untouched.
 */
int seal_open(struct seal *s, const uint8_t *datagram, size_t len, uint64_t *sequence,
              struct buf *plain) MUST_CHECK;

/* The sequence number that the next datagram will have. */
uint64_t seal_next_sequence(const struct seal *s);

/* For tests of the limits: goes on as if that much had been used already; never backwards. */
void seal_skip(struct seal *s, uint64_t next_sequence, uint64_t blocks);

/*
 * Known answers of RFC 7253 through the library that is really loaded. Some versions of OpenSSL
 * have had faults in OCB on some machines; a program that gets false here must not go on.
 */
bool seal_self_test(void);

#endif
