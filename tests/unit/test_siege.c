/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What anybody, who has not the key, can throw at either end. The linker gives the
 * functions below to who calls those of OpenSSL (--wrap): they count how often that is, and can be
 * made to take everything for authentic.
 */

#include "../lib/pair.h"
#include "../lib/textlog.h"

#include <openssl/evp.h>

#define DATAGRAM_BYTES_MIN 38 /* nonce, timestamps, header of a fragment, tag */

static uint64_t calls;
static bool all_is_authentic;

#define WRAPPED(name) __typeof__(name) __wrap_##name, __real_##name
WRAPPED(EVP_DecryptInit_ex);
WRAPPED(EVP_DecryptUpdate);
WRAPPED(EVP_DecryptFinal_ex);

int __wrap_EVP_DecryptInit_ex(EVP_CIPHER_CTX *ctx, const EVP_CIPHER *cipher, ENGINE *impl,
                              const unsigned char *key, const unsigned char *iv)
{
    calls++;
    return __real_EVP_DecryptInit_ex(ctx, cipher, impl, key, iv);
}

int __wrap_EVP_DecryptUpdate(EVP_CIPHER_CTX *ctx, unsigned char *out, int *outl,
                             const unsigned char *in, int inl)
{
    calls++;
    return __real_EVP_DecryptUpdate(ctx, out, outl, in, inl);
}

int __wrap_EVP_DecryptFinal_ex(EVP_CIPHER_CTX *ctx, unsigned char *outm, int *outl)
{
    int result = __real_EVP_DecryptFinal_ex(ctx, outm, outl);

    calls++;
    return all_is_authentic ? 1 : result;
}

static const struct link_profile near = {.name = "near", .delay_ms = 10};

static struct pair p;

static int setup(void **state)
{
    (void)state;
    pair_init(&p, 1, &near);
    pair_run_for(&p, 5000);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    all_is_authentic = false;
    pair_release(&p);
    return 0;
}

/* All of a transport that anybody could see, but for the count of what was dropped. */
struct view {
    struct transport_stats stats;
    uint64_t remote_num, acked_num, sent_num, next_sequence;
    msec_t heard, srtt, deadline;
};

static struct view look(enum side side)
{
    struct transport *t = p.side[side].transport;
    struct view v;

    memset(&v, 0, sizeof v);
    v.stats = *transport_get_stats(t);
    v.stats.dropped_unauthentic = 0;
    v.remote_num = transport_remote_num(t);
    v.acked_num = transport_acked_num(t);
    v.sent_num = transport_sent_num(t);
    v.next_sequence = seal_next_sequence(transport_seal(t));
    v.heard = transport_heard_time(t);
    v.srtt = transport_srtt_ms(t);
    v.deadline = transport_deadline(t, p.now);
    return v;
}

static void check_silent(enum side side, const struct view *before)
{
    struct view after = look(side);
    struct buf datagram = {0};

    assert_memory_equal(&after, before, sizeof after);
    assert_false(transport_pull(p.side[side].transport, &datagram));
    buf_release(&datagram);
}

/* A datagram that the side would send now. */
static void take_datagram(enum side side, struct buf *out)
{
    struct transport *t = p.side[side].transport;

    textlog_append(transport_local(t), (const uint8_t *)"ab", 2);
    transport_tick(t, p.now);
    for (int i = 0; i < 100 && !transport_pull(t, out); i++)
        transport_tick(t, p.now += 10);
    assert_true(out->len >= DATAGRAM_BYTES_MIN);
}

/* Both go on, over a network without faults; what they say is not checked here. */
static void go_on(msec_t span)
{
    struct transport_event event;
    struct buf datagram = {0};

    for (msec_t end = p.now + span; p.now < end; p.now += 10) {
        for (enum side side = CLIENT; side <= SERVER; side++) {
            transport_tick(p.side[side].transport, p.now);
            while (transport_pull(p.side[side].transport, &datagram))
                (void)transport_recv(p.side[1 - side].transport, p.now, datagram.data, datagram.len,
                                     false, &event);
        }
    }
    buf_release(&datagram);
}

/* Random bytes of every length that UDP has, and good datagrams with changes. */
static void S01_nothing_unauthentic_changes_or_answers(void **state)
{
    (void)state;
    static uint8_t junk[65507];
    const size_t count = quick_or_long(20000, 1000000) / 2;
    struct rng rng = {1};

    for (enum side side = CLIENT; side <= SERVER; side++) {
        struct transport *t = p.side[side].transport;
        struct transport_event event;
        struct buf good = {0};
        take_datagram(1 - side, &good);
        const struct view before = look(side);
        const uint64_t drops = transport_get_stats(t)->dropped_unauthentic;
        rng_fill(&rng, junk, sizeof junk);
        for (size_t i = 0; i < count; i++) {
            size_t len = i % 4 ? rng_below(&rng, 2100) : rng_below(&rng, sizeof junk + 1);
            rng_fill(&rng, junk, len < 48 ? len : 48);
            if (i % 2) { /* somebody's own */
                len = good.len;
                memcpy(junk, good.data, len);
                for (size_t n = 1 + rng_below(&rng, 3); n > 0; n--)
                    junk[rng_below(&rng, len)] ^= (uint8_t)(1 + rng_below(&rng, 255));
                if (memcmp(junk, good.data, len) == 0)
                    len--;
                else if (rng_below(&rng, 2))
                    len -= rng_below(&rng, len);
            }
            assert_int_equal(transport_recv(t, p.now, junk, len, i & 1, &event), ERR_AUTH);
            assert_false(event.newest || event.new_state || event.acked);
        }
        check_silent(side, &before);
        assert_int_equal(transport_get_stats(t)->dropped_unauthentic - drops, count);
        buf_release(&good);
    }
    print_message("# figure S01: %zu datagrams, 0 answers, 0 changes\n", 2 * count);
}

