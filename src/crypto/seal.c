/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/seal.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "util/wipe.h"
#include "util/xalloc.h"

enum { NONCE_BYTES = 12, BLOCK_BYTES = 16 };

#define DIRECTION_BIT ((uint64_t)1 << 63)

/*
 * The contexts keep the key schedule; a datagram sets the nonce alone. Either is NULL if OpenSSL
 * could not make it, which after a good self test means that it had no memory: then nothing is
 * sealed and nothing opened, and the session ends in order.
 */
struct seal {
    EVP_CIPHER_CTX *closing;
    EVP_CIPHER_CTX *opening;
    uint64_t sending_bit;
    uint64_t next_sequence;
    uint64_t blocks; /* encrypted so far */
};

static EVP_CIPHER_CTX *context_new(const EVP_CIPHER *cipher, const uint8_t key[KEY_BYTES],
                                   int encrypt)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    if (ctx && EVP_CipherInit_ex(ctx, cipher, NULL, NULL, NULL, encrypt) &&
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, NONCE_BYTES, NULL) &&
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, SEAL_TAG_BYTES, NULL) &&
        EVP_CipherInit_ex(ctx, NULL, NULL, key, NULL, encrypt))
        return ctx;
    EVP_CIPHER_CTX_free(ctx);
    return NULL;
}

/*
 * Only Update and Final are called. EVP_Cipher() and the functions below EVP have been known to
 * leave the bytes after the last whole block in the clear and out of the tag.
 */
static bool encrypt(EVP_CIPHER_CTX *ctx, const uint8_t nonce[NONCE_BYTES], const uint8_t *plain,
                    size_t len, uint8_t *out)
{
    int head = 0, tail = 0;
    return EVP_EncryptInit_ex(ctx, NULL, NULL, NULL, nonce) &&
           (len == 0 || EVP_EncryptUpdate(ctx, out, &head, plain, (int)len)) &&
           EVP_EncryptFinal_ex(ctx, out + head, &tail) && (size_t)head + (size_t)tail == len &&
           EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, SEAL_TAG_BYTES, out + len);
}

/* `sealed` is `len` bytes of ciphertext and the tag. What is in `out` counts only if true. */
static bool decrypt(EVP_CIPHER_CTX *ctx, const uint8_t nonce[NONCE_BYTES], const uint8_t *sealed,
                    size_t len, uint8_t *out)
{
    uint8_t tag[SEAL_TAG_BYTES]; /* a copy, because OpenSSL asks for bytes that it may write to */
    memcpy(tag, sealed + len, sizeof tag);
    int head = 0, tail = 0;
    return EVP_DecryptInit_ex(ctx, NULL, NULL, NULL, nonce) &&
           EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, SEAL_TAG_BYTES, tag) &&
           (len == 0 || EVP_DecryptUpdate(ctx, out, &head, sealed, (int)len)) &&
           EVP_DecryptFinal_ex(ctx, out + head, &tail) > 0 && (size_t)head + (size_t)tail == len;
}

static void make_nonce(const uint8_t travelling[SEAL_NONCE_BYTES], uint8_t nonce[NONCE_BYTES])
{
    memset(nonce, 0, NONCE_BYTES - SEAL_NONCE_BYTES);
    memcpy(nonce + NONCE_BYTES - SEAL_NONCE_BYTES, travelling, SEAL_NONCE_BYTES);
}

/*
 * OpenSSL's memory is ours, so that there is one way out when there is none left: some of what it
 * allocates at its start it uses without having looked whether it got it, and some of its locks it
 * waits for without end.
 */
static void *take_memory(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return xmalloc(size);
}

static void *change_memory(void *old, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return xreallocarray(old, size, 1);
}

static void give_memory_back(void *old, const char *file, int line)
{
    (void)file;
    (void)line;
    free(old);
}

/* Refused, and not needed, from its first allocation on. */
static void begin_openssl(void)
{
    (void)CRYPTO_set_mem_functions(take_memory, change_memory, give_memory_back);
    /* Else it reads its configuration file, and takes memory for what may be in it. */
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
}

struct seal *seal_new(const uint8_t key[KEY_BYTES], enum seal_direction sending)
{
    struct seal *s = xcalloc(1, sizeof *s);
    begin_openssl();
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "AES-128-OCB", NULL);
    if (cipher) {
        s->closing = context_new(cipher, key, 1);
        s->opening = context_new(cipher, key, 0);
    }
    EVP_CIPHER_free(cipher); /* the contexts hold references of their own */
    s->sending_bit = sending == SEAL_TO_CLIENT ? DIRECTION_BIT : 0;
    return s;
}

