/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Faults of the network, each by itself; mixtures are in test_sim, roaming in test_roam_sim. */

#include "faults.h"

#include <inttypes.h>

#include "compare.h"
#include "overlay/notify.h"
#include "transport/receiver.h"
#include "transport/rtt.h"

/* --- loss --- */

/* A key that no server has seen yet shows on the user's terminal. */
static void check_local_echo(struct sim *s)
{
    const struct screen *seen = emulator_screen(s->terminal);
    size_t before = seen->cursor_col, typed = 0;

    link_set_profile(s->link, &good_link);
    for (int i = 0; i < 12; i++) { /* so that it has been seen that what is typed appears */
        sim_type(s, (const uint8_t *)(i ? "a" : "\r"), 1);
        sim_run(s, s->now + 300);
    }
    cut(s, LINK_TO_SERVER, true);
    before = seen->cursor_col;
    for (int i = 0; i < 5; i++) {
        sim_type(s, (const uint8_t *)"b", 1);
        sim_run(s, s->now + 200);
        typed++;
    }
    check(s, seen->cursor_col == before + typed, "no local echo while nothing arrives");
    cut(s, LINK_TO_SERVER, false);
}

static void F01_loss_of_every_rate(void **state)
{
    static const struct link_profile links[] = {
        {.name = "loss of 1 %", .delay_ms = 40, .loss = 10},
        {.name = "loss of 10 %", .delay_ms = 40, .loss = 100},
        {.name = "loss of 50 %", .delay_ms = 40, .loss = 500},
        {.name = "loss of 90 %", .delay_ms = 40, .loss = 900},
        {.name = "loss of 99 %", .delay_ms = 40, .loss = 990},
        {.name = "loss in bursts", .delay_ms = 40, .burst = 50, .burst_ms = 4000},
    };
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++)
        for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
            begin(&s, links[i].name, seed, PROGRAM_SHELL);
            link_set_profile(s.link, &links[i]);
            use(&s, 30 * SECOND_MS);
            uint64_t lost = link_get_stats(s.link, LINK_TO_SERVER)->lost +
                            link_get_stats(s.link, LINK_TO_CLIENT)->lost;
            check(&s, i == 0 || lost > 0, "nothing was lost");
            session_heal(&s);
            sim_run(&s, s.now + 10 * SECOND_MS);
            check_local_echo(&s);
            finish(&s);
        }
}

/* What is shown of a prediction is looked at in every frame (oracles.c). */
static void F02_what_overtakes_and_comes_twice_and_a_minute_late(void **state)
{
    static const struct link_profile links[] = {
        {.name = "reordering", .delay_ms = 40, .jitter_ms = 20, .reorder = 300},
        {.name = "duplication", .delay_ms = 40, .jitter_ms = 100, .duplicate = 700},
        {.name = "jitter", .delay_ms = 20, .jitter_ms = 2000},
        {.name = "up to a minute", .jitter_ms = 60000},
    };
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++)
        for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
            begin(&s, links[i].name, seed, seed % 2 ? PROGRAM_SHELL : PROGRAM_EDITOR);
            link_set_profile(s.link, &links[i]);
            use(&s, 40 * SECOND_MS);
            finish(&s);
        }
}

/* Of all that was sent nothing is lost in joining it again. */
static void S08_what_overtakes_is_joined_all_the_same(void **state)
{
    static const struct link_profile link = {
        .name = "reordering", .delay_ms = 40, .jitter_ms = 10, .reorder = 300};
    uint64_t sent = 0, received = 0;
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++) {
        begin(&s, "large frames that overtake each other", seed, PROGRAM_FLOODER);
        sim_set_payload(&s, TRANSPORT_PAYLOAD_MINIMUM); /* many pieces */
        uint64_t missing =
            server_stats(&s)->instructions_sent - client_stats(&s)->instructions_received;
        link_set_profile(s.link, &link);
        sim_type(&s, (const uint8_t *)"x", 1);
        sim_run(&s, s.now + 20 * SECOND_MS);
        program_calm(&s.program);
        sim_run(&s, s.now + SECOND_MS);
        sent += server_stats(&s)->instructions_sent - missing;
        received += client_stats(&s)->instructions_received;
        finish(&s);
    }
    print_message("# figure S08: of %" PRIu64 " instructions %" PRIu64 " were joined\n", sent,
                  received);
    assert_true(sent > 100 * fault_seeds());
    assert_in_range(received, sent - fault_seeds(), sent); /* the last may be under way */
}

