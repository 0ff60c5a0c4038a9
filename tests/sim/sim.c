/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim.h"

#include <inttypes.h>
#include <stdlib.h>

#include "compare.h"

#define CLIENT 0
#define SERVER 1

/* The rules of the pump. A frame interval is never below 20 ms; an acknowledgement may go between
   two frames. The bar, the heartbeats and the echo acknowledgements have deadlines of their own. */
#define INSTRUCTIONS_PER_SECOND_MAX 75
#define IDLE_TURNS_PER_SECOND_MAX   250
#define TURNS_AT_ONE_TIME_MAX       20000

static void seeded(void *context, uint8_t *out, size_t len)
{
    rng_fill(context, out, len);
}

void sim_fail(const struct sim *s, const char *why)
{
    print_error("%s (%s, at %" PRIu64 " ms). SIM_SEED=%" PRIu64 " repeats the run.\n", why, s->what,
                s->now, s->seed);
    fail();
    abort();
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
}

/* --- the network: the client's address, the server's, then the datagram --- */

static void check(struct sim *s, enum link_direction direction, const struct buf *datagram)
{
    const struct instruction *whole;
    const char *fault = wiretap_check(s->tap[direction], datagram->data, datagram->len,
                                      TRANSPORT_PAYLOAD_MINIMUM, &whole);

    if (fault)
        sim_fail(s, fault);
}

static void send(struct sim *s, enum link_direction direction, uint8_t client, uint8_t server,
                 const struct buf *datagram)
{
    struct buf framed = {0};

    buf_append_byte(&framed, client);
    buf_append_byte(&framed, server);
    buf_append(&framed, datagram->data, datagram->len);
    link_send(s->link, s->now, direction, framed.data, framed.len);
    buf_release(&framed);
}

static void send_to_server(struct sim *s, const struct buf *datagram)
{
    size_t chosen = client_address(s->client), beside = client_address_beside(s->client);

    check(s, LINK_TO_SERVER, datagram);
    send(s, LINK_TO_SERVER, s->client_address, (uint8_t)chosen, datagram);
    if (beside != WAYS_NONE)
        send(s, LINK_TO_SERVER, s->client_address, (uint8_t)beside, datagram);
    client_send_result(s->client, s->now, s->unreachable ? "Network is unreachable" : NULL);
}

static void send_to_client(struct sim *s, const struct buf *datagram)
{
    const uint8_t *to = server_client_address(s->server)->bytes;

    check(s, LINK_TO_CLIENT, datagram);
    s->bytes_to[to[0]] += datagram->len;
    send(s, LINK_TO_CLIENT, to[0], to[1], datagram);
}

static bool take_new_port(struct sim *s)
{
    if (s->asleep || !client_hop_due(s->client, s->now))
        return false;
    s->client_address++;
    client_hopped(s->client, s->now);
    return true;
}

static bool pull_datagrams(struct sim *s)
{
    struct buf datagram = {0};
    bool moved = false;

    while (!s->asleep && client_pull_datagram(s->client, &datagram)) {
        send_to_server(s, &datagram);
        moved = true;
    }
    while (server_pull_datagram(s->server, &datagram)) {
        send_to_client(s, &datagram);
        moved = true;
    }
    buf_release(&datagram);
    return moved;
}

/* Older sockets still listen, as long as the client is where they were opened. */
static bool is_ours(const struct sim *s, uint8_t address)
{
    return (uint8_t)(s->client_address - address) <=
           (uint8_t)(s->client_address - s->oldest_address);
}

static void deliver(struct sim *s, enum link_direction direction, const struct buf *framed)
{
    const uint8_t client = framed->data[0], server = framed->data[1];
    const struct path_address from = {.bytes = {client, server}, .len = 2};
    const uint8_t *bytes = framed->data + 2;
    size_t len = framed->len - 2;
    struct transport_event event;

    /* What is damaged on the way may name an address that nobody has. */
    if (server >= 8 || !(s->reachable >> server & 1) || client == s->blocked)
        return;
    if (direction == LINK_TO_SERVER) {
        (void)!server_datagram_from(s->server, s->now, &from, bytes, len, false, &event);
        server_tick(s->server, s->now);
    } else if (is_ours(s, client) && !s->asleep) {
        (void)!client_datagram_from(s->client, s->now, server, bytes, len, false);
        client_tick(s->client, s->now);
    }
}

