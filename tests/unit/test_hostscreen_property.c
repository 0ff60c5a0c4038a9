/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * R3 between our own two ends: whatever a program has written, and whatever a client has announced
 * by then, a mirror of any earlier state that is given the diff from that state is what it shall
 * be: exactly, as far as what was announced can say it. MOSH_TEST_SEED begins with a chain, and
 * MOSH_TEST_CASES says how many there are.
 */

#include "../lib/looks.h"
#include "../lib/program.h"

#include <stdlib.h>

#include "statesync/hostscreen.h"
#include "terminal/profile.h"

#define CHAINS 400
#define FRAMES 40
#define HELD   4 /* states that the server may still diff from, each with its mirror */

#define OPS hostscreen_ops

static uint64_t running_seed; /* 0 between chains */

struct held {
    struct hostscreen *server, *mirror;
};

struct chain {
    struct rng rng;
    struct program program;
    struct hostscreen *live;
    struct held held[HELD];
    size_t held_count;
};

static void hold(struct chain *c, const struct hostscreen *server, struct hostscreen *mirror)
{
    size_t at = c->held_count < HELD ? c->held_count++ : rng_below(&c->rng, HELD);

    OPS.free(c->held[at].server);
    OPS.free(c->held[at].mirror);
    c->held[at] = (struct held){OPS.clone(server), mirror};
}

/* Events come if they were announced, and each time that the state has new ones. */
static void check_events(const struct hostscreen *mirror, const struct hostscreen *live)
{
    const struct screen *got = hostscreen_screen(mirror), *want = hostscreen_screen(live);

    if (!(hostscreen_features(live) & FEATURE_EVENTS)) {
        assert_null(got->events);
        assert_true(text_equal(got->clipboard, want->clipboard));
        return;
    }
    assert_null(got->clipboard);
    assert_int_equal(events_newest(got->events), events_newest(want->events));
    if (!want->events)
        return;
    for (size_t i = 1; i <= got->events->count && i <= want->events->count; i++) {
        const struct screen_event *a = &got->events->event[got->events->count - i];
        const struct screen_event *b = &want->events->event[want->events->count - i];
        if (a->number != b->number)
            break; /* one that is older than a state that was lost */
        assert_int_equal(a->kind, b->kind);
        assert_true(text_equal(a->name, b->name) && text_equal(a->text, b->text));
    }
}

static void check_facts(const struct hostscreen *mirror, const struct hostscreen *live)
{
    struct facts got = hostscreen_facts(mirror), want = hostscreen_facts(live);

    assert_true(facts_equal(&got, &want));
}

static void check_serverinfo(const struct hostscreen *mirror, const struct hostscreen *live)
{
    struct serverinfo got = hostscreen_serverinfo(mirror), want = hostscreen_serverinfo(live);

    assert_true(serverinfo_equal(&got, &want));
}

static void follow(struct chain *c)
{
    const struct held *from = &c->held[rng_below(&c->rng, c->held_count)];
    struct hostscreen *mirror = OPS.clone(from->mirror);
    struct caps caps = hostscreen_caps(c->live);
    struct buf diff = {0};

    OPS.diff(from->server, c->live, &diff);
    assert_int_equal(OPS.apply(mirror, diff.data, diff.len), 0);
    assert_int_equal(hostscreen_features(mirror), hostscreen_features(c->live));
    check_emulator(hostscreen_emulator(mirror), &caps, hostscreen_screen(c->live));
    check_events(mirror, c->live);
    check_facts(mirror, c->live);
    check_serverinfo(mirror, c->live);
    buf_release(&diff);
    if (rng_below(&c->rng, 2))
        hold(c, c->live, mirror);
    else
        OPS.free(mirror);
}

static size_t random_side(struct rng *rng, size_t limit)
{
    return 1 + rng_below(rng, rng_below(rng, 2) ? limit : limit / 4);
}

/* A client learns; it does not forget, and no diff could make it. Events are announced from the
   beginning, or never. */
static uint32_t random_features(struct rng *rng, uint32_t before)
{
    uint32_t some = (uint32_t)rng_next(rng) | (rng_below(rng, 2) ? FEATURES_KNOWN : 0);

    return (some & FEATURES_KNOWN & ~(uint32_t)FEATURE_EVENTS) | before;
}

static struct facts random_facts(struct rng *rng)
{
    return (struct facts){
        .known = rng_below(rng, 4),
        .echo = rng_below(rng, 2),
        .canonical = rng_below(rng, 2),
        .erase = (uint8_t)rng_below(rng, 256),
        .kill = (uint8_t)rng_below(rng, 2),
        .job = (uint32_t)rng_below(rng, 3),
    };
}

static void run_frame(struct chain *c)
{
    struct emulator *e = hostscreen_emulator(c->live);

    if (rng_below(&c->rng, 4) == 0) {
        struct facts facts = random_facts(&c->rng);
        if (facts.known || !hostscreen_facts(c->live).known) /* what is known stays so */
            hostscreen_set_facts(c->live, &facts);
    }

    if (rng_below(&c->rng, 30) == 0) { /* a command ends once */
        struct serverinfo info = {"2.0", true, 7};
        hostscreen_set_serverinfo(c->live, &info);
    }
    if (rng_below(&c->rng, 30) == 0) {
        c->program.rows = random_side(&c->rng, 12);
        c->program.cols = random_side(&c->rng, 40);
        emulator_resize(e, c->program.rows, c->program.cols);
    }
    if (rng_below(&c->rng, 20) == 0)
        hostscreen_set_features(c->live, random_features(&c->rng, hostscreen_features(c->live)));
    buf_clear(&c->program.out);
    program_burst(&c->program);
    emulator_write(e, c->program.out.data, c->program.out.len, NULL);
    follow(c);
}

static void run_chain(uint64_t seed)
{
    struct chain c = {.rng = {.state = seed}};
    size_t rows = random_side(&c.rng, 12), cols = random_side(&c.rng, 40);

    c.program = (struct program){.rng = &c.rng,
                                 .rows = rows,
                                 .cols = cols,
                                 .contested = seed % 2,
                                 .clusters = seed % 4 == 3};
    c.live = hostscreen_new(EMULATOR_HOST, rows, cols);
    hold(&c, c.live, hostscreen_new(EMULATOR_MIRROR, 24, 80)); /* whose size is another */
    hostscreen_leave_zero(c.live);
    hostscreen_set_features(c.live,
                            random_features(&c.rng, rng_below(&c.rng, 3) ? FEATURE_EVENTS : 0));
    for (size_t i = 0; i < FRAMES; i++)
        run_frame(&c);
    for (size_t i = 0; i < c.held_count; i++) {
        OPS.free(c.held[i].server);
        OPS.free(c.held[i].mirror);
    }
    OPS.free(c.live);
    buf_release(&c.program.out);
}

static void mirrors_follow_by_what_was_announced(void **state)
{
    const char *seed = getenv("MOSH_TEST_SEED"), *cases = getenv("MOSH_TEST_CASES");
    uint64_t first = seed ? strtoull(seed, NULL, 0) : 1;
    size_t count = cases ? strtoull(cases, NULL, 0) : CHAINS;

    (void)state;
    for (size_t i = 0; i < count; i++) {
        running_seed = first + i;
        run_chain(running_seed);
    }
    running_seed = 0;
}

static int say_seed(void **state)
{
    (void)state;
    if (running_seed)
        print_error("MOSH_TEST_SEED=%llu\n", (unsigned long long)running_seed);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(mirrors_follow_by_what_was_announced, say_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