/* --- one way --- */

static void F03_nothing_arrives_at_the_client(void **state)
{
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++) {
        begin(&s, "nothing to the client", seed, PROGRAM_SHELL);
        cut(&s, LINK_TO_CLIENT, true);
        sim_run(&s, s.now + NOTIFY_CONTACT_LATE_MS - SECOND_MS - 3 * SECOND_MS);
        check(&s, !terminal_says(&s, 0, "ontact"), "the bar comes early");
        sim_run(&s, s.now + 5 * SECOND_MS);
        check(&s, terminal_says(&s, 0, "ontact"), "no bar says that the server is not heard");
        use(&s, 10 * MINUTE_MS);
        cut(&s, LINK_TO_CLIENT, false);
        sim_run(&s, s.now + 5 * SECOND_MS);
        check(&s, !terminal_says(&s, 0, "ontact"), "the bar stays");
        finish(&s);
    }
}

static void F03_nothing_arrives_at_the_server(void **state)
{
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++) {
        begin(&s, "nothing to the server", seed, PROGRAM_EDITOR);
        cut(&s, LINK_TO_SERVER, true);
        use(&s, NOTIFY_REPLY_LATE_MS + 4 * SECOND_MS);
        check(&s, terminal_says(&s, 0, "mosh"), "no bar says that the server does not answer");
        use(&s, 10 * MINUTE_MS);
        cut(&s, LINK_TO_SERVER, false);
        finish(&s);
    }
}

/* --- damage --- */

static void F04_flipped_bits(void **state)
{
    static const struct link_profile link = {.name = "flips", .delay_ms = 30, .corrupt = 400};
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++) {
        begin(&s, "flipped bits", seed, PROGRAM_EDITOR);
        link_set_profile(s.link, &link);
        use(&s, 30 * SECOND_MS);
        check(&s, client_stats(&s)->dropped_unauthentic > 5, "not counted by the client");
        check(&s, server_stats(&s)->dropped_unauthentic > 5, "not counted by the server");
        check(&s, client_stats(&s)->dropped_malformed + server_stats(&s)->dropped_malformed == 0,
              "damage is taken for what a peer has made");
        finish(&s);
    }
}

/* --- sizes --- */

/* A screen that does not fit into one datagram. */
static void fill_screen(struct sim *s)
{
    struct buf out = {0};

    for (size_t i = 0; i < 24 * 80; i++) {
        buf_append_str(&out, "\x1b[38;5;");
        buf_append_dec(&out, rng_below(&s->program.rng, 256));
        buf_append_byte(&out, 'm');
        buf_append_byte(&out, (uint8_t)('a' + rng_below(&s->program.rng, 26)));
    }
    sim_write(s, &out);
    buf_release(&out);
}

static void pass_screens(struct sim *s)
{
    char why[COMPARE_TEXT_MAX];

    for (int i = 0; i < 3; i++) {
        fill_screen(s);
        sim_run(s, s->now + 10 * SECOND_MS);
        check(s, compare_screens(server_screen(s->server), client_screen(s->client), why),
              "a large screen does not get through");
    }
}

static void F05_paths_that_take_only_small_datagrams(void **state)
{
    static const size_t mtu[] = {576 - 28, 1280 - 48, 600};
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++)
        for (size_t i = 0; i < 3; i++) {
            const struct link_profile hole = {
                .name = "hole", .delay_ms = 30, .mtu_bytes = mtu[i] + 2}; /* and two addresses */

            begin(&s, "what is large vanishes", seed, PROGRAM_SHELL);
            link_set_profile(s.link, &hole);
            pass_screens(&s);
            finish(&s);
            begin(&s, "the system refuses what is large", seed, PROGRAM_SHELL);
            s.refused_bytes = mtu[i];
            pass_screens(&s);
            session_type(&s, seed, 5000);
            finish(&s);
        }
}

/* --- errors, addresses --- */

