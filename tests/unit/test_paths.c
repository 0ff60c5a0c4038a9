/* SPDX-License-Identifier: GPL-3.0-or-later */

/* S09: who has not proved to be the client's new address gets little. */

#include "../lib/unit.h"

#include "transport/paths.h"

#define DATAGRAM 1252
#define PAYLOAD  80 /* of what a client sends */

static struct paths p;
static msec_t now;
static uint64_t sent_num, acked_num;

static int setup(void **state)
{
    (void)state;
    p = (struct paths){0};
    now = 100000;
    sent_num = acked_num = 0;
    return 0;
}

static struct path_address address(char name)
{
    return (struct path_address){.bytes = {(uint8_t)name}, .len = 1};
}

static enum paths_change hear_answer(char name, bool answered)
{
    const struct path_address from = address(name);
    const struct path_arrival a = {
        .from = &from,
        .bytes = PAYLOAD,
        .sent_num = sent_num,
        .acked_num = acked_num,
        .answered = answered,
    };

    return paths_heard(&p, now, &a);
}

static enum paths_change hear(char name)
{
    return hear_answer(name, false);
}

static bool is_at(char name)
{
    const struct path_address want = address(name), *is = paths_current(&p);

    return is && is->len == want.len && memcmp(is->bytes, want.bytes, is->len) == 0;
}

/* How many bytes go there at once, of as much as one could wish. */
static size_t pour(void)
{
    size_t bytes = 0;

    for (int i = 0; i < 1000; i++) {
        size_t len = paths_room(&p);
        if (len == 0)
            break;
        if (len > DATAGRAM)
            len = DATAGRAM;
        paths_sent(&p, len);
        bytes += len;
    }
    return bytes;
}

#define EVERYTHING ((size_t)1000 * DATAGRAM)

static void nobody_gets_nothing(void **state)
{
    (void)state;
    assert_null(paths_current(&p));
    assert_int_equal(paths_room(&p), 0);
    assert_false(paths_confirmed(&p));
}

/* An address that is the beginning of another one is another one. */
static void lengths_of_addresses_count(void **state)
{
    const struct path_address one = {.bytes = "a", .len = 1}, other = {.bytes = "ab", .len = 2};
    struct path_arrival a = {.from = &one, .bytes = PAYLOAD};

    (void)state;
    assert_int_equal(paths_heard(&p, now, &a), PATHS_FIRST);
    a.from = &other;
    assert_int_equal(paths_heard(&p, now, &a), PATHS_MOVED);
    assert_int_equal(paths_current(&p)->len, 2);
}

static void first_contact_is_limited_too(void **state)
{
    (void)state;
    assert_int_equal(hear('a'), PATHS_FIRST);
    assert_true(is_at('a'));
    sent_num = 1;
    assert_int_equal(pour(), PATHS_UNCONFIRMED_DATAGRAMS * DATAGRAM);
    acked_num = 1;
    assert_int_equal(hear('a'), PATHS_OPENED);
    assert_int_equal(pour(), EVERYTHING);
    assert_int_equal(hear('a'), PATHS_SAME);
}

/* A client at 'a', known to be there, with five states sent and acknowledged. */
static void settle_at_a(void)
{
    hear('a');
    assert_false(paths_confirmed(&p));
    sent_num = acked_num = 5;
    now += 1000;
    hear('a');
    assert_true(paths_confirmed(&p));
    assert_int_equal(pour(), EVERYTHING);
}

/* One datagram that was sent on from elsewhere draws no more than 13 kB there. */
static void one_relayed_datagram_draws_little(void **state)
{
    (void)state;
    settle_at_a();
    assert_int_equal(hear('v'), PATHS_MOVED);
    size_t bytes = pour();
    for (int i = 0; i < 1000; i++) {
        now += 1000;
        bytes += pour();
    }
    assert_true(bytes > 10000 && bytes <= 13000);
}

/* The client, which is still where it was, has what it needs when it is heard again. */
static void the_old_path_stays_usable(void **state)
{
    (void)state;
    settle_at_a();
    hear('v');
    pour();
    now += 3000;
    assert_int_equal(hear('a'), PATHS_MOVED);
    assert_int_equal(pour(), EVERYTHING);
}

/* What was sent to the old address may be acknowledged from the new one, by the client or by
   whoever sends it on. That is no proof. */
static void what_the_old_path_carried_proves_nothing(void **state)
{
    (void)state;
    settle_at_a();
    sent_num = 9;
    assert_int_equal(hear('v'), PATHS_MOVED);
    acked_num = 9;
    assert_int_equal(hear('v'), PATHS_SAME);
    assert_true(pour() < 13000);
    sent_num = 10;
    assert_int_equal(hear('v'), PATHS_SAME);
    acked_num = 10;
    assert_int_equal(hear('v'), PATHS_OPENED);
    assert_int_equal(pour(), EVERYTHING);
}

/* Nor does it if the client was at the new address before, and the proof would be from then. */
static void a_former_stay_proves_nothing(void **state)
{
    (void)state;
    settle_at_a();
    hear('v');
    sent_num = 6;
    hear('a');
    sent_num = 7; /* this one went to 'a' */
    hear('v');
    acked_num = 7;
    assert_int_equal(hear('v'), PATHS_SAME);
    pour();
    assert_int_equal(hear('v'), PATHS_SAME);
    pour();
    assert_int_equal(paths_room(&p), 0);
    assert_false(paths_confirmed(&p));
}

