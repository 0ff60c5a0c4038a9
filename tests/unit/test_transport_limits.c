/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Transports where something comes to its end: numbers, clocks, sizes, and the session itself. */

#include "../lib/pair.h"
#include "../lib/textlog.h"
#include "transport/sender.h"
#include "wire/packet.h"

static const struct link_profile near = {.name = "near", .delay_ms = 10};

static struct pair p;
static struct transport *client, *server;

static int setup(void **state)
{
    (void)state;
    pair_init(&p, 1, &near);
    client = p.side[CLIENT].transport;
    server = p.side[SERVER].transport;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pair_release(&p);
    return 0;
}

static void nothing_can_be_freed(void **state)
{
    (void)state;
    transport_free(NULL);
}

/* One state of the client's, in its first datagram. */
static void make_datagram(const void *bytes, size_t len, struct buf *datagram)
{
    textlog_append(transport_local(client), bytes, len);
    transport_tick(client, p.now);
    transport_tick(client, p.now += 50);
    assert_true(transport_pull(client, datagram));
}

static int give(struct transport *to, const struct buf *datagram, struct transport_event *event)
{
    return transport_recv(to, p.now, datagram->data, datagram->len, false, event);
}

/* 2^64-1 is the farewell's number, and no other state may have it. */
static void F16_the_last_number_of_a_state_ends_the_session(void **state)
{
    (void)state;
    const uint64_t last = INSTRUCTION_SHUTDOWN - 1;
    pair_run_for(&p, 5000);
    transport_skip(client, last - 2);
    transport_skip(client, 7); /* not back */
    pair_type(&p, CLIENT, 10);
    pair_run_for(&p, 100);
    assert_true(pair_has_all(&p, SERVER));
    assert_int_equal(transport_phase(client), TRANSPORT_RUNNING);
    pair_type(&p, CLIENT, 10);
    pair_run_for(&p, 100);
    assert_int_equal(transport_phase(client), TRANSPORT_EXHAUSTED);
    assert_int_equal(transport_deadline(client, p.now), MSEC_NEVER);
    uint64_t sent = transport_get_stats(client)->datagrams_sent;
    pair_run_for(&p, 100000);
    assert_int_equal(transport_get_stats(client)->datagrams_sent, sent);
    assert_false(transport_peer_closing(server));
    assert_int_equal(transport_phase(server), TRANSPORT_RUNNING);
}

/* Back to the beginning: what was heard before it was heard then. */
static void F12_the_clock_may_step_to_its_origin(void **state)
{
    (void)state;
    struct buf datagram = {0};
    pair_run_for(&p, 500000);
    assert_true(transport_heard_time(client) > 490000);
    transport_tick(client, 0);
    assert_int_equal(transport_heard_time(client), 0);
    while (transport_pull(client, &datagram))
        ;
    assert_true(transport_deadline(client, 0) <= SENDER_HEARTBEAT_MS);
    buf_release(&datagram);
}

/* --- the end --- */

static void both_ask_at_once(void **state)
{
    (void)state;
    pair_run_for(&p, 5000);
    pair_type(&p, CLIENT, 50);
    pair_type(&p, SERVER, 700);
    transport_shutdown(server, p.now, TRANSPORT_GIVE_UP_MS);
    transport_shutdown(client, p.now, TRANSPORT_GIVE_UP_MS);
    pair_run_for(&p, 12);
    assert_true(transport_peer_closing(client) && transport_peer_closing(server));
    assert_int_equal(transport_phase(client), TRANSPORT_CLOSING);
    assert_true(pair_end(&p, 1000));
    assert_int_equal(transport_phase(client), TRANSPORT_CLOSED);
    assert_int_equal(transport_phase(server), TRANSPORT_CLOSED);
    assert_true(pair_has_all(&p, CLIENT) && pair_has_all(&p, SERVER));
}

/* Who is asked to end, or has ended, has nothing to ask for. */
static void asking_later_changes_nothing(void **state)
{
    (void)state;
    pair_run_for(&p, 5000);
    transport_shutdown(server, p.now, TRANSPORT_GIVE_UP_MS);
    pair_run_for(&p, 12);
    assert_true(transport_peer_closing(client));
    transport_shutdown(client, p.now, 0); /* which would be to give up at once */
    pair_run_for(&p, 1);
    assert_int_equal(transport_phase(client), TRANSPORT_CLOSING);
    assert_true(pair_end(&p, 1000));
    assert_int_equal(transport_phase(client), TRANSPORT_CLOSED);
    transport_shutdown(client, p.now, 0);
    transport_shutdown(server, p.now, 0);
    pair_run_for(&p, 100);
    assert_int_equal(transport_phase(client), TRANSPORT_CLOSED);
    assert_int_equal(transport_phase(server), TRANSPORT_CLOSED);
}

