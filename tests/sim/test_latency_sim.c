/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How long keystrokes take without predictions, ours beside stock's, on the virtual clock: exact,
 * so there are bounds. SIM_FIGURES=1 prints the figures, SIM_SEEDS=N takes more seeds than usual.
 * LONG=1 types on the links that lose with thousands of them (roaming has its own: test_roam_sim).
 */

#include "typing.h"

#include <stdio.h>
#include <stdlib.h>

#ifdef __SANITIZE_ADDRESS__ /* then each takes ten times as long */
#define SEEDS_DEFAULT 3
#else
#define SEEDS_DEFAULT 8
#endif
#define SEEDS_LONG 2000
#define SEEDS_FINE 8
#define KEYS       400
#define OUTAGES    100

/* Those of the paper, as far as a link without a download can be like them, and others. */
static const struct link_profile good = {.name = "good", .delay_ms = 1};
static const struct link_profile wifi = {
    .name = "wifi", .delay_ms = 10, .jitter_ms = 4, .burst = 4, .burst_ms = 50};
static const struct link_profile lossy = {.name = "lossy", .delay_ms = 50, .loss = 290};
static const struct link_profile ocean = {.name = "ocean", .delay_ms = 136};
static const struct link_profile evdo = {
    .name = "evdo", .delay_ms = 225, .jitter_ms = 60, .bytes_per_s = 18750, .queue_bytes = 20000};
static const struct link_profile narrow = {
    .name = "narrow", .delay_ms = 50, .bytes_per_s = 8000, .queue_bytes = 6000};
static const struct link_profile satellite = {.name = "satellite", .delay_ms = 350};

/* Measured with 2,000 seeds: what the mean on `lossy` lies above the round trip. */
#define LOSSY_MEAN_ABOVE_MS 22

static const char *const makers[] = {[OURS] = "ours", [STOCK] = "stock"};

static uint64_t seeds(void)
{
    const char *value = getenv("SIM_SEEDS");

    return value ? strtoull(value, NULL, 10) : SEEDS_DEFAULT;
}

static uint64_t seeds_where_lost(void)
{
    return getenv("LONG") && !getenv("SIM_SEEDS") ? SEEDS_LONG : seeds();
}

/* To be freed. */
static struct delays *measure_with(struct typing what, uint64_t count)
{
    struct delays *d = calloc(1, sizeof *d);
    char name[64];

    assert_non_null(d);
    what.keys = KEYS;
    for (what.seed = 1; what.seed <= count; what.seed++)
        typing_run(&what, d);
    snprintf(name, sizeof name, "%s %s-%s", what.link->name, makers[what.client],
             makers[what.server]);
    if (getenv("SIM_FIGURES"))
        delays_print(name, d);
    assert_int_equal(d->lost, 0);
    return d;
}

/* Where the difference is a few datagrams in a hundred, chance has to be kept out. */
static struct delays *measure_finely(struct typing what, enum maker both_ends)
{
    what.client = what.server = both_ends;
    return measure_with(what, seeds() < SEEDS_FINE ? SEEDS_FINE : seeds());
}

static struct delays *measure(struct typing what)
{
    return measure_with(what, seeds());
}

static struct delays *measure_on(const struct link_profile *link, enum maker client,
                                 enum maker server)
{
    return measure((struct typing){.link = link, .client = client, .server = server});
}

static struct delays *measure_where_lost(const struct link_profile *link, enum maker both_ends)
{
    return measure_with((struct typing){.link = link, .client = both_ends, .server = both_ends},
                        seeds_where_lost());
}

static uint64_t both(const uint64_t each[2])
{
    return each[0] + each[1];
}

/* No statistic is worse than that of the other by more than so many percent. */
static void check_no_slower(const struct delays *ours, const struct delays *stock, unsigned percent)
{
    static const unsigned points[] = {50, 90, 99};
    double most = 1 + percent / 100.0;

    for (size_t i = 0; i < 3; i++)
        assert_true((double)delays_percentile(ours, points[i]) <=
                    most * (double)delays_percentile(stock, points[i]));
    assert_true(delays_mean(ours) <= most * delays_mean(stock));
}

static void nothing_is_slower_than_stock(void **state)
{
    static const struct link_profile *const links[] = {&good, &lossy,  &ocean,
                                                       &evdo, &narrow, &satellite};

    (void)state;
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        struct delays *ours = measure_on(links[i], OURS, OURS);
        struct delays *stock = measure_on(links[i], STOCK, STOCK);
        struct delays *client = measure_on(links[i], OURS, STOCK);
        struct delays *server = measure_on(links[i], STOCK, OURS);

        check_no_slower(ours, stock, 0);
        check_no_slower(client, stock, 7); /* one point of `ocean` is 5.2 % above */
        check_no_slower(server, stock, 5);
        free(ours);
        free(stock);
        free(client);
        free(server);
    }
}

