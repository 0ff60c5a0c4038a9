/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What two transports do with each other and with what is thrown at them. For the many seeds over
   bad networks see test_transport_sim.c. */

#include "../lib/pair.h"
#include "../lib/textlog.h"
#include "transport/rtt.h"
#include "transport/sender.h"
#include "wire/deflate.h"
#include "wire/fragment.h"
#include "wire/packet.h"
#include "wire/pathreport.h"

#define MAX INSTRUCTION_SHUTDOWN

static const struct link_profile near = {.name = "near", .delay_ms = 10};

static struct pair p;
static struct transport *client, *server;
static struct deflate *packer;

static int setup(void **state)
{
    (void)state;
    pair_init(&p, 1, &near);
    client = p.side[CLIENT].transport;
    server = p.side[SERVER].transport;
    packer = deflate_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pair_release(&p);
    deflate_free(packer);
    return 0;
}

static void cut(bool down)
{
    link_set_down(p.link, LINK_TO_SERVER, down);
    link_set_down(p.link, LINK_TO_CLIENT, down);
}

static uint64_t all_datagrams(void)
{
    return transport_get_stats(client)->datagrams_sent +
           transport_get_stats(server)->datagrams_sent;
}

static uint64_t all_bytes(void)
{
    return transport_get_stats(client)->bytes_sent + transport_get_stats(server)->bytes_sent;
}

/* --- the ordinary course --- */

static void client_speaks_first_and_at_once(void **state)
{
    (void)state;
    struct buf datagram = {0};
    assert_int_equal(transport_deadline(server, p.now), MSEC_NEVER);
    transport_tick(server, p.now);
    assert_false(transport_pull(server, &datagram));
    assert_int_equal(transport_deadline(client, p.now), p.now);
    transport_tick(client, p.now);
    assert_true(transport_pull(client, &datagram));
    assert_in_range(datagram.len, 38, 100);
    assert_int_equal(datagram.data[0], 0);
    buf_release(&datagram);
}

static void server_answers_at_once(void **state)
{
    (void)state;
    pair_run_for(&p, 25);
    assert_int_equal(transport_acked_num(client), 1);
    assert_int_equal(transport_remote_num(client), 1);
    assert_int_equal(transport_heard_time(client), p.now - 5);
    assert_int_equal(transport_srtt_ms(client), 20);
}

/* On a fast path a keystroke waits for the network alone. */
static void R46_keystrokes_are_fast(void **state)
{
    (void)state;
    pair_run_for(&p, 5000);
    for (int i = 0; i < 20; i++) {
        pair_type(&p, CLIENT, 1);
        assert_in_range(pair_converge(&p, 1000), 10, 11);
        pair_type(&p, SERVER, 10);
        assert_in_range(pair_converge(&p, 1000), 10, 18);
        pair_run_for(&p, 200);
    }
}

/* One small datagram in three seconds each way, and no more wake-ups than that needs. */
static void R29_an_idle_hour_is_quiet(void **state)
{
    (void)state;
    pair_type(&p, CLIENT, 5);
    pair_type(&p, SERVER, 500);
    pair_run_for(&p, 10000);
    uint64_t datagrams = all_datagrams(), bytes = all_bytes(), rounds = p.rounds;
    pair_run_for(&p, 3600000);
    assert_in_range(all_datagrams() - datagrams, 2398, 2402);
    assert_true(all_bytes() - bytes < (all_datagrams() - datagrams) * 100);
    assert_true(p.rounds - rounds < 2 * 2402 + 10);
}

/* Data is acknowledged within 100 ms, empty states are not acknowledged for their own sake. */
static void acks_are_prompt_and_not_acked(void **state)
{
    (void)state;
    pair_run_for(&p, 4000);
    uint64_t before = all_datagrams();
    pair_type(&p, CLIENT, 1);
    msec_t start = p.now;
    pair_run_for(&p, 1000);
    assert_int_equal(all_datagrams() - before, 2);
    assert_in_range(p.side[CLIENT].reply_time, start + 20, start + 147);
}

static void large_states_fit_the_payload(void **state)
{
    (void)state;
    static const size_t sizes[] = {TRANSPORT_PAYLOAD_IPV4, TRANSPORT_PAYLOAD_IPV6, 500};
    for (size_t i = 0; i < 3; i++) {
        p.payload_max = sizes[i]; /* the wiretap checks */
        transport_set_payload_max(server, sizes[i]);
        struct textlog *log = transport_local(server);
        uint64_t before = transport_get_stats(server)->datagrams_sent;
        pair_type(&p, SERVER, 40000);
        assert_true(pair_converge(&p, 10000) != MSEC_NEVER);
        assert_true(textlog_end(log) > 0);
        assert_true(transport_get_stats(server)->datagrams_sent > before);
    }
    transport_set_payload_max(client, 0); /* no smaller than the minimum */
    pair_type(&p, CLIENT, 10);
    assert_true(pair_converge(&p, 1000) != MSEC_NEVER);
}