void seal_free(struct seal *s)
{
    if (!s)
        return;
    EVP_CIPHER_CTX_free(s->closing); /* OpenSSL wipes the key schedules */
    EVP_CIPHER_CTX_free(s->opening);
    free(s);
}

int seal_close(struct seal *s, const uint8_t *plain, size_t len, struct buf *datagram)
{
    assert(len <= BUF_BYTES_MAX);
    /* An empty text costs the cipher calls for its tag, and counts like a block. */
    uint64_t blocks = len ? (len + BLOCK_BYTES - 1) / BLOCK_BYTES : 1;
    if (!s->closing || s->next_sequence > SEAL_SEQUENCE_MAX || blocks > SEAL_BLOCKS_MAX - s->blocks)
        return ERR_EXHAUSTED;
    /* Counted before the cipher is called, so that a failure there cannot bring a nonce back. */
    uint64_t sequence = s->next_sequence++;
    s->blocks += blocks;

    size_t start = datagram->len;
    buf_reserve(datagram, len + SEAL_OVERHEAD_BYTES);
    buf_append_be64(datagram, s->sending_bit | sequence);
    uint8_t nonce[NONCE_BYTES];
    make_nonce(datagram->data + start, nonce);
    if (!encrypt(s->closing, nonce, plain, len, datagram->data + datagram->len)) {
        datagram->len = start;
        return ERR_EXHAUSTED;
    }
    datagram->len += len + SEAL_TAG_BYTES;
    return 0;
}

/* Makes room in an empty buffer, without leaving what it held behind in freed memory. */
static void renew(struct buf *b, size_t len)
{
    if (b->cap < len)
        buf_wipe(b);
    buf_reserve(b, len);
}

int seal_open(struct seal *s, const uint8_t *datagram, size_t len, uint64_t *sequence,
              struct buf *plain)
{
    buf_clear(plain);
    struct reader r = {datagram, len};
    uint64_t travelling;
    if (len > BUF_BYTES_MAX || reader_be64(&r, &travelling) || r.left < SEAL_TAG_BYTES ||
        (travelling & DIRECTION_BIT) == s->sending_bit || !s->opening)
        return ERR_AUTH;

    size_t plain_len = r.left - SEAL_TAG_BYTES;
    uint8_t nonce[NONCE_BYTES];
    make_nonce(datagram, nonce);
    renew(plain, plain_len + BLOCK_BYTES);
    if (!decrypt(s->opening, nonce, r.at, plain_len, plain->data)) {
        /* Nobody may see the text of a datagram that was not authentic. */
        wipe(plain->data, plain->cap);
        return ERR_AUTH;
    }
    plain->len = plain_len;
    *sequence = travelling & ~DIRECTION_BIT;
    return 0;
}

uint64_t seal_next_sequence(const struct seal *s)
{
    return s->next_sequence;
}

void seal_skip(struct seal *s, uint64_t next_sequence, uint64_t blocks)
{
    if (next_sequence > s->next_sequence)
        s->next_sequence = next_sequence;
    if (blocks > s->blocks)
        s->blocks = blocks;
}

/*
 * Key and text are 00 01 02 ..., the nonce is BBAA998877665544332211 and `nonce_end`. Lengths 0, 8,
 * 16 and 40 are from appendix A of RFC 7253. 5 and 97 were computed with the reference in
 * tests/lib/ref_ocb.c: less than a block, and one byte more than the six blocks that fast
 * implementations take at once.
 */
enum { ANSWER_TEXT_MAX = 97 };

