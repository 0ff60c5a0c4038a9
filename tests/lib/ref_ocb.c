/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ref_ocb.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

struct block {
    uint8_t bytes[16];
};

struct ocb {
    EVP_CIPHER_CTX *aes;
    struct block l_star, l_dollar, l[16];
};

static struct block xor
    (struct block a, struct block b) {
        for (int i = 0; i < 16; i++)
            a.bytes[i] ^= b.bytes[i];
        return a;
    }

    /* Section 2: multiplication by x in GF(2^128). */
    static struct block twice(struct block a)
{
    struct block r;
    for (int i = 0; i < 16; i++)
        r.bytes[i] = (uint8_t)(a.bytes[i] << 1 | (i < 15 ? a.bytes[i + 1] >> 7 : 0));
    if (a.bytes[0] & 0x80)
        r.bytes[15] ^= 135;
    return r;
}

static struct block encipher(struct ocb *o, struct block in)
{
    struct block out;
    int len;
    if (!EVP_EncryptUpdate(o->aes, out.bytes, &len, in.bytes, 16) || len != 16)
        abort();
    return out;
}

static struct block load(const uint8_t *bytes)
{
    struct block b;
    memcpy(b.bytes, bytes, 16);
    return b;
}

/* A last part of fewer than 16 bytes: one bit, then zeros. */
static struct block pad(const uint8_t *bytes, size_t len)
{
    struct block b = {{0}};
    memcpy(b.bytes, bytes, len);
    b.bytes[len] = 0x80;
    return b;
}

static struct block l_of(const struct ocb *o, size_t i)
{
    int zeros = 0;
    while (!(i >> zeros & 1))
        zeros++;
    return o->l[zeros];
}

static void setup(struct ocb *o, const uint8_t key[16])
{
    o->aes = EVP_CIPHER_CTX_new();
    if (!EVP_EncryptInit_ex(o->aes, EVP_aes_128_ecb(), NULL, key, NULL))
        abort();
    EVP_CIPHER_CTX_set_padding(o->aes, 0);
    o->l_star = encipher(o, (struct block){{0}});
    o->l_dollar = twice(o->l_star);
    o->l[0] = twice(o->l_dollar);
    for (int i = 1; i < 16; i++)
        o->l[i] = twice(o->l[i - 1]);
}

/* Section 4.1: HASH. */
static struct block hash(struct ocb *o, const uint8_t *ad, size_t len)
{
    struct block sum = {{0}}, offset = {{0}};
    for (size_t i = 1; i <= len / 16; i++) {
        offset = xor(offset, l_of(o, i));
        sum = xor(sum, encipher(o, xor(load(ad + (i - 1) * 16), offset)));
    }
    if (len % 16) {
        offset = xor(offset, o->l_star);
        sum = xor(sum, encipher(o, xor(pad(ad + len / 16 * 16, len % 16), offset)));
    }
    return sum;
}

/* Section 4.2, "Nonce-dependent and per-encryption variables". */
static struct block first_offset(struct ocb *o, const uint8_t nonce[12])
{
    struct block n = {{0}}, offset;
    n.bytes[3] = 1; /* the tag length, 128 modulo 128, is 0 in the top seven bits */
    memcpy(n.bytes + 4, nonce, 12);
    unsigned bottom = n.bytes[15] & 0x3F;
    n.bytes[15] &= 0xC0;
    struct block ktop = encipher(o, n);
    uint8_t stretch[24];
    memcpy(stretch, ktop.bytes, 16);
    for (int i = 0; i < 8; i++)
        stretch[16 + i] = ktop.bytes[i] ^ ktop.bytes[i + 1];
    for (unsigned bit = 0; bit < 128; bit++) {
        unsigned from = bit + bottom;
        uint8_t mask = (uint8_t)(0x80 >> bit % 8);
        if (stretch[from / 8] & 0x80 >> from % 8)
            offset.bytes[bit / 8] |= mask;
        else
            offset.bytes[bit / 8] &= (uint8_t)~mask;
    }
    return offset;
}

void ref_ocb_encrypt(const uint8_t key[16], const uint8_t nonce[12], const uint8_t *ad,
                     size_t ad_len, const uint8_t *plain, size_t len, uint8_t *out)
{
    struct ocb o;
    setup(&o, key);
    struct block offset = first_offset(&o, nonce), checksum = {{0}};
    size_t whole = len / 16, rest = len % 16;
    for (size_t i = 1; i <= whole; i++) {
        struct block p = load(plain + (i - 1) * 16);
        offset = xor(offset, l_of(&o, i));
        struct block c = xor(offset, encipher(&o, xor(p, offset)));
        memcpy(out + (i - 1) * 16, c.bytes, 16);
        checksum = xor(checksum, p);
    }
    if (rest) {
        offset = xor(offset, o.l_star);
        struct block stream = encipher(&o, offset);
        for (size_t i = 0; i < rest; i++)
            out[whole * 16 + i] = plain[whole * 16 + i] ^ stream.bytes[i];
        checksum = xor(checksum, pad(plain + whole * 16, rest));
    }
    struct block tag = encipher(&o, xor(xor(checksum, offset), o.l_dollar));
    tag = xor(tag, hash(&o, ad, ad_len));
    memcpy(out + len, tag.bytes, 16);
    EVP_CIPHER_CTX_free(o.aes);
}
