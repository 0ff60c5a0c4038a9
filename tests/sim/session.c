/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session.h"

#include "hostile.h"
#include "network.h"

#define HOUR_MS   3600000
#define HEAL_MS   60000
#define END_MS    12000
#define SILENT_MS 120000 /* by then everybody knows that nothing comes */
#define KEYS_MAX  16384

static const struct link_profile good = {.name = "good", .delay_ms = 20};

/* --- the user --- */

void session_type(struct sim *s, uint64_t seed, size_t count)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz     \r\r\x03\x0c\x7f\xc3\xa9";
    struct rng rng = {seed};
    uint8_t keys[KEYS_MAX];

    count = count < sizeof keys ? count : sizeof keys;
    for (size_t i = 0; i < count; i++)
        keys[i] = (uint8_t)alphabet[rng_below(&rng, sizeof alphabet - 1)];
    sim_type(s, keys, count);
}

/* F29: as a user who pulls at a corner of the window, and now and then a size that is none (R2). */
static void resize_often(struct sim *s, uint64_t seed, size_t count, msec_t every_ms)
{
    struct rng rng = {seed};

    for (size_t i = 0; i < count; i++) {
        size_t rows = rng_below(&rng, 10) ? 1 + rng_below(&rng, 60) : rng_below(&rng, 2) * 65535;

        sim_resize(s, rows, 1 + rng_below(&rng, 150));
        if (every_ms)
            sim_run(s, s->now + every_ms);
    }
}

/* --- what happens --- */

static void roam_often(struct sim *s, size_t count, msec_t every_ms)
{
    for (size_t i = 0; i < count; i++) {
        sim_roam(s);
        sim_run(s, s->now + every_ms);
    }
}

static void sleep_for(struct sim *s, msec_t span)
{
    s->asleep = true;
    sim_run(s, s->now + span);
    if (s->asleep)
        sim_network_changed(s);
}

static void stop_for(struct sim *s, enum side side, msec_t span)
{
    sim_stop(s, side, true);
    sim_run(s, s->now + span);
    sim_stop(s, side, false);
}

static bool is_running(struct sim *s)
{
    const struct transport *t = client_transport(s->client);

    return transport_remote_num(t) > 0 && transport_phase(t) == TRANSPORT_RUNNING;
}

/* F09, R23, R29: hardly a sound for long. */
static void be_silent(struct sim *s, msec_t span)
{
    bool running = is_running(s);
    uint64_t turns;

    program_calm(&s->program);
    link_set_down(s->link, LINK_TO_SERVER, true);
    link_set_down(s->link, LINK_TO_CLIENT, true);
    sim_run(s, s->now + SILENT_MS);
    turns = s->oracles.idle_turns_total;
    sim_run(s, s->now + span);
    if (!server_finished(s->server) && server_attached(s->server) && !s->machine[SERVER].standing)
        sim_fail(s, "still attached after a long silence");
    if (running && s->oracles.idle_turns_total - turns > 10 + span / 1500)
        sim_fail(s, "busy during a long silence");
    link_set_down(s->link, LINK_TO_SERVER, false);
    link_set_down(s->link, LINK_TO_CLIENT, false);
}

static void write_hostile(struct sim *s, enum hostile what, uint64_t seed, size_t size)
{
    struct buf out = {0};

    hostile_write(what, seed, size, &out);
    sim_write(s, &out);
    buf_release(&out);
}

static void be_deaf(struct sim *s, msec_t span)
{
    if (s->program.calm)
        return;
    s->program.deaf = true;
    s->program.next = s->now + span;
}

static void set_link(struct sim *s, const uint64_t numbers[ACT_NUMBERS])
{
    const struct link_profile link = plan_link(numbers);

    link_set_profile(s->link, &link);
}

void session_act(struct sim *s, const struct act *e)
{
    const uint64_t a = e->number[0], b = e->number[1], c = e->number[2];

    switch (e->kind) {
    case ACT_TYPE:
        session_type(s, a, (size_t)b);
        break;
    case ACT_RESIZE:
        sim_resize(s, (size_t)a, (size_t)b);
        break;
    case ACT_STORM:
        resize_often(s, a, (size_t)b, c);
        break;
    case ACT_ROAM:
        roam_often(s, (size_t)a, b);
        break;
    case ACT_MOVE:
        sim_network_changed(s);
        break;
    case ACT_LINK:
        set_link(s, e->number);
        break;
    case ACT_CUT:
        link_set_down(s->link, a ? LINK_TO_CLIENT : LINK_TO_SERVER, b);
        break;
    case ACT_BUSY:
        s->terminal_busy = a;
        break;
    case ACT_REDRAW:
        client_signal(s->client, sim_time(s, CLIENT), CLIENT_SIGNAL_RESUMED);
        break;
    case ACT_UNREACHABLE:
        s->unreachable = a;
        break;
    case ACT_REACH:
        s->reachable = (uint8_t)a;
        break;
    case ACT_CONGESTED:
        s->congested = a;
        break;
    case ACT_REFUSE:
        s->refused_bytes = (size_t)a;
        break;
    case ACT_STEP:
        sim_step_clock(s, a ? SERVER : CLIENT, c ? -(int64_t)b : (int64_t)b);
        break;
    case ACT_STAND:
        sim_stop_clock(s, a ? SERVER : CLIENT, b);
        break;
    case ACT_SLEEP:
        sleep_for(s, a);
        break;
    case ACT_STOP:
        stop_for(s, a ? SERVER : CLIENT, b);
        break;
    case ACT_FORGE:
        network_forge(s, a ? LINK_TO_CLIENT : LINK_TO_SERVER, (enum forgery)b, c);
        break;
    case ACT_WRITE:
        write_hostile(s, (enum hostile)a, b, (size_t)c);
        break;
    case ACT_DEAF:
        be_deaf(s, a);
        break;
    case ACT_SILENCE:
        be_silent(s, a);
        break;
    case ACT_QUIET:
        sim_run(s, s->now + a);
        break;
    case ACT_KINDS:
        break;
    }
}

