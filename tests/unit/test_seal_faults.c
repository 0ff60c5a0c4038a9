/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "crypto/seal.h"

/*
 * S14: the self test against ciphers that are broken in ways that were seen in the field. The
 * linker gives the functions below to who calls those of OpenSSL (--wrap).
 */

static enum fault {
    NONE,
    NO_CIPHER,
    NO_CONTEXT,
    NO_SECOND_CONTEXT,
    NO_INITIALISATION,
    NO_NONCE_LENGTH,
    NO_TAG_LENGTH,
    KEY_REFUSED,
    TAIL_IN_THE_CLEAR,
    NONCE_IGNORED,
    ANY_TAG_TAKEN,
    NO_TAG_TAKEN,
    NONCE_REFUSED,
    TEXT_REFUSED,
    ENCRYPTION_FAILS,
    SEALED_TOO_SHORT,
    NO_TAG,
    NONCE_REFUSED_IN_OPENING,
    TAG_REFUSED,
    SEALED_REFUSED,
    OPENED_TOO_SHORT,
    OPENED_WRONGLY,
    /* These open what they have sealed, so that only answers that are known show them. */
    ANOTHER_CIPHER,
    ANOTHER_TAG,
    ANOTHER_TAG_FOR_NOTHING,
} fault;

static bool any_text; /* since the last nonce */
static unsigned char tag_to_be[16];

#define WRAPPED(name) __typeof__(name) __wrap_##name, __real_##name
WRAPPED(EVP_CIPHER_fetch);
WRAPPED(EVP_CIPHER_CTX_new);
WRAPPED(EVP_CIPHER_CTX_ctrl);
WRAPPED(EVP_CipherInit_ex);
WRAPPED(EVP_EncryptInit_ex);
WRAPPED(EVP_EncryptUpdate);
WRAPPED(EVP_EncryptFinal_ex);
WRAPPED(EVP_DecryptInit_ex);
WRAPPED(EVP_DecryptUpdate);
WRAPPED(EVP_DecryptFinal_ex);

EVP_CIPHER *__wrap_EVP_CIPHER_fetch(OSSL_LIB_CTX *ctx, const char *algorithm,
                                    const char *properties)
{
    return fault == NO_CIPHER ? NULL : __real_EVP_CIPHER_fetch(ctx, algorithm, properties);
}

EVP_CIPHER_CTX *__wrap_EVP_CIPHER_CTX_new(void)
{
    static bool second;
    second = fault == NO_SECOND_CONTEXT && !second;
    bool none = fault == NO_CONTEXT || (fault == NO_SECOND_CONTEXT && !second);
    return none ? NULL : __real_EVP_CIPHER_CTX_new();
}

int __wrap_EVP_CipherInit_ex(EVP_CIPHER_CTX *ctx, const EVP_CIPHER *cipher, ENGINE *impl,
                             const unsigned char *key, const unsigned char *iv, int enc)
{
    if (fault == NO_INITIALISATION || (fault == KEY_REFUSED && key))
        return 0;
    unsigned char other[16];
    if (fault == ANOTHER_CIPHER && key) {
        memcpy(other, key, sizeof other);
        other[0] ^= 1;
        key = other;
    }
    return __real_EVP_CipherInit_ex(ctx, cipher, impl, key, iv, enc);
}

static bool tag_is_another(void)
{
    return fault == ANOTHER_TAG || (fault == ANOTHER_TAG_FOR_NOTHING && !any_text);
}

int __wrap_EVP_CIPHER_CTX_ctrl(EVP_CIPHER_CTX *ctx, int type, int arg, void *ptr)
{
    bool refused = (fault == NO_NONCE_LENGTH && type == EVP_CTRL_AEAD_SET_IVLEN) ||
                   (fault == NO_TAG_LENGTH && type == EVP_CTRL_AEAD_SET_TAG && !ptr) ||
                   (fault == TAG_REFUSED && type == EVP_CTRL_AEAD_SET_TAG && ptr) ||
                   (fault == NO_TAG && type == EVP_CTRL_AEAD_GET_TAG);
    if (refused)
        return 0;
    if (type == EVP_CTRL_AEAD_SET_TAG && ptr)
        memcpy(tag_to_be, ptr, sizeof tag_to_be);
    int result = __real_EVP_CIPHER_CTX_ctrl(ctx, type, arg, ptr);
    if (type == EVP_CTRL_AEAD_GET_TAG && tag_is_another())
        ((unsigned char *)ptr)[15] ^= 1;
    return result;
}