/* F05: the size may change while an instruction is being cut. */
static void payload_may_shrink_on_the_way(void **state)
{
    (void)state;
    struct rng rng = {5};
    uint8_t noise[9000];
    struct buf datagram = {0};
    struct transport_event event;
    pair_run_for(&p, 1000);
    rng_fill(&rng, noise, sizeof noise);
    textlog_append(transport_local(server), noise, sizeof noise);
    transport_tick(server, p.now);
    transport_tick(server, p.now += 300);
    for (unsigned i = 0; transport_pull(server, &datagram); i++) {
        assert_true(datagram.len <= (i == 0 ? p.payload_max : 500));
        transport_set_payload_max(server, 500);
        assert_int_equal(transport_recv(client, p.now, datagram.data, datagram.len, false, &event),
                         0);
    }
    assert_true(event.new_state);
    const struct textlog *log = transport_remote(client);
    check_bytes(log->bytes.data, log->bytes.len, noise, sizeof noise);
    buf_release(&datagram);
}

/* A datagram of any wanted size, to a byte, that says no more than a small one. */
static void datagrams_can_be_filled(void **state)
{
    (void)state;
    static const size_t sizes[] = {120, 500, 548, 1000, 1252, 1371, 1372, 1373, 1472, 2048};
    struct buf datagram = {0};
    struct transport_event event;
    pair_run_for(&p, 1000);
    transport_set_payload_max(client, 2048);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        transport_set_padding(client, sizes[i]);
        textlog_append(transport_local(client), (const uint8_t *)"k", 1);
        transport_tick(client, p.now);
        transport_tick(client, p.now += 50);
        assert_true(transport_pull(client, &datagram));
        assert_int_equal(datagram.len, sizes[i]);
        assert_int_equal(transport_recv(server, p.now, datagram.data, datagram.len, false, &event),
                         0);
        assert_true(event.new_state);
        assert_false(transport_pull(client, &datagram)); /* one is all */
        transport_tick(server, p.now += 500);
        assert_true(transport_pull(server, &datagram));
        assert_int_equal(transport_recv(client, p.now, datagram.data, datagram.len, false, &event),
                         0);
    }
    transport_set_padding(client, 0);
    textlog_append(transport_local(client), (const uint8_t *)"k", 1);
    transport_tick(client, p.now);
    transport_tick(client, p.now += 50);
    assert_true(transport_pull(client, &datagram));
    assert_true(datagram.len < 120);
    buf_release(&datagram);
}

static void what_the_path_did_is_counted(void **state)
{
    (void)state;
    const struct transport_stats *s = transport_get_stats(client);
    pair_run_for(&p, 1000);
    assert_true(s->round_trips > 0);
    assert_true(s->round_trip_ms >= 20 && s->round_trip_ms <= 21); /* 10 ms each way */
    assert_int_equal(s->instructions_repeated, 0);
    assert_int_equal(s->datagrams_numbered, s->datagrams_received);
    link_set_down(p.link, LINK_TO_SERVER, true);
    pair_type(&p, CLIENT, 1);
    pair_run_for(&p, 1000);
    assert_true(s->instructions_repeated > 0);
    link_set_down(p.link, LINK_TO_SERVER, false);
    pair_run_for(&p, 1000);
    link_set_down(p.link, LINK_TO_CLIENT, true);
    pair_type(&p, SERVER, 1);
    pair_run_for(&p, 10);
    link_set_down(p.link, LINK_TO_CLIENT, false);
    pair_run_for(&p, 5000);
    assert_true(s->datagrams_numbered > s->datagrams_received);
}

/* --- bad times --- */

/* A quiet peer is not flooded, and F38: hours of it do no harm. For 10 s it is asked every half of
   a round trip and 50 ms, by each side. */
static void silence_is_not_answered_by_a_flood(void **state)
{
    (void)state;
    pair_type(&p, SERVER, 2000);
    pair_run_for(&p, 5000);
    cut(true);
    uint64_t datagrams = all_datagrams(), bytes = all_bytes();
    pair_type(&p, SERVER, 2000);
    pair_type(&p, CLIENT, 10);
    pair_run_for(&p, 40000);
    assert_true(all_datagrams() - datagrams < 2 * 10000 / 60 + 45);
    assert_true(all_bytes() - bytes < 60000);
    pair_run_for(&p, 4 * 3600000);
    cut(false);
    assert_true(pair_converge(&p, 60000) < 3100);
}

static void typing_into_the_void_stays_small(void **state)
{
    (void)state;
    pair_run_for(&p, 5000);
    cut(true);
    uint64_t bytes = all_bytes();
    for (int i = 0; i < 200; i++) {
        pair_type(&p, CLIENT, 1);
        pair_run_for(&p, 100);
    }
    assert_true(all_bytes() - bytes < 40000);
    cut(false);
    pair_type(&p, CLIENT, 1);
    pair_converge(&p, 100000);
    assert_true(p.side[SERVER].remote_end == 201);
}

