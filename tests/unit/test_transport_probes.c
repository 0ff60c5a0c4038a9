/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two transports that look for the largest datagrams that pass between them. */

#include "../lib/pair.h"
#include "../lib/textlog.h"
#include "transport/transport_internal.h"
#include "wire/packet.h"
#include "wire/pathreport.h"

#define BULK_BYTES 24000 /* 20 datagrams of usual size, 17 of what Ethernet carries */

static const struct link_profile near = {.name = "near", .delay_ms = 10};

static struct pair p;
static struct transport *client, *server;

static int setup(void **state)
{
    (void)state;
    pair_init(&p, 1, &near);
    p.dense = true;
    p.payload_max = PACKET_DATAGRAM_MAX;
    client = p.side[CLIENT].transport;
    server = p.side[SERVER].transport;
    for (int side = CLIENT; side <= SERVER; side++) {
        transport_set_network(p.side[side].transport, false);
        transport_set_reports(p.side[side].transport, true);
        transport_set_probes(p.side[side].transport, true);
    }
    pair_run_for(&p, 5000);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pair_release(&p);
    return 0;
}

static const struct transport_stats *stats(enum side side)
{
    return transport_get_stats(p.side[side].transport);
}

static size_t size_of(enum side side)
{
    return transport_payload_max(p.side[side].transport);
}

static void flood(enum side side, unsigned times)
{
    for (unsigned i = 0; i < times; i++) {
        pair_type(&p, side, BULK_BYTES + i * 1000 % 12000); /* each larger size spares some */
        pair_run_for(&p, 500);
    }
}

static void set_mtu(size_t payload)
{
    struct link_profile narrower = near;

    narrower.mtu_bytes = payload;
    link_set_profile(p.link, &narrower);
}

static void each_direction_has_its_size(void **state)
{
    (void)state;
    flood(SERVER, 20);
    assert_int_equal(size_of(SERVER), PACKET_DATAGRAM_MAX);
    assert_int_equal(size_of(CLIENT), TRANSPORT_PAYLOAD_IPV4);
    assert_int_equal(stats(SERVER)->probes_sent, 2);
    assert_int_equal(stats(CLIENT)->probes_received, 2);
    flood(CLIENT, 20);
    assert_int_equal(size_of(CLIENT), PACKET_DATAGRAM_MAX);
    assert_int_equal(stats(CLIENT)->probes_sent, 2);
    assert_true(pair_has_all(&p, CLIENT) && pair_has_all(&p, SERVER));
}

static void the_size_of_a_narrower_path_is_found(void **state)
{
    static const struct {
        size_t most, found;
    } paths[] = {{1252, 1252}, {1372, 1372}, {1464, 1464}, {1472, 1472}};

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        teardown(state);
        setup(state);
        set_mtu(paths[i].most);
        flood(SERVER, 60);
        assert_int_equal(size_of(SERVER), paths[i].found);
        assert_true(pair_has_all(&p, CLIENT));
        assert_int_equal(stats(SERVER)->instructions_repeated, 0);
    }
}

/* Nobody gets a probe who has not said that it knows them. */
static void who_does_not_know_probes_gets_none(void **state)
{
    (void)state;
    transport_set_probes(server, false);
    flood(SERVER, 20);
    assert_int_equal(stats(SERVER)->probes_sent, 0);
    transport_set_probes(server, true);
    transport_set_reports(server, false); /* which they need */
    flood(SERVER, 20);
    transport_set_probes(server, true);
    flood(SERVER, 20);
    assert_int_equal(stats(SERVER)->probes_sent, 0);
    assert_int_equal(size_of(SERVER), TRANSPORT_PAYLOAD_IPV4);
}

/* One that arrives at a peer that does not know them does nothing, and is not answered. */
static void a_probe_without_need_is_nothing(void **state)
{
    (void)state;
    transport_set_probes(client, false);
    flood(SERVER, 40);
    assert_int_equal(stats(CLIENT)->probes_received, 0);
    assert_true(stats(SERVER)->probes_sent > 2);
    assert_int_equal(size_of(SERVER), TRANSPORT_PAYLOAD_IPV4);
    assert_true(pair_has_all(&p, CLIENT));
}

