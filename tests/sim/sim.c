/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim.h"

#include <inttypes.h>
#include <stdlib.h>

#include "network.h"
#include "wire/packet.h"

/* What could not be sent may be due again at once. */
#define DEADLINE_STAYS_MAX 2

static void (*failure_hook)(const char *why);

static void seeded(void *context, uint8_t *out, size_t len)
{
    rng_fill(context, out, len);
}

void sim_fail(const struct sim *s, const char *why)
{
    if (failure_hook)
        failure_hook(why);
    print_error("%s (%s, at %" PRIu64 " ms). SIM_SEED=%" PRIu64 " repeats the run.\n", why, s->what,
                s->now, s->seed);
    fail();
    abort();
}

void sim_set_failure_hook(void (*hook)(const char *why))
{
    failure_hook = hook;
}

void sim_init(struct sim *s, uint64_t seed, const struct link_profile *profile,
              enum program_kind kind, size_t rows, size_t cols)
{
    sim_init_at(s, seed, profile, kind, rows, cols, 1);
}

void sim_init_at(struct sim *s, uint64_t seed, const struct link_profile *profile,
                 enum program_kind kind, size_t rows, size_t cols, size_t addresses)
{
    struct client_config client = {
        .key = "sixteen bytes...",
        .rows = rows,
        .cols = cols,
        .caps = {.erase_chars = true, .back_color_erase = true, .title = true},
        .escape_key = ESCAPE_KEY_DEFAULT,
        .title_prefix = "",
        .silent = rng_next(&(struct rng){seed}) & 1,
        .server = {.address = "192.0.2.1", .port = 60001},
        .addresses = addresses,
        .random = seeded,
        .random_context = &s->rng,
    };
    struct server_config server = {
        .key = "sixteen bytes...",
        .rows = 24,
        .cols = 80,
        .random = seeded,
        .random_context = &s->rng,
    };

    *s = (struct sim){
        .seed = seed, .now = 1000000, .rng = {seed}, .client_address = 1, .oldest_address = 1};
    s->what = profile->name;
    s->reachable = UINT8_MAX;
    s->client = client_new(&client, s->now);
    s->server = server_new(&server, s->now);
    s->terminal = emulator_new(EMULATOR_HOST, rows, cols);
    program_init(&s->program, kind, seed);
    s->link = link_new(seed, profile);
    s->tap[LINK_TO_SERVER] = wiretap_new(client.key, SEAL_TO_SERVER);
    s->tap[LINK_TO_CLIENT] = wiretap_new(server.key, SEAL_TO_CLIENT);
    wiretap_allow_cuts(s->tap[LINK_TO_CLIENT]); /* where it does not know that the client is */
    s->pty_rows = server.rows;
    s->pty_cols = server.cols;
    oracles_init(s);
}

void sim_release(struct sim *s)
{
    client_free(s->client);
    server_free(s->server);
    emulator_free(s->terminal);
    program_release(&s->program);
    link_free(s->link);
    wiretap_free(s->tap[LINK_TO_SERVER]);
    wiretap_free(s->tap[LINK_TO_CLIENT]);
    buf_release(&s->typed);
    network_release(s);
}

void sim_set_payload(struct sim *s, size_t bytes)
{
    s->payload_max = bytes;
    if (bytes == TRANSPORT_PAYLOAD_IPV4) {
        s->payload_max = PACKET_DATAGRAM_MAX;
        client_set_network(s->client, false);
        server_set_network(s->server, false);
        return;
    }
    client_set_payload_max(s->client, bytes);
    server_set_payload_max(s->server, bytes);
}

/* --- the machines --- */

msec_t sim_time(const struct sim *s, enum side side)
{
    const struct machine *m = &s->machine[side];

    return m->standing ? m->stands_at : s->now + (uint64_t)m->ahead_ms;
}

