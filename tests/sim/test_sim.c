/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Whole sessions over bad networks, each made from a seed: what the user does, what the network
 * does, what the program does, and who ends it all when.
 *
 *   SIM_SEED=N             that one session
 *   SIM_FIRST=N SIM_RUNS=N other sessions than the usual ones (scripts/sim-soak)
 */

#include "sim.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FIRST_DEFAULT 1
#ifdef __SANITIZE_ADDRESS__ /* then each takes ten times as long */
#define RUNS_DEFAULT 96
#else
#define RUNS_DEFAULT 336
#endif

static const struct link_profile profiles[] = {
    {.name = "perfect"},
    {.name = "lan", .delay_ms = 1, .jitter_ms = 2},
    {.name = "loss 1 %", .delay_ms = 30, .loss = 10},
    {.name = "loss 10 %", .delay_ms = 30, .jitter_ms = 20, .loss = 100},
    {.name = "loss 30 %", .delay_ms = 50, .jitter_ms = 20, .loss = 300},
    {.name = "loss 50 %", .delay_ms = 50, .jitter_ms = 50, .loss = 500},
    {.name = "loss 90 %", .delay_ms = 50, .loss = 900},
    {.name = "far", .delay_ms = 2000, .jitter_ms = 500},
    {.name = "jitter", .delay_ms = 20, .jitter_ms = 800},
    {.name = "reordering", .delay_ms = 40, .reorder = 300, .jitter_ms = 10},
    {.name = "duplication", .delay_ms = 40, .duplicate = 500, .jitter_ms = 60},
    {.name = "corruption", .delay_ms = 40, .corrupt = 300},
    {.name = "bursts", .delay_ms = 40, .loss = 20, .burst = 10, .burst_ms = 3000},
    {.name = "narrow", .delay_ms = 40, .bytes_per_s = 8000, .queue_bytes = 64000},
    {.name = "everything",
     .delay_ms = 80,
     .jitter_ms = 200,
     .loss = 150,
     .duplicate = 100,
     .corrupt = 50,
     .reorder = 100,
     .burst = 2,
     .burst_ms = 1500},
    {.name = "silence", .delay_ms = 30},
};
static const struct link_profile good = {.name = "good", .delay_ms = 20};
#define PROFILES (sizeof profiles / sizeof profiles[0])
#define SILENCE  (&profiles[PROFILES - 1])
#define HOUR_MS  3600000
#define HEAL_MS  60000
#define END_MS   12000

/* --- the seed, for whoever sees only a crash --- */

static char repeat_line[64];

static void announce(uint64_t seed)
{
    snprintf(repeat_line, sizeof repeat_line, "SIM_SEED=%" PRIu64 " crashed\n", seed);
}

static void say_seed(int sig)
{
    (void)!write(STDERR_FILENO, repeat_line, strlen(repeat_line));
    signal(sig, SIG_DFL);
    raise(sig);
}

/* The sanitizers call this, if they are there. */
void __asan_on_error(void);
void __asan_on_error(void)
{
    (void)!write(STDERR_FILENO, repeat_line, strlen(repeat_line));
}

/* --- the user --- */

static void type_some(struct sim *s, struct rng *rng, size_t len)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz     \r\r\x03\x0c\x7f\xc3\xa9";
    uint8_t keys[16384];

    for (size_t i = 0; i < len; i++)
        keys[i] = (uint8_t)alphabet[rng_below(rng, sizeof alphabet - 1)];
    sim_type(s, keys, len);
}

static void resize_some(struct sim *s, struct rng *rng)
{
    /* Now and then a size that makes no sense (R2). */
    size_t rows = rng_below(rng, 10) ? 1 + rng_below(rng, 60) : rng_below(rng, 2) * 65535;
    size_t cols = 1 + rng_below(rng, 150);

    sim_resize(s, rows, cols);
}

/* Something happens. */
static void act(struct sim *s, struct rng *rng)
{
    size_t dice = rng_below(rng, 100);

    if (dice < 60)
        type_some(s, rng, 1);
    else if (dice < 68)
        type_some(s, rng, 1 + rng_below(rng, 200));
    else if (dice < 70)
        type_some(s, rng, 1 + rng_below(rng, 16000));
    else if (dice < 77)
        resize_some(s, rng);
    else if (dice < 79)
        for (int i = 0; i < 50; i++)
            resize_some(s, rng);
    else if (dice < 84)
        sim_roam(s);
    else if (dice < 94)
        link_set_down(s->link, dice % 2 ? LINK_TO_SERVER : LINK_TO_CLIENT, dice < 88);
    else if (dice < 97)
        s->terminal_busy = !s->terminal_busy;
    else
        client_signal(s->client, s->now, CLIENT_SIGNAL_RESUMED);
}