static void F06_the_system_says_that_nothing_leaves(void **state)
{
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++) {
        begin(&s, "errors of sending", seed, PROGRAM_SHELL);
        s.unreachable = true;
        cut(&s, LINK_TO_SERVER, true);
        use(&s, 5 * SECOND_MS);
        check(&s, terminal_says(&s, 0, "unreachable"), "the bar does not tell the error");
        use(&s, 5 * MINUTE_MS);
        check(&s, client_state(s.client) == CLIENT_RUNNING, "the client has ended");
        s.unreachable = false;
        cut(&s, LINK_TO_SERVER, false);
        sim_run(&s, s.now + 8 * SECOND_MS);
        check(&s, !terminal_says(&s, 0, "unreachable"), "the bar stays");
        finish(&s);
    }
}

static void F08_the_servers_address_changes(void **state)
{
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++) {
        begin(&s, "the server is elsewhere", seed, PROGRAM_SHELL);
        s.reachable = 0;
        use(&s, 30 * SECOND_MS);
        sim_run(&s, s.now + HOUR_MS);
        check(&s, client_state(s.client) == CLIENT_RUNNING, "the client has ended");
        check(&s, !server_finished(s.server), "the server has ended");
        finish(&s);
    }
}

static void F09_silence(void **state)
{
    const msec_t spans[] = {40 * SECOND_MS, HOUR_MS, (is_slow_here() ? 1 : 30) * DAY_MS};
    struct sim s;

    (void)state;
    for (size_t i = 0; i < 3; i++)
        for (uint64_t seed = 1; seed <= (i < 2 ? fault_seeds() : 1); seed++) {
            begin(&s, "silence", seed, PROGRAM_SHELL);
            cut(&s, LINK_TO_SERVER, true);
            cut(&s, LINK_TO_CLIENT, true);
            sim_run(&s, s.now + SERVER_DETACH_MS + 2 * SECOND_MS);
            check(&s, !server_attached(s.server), "the server has not noticed");
            uint64_t before = server_stats(&s)->datagrams_sent;
            sim_run(&s, s.now + spans[i]);
            fill_screen(&s);
            sim_run(&s, s.now + MINUTE_MS);
            check(&s, server_stats(&s)->datagrams_sent == before, "sent to nobody");
            cut(&s, LINK_TO_SERVER, false);
            cut(&s, LINK_TO_CLIENT, false);
            sim_run(&s, s.now + 4 * SECOND_MS);
            check(&s, server_attached(s.server), "not resumed by what the client sends");
            finish(&s);
        }
}

static void F10_every_datagram_is_marked_congested(void **state)
{
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++) {
        begin(&s, "congestion", seed, PROGRAM_FLOODER);
        s.congested = true;
        sim_type(&s, (const uint8_t *)"x", 1);
        sim_run(&s, s.now + 20 * SECOND_MS);
        check(&s, transport_frame_interval_ms(server_transport(s.server)) == FRAME_MAX_MS,
              "not slowed down");
        uint64_t num = transport_remote_num(client_transport(s.client));
        sim_run(&s, s.now + 20 * SECOND_MS);
        uint64_t frames = transport_remote_num(client_transport(s.client)) - num;
        check(&s, frames >= 20 * 1000 / FRAME_MAX_MS * 3 / 4, "stalled");
        check(&s, frames <= 20 * 1000 / FRAME_MAX_MS * 2, "too fast for a congested path");
        s.congested = false;
        finish(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(F01_loss_of_every_rate),
        cmocka_unit_test(F02_what_overtakes_and_comes_twice_and_a_minute_late),
        cmocka_unit_test(S08_what_overtakes_is_joined_all_the_same),
        cmocka_unit_test(F03_nothing_arrives_at_the_client),
        cmocka_unit_test(F03_nothing_arrives_at_the_server),
        cmocka_unit_test(F04_flipped_bits),
        cmocka_unit_test(F05_paths_that_take_only_small_datagrams),
        cmocka_unit_test(F06_the_system_says_that_nothing_leaves),
        cmocka_unit_test(F08_the_servers_address_changes),
        cmocka_unit_test(F09_silence),
        cmocka_unit_test(F10_every_datagram_is_marked_congested),
    };
    return cmocka_run_group_tests_name("faults of the network", tests, NULL, NULL);
}
