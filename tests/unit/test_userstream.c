/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "statesync/lines.h"
#include "statesync/profile.h"
#include "statesync/userstream.h"
#include "wire/usermsg.h"

#define OPS userstream_ops

static void put(struct userstream *u, const char *keys)
{
    userstream_put_keys(u, (const uint8_t *)keys, strlen(keys));
}

static int apply(struct userstream *u, const struct buf *diff)
{
    return OPS.apply(u, diff->data, diff->len);
}

static void write_keys(void *context, const uint8_t *keys, size_t len)
{
    buf_append_str(context, "'");
    buf_append(context, keys, len);
    buf_append_str(context, "'");
}

static void write_resize(void *context, size_t rows, size_t cols)
{
    buf_append_str(context, "[");
    buf_append_dec(context, rows);
    buf_append_str(context, "x");
    buf_append_dec(context, cols);
    buf_append_str(context, "]");
}

static void write_profile(void *context, const uint8_t *profile, size_t len)
{
    buf_append_str(context, "<");
    buf_append(context, profile, len);
    buf_append_str(context, ">");
}

static void write_request(void *context, const uint8_t *request, size_t len)
{
    buf_append_str(context, "(");
    buf_append(context, request, len);
    buf_append_str(context, ")");
}

/* The items from `from` on, as 'text', [rowsxcols], <profile> and (request). */
static void check_items(const struct userstream *u, uint64_t from, const char *want)
{
    static const struct userstream_visitor visitor = {
        .keys = write_keys,
        .resize = write_resize,
        .profile = write_profile,
        .request = write_request,
    };
    struct buf got = {0};

    userstream_walk(u, from, &visitor, &got);
    buf_append_byte(&got, 0);
    assert_string_equal((const char *)got.data, want);
    buf_release(&got);
}

static void difference_is_the_stretch_between(void **state)
{
    (void)state;
    struct userstream *u = userstream_new(), *zero = OPS.clone(u);
    struct buf diff = {0};

    OPS.diff(zero, u, &diff);
    assert_int_equal(diff.len, 0);
    userstream_put_resize(u, 24, 80);
    put(u, "l");
    put(u, "s");
    OPS.diff(zero, u, &diff);
    check_hex(diff.data, diff.len, "0a06 1a04 2850 3018 0a06 1204 2202 6c73");
    struct userstream *ls = OPS.clone(u);
    assert_true(OPS.equal(ls, u));
    put(u, "x");
    assert_false(OPS.equal(ls, u));
    buf_clear(&diff);
    OPS.diff(ls, u, &diff);
    check_hex(diff.data, diff.len, "0a05 1203 2201 78");
    buf_release(&diff);
    OPS.free(zero);
    OPS.free(ls);
    OPS.free(u);
}

static void peer_gets_the_same_items(void **state)
{
    (void)state;
    struct userstream *u = userstream_new(), *zero = OPS.clone(u), *mirror = userstream_new();
    struct buf diff = {0};

    put(u, "ab");
    userstream_put_resize(u, 30, 100);
    put(u, "c");
    OPS.diff(zero, u, &diff);
    assert_int_equal(apply(mirror, &diff), 0);
    assert_int_equal(userstream_end(mirror), 4);
    assert_int_equal(userstream_bytes_since(mirror, 0), 3);
    assert_int_equal(userstream_bytes_since(mirror, 1), 2);
    assert_int_equal(userstream_bytes_since(mirror, 2), 1);
    assert_int_equal(userstream_bytes_since(mirror, 9), 0);
    check_items(mirror, 0, "'ab'[30x100]'c'");
    check_items(mirror, 1, "'b'[30x100]'c'");
    check_items(mirror, 3, "'c'");
    check_items(mirror, 4, "");
    check_items(mirror, 77, "");
    buf_release(&diff);
    OPS.free(zero);
    OPS.free(u);
    OPS.free(mirror);
}