int __wrap_EVP_EncryptInit_ex(EVP_CIPHER_CTX *ctx, const EVP_CIPHER *cipher, ENGINE *impl,
                              const unsigned char *key, const unsigned char *iv)
{
    static unsigned char first[12] = {0xBB, 0xAA, 0x99, 0x88, 0x77, 0x66,
                                      0x55, 0x44, 0x33, 0x22, 0x11};
    any_text = false;
    if (fault == NONCE_REFUSED)
        return 0;
    return __real_EVP_EncryptInit_ex(ctx, cipher, impl, key, fault == NONCE_IGNORED ? first : iv);
}

int __wrap_EVP_EncryptUpdate(EVP_CIPHER_CTX *ctx, unsigned char *out, int *outl,
                             const unsigned char *in, int inl)
{
    any_text = true;
    if (fault == TEXT_REFUSED)
        return 0;
    if (fault != TAIL_IN_THE_CLEAR || inl % 16 == 0)
        return __real_EVP_EncryptUpdate(ctx, out, outl, in, inl);
    int whole = inl - inl % 16;
    if (whole && !__real_EVP_EncryptUpdate(ctx, out, outl, in, whole))
        return 0;
    memcpy(out + whole, in + whole, (size_t)(inl - whole));
    *outl = inl;
    return 1;
}

int __wrap_EVP_EncryptFinal_ex(EVP_CIPHER_CTX *ctx, unsigned char *out, int *outl)
{
    int result = __real_EVP_EncryptFinal_ex(ctx, out, outl);
    if (fault == SEALED_TOO_SHORT)
        --*outl;
    return fault == ENCRYPTION_FAILS ? 0 : result;
}

int __wrap_EVP_DecryptInit_ex(EVP_CIPHER_CTX *ctx, const EVP_CIPHER *cipher, ENGINE *impl,
                              const unsigned char *key, const unsigned char *iv)
{
    any_text = false;
    return fault == NONCE_REFUSED_IN_OPENING
               ? 0
               : __real_EVP_DecryptInit_ex(ctx, cipher, impl, key, iv);
}

int __wrap_EVP_DecryptUpdate(EVP_CIPHER_CTX *ctx, unsigned char *out, int *outl,
                             const unsigned char *in, int inl)
{
    any_text = true;
    int result = __real_EVP_DecryptUpdate(ctx, out, outl, in, inl);
    if (fault == OPENED_WRONGLY && *outl > 0)
        out[0] ^= 1;
    return fault == SEALED_REFUSED ? 0 : result;
}

int __wrap_EVP_DecryptFinal_ex(EVP_CIPHER_CTX *ctx, unsigned char *outm, int *outl)
{
    if (tag_is_another()) {
        tag_to_be[15] ^= 1;
        __real_EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, sizeof tag_to_be, tag_to_be);
    }
    int result = __real_EVP_DecryptFinal_ex(ctx, outm, outl);
    if (fault == OPENED_TOO_SHORT)
        --*outl;
    return fault == ANY_TAG_TAKEN ? 1 : fault == NO_TAG_TAKEN ? 0 : result;
}

static void S14_the_self_test_sees_each_fault(void **state)
{
    (void)state;
    for (fault = NO_CIPHER; fault <= ANOTHER_TAG_FOR_NOTHING; fault++)
        if (seal_self_test())
            fail_msg("fault %d was not seen", (int)fault);
    fault = NONE;
    assert_true(seal_self_test());
}

/* Else the test above would find them without the answers. */
static void ciphers_that_agree_with_themselves(void **state)
{
    (void)state;
    for (fault = ANOTHER_CIPHER; fault <= ANOTHER_TAG_FOR_NOTHING; fault++)
        for (size_t len = 0; len <= 40; len += 20) {
            const uint8_t key[KEY_BYTES] = {0}, text[40] = {0};
            struct seal *there = seal_new(key, SEAL_TO_CLIENT),
                        *here = seal_new(key, SEAL_TO_SERVER);
            struct buf sealed = {0}, opened = {0};
            uint64_t sequence;
            assert_int_equal(seal_close(there, text, len, &sealed), 0);
            assert_int_equal(seal_open(here, sealed.data, sealed.len, &sequence, &opened), 0);
            check_bytes(opened.data, opened.len, text, len);
            seal_free(there);
            seal_free(here);
            buf_release(&sealed);
            buf_release(&opened);
        }
    fault = NONE;
}

