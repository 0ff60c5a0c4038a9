/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/messages.h"

#include "statesync/profile.h"

#define ROUNDS 20000

static bool profile_same(const struct profile *a, const struct profile *b)
{
    return a->features == b->features && a->abilities == b->abilities &&
           a->width_version == b->width_version && a->colours == b->colours &&
           a->foreground == b->foreground && a->background == b->background &&
           a->cursor == b->cursor && memcmp(a->palette, b->palette, sizeof a->palette) == 0 &&
           a->cell_width == b->cell_width && a->cell_height == b->cell_height &&
           a->scheme == b->scheme && strcmp(a->name, b->name) == 0;
}

static uint32_t random_colour(struct rng *rng)
{
    return rng_below(rng, 3) ? (uint32_t)rng_below(rng, 1 << 24) : PROFILE_NO_COLOUR;
}

static struct profile random_profile(struct rng *rng)
{
    static const uint32_t colours[] = {0, 8, 16, 256, PROFILE_COLOURS_MAX};
    struct profile p = profile_silent;
    size_t name_len = rng_below(rng, PROFILE_NAME_BYTES);
    size_t palette_len = rng_below(rng, PROFILE_PALETTE + 1);

    p.features = (uint32_t)rng_next(rng) >> rng_below(rng, 32);
    p.abilities = (uint32_t)rng_next(rng) >> rng_below(rng, 32);
    p.width_version = (uint32_t)rng_below(rng, 5);
    p.colours = colours[rng_below(rng, 5)];
    p.foreground = random_colour(rng);
    p.background = random_colour(rng);
    p.cursor = random_colour(rng);
    for (size_t i = 0; i < palette_len; i++)
        p.palette[i] = (uint32_t)rng_below(rng, 1 << 24);
    if (rng_below(rng, 2)) {
        p.cell_width = (uint16_t)(1 + rng_below(rng, PROFILE_PIXELS_MAX));
        p.cell_height = (uint16_t)(1 + rng_below(rng, PROFILE_PIXELS_MAX));
    }
    p.scheme = (enum profile_scheme)rng_below(rng, 3);
    for (size_t i = 0; i < name_len; i++)
        p.name[i] = (char)(0x20 + rng_below(rng, 95));
    return p;
}

static void what_is_said_is_understood(void **state)
{
    (void)state;
    struct rng rng = {7};
    struct buf bytes = {0};

    for (int i = 0; i < ROUNDS; i++) {
        struct profile said = random_profile(&rng), heard = profile_silent;
        buf_clear(&bytes);
        profile_encode(&said, &bytes);
        assert_true(bytes.len <= PROFILE_BYTES_MAX);
        assert_int_equal(profile_decode(bytes.data, bytes.len, &heard), 0);
        assert_true(profile_same(&said, &heard));
    }
    buf_release(&bytes);
}

static void nothing_said_is_silence(void **state)
{
    (void)state;
    struct profile heard = {.features = 9};

    assert_int_equal(profile_decode(NULL, 0, &heard), 0);
    assert_true(profile_same(&heard, &profile_silent));
}

/* Decodes hexadecimal over a silent profile. */
static int decode_hex(const char *hex, struct profile *p)
{
    uint8_t bytes[256];
    size_t len = unhex(hex, bytes);

    return profile_decode(bytes, len, p);
}

static void what_cannot_be_is_unknown(void **state)
{
    (void)state;
    static const char *const impossible[] = {
        "2009",               /* nine colours */
        "2081808008",         /* one more than 1 << 24 */
        "20ffffff07",         /* and one less */
        "28ffffffff0f",       /* colours of more than 24 bits */
        "3080808008",         /* the same: 1 << 24 */
        "4800 5010",          /* a cell without width */
        "4880800450 80800 4", /* one of 65536 pixels */
        "48ffff0350808004",   /* of so many lines */
        "4880800450ffff03",   /* and of so many columns */
        "4808",               /* a width without a height */
        "5803",               /* a scheme that there is not */
        "6201 07",            /* control characters in a name */
        "6202 c3a4",          /* letters beyond ASCII */
    };

    for (size_t i = 0; i < sizeof impossible / sizeof *impossible; i++) {
        struct profile p = {0};
        assert_int_equal(decode_hex(impossible[i], &p), 0);
        assert_true(profile_same(&p, &profile_silent));
    }
}