static void the_answer_to_a_challenge_confirms(void **state)
{
    (void)state;
    settle_at_a();
    hear('b');
    pour();
    assert_int_equal(hear_answer('b', true), PATHS_OPENED);
    assert_int_equal(pour(), EVERYTHING);
    /* but not one that was for the place that it comes from no more */
    assert_int_equal(hear_answer('c', true), PATHS_MOVED);
    assert_true(pour() < 13000);
}

/* A client of which the first ten datagrams were lost is answered all the same. */
static void S09_what_was_lost_is_not_held_against_a_client(void **state)
{
    (void)state;
    settle_at_a();
    hear('b');
    pour();
    for (int i = 0; i < 5; i++) {
        hear('b');
        assert_true(paths_room(&p) >= PATHS_UNCONFIRMED_FACTOR * PAYLOAD);
        pour();
        assert_int_equal(paths_room(&p), 0);
    }
}

/* What comes from there raises the limit, but never by more than three times as much. */
static void the_limit_follows_what_comes(void **state)
{
    size_t bytes;

    (void)state;
    settle_at_a();
    hear('v');
    bytes = pour();
    for (int i = 1; i < 2000; i++) {
        hear('v');
        bytes += pour();
        assert_true(bytes <= 13000 + PATHS_UNCONFIRMED_FACTOR * PAYLOAD * (size_t)(i + 1));
    }
    assert_true(bytes > 400000);
}

static void trust_does_not_last_for_ever(void **state)
{
    (void)state;
    settle_at_a();
    hear('b');
    sent_num = acked_num = 6;
    hear('b');
    now += PATHS_TRUST_MS;
    assert_int_equal(hear('a'), PATHS_MOVED);
    assert_int_equal(pour(), EVERYTHING);
    now += PATHS_TRUST_MS + 1;
    hear('b');
    assert_true(pour() < 13000);
    /* the one in use, too: others may have it by now */
    sent_num = acked_num = 7;
    hear('b');
    assert_int_equal(pour(), EVERYTHING);
    now += PATHS_TRUST_MS + 1;
    assert_int_equal(hear('b'), PATHS_MOVED);
    assert_true(pour() < 13000);
}

static void the_longest_left_is_forgotten(void **state)
{
    (void)state;
    for (char name = 'a'; name < 'a' + PATHS_MAX + 1; name++) {
        hear(name);
        sent_num++;
        acked_num = sent_num;
        hear(name);
    }
    assert_int_equal(p.count, PATHS_MAX);
    hear('a');
    assert_true(pour() < 13000);
    hear('c');
    assert_int_equal(pour(), EVERYTHING);
}

/*
 * Against a model that knows, for each address, what the peer surely received there: whoever is
 * poured into has proved it, and in between no address gets more than it may.
 */
static void random_walks(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3000; seed++) {
        struct rng rng = {seed};
        uint64_t sent_first_at[4096] = {
            0};                    /* state number -> address, at which it was sent first */
        uint64_t budget[26] = {0}; /* bytes sent to an address since it last proved itself */
        uint64_t came[26] = {0};
        bool proved[26] = {0};
        size_t at = 0, steps = 200;

        setup(NULL);
        for (size_t i = 0; i < steps; i++) {
            now += rng_below(&rng, 2000);
            if (rng_below(&rng, 3) == 0)
                at = rng_below(&rng, 4);
            if (sent_num > acked_num && rng_below(&rng, 2))
                acked_num += 1 + rng_below(&rng, (size_t)(sent_num - acked_num));
            /* The peer has the state, so it is wherever that was sent. */
            bool moved = !is_at((char)('a' + at));
            hear((char)('a' + at));
            came[at] += PAYLOAD;
            assert_true(is_at((char)('a' + at)));
            for (uint64_t n = 1; n <= acked_num && !moved; n++)
                proved[sent_first_at[n]] = true;
            for (size_t k = rng_below(&rng, 30); k > 0; k--) {
                bool fresh = rng_below(&rng, 2);
                if (fresh && sent_num < 4095)
                    sent_first_at[++sent_num] = at;
                size_t len = paths_room(&p);
                if (len == 0)
                    continue;
                if (len > DATAGRAM)
                    len = DATAGRAM;
                paths_sent(&p, len);
                budget[at] += len;
                if (!proved[at])
                    assert_true(budget[at] <= 13000 + 3 * came[at]);
            }
        }
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
    const struct CMUnitTest tests[] = {
        TEST(nobody_gets_nothing),
        TEST(lengths_of_addresses_count),
        TEST(first_contact_is_limited_too),
        TEST(one_relayed_datagram_draws_little),
        TEST(the_old_path_stays_usable),
        TEST(what_the_old_path_carried_proves_nothing),
        TEST(a_former_stay_proves_nothing),
        TEST(the_answer_to_a_challenge_confirms),
        TEST(S09_what_was_lost_is_not_held_against_a_client),
        TEST(the_limit_follows_what_comes),
        TEST(trust_does_not_last_for_ever),
        TEST(the_longest_left_is_forgotten),
        TEST(random_walks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
