/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Roaming, on the virtual clock: how soon a client that comes to another network, or wakes up, has
 * the screen of the moment; and what somebody gets who makes its datagrams come from elsewhere.
 *
 *   SIM_SEED=N                 that one run
 *   ROAM_FIRST=N ROAM_RUNS=N   other runs than the usual ones
 *   ROAM_REPORT=1              what was measured
 */

#include "sim.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "compare.h"
#include "transport/sender.h"
#include "util/log.h"

#define SLACK_MS 50
#define HOUR_MS  3600000
#ifdef __SANITIZE_ADDRESS__
#define RUNS_DEFAULT 30
#else
#define RUNS_DEFAULT 150
#endif
#define RUNS_LONG 3500 /* each roams three times */

/* One datagram makes the server send so much, at most, to where it came from. */
#define RELAYED_BYTES_MAX 13000

static uint64_t from_environment(const char *name, uint64_t otherwise)
{
    const char *value = getenv(name);

    return value ? strtoull(value, NULL, 10) : otherwise;
}

static void for_all_seeds(void (*run)(uint64_t seed))
{
    uint64_t first = from_environment("ROAM_FIRST", 1);
    uint64_t runs = from_environment("ROAM_RUNS", getenv("LONG") ? RUNS_LONG : RUNS_DEFAULT);

    if (getenv("SIM_SEED")) {
        first = from_environment("SIM_SEED", 0);
        runs = 1;
    }
    for (uint64_t seed = first; seed < first + runs; seed++)
        run(seed);
}

/* --- before --- */

static struct link_profile random_network(struct rng *rng, bool may_lose)
{
    return (struct link_profile){
        .name = "roaming",
        .delay_ms = 1 + rng_below(rng, rng_below(rng, 4) ? 60 : 400),
        .loss = may_lose && rng_below(rng, 3) == 0 ? (unsigned)rng_below(rng, 400) : 0,
    };
}

static void type_some(struct sim *s, struct rng *rng)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz   \r\x7f";
    uint8_t keys[8];
    size_t len = 1 + rng_below(rng, sizeof keys);

    for (size_t i = 0; i < len; i++)
        keys[i] = (uint8_t)alphabet[rng_below(rng, sizeof alphabet - 1)];
    sim_type(s, keys, len);
}

static void use(struct sim *s, struct rng *rng, msec_t span, bool typing)
{
    msec_t end = s->now + span;

    while (s->now < end) {
        if (typing)
            type_some(s, rng);
        sim_run(s, msec_min(end, s->now + 1 + rng_below(rng, 700)));
    }
}

/* A session on a network that is left in the end, with what happens meanwhile. */
struct trip {
    struct sim sim;
    struct rng rng;
    struct link_profile there; /* the network that the client comes to */
    bool typing;
};

static void begin_trip(struct trip *t, uint64_t seed, size_t addresses)
{
    static const enum program_kind kinds[] = {PROGRAM_SHELL, PROGRAM_EDITOR, PROGRAM_FLOODER};
    static const struct link_profile good = {.name = "roaming", .delay_ms = 20};

    t->rng = (struct rng){seed * 6151};
    t->typing = rng_below(&t->rng, 2);
    sim_init_at(&t->sim, seed, &good, kinds[seed % 3], 10 + rng_below(&t->rng, 30),
                20 + rng_below(&t->rng, 100), addresses);
    sim_run(&t->sim, t->sim.now + 1000);
    const struct link_profile here = random_network(&t->rng, true);
    link_set_profile(t->sim.link, &here);
    t->there = random_network(&t->rng, false);
    if (kinds[seed % 3] == PROGRAM_FLOODER)
        sim_type(&t->sim, (const uint8_t *)"x", 1);
    use(&t->sim, &t->rng, 500 + rng_below(&t->rng, 3000), t->typing);
}

