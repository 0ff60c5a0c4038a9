/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "transport/ways.h"

#define START 100000

static struct ways w;
static struct ways_news news;
static msec_t now;

static void begin(size_t addresses)
{
    now = START;
    ways_init(&w, addresses, now);
    news = (struct ways_news){.heard = MSEC_NEVER, .round_trip = MSEC_NEVER, .waiting = MSEC_NEVER};
}

/* The server is there, and has all that it was sent. */
static void all_is_well(void)
{
    news = (struct ways_news){.heard = now, .round_trip = now, .waiting = MSEC_NEVER};
    ways_settle(&w, &news);
}

static size_t beside(void)
{
    return ways_beside(&w, now, &news);
}

/* --- the port --- */

static void R24_hops_after_ten_seconds_without_a_round_trip(void **state)
{
    (void)state;
    begin(1);
    now += WAYS_HOP_MS;
    assert_false(ways_hop_due(&w, now, &news));
    now++;
    assert_true(ways_hop_due(&w, now, &news));
    ways_hopped(&w, now);
    assert_false(ways_hop_due(&w, now, &news));
    now += WAYS_HOP_MS + 1;
    assert_true(ways_hop_due(&w, now, &news));
    all_is_well();
    assert_false(ways_hop_due(&w, now, &news));
    now += WAYS_HOP_MS + 1;
    assert_true(ways_hop_due(&w, now, &news));
}

static void hops_when_the_network_changes(void **state)
{
    (void)state;
    begin(1);
    now += 1000;
    all_is_well();
    ways_network_changed(&w, now);
    assert_true(ways_hop_due(&w, now, &news));
    ways_hopped(&w, now);
    assert_false(ways_hop_due(&w, now, &news));
}

/* What was on its way before the change says nothing of what is now. */
static void a_change_is_over_when_something_came_back_since(void **state)
{
    (void)state;
    begin(2);
    ways_network_changed(&w, now);
    news.heard = now;
    ways_settle(&w, &news); /* heard, but nothing came back ever */
    assert_true(ways_in_doubt(&w, now, &news));
    news.round_trip = now - 1;
    ways_settle(&w, &news);
    assert_true(ways_in_doubt(&w, now, &news));
    news.round_trip = now;
    ways_settle(&w, &news);
    assert_false(ways_in_doubt(&w, now, &news));
}

/* However often the system says so, a port lasts for a while. */
static void changes_of_the_network_have_a_rate(void **state)
{
    size_t hops = 0;

    (void)state;
    begin(1);
    for (; now < START + 1000; now++) {
        ways_network_changed(&w, now);
        if (ways_hop_due(&w, now, &news)) {
            ways_hopped(&w, now);
            hops++;
        }
    }
    assert_int_equal(hops, 1000 / WAYS_CHANGE_MS - 1);
}

/* --- the address --- */

static void one_address_is_never_in_company(void **state)
{
    (void)state;
    begin(1);
    for (int i = 0; i < 10; i++)
        assert_int_equal(beside(), WAYS_NONE);
    ways_network_changed(&w, now);
    assert_int_equal(beside(), WAYS_NONE);
    ways_heard(&w, now, &news, true, WAYS_NONE);
    assert_int_equal(w.chosen, 0);
}

/* The first address has a head start, then all the others come in. */
static void R35_first_contact_goes_to_all_in_turn(void **state)
{
    (void)state;
    begin(4);
    assert_int_equal(beside(), WAYS_NONE);
    assert_int_equal(beside(), 1);
    assert_int_equal(beside(), 2);
    assert_int_equal(beside(), 3);
    assert_int_equal(beside(), 1);
    ways_heard(&w, now, &news, true, 2);
    all_is_well();
    assert_int_equal(w.chosen, 2);
    assert_int_equal(beside(), WAYS_NONE);
}

static void silence_brings_the_others_in(void **state)
{
    (void)state;
    begin(3);
    ways_heard(&w, now, &news, false, 0);
    all_is_well();
    now += WAYS_SILENT_MS;
    assert_int_equal(beside(), WAYS_NONE);
    now++;
    assert_int_equal(beside(), 1);
    assert_int_equal(beside(), 2);
    assert_int_equal(beside(), 1);
    ways_heard(&w, now, &news, false, 1);
    all_is_well();
    assert_int_equal(w.chosen, 1);
    assert_int_equal(beside(), WAYS_NONE);
    now += WAYS_SILENT_MS + 1;
    assert_int_equal(beside(), 2);
    assert_int_equal(beside(), 0);
}

