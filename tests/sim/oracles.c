/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "oracles.h"

#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "compare.h"
#include "overlay/panel.h"
#include "overlay/predict_internal.h"
#include "session/client_internal.h"
#include "sim.h"
#include "transport/sender.h"

/* --- memory --- */

#if defined __GLIBC__ && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33) && !defined __SANITIZE_ADDRESS__
static size_t memory_in_use(void)
{
    const struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}
#else /* nobody counts it */
static size_t memory_in_use(void)
{
    return 0;
}
#endif

/* What the test itself keeps grows with what was typed. */
static void check_memory(struct sim *s)
{
    size_t now = memory_in_use(), tests = 4 * (s->typed.cap + s->program.read.cap);
    size_t before = s->oracles.memory_before + tests;
    size_t grown = now > before ? now - before : 0;

    if (grown > s->oracles.memory_most)
        s->oracles.memory_most = grown;
    if (grown > ORACLE_MEMORY_MAX)
        sim_fail(s, "memory grows");
}

/* --- always --- */

static struct transport *transport_of(struct sim *s, int side)
{
    return side == CLIENT ? client_transport(s->client) : server_transport(s->server);
}

static uint64_t instructions(struct sim *s, int side)
{
    return transport_get_stats(transport_of(s, side))->instructions_sent;
}

void oracles_init(struct sim *s)
{
    s->oracles = (struct oracles){.memory_before = memory_in_use()};
}

void oracles_datagram(struct sim *s, unsigned direction, const struct buf *datagram)
{
    struct oracles *o = &s->oracles;
    const struct instruction *whole;
    size_t most = s->payload_max ? s->payload_max : TRANSPORT_PAYLOAD_MINIMUM;
    const char *fault =
        wiretap_check(s->tap[direction], datagram->data, datagram->len, most, &whole);

    if (fault)
        sim_fail(s, fault);
    if (!whole || whole->new_num <= o->newest_num[direction] || whole->diff.len == 0)
        return;
    o->newest_num[direction] = whole->new_num;
    o->frames[direction]++;
}

static bool some_machine_is_odd(const struct sim *s)
{
    return s->disturbed || s->machine[CLIENT].standing || s->machine[SERVER].standing;
}

static void check_rates(struct sim *s, bool moved)
{
    struct oracles *o = &s->oracles;

    if (!moved) {
        o->idle_turns++;
        o->idle_turns_total++;
    }
    if (o->idle_turns > ORACLE_IDLE_TURNS_PER_SECOND_MAX && !some_machine_is_odd(s))
        sim_fail(s, "busy: the machines wake too often");
    for (int side = CLIENT; side <= SERVER; side++) {
        if (instructions(s, side) - o->instructions_before[side] >
            ORACLE_INSTRUCTIONS_PER_SECOND_MAX)
            sim_fail(s, "noisy: too many instructions within a second");
        if (o->frames[side] > ORACLE_FRAMES_PER_SECOND_MAX)
            sim_fail(s, "noisy: more states within a second than the frame rate allows");
    }
}

static void next_second(struct sim *s)
{
    struct oracles *o = &s->oracles;
    const uint8_t *input;

    if (o->second == s->now / 1000)
        return;
    o->second = s->now / 1000;
    o->idle_turns = 0;
    o->frames[0] = o->frames[1] = 0;
    for (int side = CLIENT; side <= SERVER; side++)
        o->instructions_before[side] = instructions(s, side);
    if (server_pty_input(s->server, &input) > 2 * SERVER_INPUT_QUEUE_BYTES)
        sim_fail(s, "the queue of input grows");
    check_memory(s);
}

void oracles_turn(struct sim *s, bool moved)
{
    check_rates(s, moved);
    next_second(s);
}

/* --- what the user sees --- */

static msec_t client_time(const struct sim *s)
{
    return steady_at(&s->client->clock, sim_time(s, CLIENT));
}

/* Shown are only those that the newest screen may still fulfil: not one that it has refuted, and
   none that should have come true long ago. */
static void check_predictions(struct sim *s, size_t shown)
{
    const struct predict *p = &s->client->overlay.predict;
    const struct screen *screen = client_screen(s->client);
    int64_t reached = predict_queue_reached(&p->queue, &p->base, screen);

    for (size_t i = 0; i < shown; i++) {
        const struct prediction *item = &p->queue.item[i];

        if (item->frame > p->echo_ack || item->answered == MSEC_NEVER)
            continue;
        if (predict_queue_judge(&p->queue, i, screen, reached) == PREDICT_IS_WRONG)
            sim_fail(s, "a prediction is shown that was refuted");
        if (msec_since(client_time(s), item->answered) > PREDICT_GRACE_MAX_MS)
            sim_fail(s, "a prediction is shown that did not come true");
    }
}