/* The beginning on a good network, so that a bad one meets a session that lives. */
static void begin_well(struct sim *s, const struct link_profile *then)
{
    link_set_profile(s->link, &good);
    sim_run(s, s->now + 1000);
    link_set_profile(s->link, then);
}

static void live(struct sim *s, struct rng *rng, msec_t until)
{
    while (s->now < until && !sim_over(s)) {
        act(s, rng);
        sim_run(s, s->now + (rng_below(rng, 8) ? rng_below(rng, 250) : rng_below(rng, 4000)));
    }
}

/* A stubborn program: the user goes on typing, and everything else must go on working. */
static void live_with_a_deaf_program(struct sim *s, struct rng *rng)
{
    const uint8_t *input;

    s->program.deaf = true;
    s->program.next = s->now + 30000;
    for (int i = 0; i < 100; i++) {
        type_some(s, rng, 16000);
        sim_run(s, s->now + 200);
        if (server_pty_input(s->server, &input) > 2 * SERVER_INPUT_QUEUE_BYTES)
            sim_fail(s, "the queue of input grows");
    }
}

/* --- the end --- */

static void heal(struct sim *s)
{
    link_set_profile(s->link, &good);
    link_set_down(s->link, LINK_TO_SERVER, false);
    link_set_down(s->link, LINK_TO_CLIENT, false);
    s->terminal_busy = false;
    program_calm(&s->program);
}

static bool is_prefix(const struct buf *part, const struct buf *whole)
{
    return part->len <= whole->len &&
           (part->len == 0 || !memcmp(part->data, whole->data, part->len));
}

/* F09, R23, R29: hardly a sound for long, and then all is there again. */
static void be_silent(struct sim *s, msec_t span)
{
    uint64_t turns;

    program_calm(&s->program);
    link_set_down(s->link, LINK_TO_SERVER, true);
    link_set_down(s->link, LINK_TO_CLIENT, true);
    sim_run(s, s->now + 120000);
    turns = s->idle_turns_total;
    sim_run(s, s->now + span);
    if (server_attached(s->server))
        sim_fail(s, "still attached after a long silence");
    if (s->idle_turns_total - turns > span / 2000)
        sim_fail(s, "busy during a long silence");
}

/* At rest: R45, every byte once and in order; and everybody sees the same. */
static void check_rest(struct sim *s)
{
    sim_run(s, s->now + HEAL_MS);
    if (s->typed.len != s->program.read.len || !is_prefix(&s->typed, &s->program.read))
        sim_fail(s, "the program did not read what was typed");
    if (s->pty_rows != emulator_screen(s->terminal)->rows ||
        s->pty_cols != emulator_screen(s->terminal)->cols)
        sim_fail(s, "the pty has another size than the window");
    sim_check_screens(s);
}

/* Somebody wants the end. */
static void ask_for_the_end(struct sim *s, size_t who)
{
    if (who == 0)
        client_signal(s->client, s->now, CLIENT_SIGNAL_END);
    else if (who == 1)
        server_child_ended(s->server, s->now, -1);
    else if (who == 2)
        server_signal(s->server, s->now, SERVER_SIGNAL_END);
    else
        client_keys(s->client, s->now, (const uint8_t *)"\x1e.", 2);
    if (who == 1 && rng_below(&s->program.rng, 4) == 0)
        client_signal(s->client, s->now, CLIENT_SIGNAL_END);
}

static void end_at_rest(struct sim *s, struct rng *rng)
{
    ask_for_the_end(s, rng_below(rng, 4));
    sim_run(s, s->now + END_MS);
    if (!sim_over(s))
        sim_fail(s, "the session did not end");
    if (client_state(s->client) != CLIENT_ENDED)
        sim_fail(s, "an orderly end was not seen as one");
}