/* F31: OpenSSL allocates where the program ends in order when there is no memory left. */
static void memory_of_openssl_is_ours(void **state)
{
    (void)state;
    void *(*take)(size_t, const char *, int);
    void *(*change)(void *, size_t, const char *, int);
    void (*give_back)(void *, const char *, int);
    const uint8_t key[KEY_BYTES] = {0};
    seal_free(seal_new(key, SEAL_TO_CLIENT));
    CRYPTO_get_mem_functions(&take, &change, &give_back);
    assert_ptr_not_equal(take, CRYPTO_malloc);
    assert_ptr_not_equal(change, CRYPTO_realloc);
    assert_ptr_not_equal(give_back, CRYPTO_free);
}

/* F31: without memory for the cipher the session ends in order. */
static void without_a_context_nothing_is_sealed_or_opened(void **state)
{
    (void)state;
    const uint8_t key[KEY_BYTES] = {0}, bytes[64] = {0};
    for (fault = NO_CIPHER; fault <= KEY_REFUSED; fault++) {
        if (fault == NO_SECOND_CONTEXT)
            continue; /* which leaves the first in use */
        struct seal *s = seal_new(key, SEAL_TO_CLIENT);
        struct buf out = {0};
        uint64_t sequence;
        assert_int_equal(seal_close(s, bytes, sizeof bytes, &out), ERR_EXHAUSTED);
        assert_int_equal(seal_open(s, bytes, sizeof bytes, &sequence, &out), ERR_AUTH);
        assert_int_equal(out.len, 0);
        seal_free(s);
        buf_release(&out);
    }
    fault = NONE;
}

/* A number under which something may have been encrypted is gone. */
static void R48_a_failure_of_the_cipher_does_not_bring_a_nonce_back(void **state)
{
    (void)state;
    const uint8_t key[KEY_BYTES] = {0};
    struct seal *s = seal_new(key, SEAL_TO_CLIENT);
    struct buf out = {0};
    buf_append_str(&out, "before");
    for (fault = NONCE_REFUSED; fault <= NO_TAG; fault++) {
        assert_int_equal(seal_close(s, key, sizeof key, &out), ERR_EXHAUSTED);
        check_bytes(out.data, out.len, "before", 6);
        assert_true(seal_next_sequence(s) == 1u + fault - NONCE_REFUSED);
    }
    fault = NONE;
    assert_int_equal(seal_close(s, key, sizeof key, &out), 0);
    check_hex(out.data + 6, 8, "8000000000000005");
    seal_free(s);
    buf_release(&out);
}

/* What fails in opening leaves nothing of the text, and nothing of what was there. */
static void S12_a_failure_of_the_cipher_opens_nothing(void **state)
{
    (void)state;
    const uint8_t key[KEY_BYTES] = {0}, text[20] = "what was written";
    struct seal *there = seal_new(key, SEAL_TO_CLIENT), *here = seal_new(key, SEAL_TO_SERVER);
    struct buf sealed = {0}, opened = {0};
    uint64_t sequence = 99;
    assert_int_equal(seal_close(there, text, sizeof text, &sealed), 0);
    for (fault = NONCE_REFUSED_IN_OPENING; fault <= OPENED_TOO_SHORT; fault++) {
        assert_int_equal(seal_open(here, sealed.data, sealed.len, &sequence, &opened), ERR_AUTH);
        assert_int_equal(opened.len, 0);
        assert_true(sequence == 99);
        for (size_t i = 0; i < opened.cap; i++)
            assert_int_equal(opened.data[i], 0);
    }
    fault = NONE;
    assert_int_equal(seal_open(here, sealed.data, sealed.len, &sequence, &opened), 0);
    check_bytes(opened.data, opened.len, text, sizeof text);
    seal_free(there);
    seal_free(here);
    buf_release(&sealed);
    buf_release(&opened);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_of_openssl_is_ours), /* before OpenSSL has taken any */
        cmocka_unit_test(S14_the_self_test_sees_each_fault),
        cmocka_unit_test(ciphers_that_agree_with_themselves),
        cmocka_unit_test(without_a_context_nothing_is_sealed_or_opened),
        cmocka_unit_test(R48_a_failure_of_the_cipher_does_not_bring_a_nonce_back),
        cmocka_unit_test(S12_a_failure_of_the_cipher_opens_nothing),
    };
    return cmocka_run_group_tests_name("seal faults", tests, NULL, NULL);
}