/* Until something that was sent after it comes back. */
static void a_change_brings_the_others_in(void **state)
{
    (void)state;
    begin(2);
    all_is_well();
    now += 100;
    ways_network_changed(&w, now);
    assert_int_equal(beside(), 1);
    news.heard = now + 20; /* but that was on its way before */
    ways_settle(&w, &news);
    now += 20;
    assert_int_equal(beside(), 1);
    all_is_well();
    assert_int_equal(beside(), WAYS_NONE);
}

/* While all is well it does not matter where the server's datagrams come from. */
static void nothing_is_chosen_without_need(void **state)
{
    (void)state;
    begin(2);
    all_is_well();
    ways_heard(&w, now, &news, true, 1);
    assert_int_equal(w.chosen, 0);
}

/* A server that answers from an address that nobody knows, and does not hear us where we think. */
static void unheard_at_one_address_it_must_be_the_other(void **state)
{
    (void)state;
    begin(2);
    all_is_well();
    news.waiting = now;
    now += WAYS_DEAF_MS;
    news.heard = now;
    assert_int_equal(beside(), WAYS_NONE);
    now++;
    assert_int_equal(beside(), 1);
    ways_heard(&w, now, &news, false, WAYS_NONE);
    assert_int_equal(w.chosen, 0);
    ways_heard(&w, now, &news, true, WAYS_NONE);
    assert_int_equal(w.chosen, 1);
    all_is_well();
    /* and if it was a bad line after all, the same leads back */
    news.waiting = now;
    now += WAYS_DEAF_MS + 1;
    news.heard = now;
    assert_int_equal(beside(), 0);
    ways_heard(&w, now, &news, true, WAYS_NONE);
    assert_int_equal(w.chosen, 0);
}

/* On a slow path acknowledgements take their time. */
static void slow_is_not_deaf(void **state)
{
    (void)state;
    begin(2);
    all_is_well();
    news.waiting = now;
    news.srtt_ms = 4000;
    now += 3 * 4000;
    news.heard = now;
    assert_int_equal(beside(), WAYS_NONE);
    now++;
    news.heard = now;
    assert_int_equal(beside(), 1);
}

/* Losses alone do not: the server's address says that it is there. */
static void losses_do_not_lead_astray(void **state)
{
    (void)state;
    begin(2);
    all_is_well();
    news.waiting = now;
    now += WAYS_DEAF_MS + 1;
    news.heard = now;
    assert_int_equal(beside(), 1);
    ways_heard(&w, now, &news, true, 0);
    assert_int_equal(w.chosen, 0);
}

/* Whatever happens, the indices are right, and no address goes twice with one datagram. */
static void stays_in_bounds(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 2000; seed++) {
        struct rng rng = {seed};
        begin(1 + rng_below(&rng, WAYS_MAX));
        for (int i = 0; i < 300; i++) {
            size_t other = WAYS_NONE;
            now += rng_below(&rng, 4000);
            switch (rng_below(&rng, 6)) {
            case 0:
                ways_network_changed(&w, now);
                break;
            case 1:
                ways_heard(&w, now, &news, rng_below(&rng, 2), rng_below(&rng, WAYS_MAX + 2));
                all_is_well();
                break;
            case 2:
                news.waiting = rng_below(&rng, 2) ? now : MSEC_NEVER;
                break;
            case 3:
                ways_hopped(&w, now);
                break;
            default:
                other = beside();
            }
            assert_true(w.chosen < w.count);
            assert_true(other == WAYS_NONE || (other < w.count && other != w.chosen));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R24_hops_after_ten_seconds_without_a_round_trip),
        cmocka_unit_test(hops_when_the_network_changes),
        cmocka_unit_test(a_change_is_over_when_something_came_back_since),
        cmocka_unit_test(changes_of_the_network_have_a_rate),
        cmocka_unit_test(one_address_is_never_in_company),
        cmocka_unit_test(R35_first_contact_goes_to_all_in_turn),
        cmocka_unit_test(silence_brings_the_others_in),
        cmocka_unit_test(a_change_brings_the_others_in),
        cmocka_unit_test(nothing_is_chosen_without_need),
        cmocka_unit_test(unheard_at_one_address_it_must_be_the_other),
        cmocka_unit_test(slow_is_not_deaf),
        cmocka_unit_test(losses_do_not_lead_astray),
        cmocka_unit_test(stays_in_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
