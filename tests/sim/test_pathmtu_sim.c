/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sessions that look for the largest datagrams that their path takes (transport/pathmtu.h). The
   link drops without a word what is larger, as most paths do. */

#include "compare.h"
#include "faults.h"

#include <inttypes.h>

#define PROBES_PER_SEARCH 16
#define ADDRESSES         2 /* bytes that the simulated network puts in front of each datagram */

static struct transport *server_of(const struct sim *s)
{
    return server_transport(s->server);
}

static size_t size_of(const struct sim *s)
{
    return transport_payload_max(server_of(s));
}

/* Whether both sides know probes. Half of the clients say nothing of themselves, as stock's. */
static bool knows_probes(const struct sim *s)
{
    return client_server_features(s->client) & FEATURE_PROBES;
}

static void start(struct sim *s, const char *what, uint64_t seed, const struct link_profile *link)
{
    sim_init(s, seed, link, PROGRAM_SHELL, 40, 100);
    sim_set_payload(s, TRANSPORT_PAYLOAD_IPV4);
    s->what = what;
    sim_run(s, s->now + 5 * SECOND_MS);
}

/* A part of the screen, large enough for some datagrams, sometimes more and sometimes fewer. */
static void paint(struct sim *s)
{
    struct buf out = {0};
    size_t cells = 1500 + rng_below(&s->program.rng, 2000);

    buf_append_str(&out, "\x1b[H");
    for (size_t i = 0; i < cells; i++) {
        if (i % 4 == 0) {
            buf_append_str(&out, "\x1b[38;5;");
            buf_append_dec(&out, rng_below(&s->program.rng, 256));
            buf_append_byte(&out, 'm');
        }
        buf_append_byte(&out, (uint8_t)('a' + rng_below(&s->program.rng, 26)));
    }
    sim_write(s, &out);
    buf_release(&out);
}

static void paint_for(struct sim *s, msec_t span)
{
    for (msec_t until = s->now + span; s->now < until; sim_run(s, s->now + 250))
        paint(s);
}

static struct link_profile link_of(size_t payload)
{
    return (struct link_profile){
        .name = "link", .delay_ms = 30, .mtu_bytes = payload ? payload + ADDRESSES : 0};
}

static void F05_the_size_of_the_path_is_found(void **state)
{
    static const struct {
        const char *name;
        size_t payload, found;
    } paths[] = {
        {"1280", 1280 - 28, 1252},
        {"1400", 1400 - 28, 1372},
        {"1500", 1500 - 28, 1472},
        {"9000", 9000 - 28, 2048},
    };
    uint64_t probes = 0, sessions = 0;
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++)
        for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
            const struct link_profile link = link_of(paths[i].payload);
            start(&s, paths[i].name, seed, &link);
            paint_for(&s, 2 * MINUTE_MS);
            uint64_t sent = server_stats(&s)->probes_sent;
            bool knows = knows_probes(&s);
            check(&s, size_of(&s) == (knows ? paths[i].found : TRANSPORT_PAYLOAD_IPV4),
                  "another size");
            check(&s, knows ? sent <= PROBES_PER_SEARCH : sent == 0, "too many probes");
            check(&s, client_stats(&s)->probes_sent == 0, "who sends little has no need");
            check(&s, server_stats(&s)->instructions_repeated == 0, "something was lost");
            probes += sent;
            sessions += knows;
            finish(&s);
        }
    if (fault_seeds() > 1) /* all sessions of a seed have one client, which knows probes or not */
        assert_true(sessions > 0 && sessions < fault_seeds() * 4);
    print_message("# figure: %.1f probes in a session of two minutes\n",
                  (double)probes / (double)sessions);
}

/* Paints, and waits until that is on the client's screen. Returns how long that took. */
static msec_t paint_and_wait(struct sim *s)
{
    char why[COMPARE_TEXT_MAX];
    msec_t before = s->now;

    paint(s);
    sim_run(s, s->now + 1);
    while (s->now < before + 5 * SECOND_MS &&
           !compare_screens(server_screen(s->server), client_screen(s->client), why))
        sim_run(s, s->now + 10);
    return s->now - before;
}