/* Without predictions the terminal shows the server's screen, and what the client itself says. */
static void check_frame(struct sim *s)
{
    struct client *c = s->client;
    char why[COMPARE_TEXT_MAX];
    struct screen expected;
    bool same;

    screen_copy(&expected, client_screen(c));
    overlay_fit(&expected, c->rows, c->cols);
    panel_apply(&c->panel, &expected);
    notify_apply(&c->overlay.notify, client_time(s), &expected);
    same = compare_pictures(&expected, emulator_screen(s->terminal), why);
    screen_release(&expected);
    if (!same)
        sim_fail(s, why);
}

void oracles_frame(struct sim *s)
{
    size_t shown = predict_shown(&s->client->overlay.predict, client_time(s));

    s->oracles.frames_shown++;
    check_predictions(s, shown);
    if (shown == 0 && !s->client->lookback.pager.open &&
        s->oracles.frames_shown % ORACLE_FRAMES_LOOKED_AT == 0)
        check_frame(s);
}

/* --- at rest --- */

static bool is_within(const struct buf *part, const struct buf *whole, bool with_gaps)
{
    size_t at = 0;

    for (size_t i = 0; i < whole->len && at < part->len; i++) {
        if (whole->data[i] == part->data[at])
            at++;
        else if (!with_gaps)
            return false;
    }
    return at == part->len;
}

bool oracles_all_read(const struct sim *s)
{
    const struct buf *typed = &s->typed, *read = &s->program.read;

    return is_within(typed, read, s->program.curious) &&
           (s->program.curious || typed->len == read->len);
}

static bool is_settled(struct sim *s)
{
    char why[COMPARE_TEXT_MAX];

    return oracles_all_read(s) && s->pty_rows == emulator_screen(s->terminal)->rows &&
           s->pty_cols == emulator_screen(s->terminal)->cols &&
           compare_screens(server_screen(s->server), client_screen(s->client), why);
}

static msec_t healing_limit(struct sim *s)
{
    msec_t wait = msec_max(transport_rto_ms(client_transport(s->client)),
                           transport_rto_ms(server_transport(s->server)));
    size_t read = s->program.read.len, typed = s->typed.len;

    return 3 * msec_max(wait, SENDER_HEARTBEAT_MS) +
           (typed > read ? typed - read : 0) / ORACLE_BACKLOG_BYTES_PER_MS;
}

void oracles_check_heals(struct sim *s)
{
    msec_t start = s->now, limit_ms = healing_limit(s);

    while (!is_settled(s) && s->now < start + limit_ms && !sim_over(s))
        sim_run(s, s->now + 20);
    s->oracles.healed_ms = s->now - start;
    if (!is_settled(s) && !sim_over(s))
        sim_fail(s, "not alive in time after the network has healed");
}

static void check_all_read(struct sim *s)
{
    if (!oracles_all_read(s))
        sim_fail(s, "the program did not read what was typed");
    if (s->pty_rows != emulator_screen(s->terminal)->rows ||
        s->pty_cols != emulator_screen(s->terminal)->cols)
        sim_fail(s, "the pty has another size than the window");
}

/* Hardly anything is sent, and hardly anybody wakes. */
static void check_quiet(struct sim *s)
{
    uint64_t turns = s->oracles.idle_turns_total;
    uint64_t before[2];

    for (int side = CLIENT; side <= SERVER; side++)
        before[side] = transport_get_stats(transport_of(s, side))->datagrams_sent;
    sim_run(s, s->now + ORACLE_REST_MS);
    for (int side = CLIENT; side <= SERVER; side++)
        if (transport_get_stats(transport_of(s, side))->datagrams_sent - before[side] >
            ORACLE_REST_DATAGRAMS_MAX)
            sim_fail(s, "much is sent at rest");
    if (s->oracles.idle_turns_total - turns > ORACLE_REST_TURNS_MAX)
        sim_fail(s, "busy at rest");
}

void oracles_check_rest(struct sim *s)
{
    check_all_read(s);
    sim_check_screens(s);
    check_quiet(s);
    check_all_read(s);
    sim_check_screens(s);
}

void sim_check_screens(struct sim *s)
{
    const struct screen *truth = server_screen(s->server);
    char why[COMPARE_TEXT_MAX];

    if (!compare_screens(truth, client_screen(s->client), why))
        sim_fail(s, why);
    if (!compare_screens(truth, emulator_screen(s->terminal), why))
        sim_fail(s, why);
}
