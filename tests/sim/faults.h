/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_FAULTS_H
#define MOSH_TESTS_FAULTS_H

/* What the checks of single faults share. LONG=1 takes ten times as many seeds; where SLOW says
   that everything takes many times as long, there is one. */

#include "session.h"

#include <stdlib.h>
#ifdef __SANITIZE_ADDRESS__
#define FAULT_SEEDS 2
#else
#define FAULT_SEEDS 8
#endif

#define SECOND_MS ((msec_t)1000)
#define MINUTE_MS ((msec_t)60000)
#define HOUR_MS   ((msec_t)3600000)
#define DAY_MS    ((msec_t)86400000)

static const struct link_profile good_link = {.name = "good", .delay_ms = 20};

static inline bool is_slow_here(void)
{
    const char *slow = getenv("SLOW");

    return slow && atoi(slow) >= 10;
}

static inline uint64_t fault_seeds(void)
{
    if (is_slow_here())
        return 1;
    return getenv("LONG") ? 10 * FAULT_SEEDS : FAULT_SEEDS;
}

/* A session that lives. */
static inline void begin(struct sim *s, const char *what, uint64_t seed, enum program_kind kind)
{
    sim_init(s, seed, &good_link, kind, 24, 80);
    sim_set_payload(s, TRANSPORT_PAYLOAD_IPV4);
    s->what = what;
    sim_run(s, s->now + 2 * SECOND_MS);
}

/* Somebody types for so long. */
static inline void use(struct sim *s, msec_t span)
{
    msec_t until = s->now + span;
    struct rng rng = {s->seed ^ s->now};

    while (s->now < until && !sim_over(s)) {
        session_type(s, rng_next(&rng), 1);
        sim_run(s, msec_min(until, s->now + 50 + rng_below(&rng, 400)));
    }
}

/* Nothing is wrong any more, and everything must be there. */
static inline void finish(struct sim *s)
{
    session_heal(s);
    oracles_check_heals(s);
    sim_run(s, s->now + 20 * SECOND_MS);
    oracles_check_rest(s);
    sim_release(s);
}

static inline void cut(struct sim *s, enum link_direction direction, bool down)
{
    link_set_down(s->link, direction, down);
}

/* Whether the row of the user's terminal has the text. */
static inline bool terminal_says(const struct sim *s, size_t row, const char *text)
{
    const struct screen *screen = emulator_screen(s->terminal);
    struct buf all = {0};
    bool found;

    for (size_t col = 0; col < screen->cols; col++)
        row_put_text(screen->row[row], col, &all);
    buf_append_byte(&all, 0);
    found = strstr((const char *)all.data, text) != NULL;
    buf_release(&all);
    return found;
}

static inline const struct transport_stats *client_stats(const struct sim *s)
{
    return transport_get_stats(client_transport(s->client));
}

static inline const struct transport_stats *server_stats(const struct sim *s)
{
    return transport_get_stats(server_transport(s->server));
}

static inline void check(const struct sim *s, bool holds, const char *why)
{
    if (!holds)
        sim_fail(s, why);
}

#endif