/* --- sizes --- */

static void a_datagram_has_a_largest_size(void **state)
{
    (void)state;
    uint8_t noise[3 * PACKET_DATAGRAM_MAX];
    struct buf datagram = {0};
    rng_fill(&(struct rng){3}, noise, sizeof noise);
    pair_run_for(&p, 1000);
    transport_set_payload_max(client, 65507);
    make_datagram(noise, sizeof noise, &datagram);
    assert_int_equal(datagram.len, PACKET_DATAGRAM_MAX);
    transport_set_payload_max(client, 1);
    assert_true(transport_pull(client, &datagram));
    assert_int_equal(datagram.len, TRANSPORT_PAYLOAD_MINIMUM);
    buf_release(&datagram);
}

/* What a client has sealed, of `plain_len` bytes: the two timestamps, a fragment's head, and more.
 */
static int give_plain(size_t plain_len, uint64_t sequence)
{
    static const uint8_t plain[3 * PACKET_DATAGRAM_MAX];
    struct seal *seal = seal_new(pair_key, SEAL_TO_SERVER);
    struct buf datagram = {0};
    struct transport_event event;
    seal_skip(seal, sequence, 0);
    assert_int_equal(seal_close(seal, plain, plain_len, &datagram), 0);
    int rc = give(server, &datagram, &event);
    buf_release(&datagram);
    seal_free(seal);
    return rc;
}

/* To the byte; what is shorter or longer is not even deciphered. */
static void S02_S03_a_datagram_has_a_least_and_a_largest_size(void **state)
{
    enum { HEAD = 14 };
    (void)state;
    assert_int_equal(give_plain(HEAD - 1, 1000), ERR_AUTH);
    assert_int_not_equal(give_plain(HEAD, 1001), ERR_AUTH);
    assert_int_not_equal(give_plain(PACKET_DATAGRAM_MAX - SEAL_OVERHEAD_BYTES, 1002), ERR_AUTH);
    assert_int_equal(give_plain(PACKET_DATAGRAM_MAX - SEAL_OVERHEAD_BYTES + 1, 1003), ERR_AUTH);
    assert_int_equal(transport_get_stats(server)->datagrams_received, 2);
}

/* Not random: each byte is one more than the one before it. */
static void counting(void *context, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(*(const uint8_t *)context + i);
}

static struct transport *counting_transport(uint8_t *first)
{
    struct transport_config config = {
        .sending = SEAL_TO_SERVER,
        .local_ops = &textlog_ops,
        .remote_ops = &textlog_ops,
        .local_initial = textlog_new(),
        .remote_initial = textlog_new(),
        .random = counting,
        .random_context = first,
    };
    memcpy(config.key, pair_key, KEY_BYTES);
    return transport_new(&config, p.now);
}

/* Nothing, or up to sixteen bytes, each as often as the others. */
static void the_length_of_a_datagram_is_random(void **state)
{
    uint8_t first = 0;
    struct transport *t = counting_transport(&first);
    struct wiretap *tap = wiretap_new(pair_key, SEAL_TO_SERVER);
    struct buf datagram = {0};
    (void)state;
    for (; first < 40; first++) {
        const struct instruction *whole;
        uint8_t want[INSTRUCTION_CHAFF_MAX];
        counting(&(uint8_t){(uint8_t)(first + 1)}, want, sizeof want);
        transport_tick(t, p.now = transport_deadline(t, p.now));
        assert_true(transport_pull(t, &datagram));
        assert_null(wiretap_check(tap, datagram.data, datagram.len, PACKET_DATAGRAM_MAX, &whole));
        check_bytes(whole->chaff.data, whole->chaff.len, want, first % (INSTRUCTION_CHAFF_MAX + 1));
    }
    buf_release(&datagram);
    wiretap_free(tap);
    transport_free(t);
}

/* After a pause numbers are left out, but never more than half of those that are left. */
static void S10_numbers_are_left_to_copies_while_there_are_many(void **state)
{
    enum { PAUSE_MS = 5000, NUMBERS_MS = 1000, RANDOM = 0x00010203 };
    enum { LEFT_OUT = PAUSE_MS * NUMBERS_MS + RANDOM };
#define MOST_MS ((msec_t)1 << 40) /* thirty years */
#define FAR     ((uint64_t)1 << 60)
    static const struct {
        msec_t pause_ms;
        uint64_t left, left_out;
    } cases[] = {
        {PAUSE_MS, 2 * LEFT_OUT, 0},
        {PAUSE_MS, 2 * LEFT_OUT + 1, 0},
        {PAUSE_MS, 2 * LEFT_OUT + 2, LEFT_OUT},
        {PAUSE_MS - 1, 2 * LEFT_OUT + 2, 0},
        {PAUSE_MS + 1, 3 * LEFT_OUT, LEFT_OUT + NUMBERS_MS},
        {MOST_MS - 1, FAR, (MOST_MS - 1) * NUMBERS_MS + RANDOM},
        {MOST_MS + 1, FAR, MOST_MS * NUMBERS_MS + RANDOM},
    };
    struct buf datagram = {0};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t first = 0;
        struct transport *t = counting_transport(&first);
        transport_tick(t, p.now);
        assert_true(transport_pull(t, &datagram));
        uint64_t next = SEAL_SEQUENCE_MAX - cases[i].left;
        seal_skip(transport_seal(t), next, 0);
        p.now += cases[i].pause_ms;
        transport_tick(t, p.now);
        assert_true(transport_pull(t, &datagram));
        assert_int_equal(seal_next_sequence(transport_seal(t)) - next - 1, cases[i].left_out);
        transport_free(t);
    }
    buf_release(&datagram);
}