/* Between the two networks the client may be without any, or sleep. */
static void travel(struct trip *t)
{
    /* An hour of a flood would take too long here. */
    static const size_t longest_ms[] = {
        [PROGRAM_SHELL] = HOUR_MS, [PROGRAM_EDITOR] = 60000, [PROGRAM_FLOODER] = 5000};
    struct sim *s = &t->sim;
    size_t how = rng_below(&t->rng, 4);

    if (how == 0)
        return;
    link_set_down(s->link, LINK_TO_SERVER, true);
    link_set_down(s->link, LINK_TO_CLIENT, true);
    s->unreachable = rng_below(&t->rng, 2);
    if (how == 3) {
        s->asleep = true;
        sim_run(s, s->now + rng_below(&t->rng, longest_ms[s->program.kind]));
        return;
    }
    use(s, &t->rng, rng_below(&t->rng, how == 1 ? 2000 : longest_ms[s->program.kind] / 60),
        t->typing);
}

/* From now on there is a network again. */
static void arrive(struct trip *t)
{
    struct sim *s = &t->sim;

    link_set_profile(s->link, &t->there);
    link_set_down(s->link, LINK_TO_SERVER, false);
    link_set_down(s->link, LINK_TO_CLIENT, false);
    s->unreachable = false;
    sim_network_changed(s);
}

/* Runs until the client has a state that the server made later than `num`; how long that took. */
static msec_t time_to_newer(struct sim *s, uint64_t num, msec_t limit)
{
    msec_t start = s->now;

    return sim_run_to_newer(s, num, start + limit) ? s->now - start : MSEC_NEVER;
}

/* --- what was measured --- */

static struct {
    msec_t over[100000]; /* beyond the round trip */
    size_t count;
} measured;

static void note_time(msec_t over)
{
    if (measured.count < sizeof measured.over / sizeof measured.over[0])
        measured.over[measured.count++] = over;
}

static int by_time(const void *a, const void *b)
{
    msec_t x = *(const msec_t *)a, y = *(const msec_t *)b;

    return (x > y) - (x < y);
}

static void report(const char *what)
{
    size_t n = measured.count;

    qsort(measured.over, n, sizeof measured.over[0], by_time);
    if (getenv("ROAM_REPORT") && n > 0)
        printf("# %s: beyond the round trip, of %zu: median %" PRIu64 ", 90 %% %" PRIu64
               ", 99 %% %" PRIu64 ", most %" PRIu64 " ms\n",
               what, n, measured.over[n / 2], measured.over[n * 9 / 10],
               measured.over[n * 99 / 100], measured.over[n - 1]);
    measured.count = 0;
}

/* --- roaming and waking up --- */

/* S09, and what a user feels: one round trip after there is a network again, and no more than
   SLACK_MS, the screen is what it was when the server could know at the earliest. */
static void check_arrival(struct trip *t)
{
    struct sim *s = &t->sim;
    uint64_t before = transport_sent_num(server_transport(s->server));
    msec_t round_trip = 2 * t->there.delay_ms;

    log_debug("arriving %" PRIu64 " trip %" PRIu64, s->now, round_trip);
    arrive(t);
    msec_t start = s->now, took = time_to_newer(s, before, 10000);
    if (took == MSEC_NEVER || took > round_trip + SLACK_MS)
        sim_fail(s, "the screen is not there in time");
    note_time(took > round_trip ? took - round_trip : 0);
    if (s->program.kind != PROGRAM_SHELL)
        return;
    /* What was typed on the way is there, too, and echoed. */
    sim_run(s, start + round_trip + SLACK_MS);
    char why[COMPARE_TEXT_MAX];
    if (s->typed.len != s->program.read.len)
        sim_fail(s, "what was typed is not read in time");
    if (!compare_screens(server_screen(s->server), client_screen(s->client), why))
        sim_fail(s, why);
    /* And no bar is in the way of the user. */
    if (!t->typing && !compare_screens(server_screen(s->server), emulator_screen(s->terminal), why))
        sim_fail(s, why);
}

static void check_rest(struct trip *t)
{
    struct sim *s = &t->sim;

    program_calm(&s->program);
    sim_run(s, s->now + 20000);
    if (s->typed.len != s->program.read.len) /* R45 */
        sim_fail(s, "the program did not read what was typed");
    sim_check_screens(s);
    if (server_client_address(s->server)->bytes[0] != s->client_address)
        sim_fail(s, "the server does not know where the client is");
}

