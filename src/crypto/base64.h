/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_CRYPTO_BASE64_H
#define MOSH_CRYPTO_BASE64_H

/*
 * The printable form of a session key: the base64 of RFC 4648 section 4 for its 16 bytes, without
 * the two '=' at the end. No table is indexed by a secret, so that caches tell nothing.
 */

#include <stddef.h>
#include <stdint.h>

#include "util/err.h"

#define KEY_BYTES 16
#define KEY_CHARS 22

enum base64_error {
    BASE64_LENGTH = -1,    /* not 22 characters */
    BASE64_ALPHABET = -2,  /* a character outside A-Z a-z 0-9 + / */
    BASE64_CANONICAL = -3, /* the last character carries bits that belong to no byte */
};

/* Returns 0 and writes the key, or a base64_error and writes nothing. */
int base64_decode_key(const char *chars, size_t len, uint8_t key[KEY_BYTES]) MUST_CHECK;
void base64_encode_key(const uint8_t key[KEY_BYTES], char chars[KEY_CHARS + 1]);

#endif