/* One stretch has one text, whichever state a difference is based on. */
static void S17_second_text_for_a_stretch_is_refused(void **state)
{
    (void)state;
    struct userstream *zero = userstream_new(), *first = OPS.clone(zero), *other;
    struct buf abc = {0}, abd = {0}, abcd = {0}, resize = {0}, ab_resize = {0}, other_size = {0};

    usermsg_put_keys(&abc, (const uint8_t *)"abc", 3);
    usermsg_put_keys(&abd, (const uint8_t *)"abd", 3);
    usermsg_put_keys(&abcd, (const uint8_t *)"abcd", 4);
    usermsg_put_resize(&resize, 80, 24);
    usermsg_put_keys(&ab_resize, (const uint8_t *)"ab", 2);
    usermsg_put_resize(&ab_resize, 80, 24);
    usermsg_put_resize(&other_size, 81, 24);
    assert_int_equal(apply(first, &abc), 0);
    const struct buf *refused[] = {&abd, &resize, &ab_resize};
    for (size_t i = 0; i < 3; i++) {
        other = OPS.clone(zero);
        assert_int_equal(apply(other, refused[i]), ERR_MALFORMED);
        OPS.free(other);
    }
    other = OPS.clone(zero);
    assert_int_equal(apply(other, &abcd), 0);
    check_items(other, 0, "'abcd'");
    check_items(first, 0, "'abc'");

    /* The same for sizes. */
    assert_int_equal(apply(other, &resize), 0);
    struct userstream *again = OPS.clone(zero);
    assert_int_equal(apply(again, &abcd), 0);
    struct userstream *wrong = OPS.clone(again);
    assert_int_equal(apply(wrong, &other_size), ERR_MALFORMED);
    assert_int_equal(apply(again, &resize), 0);
    assert_true(OPS.equal(again, other));

    OPS.free(zero);
    OPS.free(first);
    OPS.free(other);
    OPS.free(again);
    OPS.free(wrong);
    buf_release(&abc);
    buf_release(&abd);
    buf_release(&abcd);
    buf_release(&resize);
    buf_release(&ab_resize);
    buf_release(&other_size);
}

static void malformed_is_refused(void **state)
{
    (void)state;
    struct userstream *u = userstream_new();

    assert_true(OPS.apply(u, (const uint8_t *)"\x0a\x07\x12", 3) < 0);
    assert_int_equal(userstream_end(u), 0);
    OPS.free(u);
}

/* Sizes that no screen can have count as items and are never visited. */
static void R2_S19_impossible_sizes_are_passed_over(void **state)
{
    (void)state;
    static const int32_t sizes[][2] = {
        {0, 0},         {-1, 24},     {80, -1}, {65535, 65535}, {1, 5000},
        {INT32_MAX, 1}, {4096, 4096}, {0, 24},  {80, 0},        {INT32_MIN, INT32_MIN}};
    struct userstream *u = userstream_new();
    struct buf msg = {0};

    usermsg_put_keys(&msg, (const uint8_t *)"a", 1);
    usermsg_put_resize(&msg, 100, 30);
    for (size_t i = 0; i < 10; i++)
        usermsg_put_resize(&msg, sizes[i][0], sizes[i][1]);
    usermsg_put_keys(&msg, (const uint8_t *)"b", 1);
    usermsg_put_resize(&msg, 0, 0);
    assert_int_equal(apply(u, &msg), 0);
    assert_int_equal(userstream_end(u), 14);
    check_items(u, 0, "'a'[30x100]'b'");
    check_items(u, 2, "'b'");
    buf_release(&msg);
    OPS.free(u);
}

static void R38_of_adjacent_resizes_the_last_counts(void **state)
{
    (void)state;
    struct userstream *u = userstream_new();
    struct buf msg = {0};

    usermsg_put_resize(&msg, 1, 2);
    usermsg_put_resize(&msg, 3, 4);
    usermsg_put_keys(&msg, (const uint8_t *)"k", 1);
    usermsg_put_resize(&msg, 5, 6);
    usermsg_put_resize(&msg, 7, 8);
    assert_int_equal(apply(u, &msg), 0);
    check_items(u, 0, "[4x3]'k'[8x7]");
    check_items(u, 4, "[8x7]");
    buf_release(&msg);
    OPS.free(u);
}