/* The end is asked for in the middle of everything. */
static void end_at_any_moment(struct sim *s, struct rng *rng)
{
    size_t who = rng_below(rng, 4);
    msec_t asked = s->now;

    ask_for_the_end(s, who);
    live(s, rng, s->now + rng_below(rng, 8000));
    heal(s);
    sim_run(s, asked + END_MS); /* F26 */
    if ((who == 0 || who == 3) && client_state(s->client) == CLIENT_RUNNING)
        sim_fail(s, "the client did not end in time");
    if (who == 2 && !server_finished(s->server))
        sim_fail(s, "the server did not end in time");
    sim_run(s, s->now + HEAL_MS);
    if (who == 1 && client_state(s->client) == CLIENT_RUNNING) /* R7 */
        sim_fail(s, "the client did not learn of the end");
    if (!is_prefix(&s->program.read, &s->typed))
        sim_fail(s, "the program read what was not typed");
    if (client_state(s->client) == CLIENT_ENDED && !server_finished(s->server))
        sim_run(s, s->now + HOUR_MS);
    if (client_state(s->client) == CLIENT_ENDED && !server_finished(s->server))
        sim_fail(s, "the server did not end");
}

static void end_session(struct sim *s, struct rng *rng)
{
    if (rng_below(rng, 3) == 0) {
        end_at_any_moment(s, rng);
    } else {
        heal(s);
        check_rest(s);
        end_at_rest(s, rng);
    }
}

static bool is_running(struct sim *s)
{
    const struct transport *t = client_transport(s->client);

    return transport_remote_num(t) > 0 && transport_phase(t) == TRANSPORT_RUNNING;
}

/* The client has not heard a word yet, or has given up: both ends must notice. */
static void end_without_a_beginning(struct sim *s)
{
    link_set_down(s->link, LINK_TO_SERVER, true);
    link_set_down(s->link, LINK_TO_CLIENT, true);
    sim_run(s, s->now + CLIENT_CONNECT_GIVE_UP_MS + END_MS);
    if (client_state(s->client) == CLIENT_RUNNING && !is_running(s))
        sim_fail(s, "the client does not give up");
    sim_run(s, s->now + SERVER_ATTACH_MS);
    if (!server_finished(s->server) && !server_child_released(s->server))
        sim_fail(s, "the server waits for a client that never came");
}

static const struct link_profile *profile_of(uint64_t seed)
{
    return &profiles[seed % PROFILES];
}

static void run_session(uint64_t seed)
{
    struct rng rng = {seed * 7919};
    const struct link_profile *profile = profile_of(seed);
    enum program_kind kind = (enum program_kind)(seed / PROFILES % PROGRAM_KINDS);
    size_t rows = 1 + rng_below(&rng, 60), cols = 1 + rng_below(&rng, 150);
    struct sim sim;

    announce(seed);
    sim_init(&sim, seed, profile, kind, rows, cols);
    if (rng_below(&rng, 4))
        begin_well(&sim, profile);
    live(&sim, &rng, sim.now + 5000 + rng_below(&rng, 25000));
    if (is_running(&sim)) {
        if (kind == PROGRAM_DEAF && profile != SILENCE && rng_below(&rng, 3) == 0)
            live_with_a_deaf_program(&sim, &rng);
        if (profile == SILENCE)
            be_silent(&sim, rng_below(&rng, 4) ? HOUR_MS / 12 : HOUR_MS);
        end_session(&sim, &rng);
    } else {
        end_without_a_beginning(&sim);
    }
    sim_release(&sim);
}

static uint64_t from_environment(const char *name, uint64_t otherwise)
{
    const char *value = getenv(name);

    return value ? strtoull(value, NULL, 10) : otherwise;
}

/* Those of the sessions asked for that have this profile. */
static void sessions(void **state)
{
    const struct link_profile *profile = *state;
    uint64_t first = from_environment("SIM_FIRST", FIRST_DEFAULT);
    uint64_t runs = from_environment("SIM_RUNS", RUNS_DEFAULT);

    if (getenv("SIM_SEED")) {
        first = from_environment("SIM_SEED", 0);
        runs = 1;
    }
    for (uint64_t seed = first; seed < first + runs; seed++)
        if (profile_of(seed) == profile)
            run_session(seed);
}

int main(void)
{
    struct CMUnitTest tests[PROFILES];

    for (size_t i = 0; i < PROFILES; i++)
        tests[i] = (struct CMUnitTest){.name = profiles[i].name,
                                       .test_func = sessions,
                                       .initial_state = (void *)(uintptr_t)&profiles[i]};
    signal(SIGSEGV, say_seed);
    signal(SIGABRT, say_seed);
    return cmocka_run_group_tests_name("whole sessions", tests, NULL, NULL);
}