/* clang-format off */
static const struct known_answer {
    uint8_t nonce_end;
    uint8_t len;
    uint8_t sealed[ANSWER_TEXT_MAX + SEAL_TAG_BYTES];
} known_answers[] = {
    {0x00, 0,
        {0x78, 0x54, 0x07, 0xbf, 0xff, 0xc8, 0xad, 0x9e, 0xdc, 0xc5, 0x52, 0x0a, 0xc9, 0x11, 0x1e,
         0xe6}},
    {0x03, 8,
        {0x45, 0xdd, 0x69, 0xf8, 0xf5, 0xaa, 0xe7, 0x24, 0x14, 0x05, 0x4c, 0xd1, 0xf3, 0x5d, 0x82,
         0x76, 0x0b, 0x2c, 0xd0, 0x0d, 0x2f, 0x99, 0xbf, 0xa9}},
    {0x06, 16,
        {0x5c, 0xe8, 0x8e, 0xc2, 0xe0, 0x69, 0x27, 0x06, 0xa9, 0x15, 0xc0, 0x0a, 0xeb, 0x8b, 0x23,
         0x96, 0xf4, 0x0e, 0x1c, 0x74, 0x3f, 0x52, 0x43, 0x6b, 0xdf, 0x06, 0xd8, 0xfa, 0x1e, 0xca,
         0x34, 0x3d}},
    {0x0f, 40,
        {0x44, 0x12, 0x92, 0x34, 0x93, 0xc5, 0x7d, 0x5d, 0xe0, 0xd7, 0x00, 0xf7, 0x53, 0xcc, 0xe0,
         0xd1, 0xd2, 0xd9, 0x50, 0x60, 0x12, 0x2e, 0x9f, 0x15, 0xa5, 0xdd, 0xbf, 0xc5, 0x78, 0x7e,
         0x50, 0xb5, 0xcc, 0x55, 0xee, 0x50, 0x7b, 0xcb, 0x08, 0x4e, 0x47, 0x9a, 0xd3, 0x63, 0xac,
         0x36, 0x6b, 0x95, 0xa9, 0x8c, 0xa5, 0xf3, 0x00, 0x0b, 0x14, 0x79}},
    {0x10, 5,
        {0xad, 0x2c, 0xda, 0x33, 0xa7, 0xc5, 0xf2, 0xa4, 0xca, 0x41, 0x60, 0xfb, 0x83, 0x91, 0xef,
         0xc8, 0xf3, 0xe2, 0x6a, 0x78, 0x14}},
    {0x11, 97,
        {0x16, 0x38, 0x96, 0xd7, 0x9c, 0x03, 0x34, 0xd0, 0xd1, 0x15, 0x46, 0xa0, 0x38, 0x45, 0x18,
         0x28, 0x87, 0x85, 0xa6, 0x56, 0xd8, 0xeb, 0xb9, 0x10, 0x03, 0xea, 0xcc, 0x21, 0xd6, 0xf1,
         0x8b, 0xcc, 0x17, 0xc6, 0xa5, 0x78, 0xc5, 0xd9, 0xc3, 0xb9, 0x64, 0x7e, 0x94, 0x09, 0xdb,
         0x40, 0xf1, 0xa8, 0xa0, 0x62, 0x65, 0x73, 0xae, 0x5f, 0x7c, 0x38, 0x16, 0xec, 0xbb, 0xda,
         0x08, 0xd5, 0x54, 0x58, 0x08, 0x38, 0xf4, 0x2f, 0x02, 0x51, 0x5c, 0x93, 0x8f, 0xf8, 0xc7,
         0xac, 0x26, 0x08, 0x05, 0x4b, 0x4f, 0x11, 0x59, 0x0b, 0x02, 0xb4, 0x5a, 0x2a, 0x0d, 0xf7,
         0x51, 0x94, 0x49, 0xfe, 0x39, 0xf7, 0x2d, 0x83, 0x6a, 0x01, 0xa2, 0x12, 0x30, 0x55, 0x53,
         0xa6, 0x0e, 0x0a, 0x75, 0x9a, 0x8e, 0xbc, 0x36}},
};
/* clang-format on */

static bool answer_is_right(EVP_CIPHER_CTX *closing, EVP_CIPHER_CTX *opening,
                            const struct known_answer *known, const uint8_t *text)
{
    uint8_t nonce[NONCE_BYTES] = {0xBB, 0xAA, 0x99, 0x88, 0x77, 0x66,
                                  0x55, 0x44, 0x33, 0x22, 0x11, known->nonce_end};
    uint8_t sealed[ANSWER_TEXT_MAX + SEAL_TAG_BYTES + BLOCK_BYTES] = {0};
    uint8_t opened[ANSWER_TEXT_MAX + BLOCK_BYTES] = {0};
    size_t len = known->len;

    if (!encrypt(closing, nonce, text, len, sealed) ||
        memcmp(sealed, known->sealed, len + SEAL_TAG_BYTES) != 0)
        return false;
    if (!decrypt(opening, nonce, sealed, len, opened) || memcmp(opened, text, len) != 0)
        return false;
    sealed[len + SEAL_TAG_BYTES - 1] ^= 1; /* a cipher that takes any tag is no protection */
    return !decrypt(opening, nonce, sealed, len, opened);
}

bool seal_self_test(void)
{
    uint8_t text[ANSWER_TEXT_MAX];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)i;
    struct seal *s = seal_new(text, SEAL_TO_SERVER);
    /* All through the same contexts, so that one that forgets to change the nonce is found. */
    bool good = s->closing && s->opening;
    for (size_t i = 0; good && i < sizeof known_answers / sizeof known_answers[0]; i++)
        good = answer_is_right(s->closing, s->opening, &known_answers[i], text);
    seal_free(s);
    return good;
}