/* F29: between two snapshots a storm of resizes is one item; what a snapshot has is final. */
static void unseen_resize_is_replaced(void **state)
{
    (void)state;
    struct userstream *u = userstream_new(), *zero = OPS.clone(u), *mirror = userstream_new();
    struct buf diff = {0};

    for (size_t i = 1; i <= 1000; i++)
        userstream_put_resize(u, i, i);
    assert_int_equal(userstream_end(u), 1);
    struct userstream *seen = OPS.clone(u);
    userstream_put_resize(u, 24, 80);
    userstream_put_resize(u, 25, 80);
    assert_int_equal(userstream_end(u), 2);
    check_items(seen, 0, "[1000x1000]");
    put(u, "k");
    userstream_put_resize(u, 26, 80);
    assert_int_equal(userstream_end(u), 4);
    OPS.diff(zero, u, &diff);
    assert_int_equal(apply(mirror, &diff), 0);
    check_items(mirror, 0, "[25x80]'k'[26x80]");
    buf_release(&diff);
    OPS.free(zero);
    OPS.free(seen);
    OPS.free(u);
    OPS.free(mirror);
}

static void put_profile(struct userstream *u, const char *profile)
{
    userstream_put_profile(u, (const uint8_t *)profile, strlen(profile));
}

static void profiles_travel_in_their_place(void **state)
{
    (void)state;
    struct userstream *u = userstream_new(), *zero = OPS.clone(u), *mirror = userstream_new();
    struct buf diff = {0};

    put_profile(u, "one");
    userstream_put_resize(u, 24, 80);
    put(u, "ab");
    put_profile(u, "two");
    put(u, "c");
    assert_int_equal(userstream_end(u), 6);
    assert_int_equal(userstream_bytes_since(u, 0), 3);
    OPS.diff(zero, u, &diff);
    assert_int_equal(apply(mirror, &diff), 0);
    check_items(mirror, 0, "<one>[24x80]'ab'<two>'c'");
    check_items(mirror, 1, "[24x80]'ab'<two>'c'");
    assert_int_equal(userstream_end(mirror), 6);
    buf_release(&diff);
    OPS.free(zero);
    OPS.free(mirror);
    OPS.free(u);
}

static void unseen_profile_is_replaced(void **state)
{
    (void)state;
    struct userstream *u = userstream_new();

    put_profile(u, "one");
    put_profile(u, "another");
    check_items(u, 0, "<another>");
    struct userstream *seen = OPS.clone(u);
    put_profile(u, "third");
    check_items(u, 0, "<another><third>");
    userstream_put_resize(u, 24, 80); /* a resize takes the place of none, nor is it replaced */
    put_profile(u, "last");
    check_items(u, 0, "<another><third>[24x80]<last>");
    OPS.free(seen);
    OPS.free(u);
}

static void second_profile_for_an_item_is_refused(void **state)
{
    (void)state;
    struct userstream *mirror = userstream_new(), *zero = OPS.clone(mirror);
    struct buf one = {0}, other = {0}, resize = {0}, key = {0}, large = {0};
    uint8_t bytes[PROFILE_BYTES_MAX + 1] = {0};

    usermsg_put_profile(&one, (const uint8_t *)"one", 3);
    usermsg_put_profile(&other, (const uint8_t *)"two", 3);
    usermsg_put_resize(&resize, 80, 24);
    usermsg_put_keys(&key, (const uint8_t *)"k", 1);
    usermsg_put_profile(&large, bytes, sizeof bytes);
    assert_int_equal(apply(mirror, &one), 0);
    const struct buf *refused[] = {&other, &resize, &key};
    for (size_t i = 0; i < 3; i++) {
        struct userstream *u = OPS.clone(zero);
        assert_int_equal(apply(u, refused[i]), ERR_MALFORMED);
        assert_int_equal(apply(u, &one), 0);
        OPS.free(u);
    }
    assert_int_equal(apply(mirror, &large), ERR_LIMIT);
    buf_release(&one);
    buf_release(&other);
    buf_release(&resize);
    buf_release(&key);
    buf_release(&large);
    OPS.free(zero);
    OPS.free(mirror);
}