static void nothing_takes_more_datagrams_where_none_are_lost(void **state)
{
    static const struct link_profile *const links[] = {&good, &ocean, &evdo, &narrow, &satellite};

    (void)state;
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        const struct typing what = {.link = links[i]};
        struct delays *ours = measure_finely(what, OURS);
        struct delays *stock = measure_finely(what, STOCK);

        assert_true(both(ours->datagrams) <= both(stock->datagrams));
        assert_true(both(ours->bytes) <= both(stock->bytes));
        free(ours);
        free(stock);
    }
}

/* Nor where a program writes in pieces now and then, when nobody knows before, and predictions are
   told at once which keys a line editor has read. */
static void line_editors_take_no_more_datagrams(void **state)
{
    static const struct link_profile *const links[] = {&good, &ocean, &evdo, &narrow, &satellite};

    (void)state;
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        const struct typing what = {.link = links[i], .editor = true};
        struct delays *ours = measure_finely(what, OURS);
        struct delays *stock = measure_finely(what, STOCK);

        check_no_slower(ours, stock, 0);
        for (int d = 0; d < 2; d++)
            assert_true(ours->datagrams[d] <= stock->datagrams[d]);
        free(ours);
        free(stock);
    }
}

/* What an idle link has to carry leaves at once. */
static void R46_a_good_link_adds_nothing(void **state)
{
    struct delays *d = measure_on(&good, OURS, OURS);

    (void)state;
    assert_int_equal(delays_percentile(d, 50), 2);
    assert_int_equal(delays_percentile(d, 99), 2);
    free(d);
}

/* A program that writes its answers in pieces is collected, as stock does it. */
static void pieces_take_no_more_datagrams(void **state)
{
    (void)state;
    for (size_t pieces = 2; pieces <= 3; pieces++) {
        struct typing what = {.link = &good, .pieces = pieces};
        struct delays *ours = measure(what), *stock;

        what.client = what.server = STOCK;
        stock = measure(what);
        check_no_slower(ours, stock, 0);
        assert_true(both(ours->datagrams) <= both(stock->datagrams));
        free(ours);
        free(stock);
    }
}

/* What the mean lies above the round trip is at most 40 % of stock's, the last percent 60 %. And it
   is not more than it was when this was written, by a tenth; of few seeds by a quarter. */
static void loss_is_made_up_for(void **state)
{
    static const double mean_above_ms = LOSSY_MEAN_ABOVE_MS;
    struct delays *ours = measure_where_lost(&lossy, OURS);
    struct delays *stock = measure_where_lost(&lossy, STOCK);
    double slack = ours->count >= 100 * KEYS ? 1.1 : 1.25;

    (void)state;
    print_message("# lossy, %zu keys: mean %.1f ms, p90 %llu, p99 %llu; stock %.1f, %llu, %llu\n",
                  ours->count, delays_mean(ours), (unsigned long long)delays_percentile(ours, 90),
                  (unsigned long long)delays_percentile(ours, 99), delays_mean(stock),
                  (unsigned long long)delays_percentile(stock, 90),
                  (unsigned long long)delays_percentile(stock, 99));
    assert_true(delays_mean(ours) - 100 <= 0.4 * (delays_mean(stock) - 100));
    assert_true(10 * delays_percentile(ours, 99) <= 6 * delays_percentile(stock, 99));
    assert_true(delays_mean(ours) - 100 <= slack * mean_above_ms);
    free(ours);
    free(stock);
}

/* Marks are no longer round trips: keys are as quick with them as without. Only the first
   datagrams come before the ends know of each other that they can tell. */
static void marks_do_not_slow_keys_down(void **state)
{
    static const struct link_profile plain = {.name = "plain", .delay_ms = 50};
    const struct typing what = {.link = &plain}, marked = {.link = &plain, .congested = true};
    struct delays *without = measure(what), *with = measure(marked);

    (void)state;
    assert_in_range(with->srtt_ms[0], 100, 101);
    assert_in_range(with->srtt_ms[1], 100, 101);
    assert_int_equal(delays_percentile(with, 90), delays_percentile(without, 90));
    assert_true(delays_mean(with) <= delays_mean(without) + 5);
    free(without);
    free(with);
}

/* F23: what is under way when a flood is interrupted does not take long to arrive, however much the
   path would keep in a queue. */
