/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Two transports over bad networks. SIM_SEED=N in the environment runs that seed alone, and
 * SIM_RUNS=N that many instead of the usual number.
 */

#include <stdio.h>
#include <stdlib.h>

#include "../lib/pair.h"

#define RUNS          320
#define HEAL_LIMIT_MS 3200 /* a heartbeat, and a round trip */

static const struct link_profile profiles[] = {
    {.name = "lan"},
    {.name = "near", .delay_ms = 10, .jitter_ms = 3},
    {.name = "far", .delay_ms = 150, .jitter_ms = 20, .loss = 10},
    {.name = "lossy", .delay_ms = 50, .jitter_ms = 10, .loss = 290},
    {.name = "half", .delay_ms = 30, .jitter_ms = 30, .loss = 500},
    {.name = "reordering", .delay_ms = 40, .jitter_ms = 200, .reorder = 300, .duplicate = 200},
    {.name = "corrupting", .delay_ms = 20, .corrupt = 300, .duplicate = 300},
    {.name = "bursts", .delay_ms = 60, .burst = 30, .burst_ms = 2000},
    {.name = "satellite", .delay_ms = 2000, .jitter_ms = 100, .loss = 20},
    {.name = "narrow", .delay_ms = 80, .bytes_per_s = 8000, .queue_bytes = 16000},
};
#define PROFILES (sizeof profiles / sizeof profiles[0])

static unsigned long setting(const char *name, unsigned long otherwise)
{
    const char *value = getenv(name);
    return value ? strtoul(value, NULL, 10) : otherwise;
}

static void for_each_seed(void (*run)(uint64_t seed, const struct link_profile *profile),
                          unsigned long usual)
{
    unsigned long only = setting("SIM_SEED", 0);
    unsigned long runs = setting("SIM_RUNS", usual);
    if (only) {
        run(only, &profiles[only % PROFILES]);
        return;
    }
    for (uint64_t seed = 1; seed <= runs; seed++)
        run(seed, &profiles[seed % PROFILES]);
}

/* A user who types, pastes now and then, and a program that answers, floods and rests. */
static void converse(struct pair *p, struct rng *r, unsigned turns)
{
    for (unsigned i = 0; i < turns; i++) {
        enum side side = (enum side)rng_below(r, 2);
        size_t len = rng_below(r, 20) == 0 ? rng_below(r, 6000) : 1 + rng_below(r, 40);
        pair_type(p, side, len);
        pair_run_for(p, rng_below(r, 30) == 0 ? rng_below(r, 8000) : rng_below(r, 150));
    }
}

/* R45, F01, F02, F04, S11: whatever the network does, everything arrives once and in order. */
static void converges(uint64_t seed, const struct link_profile *profile)
{
    struct pair p;
    struct rng r = {seed};
    pair_init(&p, seed, profile);
    converse(&p, &r, 30);
    if (pair_converge(&p, 60000) == MSEC_NEVER)
        fail_msg("seed %llu, profile %s: not at rest after a minute", (unsigned long long)seed,
                 profile->name);
    pair_release(&p);
}

static void everything_arrives_once_and_in_order(void **state)
{
    (void)state;
    for_each_seed(converges, RUNS);
}

/* F03, S11: after an outage, either way or both, the first good second brings everything. */
static void heals(uint64_t seed, const struct link_profile *profile)
{
    struct pair p;
    struct rng r = {seed};
    static const struct link_profile good = {.name = "healed", .delay_ms = 50};
    pair_init(&p, seed, profile);
    converse(&p, &r, 5);
    link_set_profile(p.link, &good);
    pair_run_for(&p, 5000);
    unsigned cut = 1 + (unsigned)rng_below(&r, 3);
    link_set_down(p.link, LINK_TO_SERVER, cut & 1);
    link_set_down(p.link, LINK_TO_CLIENT, cut & 2);
    converse(&p, &r, 10);
    pair_run_for(&p, rng_below(&r, 30000));
    link_set_down(p.link, LINK_TO_SERVER, false);
    link_set_down(p.link, LINK_TO_CLIENT, false);
    msec_t took = pair_converge(&p, 60000);
    if (took > HEAL_LIMIT_MS)
        fail_msg("seed %llu: %llu ms after the network healed", (unsigned long long)seed,
                 (unsigned long long)took);
    pair_release(&p);
}

static void outages_heal_quickly(void **state)
{
    (void)state;
    for_each_seed(heals, RUNS / 4);
}

/* Fix of section 12: a shutdown at any moment, by either or both, ends both. */
static void ends(uint64_t seed, const struct link_profile *profile)
{
    struct pair p;
    struct rng r = {seed};
    pair_init(&p, seed, profile);
    converse(&p, &r, 1 + (unsigned)rng_below(&r, 10));
    unsigned who = 1 + (unsigned)rng_below(&r, 3);
    for (int side = 0; side < 2; side++)
        if (who & (1u << side))
            transport_shutdown(p.side[side].transport, p.now, 120000);
    if (!pair_end(&p, 200000))
        fail_msg("seed %llu, profile %s: a side does not end", (unsigned long long)seed,
                 profile->name);
    /* Where much is lost, or everything for two seconds, the last word may be. */
    bool hard = profile->loss > 100 || profile->burst > 0;
    for (int side = 0; side < 2 && !hard; side++)
        if (transport_phase(p.side[side].transport) != TRANSPORT_CLOSED)
            fail_msg("seed %llu, profile %s: side %d not in agreement", (unsigned long long)seed,
                     profile->name, side);
    /* What the one who asked had typed until then came along. */
    for (int side = 0; side < 2 && who != 3; side++)
        if ((who & (1u << side)) && !hard && !pair_has_all(&p, 1 - side))
            fail_msg("seed %llu, profile %s: the last words are lost", (unsigned long long)seed,
                     profile->name);
    pair_release(&p);
}

static void shutdown_ends_both_sides(void **state)
{
    (void)state;
    for_each_seed(ends, RUNS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_arrives_once_and_in_order),
        cmocka_unit_test(outages_heal_quickly),
        cmocka_unit_test(shutdown_ends_both_sides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