/* Padding makes a datagram no smaller. */
static void what_is_larger_is_not_padded(void **state)
{
    (void)state;
    uint8_t noise[700];
    struct buf datagram = {0};
    struct transport_event event;
    rng_fill(&(struct rng){3}, noise, sizeof noise);
    pair_run_for(&p, 1000);
    transport_set_payload_max(client, PACKET_DATAGRAM_MAX);
    transport_set_padding(client, 500);
    make_datagram(noise, sizeof noise, &datagram);
    assert_in_range(datagram.len, sizeof noise, sizeof noise + 150);
    assert_int_equal(give(server, &datagram, &event), 0);
    assert_true(event.new_state);
    buf_release(&datagram);
}

/* Where hardly anything may be sent, what has begun is given up, and begins anew when more may be.
 */
static void too_little_room_gives_up_what_has_begun(void **state)
{
    (void)state;
    uint8_t noise[3000];
    struct buf datagram = {0};
    rng_fill(&(struct rng){3}, noise, sizeof noise);
    pair_run_for(&p, 1000);
    make_datagram(noise, sizeof noise, &datagram);
    assert_false(transport_pull_within(client, TRANSPORT_PULL_MIN - 1, &datagram));
    assert_false(transport_pull(client, &datagram)); /* the rest is gone */
    for (int i = 0; i < 4; i++) {
        p.now = transport_deadline(client, p.now);
        transport_tick(client, p.now);
        while (transport_pull_within(client, TRANSPORT_PULL_MIN, &datagram)) {
            struct transport_event event;
            assert_true(datagram.len <= TRANSPORT_PULL_MIN);
            assert_int_equal(give(server, &datagram, &event), 0);
        }
    }
    const struct textlog *log = transport_remote(server);
    check_bytes(log->bytes.data, log->bytes.len, noise, sizeof noise);
    buf_release(&datagram);
}

/* --- timestamps --- */

/* The next datagram of `side`, with a byte that is new. */
static void speak(enum side side, struct buf *datagram)
{
    struct transport *t = p.side[side].transport;

    textlog_append(transport_local(t), (const uint8_t *)"k", 1);
    transport_tick(t, p.now);
    while (!transport_pull(t, datagram)) {
        p.now = transport_deadline(t, p.now);
        transport_tick(t, p.now);
    }
}

/* The answer to a timestamp that cannot be guessed, and to no other. */
static void S09_challenges_are_answered(void **state)
{
    (void)state;
    struct buf plain = {0}, challenge = {0};
    struct transport_event event;
    pair_run_for(&p, 1000);
    for (int round = 0; round < 20; round++) {
        transport_challenge(server, false);
        speak(SERVER, &plain);
        transport_challenge(server, true);
        speak(SERVER, &challenge);

        assert_int_equal(give(client, &plain, &event), 0);
        speak(CLIENT, &plain);
        assert_int_equal(give(server, &plain, &event), 0);
        assert_true(event.newest);
        assert_false(event.answered);

        assert_int_equal(give(client, &challenge, &event), 0);
        p.now += 30;
        speak(CLIENT, &plain);
        assert_int_equal(give(server, &plain, &event), 0);
        assert_true(event.answered);
        assert_true(transport_get_stats(server)->round_trip_ms < 500);
    }
    buf_release(&plain);
    buf_release(&challenge);
}

/* What a datagram of the server's has for a timestamp. */
static uint16_t timestamp_of(const struct buf *datagram)
{
    struct seal *seal = seal_new(pair_key, SEAL_TO_SERVER);
    struct buf plain = {0};
    struct packet packet;
    uint64_t sequence;
    assert_int_equal(seal_open(seal, datagram->data, datagram->len, &sequence, &plain), 0);
    assert_int_equal(packet_decode(plain.data, plain.len, &packet), 0);
    seal_free(seal);
    buf_release(&plain);
    return packet.timestamp;
}