static void an_interrupt_is_not_kept_waiting(void **state)
{
    static const struct link_profile deep = {
        .name = "deep", .delay_ms = 50, .bytes_per_s = 100000, .queue_bytes = 1250000};

    (void)state;
    for (uint64_t seed = 1; seed <= seeds(); seed++) {
        struct typing what = {.link = &deep, .seed = seed};
        msec_t took = typing_interrupt(&what, 3000 + 37 * seed);

        if (getenv("SIM_FIGURES"))
            printf("# interrupted after %llu ms\n", (unsigned long long)took);
        assert_in_range(took, 100, 2 * 100 + 100);
    }
    /* Large screens full of colours: one of them takes the path a second. */
    for (uint64_t seed = 1; seed <= 2; seed++) {
        struct typing what = {
            .link = &deep, .seed = seed, .rows = 60, .cols = 200, .true_colour = true};
        msec_t took = typing_interrupt(&what, 5000 + 370 * seed);

        if (getenv("SIM_FIGURES"))
            printf("# interrupted after %llu ms\n", (unsigned long long)took);
        assert_in_range(took, 100, 2000);
    }
}

static void note_outages(struct delays *d, const struct link_profile *link, enum maker both_ends)
{
    struct rng rng = {1};

    for (uint64_t seed = 1; seed <= OUTAGES; seed++) {
        struct typing what = {.link = link, .seed = seed, .client = both_ends, .server = both_ends};
        msec_t took = typing_outage(&what, 4000 + rng_below(&rng, 3000));

        d->count++;
        d->sum_ms += took;
        d->keys[msec_min(took, TYPING_DELAY_MS_MAX)]++;
    }
    if (getenv("SIM_FIGURES"))
        delays_print(link->name, d);
}

/* What is over without anybody's word is noticed by what is sent again: one round trip and 50 ms
   later, at most, the screen is that of the moment. */
static void an_outage_is_over_when_the_network_is(void **state)
{
    static const struct link_profile plain = {.name = "plain", .delay_ms = 50};
    static const struct link_profile *const links[] = {&good, &plain, &ocean, &satellite};

    (void)state;
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        struct delays *ours = calloc(1, sizeof *ours), *stock = calloc(1, sizeof *stock);

        assert_non_null(ours);
        assert_non_null(stock);
        note_outages(ours, links[i], OURS);
        note_outages(stock, links[i], STOCK);
        assert_true(delays_percentile(ours, 100) <= 2 * links[i]->delay_ms + 50);
        assert_true(delays_mean(ours) <= 1.05 * delays_mean(stock));
        free(ours);
        free(stock);
    }
}

/* A path that drops what is large, and one that drops what comes too fast. */
static void R32_R33_large_screens_get_through(void **state)
{
    static const struct link_profile hole = {.name = "hole", .delay_ms = 50, .mtu_bytes = 600};
    static const struct link_profile policer = {
        .name = "policer", .delay_ms = 50, .bytes_per_s = 8000, .queue_bytes = 4000};
    static const struct typing cases[] = {
        {.link = &hole, .rows = 24, .cols = 80},
        {.link = &hole, .rows = 125, .cols = 475},
        {.link = &policer, .rows = 24, .cols = 80},
        {.link = &policer, .rows = 60, .cols = 200},
    };
    static const msec_t longest[] = {3000, 20000, 4000, 20000};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (uint64_t seed = 1; seed <= 2; seed++) {
            struct typing what = cases[i];
            what.seed = seed;
            msec_t took = typing_repaint(&what);
            if (getenv("SIM_FIGURES"))
                printf("# %s, %zux%zu: repainted after %llu ms\n", what.link->name, what.rows,
                       what.cols, (unsigned long long)took);
            assert_in_range(took, 100, longest[i]);
        }
    }
}

/* Loss that comes in bursts: the median and the mean; what a burst of 50 ms costs is chance. */
static void bursts_are_no_worse_than_with_stock(void **state)
{
    struct delays *ours = measure_where_lost(&wifi, OURS);
    struct delays *stock = measure_where_lost(&wifi, STOCK);

    (void)state;
    assert_true(delays_percentile(ours, 50) <= delays_percentile(stock, 50));
    assert_true(delays_mean(ours) <= delays_mean(stock));
    free(ours);
    free(stock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_slower_than_stock),
        cmocka_unit_test(nothing_takes_more_datagrams_where_none_are_lost),
        cmocka_unit_test(line_editors_take_no_more_datagrams),
        cmocka_unit_test(R46_a_good_link_adds_nothing),
        cmocka_unit_test(pieces_take_no_more_datagrams),
        cmocka_unit_test(loss_is_made_up_for),
        cmocka_unit_test(marks_do_not_slow_keys_down),
        cmocka_unit_test(an_interrupt_is_not_kept_waiting),
        cmocka_unit_test(an_outage_is_over_when_the_network_is),
        cmocka_unit_test(R32_R33_large_screens_get_through),
        cmocka_unit_test(bursts_are_no_worse_than_with_stock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