static void names_are_whole_or_not_there(void **state)
{
    (void)state;
    uint8_t bytes[2 + PROFILE_NAME_BYTES] = {0x62, PROFILE_NAME_BYTES};
    struct profile p;

    memset(bytes + 2, 'n', PROFILE_NAME_BYTES);
    assert_int_equal(profile_decode(bytes, sizeof bytes, &p), 0);
    assert_string_equal(p.name, "");
    bytes[1] = PROFILE_NAME_BYTES - 1;
    assert_int_equal(profile_decode(bytes, sizeof bytes - 1, &p), 0);
    assert_int_equal(strlen(p.name), PROFILE_NAME_BYTES - 1);
}

static void others_bits_and_fields_do_no_harm(void **state)
{
    (void)state;
    struct profile p = {0};

    assert_int_equal(decode_hex("08ffffffff0f c23e 02 0801 20 08", &p), 0);
    assert_int_equal(p.features, UINT32_MAX);
    assert_int_equal(p.colours, 8);
}

static void too_long_is_refused(void **state)
{
    (void)state;
    static const uint8_t zeros[PROFILE_BYTES_MAX + 1];
    struct profile p = {.features = 3};

    assert_int_equal(profile_decode(zeros, sizeof zeros, &p), ERR_LIMIT);
    assert_int_equal(p.features, 3);

    struct buf bytes = {0};
    put_unknown(&bytes, PROFILE_BYTES_MAX);
    assert_int_equal(profile_decode(bytes.data, bytes.len, &p), 0);
    buf_release(&bytes);
}

static void a_cell_may_be_small_and_large(void **state)
{
    (void)state;
    struct profile p;

    assert_int_equal(decode_hex("48015001", &p), 0);
    assert_true(p.cell_width == 1 && p.cell_height == 1);
    assert_int_equal(decode_hex("48ffff0350ffff03", &p), 0);
    assert_true(p.cell_width == PROFILE_PIXELS_MAX && p.cell_height == PROFILE_PIXELS_MAX);
}

/* Whatever comes ends in a profile within the limits, or in an error that leaves all as it
   was. */
static void S16_mutated_profiles_are_bounded(void **state)
{
    (void)state;
    struct rng rng = {8};
    struct buf bytes = {0};
    size_t good = 0;

    for (int i = 0; i < ROUNDS; i++) {
        struct profile said = random_profile(&rng), heard = {.features = 77};
        buf_clear(&bytes);
        profile_encode(&said, &bytes);
        for (size_t n = rng_below(&rng, 4); n > 0 && bytes.len > 0; n--)
            bytes.data[rng_below(&rng, bytes.len)] = (uint8_t)rng_next(&rng);
        bytes.len -= rng_below(&rng, 4) ? 0 : rng_below(&rng, bytes.len + 1);
        int result = profile_decode(bytes.data, bytes.len, &heard);
        if (result != 0) {
            assert_in_set(result,
                          ((LargestIntegralType[]){(LargestIntegralType)ERR_MALFORMED,
                                                   (LargestIntegralType)ERR_LIMIT}),
                          2);
            assert_int_equal(heard.features, 77);
            continue;
        }
        good++;
        assert_true(heard.colours <= PROFILE_COLOURS_MAX && heard.scheme <= SCHEME_LIGHT);
        assert_true(memchr(heard.name, 0, sizeof heard.name) != NULL);
        assert_true((heard.cell_width == 0) == (heard.cell_height == 0));
        for (size_t k = 0; k < PROFILE_PALETTE; k++)
            assert_true(heard.palette[k] <= 0xFFFFFF || heard.palette[k] == PROFILE_NO_COLOUR);
    }
    assert_in_range(good, ROUNDS / 10, ROUNDS - ROUNDS / 10);
    buf_release(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_said_is_understood),
        cmocka_unit_test(nothing_said_is_silence),
        cmocka_unit_test(what_cannot_be_is_unknown),
        cmocka_unit_test(names_are_whole_or_not_there),
        cmocka_unit_test(others_bits_and_fields_do_no_harm),
        cmocka_unit_test(too_long_is_refused),
        cmocka_unit_test(a_cell_may_be_small_and_large),
        cmocka_unit_test(S16_mutated_profiles_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