void sim_step_clock(struct sim *s, enum side side, int64_t by_ms)
{
    struct machine *m = &s->machine[side];
    int64_t now = (int64_t)sim_time(s, side);

    if (now + by_ms < 1) /* no such clock is ever below its beginning */
        by_ms = 1 - now;
    m->back_ms += by_ms < 0 ? (msec_t)-by_ms : 0;
    m->ahead_ms += by_ms;
    m->stands_at += (uint64_t)by_ms;
}

void sim_stop_clock(struct sim *s, enum side side, bool stop)
{
    struct machine *m = &s->machine[side];

    if (stop == m->standing)
        return;
    if (!stop) {
        int64_t ahead_ms = (int64_t)(m->stands_at - s->now);

        m->stood_ms += (msec_t)(m->ahead_ms - ahead_ms);
        m->ahead_ms = ahead_ms;
    }
    m->stands_at = sim_time(s, side);
    m->standing = stop;
    s->oracles.idle_turns = 0;
}

void sim_stop(struct sim *s, enum side side, bool stop)
{
    struct machine *m = &s->machine[side];

    if (stop == m->stopped)
        return;
    m->stopped = stop;
    if (!stop)
        network_drain_socket(s, side);
}

static bool client_runs(const struct sim *s)
{
    return !s->asleep && !s->machine[CLIENT].stopped;
}

static bool server_runs(const struct sim *s)
{
    return !s->machine[SERVER].stopped && !server_finished(s->server);
}

/* When a machine that has said "at this time on my clock" wakes. */
static msec_t wakes_at(const struct sim *s, enum side side, msec_t deadline)
{
    msec_t now = sim_time(s, side);

    if (deadline == MSEC_NEVER)
        return MSEC_NEVER;
    return msec_after(s->now, deadline > now ? deadline - now : 0);
}

static bool take_new_port(struct sim *s)
{
    if (!client_runs(s) || !s->machine[CLIENT].awake ||
        !client_hop_due(s->client, sim_time(s, CLIENT)))
        return false;
    s->client_address++;
    client_hopped(s->client, sim_time(s, CLIENT));
    return true;
}

void sim_network_changed(struct sim *s)
{
    s->asleep = false;
    sim_roam(s);
    client_network_changed(s->client, sim_time(s, CLIENT));
}

void sim_roam(struct sim *s)
{
    s->oldest_address = ++s->client_address;
}

/* --- the program's terminal --- */

/* What a program writes arrives in pieces that end anywhere, also within a character (R8). */
static void program_writes(struct sim *s, const struct buf *out)
{
    size_t at = 0;

    while (at < out->len) {
        size_t len = 1 + rng_below(&s->program.rng, out->len - at);

        server_pty_output(s->server, sim_time(s, SERVER), out->data + at, len);
        server_tick(s->server, sim_time(s, SERVER));
        at += len;
    }
}

void sim_write(struct sim *s, const struct buf *output)
{
    s->program.curious = true;
    if (server_runs(s) && server_child_released(s->server))
        program_writes(s, output);
}

static bool run_program(struct sim *s)
{
    const struct screen *screen = server_screen(s->server);
    struct buf out = {0};
    const uint8_t *input;
    size_t len, taken;
    bool moved = false;

    if (!server_child_released(s->server))
        return false;
    if (server_pull_winsize(s->server, &s->pty_rows, &s->pty_cols))
        moved = true;
    if (server_wants_output(s->server) && s->now >= program_deadline(&s->program)) {
        program_wake(&s->program, s->now, screen->rows, screen->cols, &out);
        moved = true;
    }
    len = server_pty_input(s->server, &input);
    taken = len ? program_input(&s->program, input, len, &out) : 0;
    if (taken > 0) {
        server_pty_written(s->server, sim_time(s, SERVER), taken);
        moved = true;
    }
    program_writes(s, &out);
    buf_release(&out);
    return moved;
}

/* --- the user's side --- */

static void draw(struct sim *s)
{
    struct buf frame = {0};

    if (s->terminal_busy || !client_runs(s) || !s->machine[CLIENT].awake)
        return;
    client_draw(s->client, sim_time(s, CLIENT), &frame);
    emulator_write(s->terminal, frame.data, frame.len, NULL);
    if (frame.len > 0)
        oracles_frame(s);
    buf_release(&frame);
}