static void profiles_are_bounded(void **state)
{
    (void)state;
    struct userstream *mirror = userstream_new(), *zero = OPS.clone(mirror);
    uint8_t bytes[PROFILE_BYTES_MAX] = {0};
    struct buf diff = {0};
    size_t taken = 0;

    usermsg_put_profile(&diff, bytes, sizeof bytes);
    while (apply(mirror, &diff) == 0)
        taken++;
    assert_int_equal(taken, USERSTREAM_TEXT_MAX / sizeof bytes);
    /* What everybody has forgotten makes room. */
    OPS.free(zero);
    struct userstream *known = OPS.clone(mirror);
    OPS.subtract(mirror, known);
    OPS.subtract(known, mirror);
    assert_int_equal(apply(mirror, &diff), 0);
    buf_release(&diff);
    OPS.free(known);
    OPS.free(mirror);
}

static void put_request(struct userstream *u, const char *request)
{
    userstream_put_request(u, (const uint8_t *)request, strlen(request));
}

static void requests_travel_in_their_place(void **state)
{
    (void)state;
    struct userstream *u = userstream_new(), *zero = OPS.clone(u), *mirror = userstream_new();
    struct buf diff = {0}, large = {0};
    uint8_t bytes[LINES_REQUEST_BYTES_MAX + 1] = {0};

    put(u, "a");
    put_request(u, "one");
    put_request(u, "two"); /* nobody has heard the first */
    put_profile(u, "three");
    put_request(u, "three");
    put(u, "b");
    OPS.diff(zero, u, &diff);
    assert_int_equal(apply(mirror, &diff), 0);
    check_items(mirror, 0, "'a'(two)<three>(three)'b'");
    assert_int_equal(userstream_bytes_since(mirror, 0), 2);
    /* The same text is not the same item if it is of another kind. */
    struct userstream *late = userstream_new(), *other = OPS.clone(late);
    buf_clear(&diff);
    usermsg_put_keys(&diff, (const uint8_t *)"a", 1);
    usermsg_put_request(&diff, (const uint8_t *)"two", 3);
    assert_int_equal(apply(late, &diff), 0);
    buf_clear(&diff);
    usermsg_put_keys(&diff, (const uint8_t *)"a", 1);
    usermsg_put_profile(&diff, (const uint8_t *)"two", 3);
    assert_int_equal(apply(other, &diff), ERR_MALFORMED);
    usermsg_put_request(&large, bytes, sizeof bytes);
    assert_int_equal(apply(mirror, &large), ERR_LIMIT);
    buf_release(&diff);
    buf_release(&large);
    OPS.free(other);
    OPS.free(late);
    OPS.free(zero);
    OPS.free(mirror);
    OPS.free(u);
}

static void subtracted_items_are_gone(void **state)
{
    (void)state;
    struct userstream *u = userstream_new();
    struct buf diff = {0};

    put(u, "abc");
    struct userstream *known = OPS.clone(u);
    userstream_put_resize(u, 24, 80);
    put(u, "def");
    struct userstream *later = OPS.clone(u);
    OPS.subtract(u, known);
    OPS.subtract(later, known);
    OPS.subtract(known, known);
    assert_int_equal(userstream_start(u), 3);
    assert_int_equal(userstream_end(u), 7);
    assert_int_equal(userstream_bytes_since(u, 0), 3);
    check_items(u, 0, "[24x80]'def'");
    put(u, "g");
    OPS.diff(known, u, &diff);
    check_items(later, 0, "[24x80]'def'");
    struct userstream *mirror = userstream_new();
    assert_int_equal(apply(mirror, &diff), 0);
    check_items(mirror, 0, "[24x80]'defg'");
    buf_release(&diff);
    OPS.free(known);
    OPS.free(later);
    OPS.free(u);
    OPS.free(mirror);
}