static void roam(uint64_t seed)
{
    struct trip t;

    begin_trip(&t, seed, 1);
    for (int i = 0; i < 3; i++) {
        travel(&t);
        check_arrival(&t);
        use(&t.sim, &t.rng, 200 + rng_below(&t.rng, 2000), t.typing);
        t.there = random_network(&t.rng, false);
    }
    check_rest(&t);
    sim_release(&t.sim);
}

/* The server has two addresses, and each network reaches one of them, as happens with the families
   of IP. */
static void roam_between_families(uint64_t seed)
{
    struct trip t;

    begin_trip(&t, seed, 2);
    for (int i = 0; i < 3; i++) {
        travel(&t);
        t.sim.reachable = (uint8_t)(1 << rng_below(&t.rng, 2));
        check_arrival(&t);
        use(&t.sim, &t.rng, 200 + rng_below(&t.rng, 3000), t.typing);
        t.there = random_network(&t.rng, false);
    }
    check_rest(&t);
    sim_release(&t.sim);
}

/* On a network that loses, the next retry has to do it. */
static void roam_to_a_bad_network(uint64_t seed)
{
    struct trip t;

    begin_trip(&t, seed, 1);
    if (client_server_features(t.sim.client) == 0) { /* it plays stock's, which ask but once */
        sim_release(&t.sim);
        return;
    }
    travel(&t);
    t.there.loss = 100 + (unsigned)rng_below(&t.rng, 200);
    uint64_t before = transport_sent_num(server_transport(t.sim.server));
    arrive(&t);
    msec_t took = time_to_newer(&t.sim, before, 60000);
    if (took == MSEC_NEVER)
        sim_fail(&t.sim, "the screen does not come");
    note_time(took > 2 * t.there.delay_ms ? took - 2 * t.there.delay_ms : 0);
    t.there.loss = 0;
    link_set_profile(t.sim.link, &t.there);
    check_rest(&t);
    sim_release(&t.sim);
}

static void S09_roaming_and_waking_up(void **state)
{
    (void)state;
    for_all_seeds(roam);
    size_t n = measured.count;
    report("roaming and waking up");
    print_message("# figure S09: of %zu roams 99 %% have the screen %" PRIu64
                  " ms after a round trip (at most %d)\n",
                  n, measured.over[n * 99 / 100], SLACK_MS);
}

static void another_address_of_the_server(void **state)
{
    (void)state;
    for_all_seeds(roam_between_families);
    report("to another address of the server");
}

static void bad_networks(void **state)
{
    (void)state;
    for_all_seeds(roam_to_a_bad_network);
    size_t n = measured.count;
    report("to a network that loses 10 to 30 %");
    if (n >= 50) { /* sorted by now */
        assert_true(measured.over[n / 2] <= SLACK_MS);
        assert_true(measured.over[n * 9 / 10] <= 1500);
    }
}

/* --- without a word from the system --- */

/* The address that was used until now does not work any more, and nobody says so. */
static void lose_an_address(uint64_t seed)
{
    struct trip t;

    begin_trip(&t, seed, 2);
    link_set_profile(t.sim.link, &t.there);
    sim_run(&t.sim, t.sim.now + 2000);
    t.sim.reachable = (uint8_t) ~(1u << client_address(t.sim.client));
    uint64_t before = transport_sent_num(server_transport(t.sim.server));
    msec_t took = time_to_newer(&t.sim, before + 1, 60000);
    if (took == MSEC_NEVER || took > WAYS_SILENT_MS + 3500 + 2 * t.there.delay_ms)
        sim_fail(&t.sim, "the other address is not found");
    check_rest(&t);
    sim_release(&t.sim);
}

static void an_address_that_dies(void **state)
{
    (void)state;
    for_all_seeds(lose_an_address);
}

/* F07: a translator that forgets every second; nobody but the server sees it. */
static void forget_all_the_time(uint64_t seed)
{
    struct trip t;

    begin_trip(&t, seed, 1);
    link_set_profile(t.sim.link, &t.there);
    for (int i = 0; i < 30; i++) {
        sim_roam(&t.sim);
        use(&t.sim, &t.rng, 1000, true);
    }
    uint64_t before = transport_sent_num(server_transport(t.sim.server));
    if (time_to_newer(&t.sim, before, SENDER_HEARTBEAT_MS + 4 * t.there.delay_ms + 500) ==
        MSEC_NEVER)
        sim_fail(&t.sim, "the screen stands still");
    check_rest(&t);
    sim_release(&t.sim);
}