/* One value means that there is none. When it would be a challenge's turn, its neighbour goes. */
static void a_challenge_is_never_no_timestamp(void **state)
{
    (void)state;
    struct buf datagram = {0};
    pair_run_for(&p, 1000);
    transport_challenge(server, true);
    speak(SERVER, &datagram);
    msec_t at = p.now + (uint16_t)(PACKET_NO_TIMESTAMP - timestamp_of(&datagram));
    pair_run(&p, at - 50);
    textlog_append(transport_local(server), (const uint8_t *)"k", 1);
    transport_tick(server, at - 50);
    transport_tick(server, at);
    assert_true(transport_pull(server, &datagram));
    assert_int_equal(timestamp_of(&datagram), 0);
    buf_release(&datagram);
}

/* --- F31: no memory is left --- */

static const struct buf *last_word_of(struct transport *t)
{
    const struct buf *word = transport_last_word(t);
    assert_non_null(word);
    assert_true(word->len <= word->cap);
    return word;
}

static void takes_the_last_word(struct transport *from, struct transport *to)
{
    struct transport_event event;
    assert_int_equal(give(to, last_word_of(from), &event), 0);
    assert_true(transport_peer_closing(to));
    assert_int_equal(transport_phase(to), TRANSPORT_CLOSING);
    for (int i = 0; i < 100 && transport_phase(to) != TRANSPORT_CLOSED; i++)
        transport_tick(to, p.now += 100);
    assert_int_equal(transport_phase(to), TRANSPORT_CLOSED);
}

static void F31_the_peer_learns_that_there_is_no_memory(void **state)
{
    (void)state;
    pair_type(&p, CLIENT, 30);
    pair_run_for(&p, 1000);
    takes_the_last_word(client, server);
    assert_true(pair_has_all(&p, SERVER));
}

static void F31_so_does_a_client(void **state)
{
    (void)state;
    pair_type(&p, SERVER, 3000);
    pair_run_for(&p, 1000);
    takes_the_last_word(server, client);
    assert_true(pair_has_all(&p, CLIENT));
}

/* Nothing but the first word of it may have arrived. */
static void F31_it_is_told_before_anything_else_and_amid_it(void **state)
{
    (void)state;
    takes_the_last_word(client, server);
    teardown(state);
    setup(state);

    static uint8_t noise[20000];
    struct buf datagram = {0};
    struct transport_event event;
    struct rng rng = {31};
    rng_fill(&rng, noise, sizeof noise);
    make_datagram(noise, sizeof noise, &datagram);
    assert_int_equal(give(server, &datagram, &event), 0); /* of many; the others never come */
    takes_the_last_word(client, server);
    assert_int_equal(transport_remote_num(server), INSTRUCTION_SHUTDOWN);
    buf_release(&datagram);
}

/* Each is another datagram, or the second would count as a repetition if it alone arrived. */
static void F31_it_can_be_said_again(void **state)
{
    (void)state;
    struct transport_event event;
    uint64_t dropped = transport_get_stats(server)->dropped_replayed;
    pair_run_for(&p, 1000);
    for (int i = 0; i < TRANSPORT_LAST_WORDS; i++)
        assert_int_equal(give(server, last_word_of(client), &event), 0);
    assert_int_equal(transport_get_stats(server)->dropped_replayed, dropped);
    assert_int_equal(transport_phase(server), TRANSPORT_CLOSING);
}

static void F31_there_may_be_nobody_to_tell(void **state)
{
    (void)state;
    assert_null(transport_last_word(server)); /* nobody has been there */
    transport_shutdown(client, p.now, 1000);
    assert_null(transport_last_word(client));
    teardown(state);
    setup(state);
    seal_skip(transport_seal(client), SEAL_SEQUENCE_MAX + 1, 0);
    assert_null(transport_last_word(client)); /* and no nonce is left */
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_can_be_freed),
        TEST(F16_the_last_number_of_a_state_ends_the_session),
        TEST(F12_the_clock_may_step_to_its_origin),
        TEST(both_ask_at_once),
        TEST(asking_later_changes_nothing),
        TEST(a_datagram_has_a_largest_size),
        TEST(S02_S03_a_datagram_has_a_least_and_a_largest_size),
        TEST(the_length_of_a_datagram_is_random),
        TEST(S10_numbers_are_left_to_copies_while_there_are_many),
        TEST(what_is_larger_is_not_padded),
        TEST(too_little_room_gives_up_what_has_begun),
        TEST(S09_challenges_are_answered),
        TEST(a_challenge_is_never_no_timestamp),
        TEST(F31_the_peer_learns_that_there_is_no_memory),
        TEST(F31_so_does_a_client),
        TEST(F31_it_is_told_before_anything_else_and_amid_it),
        TEST(F31_it_can_be_said_again),
        TEST(F31_there_may_be_nobody_to_tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