/* The log's limit holds for what is not subtracted, and a long session never reaches it. */
static void S20_log_is_bounded_and_trimmed(void **state)
{
    (void)state;
    static uint8_t page[65536];
    struct userstream *u = userstream_new();
    struct buf msg = {0};
    size_t taken = 0;

    usermsg_put_keys(&msg, page, sizeof page);
    while (taken < 1000 && apply(u, &msg) == 0)
        taken++;
    assert_int_equal(taken, USERSTREAM_ITEMS_MAX / sizeof page);
    struct userstream *known = OPS.clone(u);
    OPS.subtract(u, known);
    OPS.subtract(known, known);
    for (taken = 0; taken < 1000; taken++) {
        OPS.free(known);
        known = OPS.clone(u);
        assert_int_equal(apply(u, &msg), 0);
        OPS.subtract(known, known);
        OPS.subtract(u, known);
    }
    assert_int_equal(userstream_bytes_since(u, 0), sizeof page);
    buf_release(&msg);
    OPS.free(known);
    OPS.free(u);
}

/* More at once than there may be in all, which leaves everything as it was. */
static void S20_one_difference_may_be_too_much(void **state)
{
    (void)state;
    struct userstream *u = userstream_new();
    uint8_t *keys = calloc(1, USERSTREAM_ITEMS_MAX + 1);
    struct buf much = {0};

    put(u, "a");
    usermsg_put_keys(&much, keys, USERSTREAM_ITEMS_MAX + 1);
    assert_int_equal(apply(u, &much), ERR_LIMIT);
    check_items(u, 0, "'a'");
    free(keys);
    buf_release(&much);
    OPS.free(u);
}

/* Fills a stream with `message` until it is full, so often, and then there is no room for `more`.
 */
static void check_full(struct buf *message, size_t times, struct buf *more)
{
    struct userstream *u = userstream_new();

    for (size_t i = 0; i < times; i++)
        assert_int_equal(apply(u, message), 0);
    assert_int_equal(apply(u, more), ERR_LIMIT);
    buf_release(message);
    buf_release(more);
    OPS.free(u);
}

/* To the item and to the byte. */
static void S20_as_much_as_there_may_be(void **state)
{
    (void)state;
    uint8_t *bytes = calloc(1, USERSTREAM_ITEMS_MAX);
    struct buf message = {0}, more = {0};

    usermsg_put_keys(&message, bytes, USERSTREAM_ITEMS_MAX);
    usermsg_put_keys(&more, bytes, 1);
    check_full(&message, 1, &more);
    usermsg_put_keys(&message, bytes, USERSTREAM_ITEMS_MAX);
    usermsg_put_resize(&more, 80, 24);
    check_full(&message, 1, &more);
    usermsg_put_resize(&message, 80, 24);
    usermsg_put_resize(&more, 80, 24);
    check_full(&message, USERSTREAM_EVENTS_MAX, &more);
    usermsg_put_profile(&message, bytes, PROFILE_BYTES_MAX);
    usermsg_put_profile(&more, bytes, 1);
    check_full(&message, USERSTREAM_TEXT_MAX / PROFILE_BYTES_MAX, &more);
    usermsg_put_request(&message, bytes, LINES_REQUEST_BYTES_MAX);
    usermsg_put_request(&more, bytes, 1);
    check_full(&message, USERSTREAM_TEXT_MAX / LINES_REQUEST_BYTES_MAX, &more);
    free(bytes);
}

/* What came after a state is none of its business. */
static void later_items_are_not_seen(void **state)
{
    (void)state;
    struct userstream *u = userstream_new(), *zero = OPS.clone(u);
    struct buf diff = {0};

    put(u, "ab");
    struct userstream *then = OPS.clone(u);
    userstream_put_resize(u, 24, 80);
    put(u, "c");
    check_items(then, 0, "'ab'");
    OPS.diff(zero, then, &diff);
    struct userstream *mirror = userstream_new();
    assert_int_equal(apply(mirror, &diff), 0);
    check_items(mirror, 0, "'ab'");
    buf_release(&diff);
    OPS.free(mirror);
    OPS.free(zero);
    OPS.free(then);
    OPS.free(u);
}