/* R24: nothing passes any more from and to the port in use, as after a router has forgotten it, or
   chokes it. Another port is taken in time. */
static void choke_a_port(uint64_t seed)
{
    struct trip t;

    begin_trip(&t, seed, 1);
    link_set_profile(t.sim.link, &t.there);
    sim_run(&t.sim, t.sim.now + 2000);
    t.sim.blocked = t.sim.client_address;
    uint64_t before = transport_sent_num(server_transport(t.sim.server));
    sim_run(&t.sim, t.sim.now + 2 * t.there.delay_ms); /* what is under way */
    before = transport_sent_num(server_transport(t.sim.server)) + (before > 0);
    if (time_to_newer(&t.sim, before, 15000) == MSEC_NEVER)
        sim_fail(&t.sim, "no other port is taken in time");
    check_rest(&t);
    sim_release(&t.sim);
}

static void F07_translators_that_forget(void **state)
{
    (void)state;
    for_all_seeds(forget_all_the_time);
    for_all_seeds(choke_a_port);
}

/* Where one address cannot be reached from the start, the next one is there soon. */
static void R35_first_contact(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct sim s;
        struct link_profile network = {.name = "first contact", .delay_ms = 1 + seed};
        size_t addresses = 2 + seed % 3, good = seed % addresses;

        sim_init_at(&s, seed, &network, PROGRAM_SHELL, 24, 80, addresses);
        s.reachable = (uint8_t)(1 << good);
        msec_t took = time_to_newer(&s, 0, 10000);
        if (took == MSEC_NEVER ||
            took > 2 * network.delay_ms + 60 + (good ? 250 * (1 << (good - 1)) : 0))
            sim_fail(&s, "no contact in time");
        sim_run(&s, s.now + 1000);
        if (client_address(s.client) != good)
            sim_fail(&s, "the address that works is not chosen");
        sim_release(&s);
    }
}

/* --- those who make datagrams come from elsewhere --- */

#define VICTIM 200

static uint64_t most_relayed;

/* Takes what the client sends next, and has it come from the victim's address. */
static bool relay(struct sim *s)
{
    const struct path_address from = {.bytes = {VICTIM, 0}, .len = 2};
    struct buf datagram = {0};
    struct transport_event event;
    bool any = false;

    client_tick(s->client, s->now);
    while (client_pull_datagram(s->client, &datagram)) {
        if (!any)
            (void)!server_datagram_from(s->server, s->now, &from, datagram.data, datagram.len,
                                        false, &event);
        any = true;
    }
    buf_release(&datagram);
    return any;
}

/* S09: however much the program writes, one relayed datagram draws little; and the client has what
   it missed as soon as it is heard again. */
static void one_relayed_datagram(uint64_t seed)
{
    struct trip t;
    struct sim *s = &t.sim;

    begin_trip(&t, seed, 1);
    link_set_profile(s->link, &t.there);
    sim_run(s, s->now + 3000);
    sim_type(s, (const uint8_t *)"y", 1);
    while (!relay(s)) /* the key may have to wait for the next frame */
        s->now = msec_max(s->now + 1, client_deadline(s->client, s->now));
    if (server_client_address(s->server)->bytes[0] != VICTIM)
        sim_fail(s, "the relayed datagram was not the newest");
    /* The client is cut off, and all that the victim is sent is for nothing. */
    link_set_down(s->link, LINK_TO_SERVER, true);
    sim_run(s, s->now + 20000);
    if (s->bytes_to[VICTIM] > most_relayed)
        most_relayed = s->bytes_to[VICTIM];
    if (s->bytes_to[VICTIM] > RELAYED_BYTES_MAX)
        sim_fail(s, "too much for somebody else");
    link_set_down(s->link, LINK_TO_SERVER, false);
    uint64_t before = transport_sent_num(server_transport(s->server));
    if (time_to_newer(s, before, 3000 + 2 * t.there.delay_ms + SLACK_MS) == MSEC_NEVER)
        sim_fail(s, "the client is not served again");
    check_rest(&t);
    sim_release(s);
}