void sim_type(struct sim *s, const uint8_t *keys, size_t len)
{
    if (!client_wants_keys(s->client) || !client_runs(s))
        return;
    buf_append(&s->typed, keys, len);
    client_keys(s->client, sim_time(s, CLIENT), keys, len);
}

void sim_resize(struct sim *s, size_t rows, size_t cols)
{
    if (screen_size_valid((int64_t)rows, (int64_t)cols))
        emulator_resize(s->terminal, rows, cols);
    client_resize(s->client, sim_time(s, CLIENT), rows, cols);
}

/* --- the pump --- */

bool sim_over(const struct sim *s)
{
    return client_state(s->client) != CLIENT_RUNNING && server_finished(s->server);
}

/* One turn of each machine's pump. What arrives at once, and what the program did not read yet,
   need another one: *again. Returns whether anything happened. */
static bool turn(struct sim *s, bool *again)
{
    bool moved = network_deliver(s);

    *again = take_new_port(s);
    if (server_runs(s) && run_program(s))
        *again = s->machine[SERVER].awake = true;
    if (client_runs(s) && s->machine[CLIENT].awake)
        client_tick(s->client, sim_time(s, CLIENT));
    if (server_runs(s) && s->machine[SERVER].awake)
        server_tick(s->server, sim_time(s, SERVER));
    moved |= network_pull(s);
    *again |= link_deadline(s->link) <= s->now;
    return moved | *again;
}

/* Everything that happens at this very moment; `moved`: it was the test that woke the machines. */
static void settle(struct sim *s, bool moved)
{
    bool again = true;
    size_t turns = 0;

    for (int side = CLIENT; side <= SERVER; side++)
        s->machine[side].awake = moved || s->machine[side].wakes <= s->now;
    while (again) {
        if (++turns > ORACLE_TURNS_AT_ONE_TIME_MAX)
            sim_fail(s, "stuck: the machines do not come to rest");
        moved |= turn(s, &again);
    }
    draw(s);
    oracles_turn(s, moved);
}

static msec_t next_event(struct sim *s)
{
    msec_t *client = &s->machine[CLIENT].wakes, *server = &s->machine[SERVER].wakes;
    msec_t program = MSEC_NEVER;

    if (s->machine[CLIENT].awake)
        *client = wakes_at(s, CLIENT, client_deadline(s->client, sim_time(s, CLIENT)));
    if (client_state(s->client) != CLIENT_RUNNING || !client_runs(s))
        *client = MSEC_NEVER;
    if (s->machine[SERVER].awake)
        *server = wakes_at(s, SERVER, server_deadline(s->server, sim_time(s, SERVER)));
    if (!server_runs(s))
        *server = MSEC_NEVER;
    else if (server_child_released(s->server) && server_wants_output(s->server))
        program = msec_max(program_deadline(&s->program), s->now + 1);
    return msec_min(msec_min(link_deadline(s->link), program), msec_min(*client, *server));
}

static bool is_newer(const struct sim *s, uint64_t than)
{
    return transport_remote_num(client_transport(s->client)) > than;
}

static void run(struct sim *s, msec_t until, uint64_t num)
{
    unsigned stays = 0;

    settle(s, true);
    while (s->now < until && !sim_over(s) && !is_newer(s, num)) {
        msec_t next = next_event(s);

        stays = next > s->now ? 0 : stays + 1;
        if (stays > DEADLINE_STAYS_MAX)
            sim_fail(s, "busy: a deadline that has passed stays");
        s->now = msec_min(msec_max(next, s->now), until);
        settle(s, next > until);
    }
}

void sim_run(struct sim *s, msec_t until)
{
    run(s, until, UINT64_MAX);
}

bool sim_run_to_newer(struct sim *s, uint64_t num, msec_t until)
{
    run(s, until, num);
    return is_newer(s, num);
}
