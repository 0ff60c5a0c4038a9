/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "crypto/base64.h"

static int decode(const char *chars, uint8_t key[KEY_BYTES])
{
    return base64_decode_key(chars, strlen(chars), key);
}

static void known_key(void **state)
{
    (void)state;
    uint8_t key[KEY_BYTES];
    char chars[KEY_CHARS + 1];
    assert_int_equal(decode("AAECAwQFBgcICQoLDA0ODw", key), 0);
    check_hex(key, sizeof key, "000102030405060708090a0b0c0d0e0f");
    base64_encode_key(key, chars);
    assert_string_equal(chars, "AAECAwQFBgcICQoLDA0ODw");

    memset(key, 0xFF, sizeof key);
    memset(chars, 'x', sizeof chars);
    base64_encode_key(key, chars);
    assert_string_equal(chars, "/////////////////////w");
    assert_int_equal(decode("+/+/+/+/+/+/+/+/+/+/+g", key), 0);
    check_hex(key, sizeof key, "fbffbffbffbffbffbffbffbffbffbffa");
}

/* Each cause is told apart, and nothing is written. */
static void R47_what_is_no_key(void **state)
{
    (void)state;
    uint8_t key[KEY_BYTES], untouched[KEY_BYTES];
    memset(key, 0x5A, sizeof key);
    memset(untouched, 0x5A, sizeof untouched);
    assert_int_equal(decode("", key), BASE64_LENGTH);
    assert_int_equal(decode("AAECAwQFBgcICQoLDA0OD", key), BASE64_LENGTH);
    assert_int_equal(decode("AAECAwQFBgcICQoLDA0ODw=", key), BASE64_LENGTH);
    assert_int_equal(decode("AAECAwQFBgcICQoLDA0ODw==", key), BASE64_LENGTH);
    assert_int_equal(decode("AAECAwQFBgcICQoLDA0O w", key), BASE64_ALPHABET);
    assert_int_equal(decode("\xC3\xA9"
                            "ECAwQFBgcICQoLDA0ODw",
                            key),
                     BASE64_ALPHABET);
    assert_int_equal(base64_decode_key("AAECAwQFBgc\0CQoLDA0ODw", 22, key), BASE64_ALPHABET);
    assert_int_equal(decode("AAECAwQFBgcICQoLDA0ODx", key), BASE64_CANONICAL);
    check_bytes(key, sizeof key, untouched, sizeof untouched);
}

static void every_character_in_every_place(void **state)
{
    (void)state;
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t place = 0; place < KEY_CHARS; place++) {
        for (unsigned c = 0; c < 256; c++) {
            char chars[KEY_CHARS + 1] = "AAAAAAAAAAAAAAAAAAAAAA", again[KEY_CHARS + 1];
            uint8_t key[KEY_BYTES];
            chars[place] = (char)c;
            const char *at = c ? strchr(alphabet, (int)c) : NULL;
            int want = !at                                              ? BASE64_ALPHABET
                       : place == KEY_CHARS - 1 && (at - alphabet) % 16 ? BASE64_CANONICAL
                                                                        : 0;
            assert_int_equal(base64_decode_key(chars, KEY_CHARS, key), want);
            if (want == 0) {
                base64_encode_key(key, again);
                assert_string_equal(again, chars);
            }
        }
    }
}

static void random_keys_survive_the_round_trip(void **state)
{
    (void)state;
    struct rng rng = {1};
    for (int i = 0; i < 10000; i++) {
        uint8_t key[KEY_BYTES], back[KEY_BYTES];
        char chars[KEY_CHARS + 1];
        rng_fill(&rng, key, sizeof key);
        base64_encode_key(key, chars);
        assert_int_equal(decode(chars, back), 0);
        check_bytes(back, sizeof back, key, sizeof key);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_key),
        cmocka_unit_test(R47_what_is_no_key),
        cmocka_unit_test(every_character_in_every_place),
        cmocka_unit_test(random_keys_survive_the_round_trip),
    };
    return cmocka_run_group_tests_name("base64", tests, NULL, NULL);
}
