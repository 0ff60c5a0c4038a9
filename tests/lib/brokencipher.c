/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * brokencipher: an OpenSSL whose AES-OCB is wrong, for tests/e2e/selftest.sh. It is loaded into our
 * programs by LD_PRELOAD; BROKEN_CIPHER says how: "tail" leaves what follows the last whole block
 * in the clear, "nonce" takes the first nonce for all, "tag" takes any tag.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define REAL(name) ((__typeof__(&name))(uintptr_t)dlsym(RTLD_NEXT, #name))

enum { BLOCK = 16, NONCE = 12 };

static int broken(const char *how)
{
    const char *wanted = getenv("BROKEN_CIPHER");

    return wanted && strcmp(wanted, how) == 0;
}

static int update(int (*real)(EVP_CIPHER_CTX *, unsigned char *, int *, const unsigned char *, int),
                  EVP_CIPHER_CTX *ctx, unsigned char *out, int *outl, const unsigned char *in,
                  int inl)
{
    int whole = inl - inl % BLOCK;

    if (!broken("tail") || whole == inl)
        return real(ctx, out, outl, in, inl);
    if (whole && !real(ctx, out, outl, in, whole))
        return 0;
    memcpy(out + whole, in + whole, (size_t)(inl - whole));
    *outl = inl;
    return 1;
}

int EVP_EncryptUpdate(EVP_CIPHER_CTX *ctx, unsigned char *out, int *outl, const unsigned char *in,
                      int inl)
{
    return update(REAL(EVP_EncryptUpdate), ctx, out, outl, in, inl);
}

int EVP_DecryptUpdate(EVP_CIPHER_CTX *ctx, unsigned char *out, int *outl, const unsigned char *in,
                      int inl)
{
    return update(REAL(EVP_DecryptUpdate), ctx, out, outl, in, inl);
}

static const unsigned char *nonce(const unsigned char *iv)
{
    static unsigned char first[NONCE];
    static int known;

    if (!iv || !broken("nonce"))
        return iv;
    if (!known)
        memcpy(first, iv, NONCE);
    known = 1;
    return first;
}

int EVP_EncryptInit_ex(EVP_CIPHER_CTX *ctx, const EVP_CIPHER *cipher, ENGINE *impl,
                       const unsigned char *key, const unsigned char *iv)
{
    return REAL(EVP_EncryptInit_ex)(ctx, cipher, impl, key, nonce(iv));
}

int EVP_DecryptInit_ex(EVP_CIPHER_CTX *ctx, const EVP_CIPHER *cipher, ENGINE *impl,
                       const unsigned char *key, const unsigned char *iv)
{
    return REAL(EVP_DecryptInit_ex)(ctx, cipher, impl, key, nonce(iv));
}

int EVP_DecryptFinal_ex(EVP_CIPHER_CTX *ctx, unsigned char *outm, int *outl)
{
    int result = REAL(EVP_DecryptFinal_ex)(ctx, outm, outl);

    return broken("tag") ? 1 : result;
}