/* A keystroke that is lost is sent again after about a round trip and the peer's ack delay. */
static void a_lost_keystroke_is_quick(void **state)
{
    (void)state;
    pair_run_for(&p, 7000);
    for (int i = 0; i < 5; i++) {
        link_set_down(p.link, LINK_TO_SERVER, true);
        pair_type(&p, CLIENT, 1);
        pair_run_for(&p, 25);
        link_set_down(p.link, LINK_TO_SERVER, false);
        assert_true(pair_converge(&p, 1000) < 200);
        pair_run_for(&p, 500);
    }
}

/* Fix 6 of section 19. */
static void a_lost_hello_is_repeated_soon(void **state)
{
    (void)state;
    link_set_down(p.link, LINK_TO_SERVER, true);
    pair_type(&p, CLIENT, 4);
    pair_run_for(&p, 240);
    link_set_down(p.link, LINK_TO_SERVER, false);
    assert_true(pair_converge(&p, 1000) < 30);
}

/* F09, F13: silent while detached, and there at once when the client is back. */
static void a_detached_server_is_silent(void **state)
{
    (void)state;
    pair_run_for(&p, 5000);
    link_set_down(p.link, LINK_TO_SERVER, true);
    pair_run_for(&p, 40000);
    transport_set_attached(server, false);
    pair_type(&p, SERVER, 100);
    uint64_t before = transport_get_stats(server)->datagrams_sent;
    assert_int_equal(transport_deadline(server, p.now), MSEC_NEVER);
    pair_run_for(&p, 3601000);
    assert_int_equal(transport_get_stats(server)->datagrams_sent, before);
    link_set_down(p.link, LINK_TO_SERVER, false);
    pair_type(&p, CLIENT, 1);
    assert_true(pair_converge(&p, 1000) <= 30);
}

static void R6_F12_the_clock_may_step(void **state)
{
    (void)state;
    static const int64_t steps[] = {-1, -5000, 3600000, -3600000, 86400000, -800000, 40, -86000000};
    pair_run_for(&p, 500000);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        pair_type(&p, CLIENT, 3);
        pair_type(&p, SERVER, 3);
        pair_run_for(&p, 400);
        assert_true(pair_has_all(&p, CLIENT) && pair_has_all(&p, SERVER));
        pair_type(&p, CLIENT, 3);
        pair_type(&p, SERVER, 3);
        /* What is under way is lost: it would arrive on the old clock. */
        link_free(p.link);
        p.link = link_new(i, &near);
        p.now = (msec_t)((int64_t)p.now + steps[i]);
        pair_run_for(&p, 0);
        assert_true(transport_deadline(client, p.now) <= p.now + SENDER_HEARTBEAT_MS);
        assert_true(transport_deadline(server, p.now) <= p.now + SENDER_HEARTBEAT_MS);
        assert_true(transport_heard_time(client) <= p.now);
        assert_true(pair_converge(&p, 5000) < 3500);
    }
}

static void R1_F22_refused_states_stay_with_the_peer(void **state)
{
    (void)state;
    pair_run_for(&p, 4000);
    transport_refuse_states(server, true);
    uint64_t bytes = all_bytes();
    pair_type(&p, CLIENT, 60000);
    pair_run_for(&p, 1000);
    pair_type(&p, SERVER, 100);
    pair_run_for(&p, 60000);
    assert_int_equal(p.side[SERVER].remote_end, 0);
    assert_true(pair_has_all(&p, CLIENT)); /* the screen goes on */
    assert_true(all_bytes() - bytes < 2000000);
    transport_refuse_states(server, false);
    assert_true(pair_converge(&p, 10000) <= 3100);
}

/* Another source port is tried at once. */
static void R24_hurries_when_told_to(void **state)
{
    (void)state;
    pair_run_for(&p, 30000);
    cut(true);
    pair_run_for(&p, 13000);
    assert_true(transport_deadline(client, p.now) > p.now);
    transport_hurry(client, p.now);
    assert_int_equal(transport_deadline(client, p.now), p.now);
}

/* When the path is another one, what the old one swallowed is there as soon as datagrams can be. */
static void begins_anew_on_another_path(void **state)
{
    static const struct link_profile far = {.name = "far", .delay_ms = 100};

    (void)state;
    for (msec_t silence = 5; silence < 30000; silence += 1 + silence / 2) {
        pair_release(&p);
        pair_init(&p, silence, &far);
        client = p.side[CLIENT].transport;
        server = p.side[SERVER].transport;
        pair_type(&p, CLIENT, 10);
        pair_run_for(&p, 3000);
        cut(true);
        pair_type(&p, CLIENT, 10);
        pair_type(&p, SERVER, 3000);
        pair_run_for(&p, silence);
        cut(false);
        transport_path_changed(client, p.now);
        transport_path_changed(server, p.now);
        pair_run_for(&p, 100 + 8); /* one way, and the server's time to collect */
        assert_true(pair_has_all(&p, CLIENT));
        assert_true(pair_has_all(&p, SERVER));
    }
}