static void R29_a_session_at_rest_sends_none(void **state)
{
    (void)state;
    for (int i = 0; i < 200; i++) {
        pair_type(&p, CLIENT, 1);
        pair_run_for(&p, 100);
        pair_type(&p, SERVER, 300);
        pair_run_for(&p, 400);
    }
    pair_run_for(&p, 3600000);
    assert_int_equal(stats(CLIENT)->probes_sent + stats(SERVER)->probes_sent, 0);
    set_mtu(1252);
    for (int i = 0; i < 12; i++) { /* a search is begun, but there is nothing to go on for */
        flood(SERVER, 3);
        uint64_t sent = stats(SERVER)->probes_sent;
        pair_run_for(&p, 3600000);
        assert_int_equal(stats(SERVER)->probes_sent, sent);
    }
    assert_true(stats(SERVER)->probes_sent > 0);
}

/* Neither the sender nor the receiver takes one for a loss, nor for a time. */
static void a_lost_probe_is_no_loss(void **state)
{
    (void)state;
    set_mtu(1252);
    for (int i = 0; i < 60; i++) {
        flood(SERVER, 2);
        const struct pathreport *report = transport_peer_report(server);
        assert_true(!report || report->loss == 0);
    }
    assert_true(stats(SERVER)->probes_sent >= 12);
    assert_int_equal(stats(CLIENT)->probes_received, 0);
    assert_int_equal(stats(SERVER)->instructions_repeated, 0);
    assert_in_range(transport_srtt_ms(server), 20, 23);
    assert_in_range(transport_srtt_ms(client), 20, 23);
}

/* Whatever a peer says of its probes, no more losses are taken back than a gap has been counted
 * for. */
static void a_gap_is_forgiven_as_it_was_counted(void **state)
{
    (void)state;
    static const struct {
        uint32_t probe, probes;
        unsigned forgiven;
    } reports[] = {{0, 1, 1}, {3, 3, 1}, {0, 5, 2}, {0, 8, 3}, {0, 12, 3}, {0, UINT32_MAX, 3}};
    for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++) {
        const struct pathreport report = {.probe = reports[i].probe, .probes = reports[i].probes};
        client->loss.estimate = LOSS_ONE / 2;
        struct loss want = client->loss;
        for (unsigned n = 0; n < reports[i].forgiven; n++)
            loss_late(&want);
        transport_note_probes(client, &report);
        assert_int_equal(client->loss.estimate, want.estimate);
    }
}

/* A path that becomes narrower, and says nothing: soon all goes in usual datagrams again. */
static void F05_a_black_hole_is_left_at_once(void **state)
{
    (void)state;
    flood(SERVER, 20);
    assert_int_equal(size_of(SERVER), PACKET_DATAGRAM_MAX);
    set_mtu(1300);
    pair_type(&p, SERVER, BULK_BYTES);
    msec_t start = p.now;
    while (!pair_has_all(&p, CLIENT) && p.now < start + 5000)
        pair_run_for(&p, 10);
    assert_in_range(p.now - start, 100, 2000); /* what is so large is repeated after 1.5 s */
    assert_int_equal(size_of(SERVER), TRANSPORT_PAYLOAD_IPV4);
    assert_int_equal(stats(SERVER)->instructions_repeated, 1);
    set_mtu(0);
    flood(SERVER, 60);
    assert_int_equal(size_of(SERVER), PACKET_DATAGRAM_MAX);
}

static void raise(void)
{
    flood(SERVER, 20);
    assert_int_equal(size_of(SERVER), PACKET_DATAGRAM_MAX);
}

static void cut(bool down)
{
    link_set_down(p.link, LINK_TO_CLIENT, down);
    link_set_down(p.link, LINK_TO_SERVER, down);
}

/* Something small that is missing says nothing of sizes; nor does a peer that is not heard at all.
 */
static void an_outage_is_no_black_hole(void **state)
{
    (void)state;
    raise();
    cut(true);
    pair_type(&p, SERVER, 10);
    pair_run_for(&p, 2000);
    assert_true(stats(SERVER)->instructions_repeated > 0);
    cut(false);
    pair_run_for(&p, 5000);
    assert_int_equal(size_of(SERVER), PACKET_DATAGRAM_MAX);
    uint64_t repeated = stats(SERVER)->instructions_repeated;
    cut(true);
    pair_run_for(&p, 5000);
    pair_type(&p, SERVER, BULK_BYTES);
    pair_run_for(&p, 5000);
    assert_true(stats(SERVER)->instructions_repeated > repeated);
    cut(false);
    pair_run_for(&p, 5000);
    assert_true(pair_has_all(&p, CLIENT));
    assert_int_equal(size_of(SERVER), PACKET_DATAGRAM_MAX);
}

