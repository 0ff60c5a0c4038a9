/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Plans that are drawn from a seed: a network, a program, a user, and a kind of trouble that comes
   more often than the others. */

#include "hostile.h"
#include "network.h"
#include "plan.h"

#define DAY_MS ((msec_t)86400000)

static const struct link_profile profiles[] = {
    {.name = "perfect"},
    {.name = "lan", .delay_ms = 1, .jitter_ms = 2},
    {.name = "loss 1 %", .delay_ms = 30, .loss = 10},
    {.name = "loss 10 %", .delay_ms = 30, .jitter_ms = 20, .loss = 100},
    {.name = "loss 30 %", .delay_ms = 50, .jitter_ms = 20, .loss = 300},
    {.name = "loss 50 %", .delay_ms = 50, .jitter_ms = 50, .loss = 500},
    {.name = "loss 90 %", .delay_ms = 50, .loss = 900},
    {.name = "loss 99 %", .delay_ms = 20, .loss = 990},
    {.name = "far", .delay_ms = 2000, .jitter_ms = 500},
    {.name = "jitter", .delay_ms = 20, .jitter_ms = 800},
    {.name = "minutes", .delay_ms = 100, .jitter_ms = 60000},
    {.name = "reordering", .delay_ms = 40, .reorder = 300, .jitter_ms = 10},
    {.name = "duplication", .delay_ms = 40, .duplicate = 500, .jitter_ms = 60},
    {.name = "corruption", .delay_ms = 40, .corrupt = 300},
    {.name = "bursts", .delay_ms = 40, .loss = 20, .burst = 10, .burst_ms = 3000},
    {.name = "narrow", .delay_ms = 40, .bytes_per_s = 8000, .queue_bytes = 64000},
    {.name = "policer", .delay_ms = 50, .bytes_per_s = 8000, .queue_bytes = 4000},
    {.name = "hole", .delay_ms = 30, .mtu_bytes = 576},
    {.name = "tunnel", .delay_ms = 30, .mtu_bytes = 1400},
    {.name = "everything",
     .delay_ms = 80,
     .jitter_ms = 200,
     .loss = 150,
     .duplicate = 100,
     .corrupt = 50,
     .reorder = 100,
     .burst = 2,
     .burst_ms = 1500},
};
static const struct link_profile good = {.name = "good", .delay_ms = 20};
/* Floods take most of the time. */
static const enum program_kind programs[] = {PROGRAM_SHELL,  PROGRAM_EDITOR, PROGRAM_DEAF,
                                             PROGRAM_SHELL,  PROGRAM_SHELL,  PROGRAM_EDITOR,
                                             PROGRAM_FLOODER};
#define PROFILES (sizeof profiles / sizeof profiles[0])

/* --- troubles --- */

static void draw_roaming(struct plan *p, struct rng *rng, msec_t after)
{
    if (rng_below(rng, 3))
        plan_add(p, after, ACT_ROAM, 1 + rng_below(rng, 5), 200 + rng_below(rng, 1500), 0);
    else
        plan_add(p, after, ACT_MOVE, 0, 0, 0);
}

static void draw_clock(struct plan *p, struct rng *rng, msec_t after)
{
    static const msec_t most[] = {50, 3000, 60000, 3600000, 30 * DAY_MS};
    enum side side = (enum side)rng_below(rng, 2);

    if (rng_below(rng, 4) == 0) {
        plan_add(p, after, ACT_STAND, side, 1, 0);
        plan_add(p, rng_below(rng, 8000), ACT_STAND, side, 0, 0);
        return;
    }
    plan_add(p, after, ACT_STEP, side, rng_below(rng, most[rng_below(rng, 5)]), rng_below(rng, 2));
}

static void draw_stop(struct plan *p, struct rng *rng, msec_t after)
{
    static const msec_t most[] = {100, 3000, 20000, 120000};
    msec_t span = rng_below(rng, most[rng_below(rng, 4)]);

    if (rng_below(rng, 3) == 0)
        plan_add(p, after, ACT_SLEEP, span, 0, 0);
    else
        plan_add(p, after, ACT_STOP, rng_below(rng, 2), span, 0);
}

static void draw_forgery(struct plan *p, struct rng *rng, msec_t after)
{
    size_t times = 1 + rng_below(rng, 4);

    for (size_t i = 0; i < times; i++)
        plan_add(p, i ? 0 : after, ACT_FORGE, rng_below(rng, 2), rng_below(rng, FORGERIES),
                 rng_next(rng));
}

static void draw_output(struct plan *p, struct rng *rng, msec_t after)
{
    size_t size = 1 + rng_below(rng, rng_below(rng, 8) ? 500 : 40000);

    plan_add(p, after, ACT_WRITE, rng_below(rng, HOSTILES), rng_next(rng), size);
}