/* F10: marked datagrams slow the peer down, and never stop it. */
static void congestion_slows_the_peer(void **state)
{
    (void)state;
    pair_run_for(&p, 5000);
    assert_int_equal(transport_frame_interval_ms(client), FRAME_MIN_MS);
    p.congested = true;
    for (int i = 0; i < 60; i++) {
        pair_type(&p, CLIENT, 1);
        pair_run_for(&p, 300);
        pair_type(&p, SERVER, 1);
        pair_run_for(&p, 300);
        assert_true(pair_has_all(&p, SERVER));
    }
    assert_int_equal(transport_frame_interval_ms(client), FRAME_MAX_MS);
    p.congested = false;
    for (int i = 0; i < 60; i++) {
        pair_type(&p, CLIENT, 1);
        pair_run_for(&p, 300);
    }
    assert_true(transport_frame_interval_ms(client) < 30);
}

/* --- the end --- */

static void shutdown_is_agreed_within_a_round_trip_or_two(void **state)
{
    (void)state;
    pair_run_for(&p, 5000);
    pair_type(&p, SERVER, 700);
    transport_shutdown(server, p.now, TRANSPORT_GIVE_UP_MS);
    assert_int_equal(transport_phase(server), TRANSPORT_CLOSING);
    msec_t start = p.now;
    assert_true(pair_end(&p, 1000));
    assert_true(p.now - start <= 60);
    assert_int_equal(transport_phase(client), TRANSPORT_CLOSED);
    assert_int_equal(transport_phase(server), TRANSPORT_CLOSED);
    assert_true(transport_peer_closing(client));
    assert_false(transport_peer_closing(server));
    assert_true(pair_has_all(&p, CLIENT));
    assert_int_equal(transport_deadline(client, p.now), MSEC_NEVER);
}

/* A stock peer that asked is gone as soon as it has its answer: it confirms nothing. */
static void whoever_is_asked_does_not_stay_for_ever(void **state)
{
    (void)state;
    pair_run_for(&p, 5000);
    transport_shutdown(server, p.now, TRANSPORT_GIVE_UP_MS);
    pair_run_for(&p, 15);
    assert_true(transport_peer_closing(client));
    assert_int_equal(transport_phase(client), TRANSPORT_CLOSING);
    link_set_down(p.link, LINK_TO_CLIENT, true);
    msec_t start = p.now;
    while (!side_over(&p, CLIENT))
        pair_run_for(&p, 1);
    assert_in_range(p.now - start, 190, 600);
    assert_int_equal(transport_phase(client), TRANSPORT_CLOSED);
}

/* Fix 7: the tries are spread; and there is a limit. */
static void nobody_there_to_agree(void **state)
{
    (void)state;
    pair_run_for(&p, 5000);
    cut(true);
    uint64_t before = p.side[CLIENT].instructions;
    transport_shutdown(client, p.now, TRANSPORT_GIVE_UP_MS);
    pair_run_for(&p, 5000);
    assert_in_range(p.side[CLIENT].instructions - before, 6, 16);
    pair_run_for(&p, TRANSPORT_GIVE_UP_MS - 5000 - 1);
    assert_int_equal(transport_phase(client), TRANSPORT_CLOSING);
    pair_run_for(&p, 1);
    assert_int_equal(transport_phase(client), TRANSPORT_ABANDONED);
    assert_int_equal(transport_deadline(client, p.now), MSEC_NEVER);
}

/* The program ended while the client was away; it gets its last screen all the same. */
static void R7_F20_the_last_screen_waits_for_the_client(void **state)
{
    (void)state;
    pair_run_for(&p, 5000);
    cut(true);
    pair_type(&p, SERVER, 1500);
    transport_shutdown(server, p.now, 3600000);
    pair_run_for(&p, 40000);
    transport_set_attached(server, false);
    pair_run_for(&p, 1200000);
    assert_int_equal(transport_phase(server), TRANSPORT_CLOSING);
    cut(false);
    assert_true(pair_end(&p, 5000));
    assert_int_equal(transport_phase(server), TRANSPORT_CLOSED);
    assert_true(pair_has_all(&p, CLIENT));
}

static void the_time_to_give_up_can_be_changed(void **state)
{
    (void)state;
    pair_run_for(&p, 5000);
    cut(true);
    transport_shutdown(server, p.now, MSEC_NEVER);
    transport_set_attached(server, false);
    assert_int_equal(transport_deadline(server, p.now), MSEC_NEVER);
    pair_run_for(&p, 1000000);
    transport_shutdown(server, p.now, 500);
    assert_int_equal(transport_deadline(server, p.now), p.now + 500);
    pair_run_for(&p, 500);
    assert_int_equal(transport_phase(server), TRANSPORT_ABANDONED);
}