/* Where datagrams have to be smaller than usual, or a queue grows, larger ones are not looked for.
 */
static void paths_in_trouble_are_left_alone(void **state)
{
    static const struct link_profile slow = {
        .name = "slow", .delay_ms = 10, .bytes_per_s = 20000, .queue_bytes = 1000000};

    set_mtu(600);
    flood(SERVER, 60);
    assert_in_range(stats(SERVER)->probes_sent, 0, 1);
    teardown(state);
    setup(state);
    link_set_profile(p.link, &slow);
    flood(SERVER, 60);
    assert_in_range(stats(SERVER)->probes_sent, 0, 1);
}

static void another_path_begins_anew(void **state)
{
    (void)state;
    flood(SERVER, 20);
    transport_path_changed(server, p.now);
    assert_int_equal(size_of(SERVER), TRANSPORT_PAYLOAD_IPV4);
    flood(SERVER, 20);
    assert_int_equal(size_of(SERVER), PACKET_DATAGRAM_MAX);
    transport_set_network(server, true);
    assert_int_equal(size_of(SERVER), TRANSPORT_PAYLOAD_IPV6);
    flood(SERVER, 20);
    assert_int_equal(size_of(SERVER), 2028);
}

/* A place that is not confirmed, and a datagram's room that is smaller, get none. */
static void S09_an_unconfirmed_path_gets_none(void **state)
{
    (void)state;
    transport_challenge(server, true);
    flood(SERVER, 20);
    assert_int_equal(stats(SERVER)->probes_sent, 0);
    transport_challenge(server, false);
    flood(SERVER, 20);
    assert_int_equal(stats(SERVER)->probes_sent, 2);
}

/* The peer answers at once, even if nothing but the probe has arrived: sooner than what is missing
   is repeated, which is 150 ms after it was sent. */
static void a_probe_is_answered(void **state)
{
    (void)state;
    flood(SERVER, 2);
    p.side[SERVER].only_probes = true;
    pair_type(&p, SERVER, BULK_BYTES);
    pair_run_for(&p, 140);
    assert_int_equal(stats(SERVER)->probes_sent, 1);
    assert_int_equal(stats(SERVER)->instructions_repeated, 0);
    assert_int_equal(size_of(SERVER), 1472);
}

static void a_probe_has_the_room_that_there_is(void **state)
{
    (void)state;
    p.side[SERVER].room = 1400;
    flood(SERVER, 20);
    assert_int_equal(stats(SERVER)->probes_sent, 0);
    p.side[SERVER].room = 0;
    flood(SERVER, 20);
    assert_int_equal(stats(SERVER)->probes_sent, 2);
}

/* What the system refuses was not sent: that ends the size, and costs the data nothing. */
static void F05_a_probe_that_is_refused_costs_nothing(void **state)
{
    (void)state;
    p.side[SERVER].refused_bytes = 1452;
    flood(SERVER, 60);
    assert_int_equal(size_of(SERVER), 1452);
    assert_int_equal(stats(SERVER)->instructions_repeated, 0);
    p.side[SERVER].refused_bytes = 1300; /* the data, too */
    flood(SERVER, 4);
    assert_int_equal(size_of(SERVER), TRANSPORT_PAYLOAD_IPV4);
    p.side[SERVER].refused_bytes = 1000;
    flood(SERVER, 4);
    assert_int_equal(size_of(SERVER), TRANSPORT_PAYLOAD_MINIMUM);
    assert_true(pair_converge(&p, 10000) != MSEC_NEVER);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(each_direction_has_its_size),
        TEST(the_size_of_a_narrower_path_is_found),
        TEST(who_does_not_know_probes_gets_none),
        TEST(a_probe_without_need_is_nothing),
        TEST(R29_a_session_at_rest_sends_none),
        TEST(a_lost_probe_is_no_loss),
        TEST(a_gap_is_forgiven_as_it_was_counted),
        TEST(F05_a_black_hole_is_left_at_once),
        TEST(an_outage_is_no_black_hole),
        TEST(paths_in_trouble_are_left_alone),
        TEST(another_path_begins_anew),
        TEST(S09_an_unconfirmed_path_gets_none),
        TEST(a_probe_is_answered),
        TEST(a_probe_has_the_room_that_there_is),
        TEST(F05_a_probe_that_is_refused_costs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