static bool deliver_datagrams(struct sim *s)
{
    enum link_direction direction;
    struct buf framed = {0};
    bool moved = false;

    while (link_deliver(s->link, s->now, &direction, &framed)) {
        moved = true;
        deliver(s, direction, &framed);
    }
    buf_release(&framed);
    return moved;
}

void sim_network_changed(struct sim *s)
{
    s->asleep = false;
    sim_roam(s);
    client_network_changed(s->client, s->now);
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

        server_pty_output(s->server, s->now, out->data + at, len);
        server_tick(s->server, s->now);
        at += len;
    }
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
        server_pty_written(s->server, s->now, taken);
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

    if (s->terminal_busy || s->asleep)
        return;
    client_draw(s->client, s->now, &frame);
    emulator_write(s->terminal, frame.data, frame.len, NULL);
    buf_release(&frame);
}

void sim_type(struct sim *s, const uint8_t *keys, size_t len)
{
    if (!client_wants_keys(s->client))
        return;
    buf_append(&s->typed, keys, len);
    client_keys(s->client, s->now, keys, len);
}

void sim_resize(struct sim *s, size_t rows, size_t cols)
{
    if (screen_size_valid((int64_t)rows, (int64_t)cols))
        emulator_resize(s->terminal, rows, cols);
    client_resize(s->client, s->now, rows, cols);
}

/* --- the pump --- */

bool sim_over(const struct sim *s)
{
    return client_state(s->client) != CLIENT_RUNNING && server_finished(s->server);
}

static uint64_t instructions(struct sim *s, int side)
{
    struct transport *t =
        side == CLIENT ? client_transport(s->client) : server_transport(s->server);

    return transport_get_stats(t)->instructions_sent;
}

static void watch(struct sim *s, bool moved)
{
    if (!moved) {
        s->idle_turns++;
        s->idle_turns_total++;
    }
    if (s->idle_turns > IDLE_TURNS_PER_SECOND_MAX && !s->disturbed)
        sim_fail(s, "busy: the machines wake too often");
    for (int side = CLIENT; side <= SERVER; side++)
        if (instructions(s, side) - s->instructions_before[side] > INSTRUCTIONS_PER_SECOND_MAX)
            sim_fail(s, "noisy: too many instructions within a second");
    if (s->second == s->now / 1000)
        return;
    s->second = s->now / 1000;
    s->idle_turns = 0;
    for (int side = CLIENT; side <= SERVER; side++)
        s->instructions_before[side] = instructions(s, side);
}

/* Everything that happens at this very moment. */
static void settle(struct sim *s)
{
    bool moved = false, again = true;
    size_t turns = 0;

    while (again) {
        if (++turns > TURNS_AT_ONE_TIME_MAX)
            sim_fail(s, "stuck: the machines do not come to rest");
        again = deliver_datagrams(s);
        again |= take_new_port(s);
        if (!server_finished(s->server))
            again |= run_program(s);
        if (!s->asleep)
            client_tick(s->client, s->now);
        if (!server_finished(s->server))
            server_tick(s->server, s->now);
        again |= pull_datagrams(s);
        moved |= again;
    }
    draw(s);
    watch(s, moved);
}

static msec_t next_event(struct sim *s)
{
    msec_t next = link_deadline(s->link);

    if (client_state(s->client) == CLIENT_RUNNING && !s->asleep)
        next = msec_min(next, client_deadline(s->client, s->now));
    if (server_finished(s->server))
        return next;
    if (server_child_released(s->server) && server_wants_output(s->server))
        next = msec_min(next, msec_max(program_deadline(&s->program), s->now + 1));
    return msec_min(next, server_deadline(s->server, s->now));
}

static bool is_newer(const struct sim *s, uint64_t than)
{
    return transport_remote_num(client_transport(s->client)) > than;
}

static void run(struct sim *s, msec_t until, uint64_t num)
{
    settle(s);
    while (s->now < until && !sim_over(s) && !is_newer(s, num)) {
        msec_t next = next_event(s);

        if (next <= s->now)
            sim_fail(s, "busy: a deadline that has passed stays");
        s->now = msec_min(next, until);
        settle(s);
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

/* --- what everybody must see in the end --- */

void sim_check_screens(struct sim *s)
{
    const struct screen *truth = server_screen(s->server);
    char why[COMPARE_TEXT_MAX];

    if (!compare_screens(truth, client_screen(s->client), why))
        sim_fail(s, why);
    if (!compare_screens(truth, emulator_screen(s->terminal), why))
        sim_fail(s, why);
}
