/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_REF_OCB_H
#define MOSH_TESTS_REF_OCB_H

/*
 * OCB with AES-128, a nonce of 96 bits and a tag of 128, written from RFC 7253 line by line for
 * comparison: slow, plain, and with nothing but single AES blocks from the library.
 */

#include <stddef.h>
#include <stdint.h>

/* Writes `len` bytes of ciphertext and 16 of tag. `ad` may be NULL if ad_len is 0. */
void ref_ocb_encrypt(const uint8_t key[16], const uint8_t nonce[12], const uint8_t *ad,
                     size_t ad_len, const uint8_t *plain, size_t len, uint8_t *out);

#endif