static void S09_relayed_datagrams_draw_little(void **state)
{
    (void)state;
    most_relayed = 0;
    for_all_seeds(one_relayed_datagram);
    print_message("# figure S09: one relayed datagram draws %" PRIu64 " bytes (at most %d)\n",
                  most_relayed, RELAYED_BYTES_MAX);
}

/* What was under way on the old path when the client left it arrives late, and moves nothing. */
static void late_datagrams(uint64_t seed)
{
    static const struct link_profile slow = {.name = "late", .delay_ms = 3000};
    struct trip t;
    struct sim *s = &t.sim;

    begin_trip(&t, seed, 1);
    link_set_profile(s->link, &slow);
    use(s, &t.rng, 2900, true);
    link_set_profile(s->link, &t.there);
    sim_network_changed(s);
    for (int i = 0; i < 30; i++) {
        sim_run(s, s->now + 100);
        if (i * 100 > 2 * (int)t.there.delay_ms + 200 &&
            server_client_address(s->server)->bytes[0] != s->client_address)
            sim_fail(s, "a late datagram has moved the path");
    }
    check_rest(&t);
    sim_release(s);
}

static void what_comes_late_moves_nothing(void **state)
{
    (void)state;
    for_all_seeds(late_datagrams);
}

/* --- too much of it --- */

/* However often the system says that the network has changed, what is sent for it has a rate. */
static void swarms_of_changes(void **state)
{
    static const struct link_profile good = {.name = "swarm", .delay_ms = 20};
    struct sim s;

    (void)state;
    sim_init(&s, 2, &good, PROGRAM_SHELL, 24, 80);
    sim_run(&s, s.now + 5000);
    uint64_t before = transport_get_stats(client_transport(s.client))->datagrams_sent;
    s.disturbed = true;
    for (int i = 0; i < 10000; i++) {
        client_network_changed(s.client, s.now);
        sim_run(&s, s.now + 1);
    }
    uint64_t sent = transport_get_stats(client_transport(s.client))->datagrams_sent - before;
    assert_true(sent <= 10 * 1000 / WAYS_CHANGE_MS * 3);
    sim_run(&s, s.now + 5000);
    sim_check_screens(&s);
    sim_release(&s);
}

/* In an outage the user's log does not grow with each change. */
static void R5_changes_in_an_outage(void **state)
{
    static const struct link_profile good = {.name = "outage", .delay_ms = 20};
    struct sim s;

    (void)state;
    sim_init(&s, 2, &good, PROGRAM_SHELL, 24, 80);
    sim_run(&s, s.now + 5000);
    link_set_down(s.link, LINK_TO_SERVER, true);
    uint64_t before = transport_get_stats(client_transport(s.client))->bytes_sent;
    for (int i = 0; i < 1000; i++) {
        client_network_changed(s.client, s.now);
        sim_run(&s, s.now + 3000);
    }
    uint64_t sent = transport_get_stats(client_transport(s.client))->bytes_sent - before;
    assert_true(sent < 1000 * 3 * 400);
    link_set_down(s.link, LINK_TO_SERVER, false);
    client_network_changed(s.client, s.now);
    sim_run(&s, s.now + 5000);
    sim_check_screens(&s);
    sim_release(&s);
}

static void print_line(void *context, const char *line)
{
    (void)context;
    fprintf(stderr, "%s\n", line);
}

int main(void)
{
    if (getenv("ROAM_LOG"))
        log_set_sink(print_line, NULL);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S09_roaming_and_waking_up),
        cmocka_unit_test(another_address_of_the_server),
        cmocka_unit_test(bad_networks),
        cmocka_unit_test(an_address_that_dies),
        cmocka_unit_test(F07_translators_that_forget),
        cmocka_unit_test(R35_first_contact),
        cmocka_unit_test(S09_relayed_datagrams_draw_little),
        cmocka_unit_test(what_comes_late_moves_nothing),
        cmocka_unit_test(swarms_of_changes),
        cmocka_unit_test(R5_changes_in_an_outage),
    };
    return cmocka_run_group_tests_name("roaming", tests, NULL, NULL);
}