/* --- the end --- */

void session_heal(struct sim *s)
{
    link_set_profile(s->link, &good);
    for (int d = 0; d < 2; d++) {
        link_set_down(s->link, (enum link_direction)d, false);
        sim_stop_clock(s, (enum side)d, false);
        sim_stop(s, (enum side)d, false);
    }
    s->terminal_busy = s->unreachable = s->congested = false;
    s->reachable = UINT8_MAX;
    s->refused_bytes = 0;
    s->blocked = 0;
    program_calm(&s->program);
}

/* Somebody wants the end. */
static void ask_for_the_end(struct sim *s, unsigned who)
{
    if (who == 0)
        client_signal(s->client, sim_time(s, CLIENT), CLIENT_SIGNAL_END);
    else if (who == 1)
        server_child_ended(s->server, sim_time(s, SERVER), -1);
    else if (who == 2)
        server_signal(s->server, sim_time(s, SERVER), SERVER_SIGNAL_END);
    else
        client_keys(s->client, sim_time(s, CLIENT), (const uint8_t *)"\x1e.", 2);
    if (who == 1 && rng_below(&s->program.rng, 4) == 0)
        client_signal(s->client, sim_time(s, CLIENT), CLIENT_SIGNAL_END);
}

static void end_at_rest(struct sim *s, unsigned who)
{
    ask_for_the_end(s, who);
    sim_run(s, s->now + END_MS);
    if (!sim_over(s))
        sim_fail(s, "the session did not end");
    if (client_state(s->client) != CLIENT_ENDED)
        sim_fail(s, "an orderly end was not seen as one");
}

/* What has passed for the server: to step back does not undo it. */
static msec_t server_time(const struct sim *s)
{
    return sim_time(s, SERVER) + s->machine[SERVER].back_ms;
}

/* The end was asked for in the middle of everything, at `asked`. */
static void check_end(struct sim *s, unsigned who, msec_t asked, msec_t asked_server)
{
    msec_t stood = s->machine[CLIENT].stood_ms + s->machine[SERVER].stood_ms;
    /* For a client that is away; in the server's time. */
    bool lingers = server_time(s) - asked_server < SERVER_LINGER_MS - END_MS;

    sim_run(s, msec_max(s->now, asked + END_MS + stood)); /* F26 */
    if ((who == 0 || who == 3) && client_state(s->client) == CLIENT_RUNNING)
        sim_fail(s, "the client did not end in time");
    if (who == 2 && !server_finished(s->server))
        sim_fail(s, "the server did not end in time");
    sim_run(s, s->now + HEAL_MS);
    if (who == 1 && lingers && client_state(s->client) == CLIENT_RUNNING) /* R7 */
        sim_fail(s, "the client did not learn of the end");
    if (!s->program.curious && s->program.read.len > 0 &&
        (s->program.read.len > s->typed.len ||
         memcmp(s->program.read.data, s->typed.data, s->program.read.len) != 0))
        sim_fail(s, "the program read what was not typed");
    if (client_state(s->client) == CLIENT_ENDED && !server_finished(s->server))
        sim_run(s, s->now + HOUR_MS);
    if (client_state(s->client) == CLIENT_ENDED && !server_finished(s->server))
        sim_fail(s, "the server did not end");
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

/* --- all of it --- */

static void act_all(struct sim *s, const struct plan *p, size_t from, size_t to)
{
    for (size_t i = from; i < to && !sim_over(s); i++) {
        sim_run(s, s->now + p->acts[i].after_ms);
        session_act(s, &p->acts[i]);
    }
}

/* The end is asked for when a few events are still to come. */
static void end_at_any_moment(struct sim *s, const struct plan *p, size_t from)
{
    /* What does not run yet cannot end. */
    unsigned who = p->who == 1 && !server_child_released(s->server) ? 2 : p->who;
    msec_t asked = s->now, asked_server = server_time(s);

    ask_for_the_end(s, who);
    act_all(s, p, from, p->count);
    session_heal(s);
    check_end(s, who, asked, asked_server);
}

static void finish(struct sim *s, const struct plan *p, size_t from)
{
    if (!p->at_rest && is_running(s)) {
        end_at_any_moment(s, p, from);
        return;
    }
    act_all(s, p, from, p->count);
    session_heal(s);
    sim_run(s, s->now);
    /* A server whose clock has jumped may have given up before it knew the client. */
    if (!is_running(s) || (server_finished(s->server) && !server_child_released(s->server))) {
        end_without_a_beginning(s);
        return;
    }
    oracles_check_heals(s);
    sim_run(s, s->now + HEAL_MS);
    oracles_check_rest(s);
    end_at_rest(s, p->who);
}

void session_run(const struct plan *p, struct session_result *result)
{
    size_t last = p->at_rest ? p->count : p->count - p->count / 8;
    struct sim s;
    msec_t start;

    sim_init_at(&s, p->seed, &p->link, p->program, p->rows, p->cols, p->addresses);
    sim_set_payload(&s, p->payload);
    s.what = "plan";
    start = s.now;
    act_all(&s, p, 0, last);
    finish(&s, p, last);
    *result = (struct session_result){
        .lasted_ms = s.now - start,
        .healed_ms = s.oracles.healed_ms,
        .memory_most = s.oracles.memory_most,
    };
    sim_release(&s);
}