static void a_client_that_never_connected_gives_up(void **state)
{
    (void)state;
    cut(true);
    pair_run_for(&p, 3000);
    transport_shutdown(client, p.now, 4000);
    pair_run_for(&p, 4000);
    assert_int_equal(transport_phase(client), TRANSPORT_ABANDONED);
    assert_int_equal(transport_acked_time(client), MSEC_NEVER);
    assert_int_equal(transport_heard_time(client), MSEC_NEVER);
}

/* The key is used up, or its sequence numbers are. */
static void F16_S10_a_worn_key_ends_the_session(void **state)
{
    (void)state;
    pair_run_for(&p, 5000);
    seal_skip(transport_seal(client), 0, SEAL_BLOCKS_MAX);
    pair_type(&p, CLIENT, 1);
    pair_run_for(&p, 100);
    assert_int_equal(transport_phase(client), TRANSPORT_EXHAUSTED);
    assert_int_equal(transport_deadline(client, p.now), MSEC_NEVER);
    uint64_t sent = transport_get_stats(client)->datagrams_sent;
    pair_run_for(&p, 100000);
    assert_int_equal(transport_get_stats(client)->datagrams_sent, sent);

    seal_skip(transport_seal(server), SEAL_SEQUENCE_MAX, 0);
    pair_run_for(&p, 10000);
    assert_int_equal(transport_phase(server), TRANSPORT_EXHAUSTED);
}

/* --- what is thrown at it --- */

struct snapshot {
    struct transport_stats stats;
    uint64_t remote_num, acked_num, sent_num;
    msec_t heard, srtt, deadline;
};

static struct snapshot take_snapshot(struct transport *t)
{
    struct snapshot s;
    memset(&s, 0, sizeof s);
    s.remote_num = transport_remote_num(t);
    s.acked_num = transport_acked_num(t);
    s.sent_num = transport_sent_num(t);
    s.heard = transport_heard_time(t);
    s.srtt = transport_srtt_ms(t);
    s.deadline = transport_deadline(t, p.now);
    return s;
}

static void check_unmoved(struct transport *t, const struct snapshot *before)
{
    struct snapshot after = take_snapshot(t);
    assert_memory_equal(&after, before, sizeof after);
}

/* Junk of any size, our own datagrams, old ones, damaged ones. */
static void S01_S02_S07_junk_has_no_effect(void **state)
{
    (void)state;
    struct rng rng = {3};
    static uint8_t junk[65507];
    struct buf good = {0}, reflected = {0};
    struct transport_event event;
    pair_run_for(&p, 5000);
    textlog_append(transport_local(client), "ab", 2);
    transport_tick(client, p.now);
    transport_tick(client, p.now += 50);
    assert_true(transport_pull(client, &good));
    textlog_append(transport_local(server), "ab", 2);
    transport_tick(server, p.now);
    transport_tick(server, p.now += 50);
    assert_true(transport_pull(server, &reflected));
    struct snapshot before = take_snapshot(server);
    uint64_t drops = transport_get_stats(server)->dropped_unauthentic;

    for (int i = 0; i < 3000; i++) {
        size_t len = i < 2100 ? (size_t)i : rng_below(&rng, sizeof junk);
        rng_fill(&rng, junk, len < 64 ? len : 64);
        assert_int_equal(transport_recv(server, p.now, junk, len, i & 1, &event), ERR_AUTH);
        assert_false(event.newest || event.new_state || event.acked);
    }
    for (size_t bit = 0; bit < good.len * 8; bit++) {
        good.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(transport_recv(server, p.now, good.data, good.len, false, &event),
                         ERR_AUTH);
        good.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t len = 0; len < good.len; len++)
        assert_int_equal(transport_recv(server, p.now, good.data, len, false, &event), ERR_AUTH);
    assert_int_equal(transport_recv(server, p.now, reflected.data, reflected.len, false, &event),
                     ERR_AUTH);
    check_unmoved(server, &before);
    assert_int_equal(transport_get_stats(server)->dropped_unauthentic - drops,
                     3000 + good.len * 9 + 1);

    assert_int_equal(transport_recv(server, p.now, good.data, good.len, false, &event), 0);
    assert_true(event.newest && event.new_state);
    before = take_snapshot(server);
    for (int i = 0; i < 3; i++) { /* S06 */
        assert_int_equal(transport_recv(server, p.now, good.data, good.len, false, &event),
                         ERR_REPLAY);
        assert_false(event.newest || event.new_state || event.acked);
    }
    check_unmoved(server, &before);
    buf_release(&good);
    buf_release(&reflected);
}