static void resizes_are_bounded(void **state)
{
    (void)state;
    struct userstream *u = userstream_new();
    struct buf msg = {0};
    size_t taken = 0;

    for (size_t i = 0; i < 4096; i++)
        usermsg_put_resize(&msg, 80, 24);
    while (taken < 1000 && apply(u, &msg) == 0)
        taken++;
    assert_int_equal(taken, USERSTREAM_EVENTS_MAX / 4096);
    buf_release(&msg);
    OPS.free(u);
}

/* Random growth, differences from random bases, random subtraction: the mirror always has the
   same items as a plain record of them. */
static void mirrors_agree_with_a_plain_record(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct rng rng = {seed};
        struct userstream *u = userstream_new(), *snapshot[20], *mirror[20];
        struct buf record = {0}, diff = {0};

        snapshot[0] = OPS.clone(u);
        mirror[0] = userstream_new();
        for (size_t i = 1; i < 20; i++) {
            char text[16];
            size_t len = rng_below(&rng, sizeof text), base = i - 1 - rng_below(&rng, i);

            for (size_t k = 0; k < len; k++)
                text[k] = (char)('a' + rng_below(&rng, 26));
            userstream_put_keys(u, (const uint8_t *)text, len);
            buf_append(&record, text, len);
            if (base < 5 && i > 10)
                base = 5;
            snapshot[i] = OPS.clone(u);
            buf_clear(&diff);
            OPS.diff(snapshot[base], u, &diff);
            mirror[i] = OPS.clone(mirror[base]);
            assert_int_equal(apply(mirror[i], &diff), 0);
            assert_int_equal(userstream_end(mirror[i]), record.len);
            if (i == 10)
                for (size_t k = 0; k <= i; k++) {
                    OPS.subtract(snapshot[k], snapshot[5]);
                    OPS.subtract(mirror[k], mirror[5]);
                }
        }
        uint64_t from = userstream_end(mirror[5]);
        buf_append_byte(&record, 0);
        buf_clear(&diff);
        buf_append_str(&diff, record.len - 1 > from ? "'" : "");
        buf_append(&diff, record.data + from, record.len - 1 - (size_t)from);
        buf_append_str(&diff, record.len - 1 > from ? "'" : "");
        buf_append_byte(&diff, 0);
        check_items(mirror[19], from, (const char *)diff.data);
        for (size_t i = 0; i < 20; i++) {
            OPS.free(snapshot[i]);
            OPS.free(mirror[i]);
        }
        OPS.free(u);
        buf_release(&record);
        buf_release(&diff);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(difference_is_the_stretch_between),
        cmocka_unit_test(peer_gets_the_same_items),
        cmocka_unit_test(S17_second_text_for_a_stretch_is_refused),
        cmocka_unit_test(malformed_is_refused),
        cmocka_unit_test(R2_S19_impossible_sizes_are_passed_over),
        cmocka_unit_test(R38_of_adjacent_resizes_the_last_counts),
        cmocka_unit_test(unseen_resize_is_replaced),
        cmocka_unit_test(profiles_travel_in_their_place),
        cmocka_unit_test(unseen_profile_is_replaced),
        cmocka_unit_test(second_profile_for_an_item_is_refused),
        cmocka_unit_test(profiles_are_bounded),
        cmocka_unit_test(requests_travel_in_their_place),
        cmocka_unit_test(subtracted_items_are_gone),
        cmocka_unit_test(S20_log_is_bounded_and_trimmed),
        cmocka_unit_test(S20_one_difference_may_be_too_much),
        cmocka_unit_test(S20_as_much_as_there_may_be),
        cmocka_unit_test(later_items_are_not_seen),
        cmocka_unit_test(resizes_are_bounded),
        cmocka_unit_test(mirrors_agree_with_a_plain_record),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