static void F05_the_path_becomes_narrower(void **state)
{
    const struct link_profile wide = link_of(0), narrow = link_of(1300);
    struct sim s;
    uint64_t longest = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++) {
        start(&s, "narrower", seed, &wide);
        paint_for(&s, MINUTE_MS);
        check(&s, size_of(&s) == (knows_probes(&s) ? 2048 : TRANSPORT_PAYLOAD_IPV4), "not raised");
        sim_run(&s, s.now + SECOND_MS);
        link_set_profile(s.link, &narrow);
        msec_t took = paint_and_wait(&s);
        longest = msec_max(longest, took);
        check(&s, took < SECOND_MS, "stalled");
        check(&s, size_of(&s) == TRANSPORT_PAYLOAD_IPV4, "still too large");
        paint_for(&s, 2 * MINUTE_MS);
        check(&s, size_of(&s) <= 1300, "too large again");
        finish(&s);
    }
    print_message("# figure: a frame at most %" PRIu64 " ms after the path became narrower\n",
                  longest);
}

static void much_is_lost(void **state)
{
    static const struct link_profile link = {.name = "lossy", .delay_ms = 50, .loss = 290};
    uint64_t probes = 0, sessions = 0;
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++) {
        start(&s, "loss of 29 %", seed, &good_link);
        link_set_profile(s.link, &link);
        paint_for(&s, 5 * MINUTE_MS);
        uint64_t sent = server_stats(&s)->probes_sent;
        check(&s, sent <= (knows_probes(&s) ? 4 * PROBES_PER_SEARCH : 0), "too many probes");
        probes += sent;
        sessions += knows_probes(&s);
        finish(&s);
    }
    print_message("# figure: %.1f probes in a session of five minutes with 29 %% lost each way\n",
                  (double)probes / (double)sessions);
}

static void the_client_goes_elsewhere(void **state)
{
    const struct link_profile wide = link_of(0), narrow = link_of(1372);
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++) {
        start(&s, "elsewhere", seed, &wide);
        paint_for(&s, MINUTE_MS);
        link_set_profile(s.link, &narrow);
        sim_roam(&s);
        sim_network_changed(&s);
        check(&s, paint_and_wait(&s) < SECOND_MS, "stalled");
        check(&s, size_of(&s) == TRANSPORT_PAYLOAD_IPV4, "too large for another path");
        paint_for(&s, 2 * MINUTE_MS);
        check(&s, size_of(&s) == (knows_probes(&s) ? 1372 : TRANSPORT_PAYLOAD_IPV4), "not found");
        finish(&s);
    }
}

/* How many datagrams the server sends in two minutes of painting. */
static uint64_t datagrams(size_t path, bool grow, uint64_t *frames)
{
    const struct link_profile link = link_of(path);
    struct sim s;

    start(&s, "the same with and without", 2, &link);
    if (!grow)
        server_set_payload_max(s.server, TRANSPORT_PAYLOAD_IPV4);
    uint64_t sent = server_stats(&s)->datagrams_sent, made = server_stats(&s)->instructions_sent;
    paint_for(&s, 2 * MINUTE_MS);
    sent = server_stats(&s)->datagrams_sent - sent;
    *frames = server_stats(&s)->instructions_sent - made;
    check(&s, knows_probes(&s), "a client that knows no probes");
    finish(&s);
    return sent;
}

/* The probes among them. */
static void larger_datagrams_are_fewer(void **state)
{
    static const struct {
        const char *name;
        size_t payload;
        unsigned percent; /* of the others, at most */
    } paths[] = {{"1400", 1372, 97}, {"1500", 1472, 93}, {"9000", 8972, 75}};

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        uint64_t frames, same_frames;
        uint64_t usual = datagrams(paths[i].payload, false, &frames);
        uint64_t fewer = datagrams(paths[i].payload, true, &same_frames);

        print_message("# figure: MTU %s: %" PRIu64 " instructions in %" PRIu64
                      " datagrams, and %" PRIu64 " in %" PRIu64 "\n",
                      paths[i].name, frames, usual, same_frames, fewer);
        assert_true(fewer * 100 <= usual * paths[i].percent);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(F05_the_size_of_the_path_is_found),
        cmocka_unit_test(F05_the_path_becomes_narrower),
        cmocka_unit_test(much_is_lost),
        cmocka_unit_test(the_client_goes_elsewhere),
        cmocka_unit_test(larger_datagrams_are_fewer),
    };
    return cmocka_run_group_tests_name("the path's MTU", tests, NULL, NULL);
}