static void draw_path(struct plan *p, struct rng *rng, msec_t after)
{
    switch (rng_below(rng, 6)) {
    case 0:
        plan_add(p, after, ACT_CONGESTED, rng_below(rng, 3) > 0, 0, 0);
        break;
    case 1:
        plan_add(p, after, ACT_REFUSE, rng_below(rng, 3) ? 500 + rng_below(rng, 800) : 0, 0, 0);
        break;
    case 2:
        plan_add(p, after, ACT_UNREACHABLE, rng_below(rng, 2), 0, 0);
        break;
    case 3:
        plan_add(p, after, ACT_REACH, rng_below(rng, 8), 0, 0);
        break;
    default:
        plan_add_link(p, after, &profiles[rng_below(rng, PROFILES)]);
        break;
    }
}

static void draw_sizes(struct plan *p, struct rng *rng, msec_t after)
{
    static const size_t odd[] = {0, 1, 1, 2, 4096, 4097, 65535};

    if (rng_below(rng, 2))
        plan_add(p, after, ACT_STORM, rng_next(rng), 1 + rng_below(rng, 300), rng_below(rng, 3));
    else
        plan_add(p, after, ACT_RESIZE, odd[rng_below(rng, 7)], odd[rng_below(rng, 7)], 0);
}

static void draw_silence(struct plan *p, struct rng *rng, msec_t after)
{
    static const msec_t most[] = {60000, 60000, 600000, 3600000};

    plan_add(p, after, ACT_SILENCE, rng_below(rng, most[rng_below(rng, 4)]), 0, 0);
}

static void draw_deafness(struct plan *p, struct rng *rng, msec_t after)
{
    plan_add(p, after, ACT_DEAF, 1000 + rng_below(rng, 15000), 0, 0);
    for (size_t i = rng_below(rng, 12); i > 0; i--)
        plan_add(p, rng_below(rng, 300), ACT_TYPE, rng_next(rng), 1 + rng_below(rng, 16000), 0);
}

static void draw_cut(struct plan *p, struct rng *rng, msec_t after)
{
    plan_add(p, after, ACT_CUT, rng_below(rng, 2), rng_below(rng, 2), 0);
}

static void (*const troubles[])(struct plan *, struct rng *, msec_t) = {
    draw_roaming, draw_clock, draw_stop,    draw_forgery,  draw_output,
    draw_path,    draw_sizes, draw_silence, draw_deafness, draw_cut,
};
#define TROUBLES (sizeof troubles / sizeof troubles[0])

/* --- what everybody does --- */

static void draw_usual(struct plan *p, struct rng *rng, msec_t after)
{
    size_t dice = rng_below(rng, 100);

    if (dice < 70)
        plan_add(p, after, ACT_TYPE, rng_next(rng), 1, 0);
    else if (dice < 80)
        plan_add(p, after, ACT_TYPE, rng_next(rng), 1 + rng_below(rng, 200), 0);
    else if (dice < 82)
        plan_add(p, after, ACT_TYPE, rng_next(rng), 1 + rng_below(rng, 16000), 0);
    else if (dice < 90)
        plan_add(p, after, ACT_RESIZE, 1 + rng_below(rng, 60), 1 + rng_below(rng, 150), 0);
    else if (dice < 96)
        plan_add(p, after, ACT_BUSY, rng_below(rng, 2), 0, 0);
    else
        plan_add(p, after, ACT_REDRAW, 0, 0, 0);
}

void plan_draw(struct plan *p, uint64_t seed)
{
    struct rng rng = {seed * 7919};
    const struct link_profile *profile = &profiles[seed % PROFILES];
    size_t trouble = rng_below(&rng, TROUBLES), events = 20 + rng_below(&rng, 40);

    *p = (struct plan){
        .seed = seed,
        .program = programs[seed / PROFILES % (sizeof programs / sizeof programs[0])],
        .rows = 1 + rng_below(&rng, 60),
        .cols = 1 + rng_below(&rng, 150),
        .addresses = 1 + (rng_below(&rng, 4) == 0),
        .payload = rng_below(&rng, 3) ? 1252 : 500,
        .link = good,
        .at_rest = rng_below(&rng, 3) > 0,
        .who = (unsigned)rng_below(&rng, 4),
    };
    if (rng_below(&rng, 4)) /* the beginning on a good network, so that a bad one meets a session */
        plan_add_link(p, 1000, profile);
    else
        p->link = *profile;
    while (p->count < events) {
        msec_t after = rng_below(&rng, rng_below(&rng, 8) ? 500 : 4000);
        size_t dice = rng_below(&rng, 100);

        if (dice < 15)
            troubles[trouble](p, &rng, after);
        else if (dice < 19)
            troubles[rng_below(&rng, TROUBLES)](p, &rng, after);
        else
            draw_usual(p, &rng, after);
    }
}