/* The cipher takes everything for authentic, and is not asked. */
static void S02_short_datagrams_never_reach_the_cipher(void **state)
{
    (void)state;
    struct rng rng = {2};
    uint8_t junk[DATAGRAM_BYTES_MIN];
    struct transport_event event;

    all_is_authentic = true;
    for (enum side side = CLIENT; side <= SERVER; side++) {
        struct transport *t = p.side[side].transport;
        const struct view before = look(side);
        calls = 0;
        for (size_t i = 0; i < 3800; i++) {
            rng_fill(&rng, junk, sizeof junk);
            junk[0] = side == CLIENT ? 0x80 : 0;
            assert_int_equal(transport_recv(t, p.now, junk, i % DATAGRAM_BYTES_MIN, false, &event),
                             ERR_AUTH);
        }
        check_silent(side, &before);
        assert_int_equal(calls, 0);
        (void)transport_recv(t, p.now, junk, sizeof junk, false, &event);
        assert_true(calls > 0); /* one byte more, and it is asked */
    }
}

/* Nor do those that are too long. */
static void S03_long_datagrams_never_reach_the_cipher(void **state)
{
    (void)state;
    static uint8_t junk[65507];
    static const size_t lengths[] = {2049, 4096, sizeof junk};
    struct transport_event event;

    all_is_authentic = true;
    for (enum side side = CLIENT; side <= SERVER; side++) {
        const struct view before = look(side);
        calls = 0;
        junk[0] = side == CLIENT ? 0x80 : 0;
        for (size_t i = 0; i < 300; i++)
            assert_int_equal(
                transport_recv(p.side[side].transport, p.now, junk, lengths[i % 3], false, &event),
                ERR_AUTH);
        check_silent(side, &before);
        assert_int_equal(calls, 0);
    }
}

/* Who recorded a datagram and sends it again and again draws nothing. */
static void S06_replays_have_no_effect(void **state)
{
    (void)state;
    const size_t count = quick_or_long(10000, 1000000);

    for (enum side side = CLIENT; side <= SERVER; side++) {
        struct transport *t = p.side[side].transport;
        struct transport_event event;
        struct buf good = {0};
        take_datagram(1 - side, &good);
        assert_int_equal(transport_recv(t, p.now, good.data, good.len, false, &event), 0);
        go_on(5000);
        const struct view before = look(side);
        struct transport_stats dropped = *transport_get_stats(t);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(transport_recv(t, p.now, good.data, good.len, false, &event),
                             ERR_REPLAY);
            assert_false(event.newest || event.new_state || event.acked);
        }
        struct view after = look(side);
        assert_int_equal(after.stats.dropped_replayed - dropped.dropped_replayed, count);
        after.stats.dropped_replayed = dropped.dropped_replayed;
        assert_memory_equal(&after, &before, sizeof after);
        buf_release(&good);
    }
    print_message("# figure S06: %zu replays, 0 datagrams drawn\n", 2 * count);
}

/* Somebody on the way sends back whatever passes. */
static void S07_reflected_datagrams_are_refused(void **state)
{
    (void)state;
    const size_t count = quick_or_long(10000, 100000);
    size_t reflected = 0;

    for (enum side side = CLIENT; reflected < count; side = 1 - side) {
        struct transport *t = p.side[side].transport;
        struct transport_event event;
        struct buf own = {0};
        take_datagram(side, &own);
        const struct view before = look(side);
        for (int i = 0; i < 10; i++, reflected++) {
            assert_int_equal(transport_recv(t, p.now, own.data, own.len, false, &event), ERR_AUTH);
            assert_false(event.newest || event.new_state || event.acked);
        }
        check_silent(side, &before);
        assert_int_equal(
            transport_recv(p.side[1 - side].transport, p.now, own.data, own.len, false, &event), 0);
        buf_release(&own);
    }
    print_message("# figure S07: %zu reflected, 0 accepted\n", reflected);
}

/* What the same key typed again and again looks like from outside: 17 lengths, none of them common.
 */
static void S30_lengths_are_blurred(void **state)
{
    (void)state;
    enum { COUNT = 3000, LENGTHS = 17 };
    size_t histogram[256] = {0}, distinct = 0, most = 0;

    for (size_t i = 0; i < COUNT; i++) {
        struct transport_event event;
        struct buf datagram = {0};
        take_datagram(CLIENT, &datagram);
        assert_true(datagram.len < 256);
        histogram[datagram.len]++;
        assert_int_equal(transport_recv(p.side[SERVER].transport, p.now, datagram.data,
                                        datagram.len, false, &event),
                         0);
        go_on(300); /* it is acknowledged, so that the next one is like it */
        buf_release(&datagram);
    }
    for (size_t len = 0; len < 256; len++) {
        distinct += histogram[len] > COUNT / LENGTHS / 2;
        most = histogram[len] > most ? histogram[len] : most;
    }
    assert_in_range(distinct, LENGTHS - 2, LENGTHS + 4);
    assert_true(most < COUNT / 8);
    print_message("# figure S30: %zu lengths, the commonest of %zu %% of the datagrams\n", distinct,
                  most * 100 / COUNT);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(S01_nothing_unauthentic_changes_or_answers),
        TEST(S02_short_datagrams_never_reach_the_cipher),
        TEST(S03_long_datagrams_never_reach_the_cipher),
        TEST(S06_replays_have_no_effect),
        TEST(S07_reflected_datagrams_are_refused),
        TEST(S30_lengths_are_blurred),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