/* The datagram's plaintext that carries `message` compressed, unless `raw`. */
static void wrap(const struct buf *message, bool raw, uint64_t id, struct buf *plain)
{
    struct buf packed = {0}, piece = {0};
    if (raw)
        buf_append(&packed, message->data, message->len);
    else
        assert_int_equal(deflate_compress(packer, message->data, message->len, &packed), 0);
    struct fragment f = {.id = id, .final = true};
    f.contents = packed.data;
    f.contents_len = packed.len;
    fragment_encode(&f, &piece);
    struct packet k = {.timestamp = 5, .timestamp_reply = PACKET_NO_TIMESTAMP};
    k.payload = piece.data;
    k.payload_len = piece.len;
    buf_clear(plain);
    packet_encode(&k, plain);
    buf_release(&packed);
    buf_release(&piece);
}

/* A peer with the key that sends nonsense. Nothing crashes, no state moves. */
static void S16_S17_authentic_nonsense_is_dropped(void **state)
{
    (void)state;
    struct transport_event event;
    struct buf plain = {0}, message = {0};
    uint64_t sequence = 1000, id = 1000;
    pair_type(&p, CLIENT, 5);
    pair_run_for(&p, 5000);
    uint64_t remote = transport_remote_num(server), acked = transport_acked_num(server);
    uint64_t sent = transport_sent_num(server);

    for (size_t len = 0; len < 14; len++) { /* plaintexts too short for the headers */
        uint8_t zeros[14] = {0};
        assert_int_equal(transport_input(server, p.now, sequence++, zeros, len, false, &event),
                         ERR_MALFORMED);
        assert_false(event.newest);
    }
    buf_append_str(&message, "no zlib, no protobuf");
    wrap(&message, true, id++, &plain);
    assert_int_equal(
        transport_input(server, p.now, sequence++, plain.data, plain.len, false, &event),
        ERR_MALFORMED);
    wrap(&message, false, id++, &plain);
    assert_int_equal(
        transport_input(server, p.now, sequence++, plain.data, plain.len, false, &event),
        ERR_MALFORMED);
    buf_clear(&message);
    buf_append(&message, "\x08\x03", 2); /* protocol version 3 */
    wrap(&message, false, id++, &plain);
    assert_int_equal(
        transport_input(server, p.now, sequence++, plain.data, plain.len, false, &event),
        ERR_VERSION);
    assert_true(event.newest); /* it is the peer, whatever it says */

    const struct {
        uint64_t old_num, new_num, ack_num, throwaway_num;
        const char *diff;
        int error;
    } cases[] = {
        {remote, remote + 1, acked, remote + 1, "", ERR_MALFORMED},
        {remote, remote + 1, acked, MAX, "", ERR_MALFORMED},
        {remote, remote, acked, 0, "", ERR_MALFORMED},
        {remote + 1, remote, acked, 0, "", ERR_MALFORMED},
        {MAX, remote, acked, 0, "", ERR_MALFORMED},
        {remote + 7, remote + 8, acked, remote + 7, "", ERR_BASE},
        {MAX, MAX, acked, MAX, "", ERR_BASE},
        {remote, remote + 1, acked, 0, "short", ERR_MALFORMED},
        {remote, remote + 1, acked, 0, "a diff from elsewhere", ERR_MALFORMED},
        {remote, remote + 1, sent + 1, 0, "too short", ERR_MALFORMED},
        {remote, remote + 1, MAX, 0, "too short", ERR_MALFORMED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct instruction in = {.old_num = cases[i].old_num,
                                 .new_num = cases[i].new_num,
                                 .ack_num = cases[i].ack_num,
                                 .throwaway_num = cases[i].throwaway_num};
        buf_append_str(&in.diff, cases[i].diff);
        buf_clear(&message);
        instruction_encode(&in, &message);
        wrap(&message, false, id++, &plain);
        assert_int_equal(
            transport_input(server, p.now, sequence++, plain.data, plain.len, false, &event),
            cases[i].error);
        assert_false(event.new_state);
        assert_false(event.acked);
        instruction_release(&in);
    }
    assert_int_equal(transport_remote_num(server), remote);
    assert_int_equal(transport_acked_num(server), acked);
    assert_int_equal(transport_phase(server), TRANSPORT_RUNNING);
    buf_release(&plain);
    buf_release(&message);
}

/* Valid messages, damaged behind the cryptography. */
static void S16_mutated_messages_never_crash(void **state)
{
    (void)state;
    struct rng rng = {9};
    struct buf plain = {0}, message = {0};
    struct transport_event event;
    pair_run_for(&p, 5000);
    const size_t count = quick_or_long(20000, 2000000);
    for (uint64_t i = 0; i < count; i++) {
        struct transport *to = i % 2 ? server : client;
        struct instruction in = {.old_num = rng_below(&rng, 4),
                                 .new_num = rng_below(&rng, 6),
                                 .ack_num = rng_below(&rng, 6)};
        buf_append_be64(&in.diff, rng_below(&rng, 3));
        buf_append_str(&in.diff, "text");
        buf_clear(&message);
        instruction_encode(&in, &message);
        for (size_t n = rng_below(&rng, 4); n > 0; n--)
            message.data[rng_below(&rng, message.len)] = (uint8_t)rng_next(&rng);
        if (rng_below(&rng, 4) == 0)
            message.len = rng_below(&rng, message.len);
        wrap(&message, false, 1000 + i, &plain);
        if (rng_below(&rng, 2))
            plain.data[rng_below(&rng, plain.len)] ^= (uint8_t)rng_next(&rng);
        (void)transport_input(to, p.now, 1000 + i, plain.data,
                              rng_below(&rng, 8) ? plain.len : rng_below(&rng, plain.len), false,
                              &event);
        instruction_release(&in);
    }
    print_message("# figure S16: %zu messages of a peer with the key, changed\n", count);
    buf_release(&plain);
    buf_release(&message);
}

/* --- reports of the path --- */

static void both_report(void)
{
    transport_set_reports(client, true);
    transport_set_reports(server, true);
}

static void type_on(unsigned times)
{
    for (unsigned i = 0; i < times; i++) {
        pair_type(&p, CLIENT, 1);
        pair_run_for(&p, 150);
        pair_type(&p, SERVER, 1);
        pair_run_for(&p, 150);
    }
}

/* Between those who tell each other of marks the round trip is what it is. */
static void marks_are_told_apart_from_round_trips(void **state)
{
    (void)state;
    pair_run_for(&p, 5000);
    both_report();
    p.congested = true;
    type_on(60);
    assert_in_range(transport_srtt_ms(client), 20, 22);
    assert_in_range(transport_srtt_ms(server), 20, 22);
    for (int i = 0; i < 2; i++) {
        const struct transport_stats *s = transport_get_stats(i ? client : server);
        const struct pathreport *report = transport_peer_report(i ? server : client);
        assert_non_null(report);
        assert_in_range(report->marked, s->datagrams_marked - 5, s->datagrams_marked);
        assert_int_equal(report->loss, 0);
    }
    assert_true(pair_has_all(&p, SERVER));
}

/* Loss towards the peer is what the peer has seen, not what has been lost of its own. */
static void loss_is_told(void **state)
{
    static const struct link_profile lossy = {.name = "lossy", .delay_ms = 10, .loss = 300};
    (void)state;
    pair_run_for(&p, 5000);
    both_report();
    link_set_profile(p.link, &lossy);
    type_on(200);
    assert_non_null(transport_peer_report(client));
    assert_in_range(transport_peer_report(client)->loss, 150, 450);
    assert_non_null(transport_peer_report(server));
    assert_in_range(transport_peer_report(server)->loss, 150, 450);
    link_set_profile(p.link, &near);
    type_on(200); /* and that it is over */
    assert_in_range(transport_peer_report(client)->loss, 0, 10);
    transport_path_changed(client, p.now);
    assert_null(transport_peer_report(client));
}

/* Where there is nothing to report, and to those who do not know how, nothing is. */
static void reports_are_not_sent_without_need(void **state)
{
    (void)state;
    both_report();
    type_on(50);
    assert_null(transport_peer_report(client));
    assert_null(transport_peer_report(server));
    transport_set_reports(client, false);
    transport_set_reports(server, false);
    p.congested = true;
    type_on(50);
    transport_set_reports(client, true); /* the server does not */
    p.congested = false;
    type_on(50);
    assert_null(transport_peer_report(client));
}

static void send_report(const struct pathreport *report, const char *instead, uint64_t sequence)
{
    struct instruction in = {.old_num = 0, .new_num = 1};
    struct buf plain = {0}, message = {0};
    struct transport_event event;

    if (report)
        pathreport_encode(report, &in.report);
    else
        buf_append_str(&in.report, instead);
    instruction_encode(&in, &message);
    wrap(&message, false, sequence, &plain);
    assert_int_equal(transport_input(client, p.now, sequence, plain.data, plain.len, false, &event),
                     0);
    instruction_release(&in);
    buf_release(&plain);
    buf_release(&message);
}

/* What is no report is dropped, and nothing else with it; so is one that nobody asked for. */
static void malformed_reports_are_dropped(void **state)
{
    const struct pathreport report = {.loss = 5, .marked = 6};

    (void)state;
    send_report(&report, NULL, 1000);
    assert_null(transport_peer_report(client));
    transport_set_reports(client, true);
    send_report(NULL, "nonsense", 1001);
    assert_null(transport_peer_report(client));
    send_report(&report, NULL, 1003);
    assert_int_equal(transport_peer_report(client)->loss, 5);
    send_report(&(struct pathreport){.loss = 7, .marked = 6}, NULL, 1002); /* late */
    assert_int_equal(transport_peer_report(client)->loss, 5);
    send_report(NULL, "nonsense", 1004);
    assert_int_equal(transport_peer_report(client)->marked, 6);
    transport_set_reports(client, false);
    assert_null(transport_peer_report(client));
}

/* Not even of one that leads where nobody has been, from where everybody begins. */
static void no_state_is_made_of_a_probe(void **state)
{
    const struct pathreport probe = {.probe = 1, .probes = 1};

    (void)state;
    transport_set_reports(client, true);
    transport_set_probes(client, true);
    send_report(&probe, NULL, 1000);
    assert_int_equal(transport_get_stats(client)->probes_received, 1);
    assert_int_equal(transport_remote_num(client), 0);
    send_report(&probe, NULL, 1001); /* the same again */
    assert_int_equal(transport_get_stats(client)->probes_received, 1);
    transport_set_probes(client, false);
    send_report(&probe, NULL, 1002); /* to who knows none it is an instruction as any other */
    assert_int_equal(transport_remote_num(client), 1);
}

/* --- */

/* After a jump to the last number nothing is left to take; that is the peer's own doing. */
static void S17_the_last_sequence_number_is_the_last(void **state)
{
    (void)state;
    struct transport_event event;
    struct buf plain = {0}, message = {0};
    struct instruction in = {.old_num = 0, .new_num = 1};
    instruction_encode(&in, &message);
    wrap(&message, false, 1, &plain);
    assert_int_equal(
        transport_input(server, p.now, SEAL_SEQUENCE_MAX, plain.data, plain.len, false, &event), 0);
    assert_true(event.newest && event.new_state);
    assert_int_equal(
        transport_input(server, p.now, SEAL_SEQUENCE_MAX, plain.data, plain.len, false, &event),
        ERR_REPLAY);
    assert_int_equal(transport_input(server, p.now, 5, plain.data, plain.len, false, &event),
                     ERR_REPLAY);
    assert_false(event.newest);
    buf_release(&plain);
    buf_release(&message);
}

/* A late datagram brings its state, and says nothing about the path. */
static void late_datagrams_do_not_move_the_path(void **state)
{
    (void)state;
    struct buf first = {0}, second = {0};
    struct transport_event event;
    pair_run_for(&p, 5000);
    textlog_append(transport_local(client), "a", 1);
    transport_tick(client, p.now);
    transport_tick(client, p.now += 30);
    assert_true(transport_pull(client, &first));
    textlog_append(transport_local(client), "b", 1);
    transport_tick(client, p.now);
    transport_tick(client, p.now += 30);
    assert_true(transport_pull(client, &second));
    assert_int_equal(transport_recv(server, p.now, second.data, second.len, false, &event), 0);
    assert_true(event.newest && event.new_state);
    msec_t heard = transport_heard_time(server);
    assert_int_equal(transport_recv(server, p.now + 10, first.data, first.len, false, &event), 0);
    assert_false(event.newest || event.new_state);
    assert_int_equal(transport_heard_time(server), heard);
    buf_release(&first);
    buf_release(&second);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(client_speaks_first_and_at_once),
        TEST(server_answers_at_once),
        TEST(R46_keystrokes_are_fast),
        TEST(R29_an_idle_hour_is_quiet),
        TEST(acks_are_prompt_and_not_acked),
        TEST(large_states_fit_the_payload),
        TEST(payload_may_shrink_on_the_way),
        TEST(datagrams_can_be_filled),
        TEST(what_the_path_did_is_counted),
        TEST(silence_is_not_answered_by_a_flood),
        TEST(typing_into_the_void_stays_small),
        TEST(a_lost_keystroke_is_quick),
        TEST(a_lost_hello_is_repeated_soon),
        TEST(a_detached_server_is_silent),
        TEST(R6_F12_the_clock_may_step),
        TEST(R1_F22_refused_states_stay_with_the_peer),
        TEST(R24_hurries_when_told_to),
        TEST(begins_anew_on_another_path),
        TEST(congestion_slows_the_peer),
        TEST(marks_are_told_apart_from_round_trips),
        TEST(loss_is_told),
        TEST(reports_are_not_sent_without_need),
        TEST(malformed_reports_are_dropped),
        TEST(no_state_is_made_of_a_probe),
        TEST(shutdown_is_agreed_within_a_round_trip_or_two),
        TEST(whoever_is_asked_does_not_stay_for_ever),
        TEST(nobody_there_to_agree),
        TEST(R7_F20_the_last_screen_waits_for_the_client),
        TEST(the_time_to_give_up_can_be_changed),
        TEST(a_client_that_never_connected_gives_up),
        TEST(F16_S10_a_worn_key_ends_the_session),
        TEST(S01_S02_S07_junk_has_no_effect),
        TEST(S16_S17_authentic_nonsense_is_dropped),
        TEST(S16_mutated_messages_never_crash),
        TEST(S17_the_last_sequence_number_is_the_last),
        TEST(late_datagrams_do_not_move_the_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
