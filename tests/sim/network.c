/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "network.h"

#include <stdlib.h>

#include "forger.h"

#define SOCKET_BYTES_MAX 212992 /* as Linux has it, unless somebody asks for more */

/* --- what leaves --- */

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

/* EMSGSIZE, which the programs pass on. */
static bool is_refused(struct sim *s, enum side side, const struct buf *datagram)
{
    if (s->refused_bytes == 0 || datagram->len <= s->refused_bytes)
        return false;
    if (side == CLIENT)
        client_refused(s->client);
    else
        server_refused(s->server);
    return true;
}

static void keep_nonce(struct buf *nonces, const struct buf *datagram)
{
    if (nonces)
        buf_append(nonces, datagram->data, SEAL_NONCE_BYTES);
}

static void send_to_server(struct sim *s, const struct buf *datagram)
{
    size_t chosen = client_address(s->client), beside = client_address_beside(s->client);
    const char *error = s->unreachable ? "Network is unreachable" : NULL;

    oracles_datagram(s, LINK_TO_SERVER, datagram);
    keep_nonce(s->nonces[CLIENT], datagram);
    forger_sees(s->forger[LINK_TO_SERVER], datagram);
    if (is_refused(s, CLIENT, datagram)) {
        error = "Message too long";
    } else {
        send(s, LINK_TO_SERVER, s->client_address, (uint8_t)chosen, datagram);
        if (beside != WAYS_NONE)
            send(s, LINK_TO_SERVER, s->client_address, (uint8_t)beside, datagram);
    }
    if (!client_pulled_probe(s->client))
        client_send_result(s->client, sim_time(s, CLIENT), error);
}

static void send_to_client(struct sim *s, const struct buf *datagram)
{
    const uint8_t *to = server_client_address(s->server)->bytes;

    oracles_datagram(s, LINK_TO_CLIENT, datagram);
    keep_nonce(s->nonces[SERVER], datagram);
    forger_sees(s->forger[LINK_TO_CLIENT], datagram);
    s->bytes_to[to[0]] += datagram->len;
    if (!is_refused(s, SERVER, datagram))
        send(s, LINK_TO_CLIENT, to[0], to[1], datagram);
}

bool network_pull(struct sim *s)
{
    struct buf datagram = {0};
    bool moved = false;

    while (!s->asleep && !s->machine[CLIENT].stopped &&
           client_pull_datagram(s->client, &datagram)) {
        send_to_server(s, &datagram);
        moved = true;
    }
    while (!s->machine[SERVER].stopped && server_pull_datagram(s->server, &datagram)) {
        send_to_client(s, &datagram);
        moved = true;
    }
    buf_release(&datagram);
    return moved;
}

/* --- what arrives --- */

/* Older sockets still listen, as long as the client is where they were opened. */
static bool is_ours(const struct sim *s, uint8_t address)
{
    return (uint8_t)(s->client_address - address) <=
           (uint8_t)(s->client_address - s->oldest_address);
}

static void give_to_server(struct sim *s, const struct buf *framed)
{
    const struct path_address from = {.bytes = {framed->data[0], framed->data[1]}, .len = 2};
    struct transport_event event;

    if (server_finished(s->server))
        return;
    s->machine[SERVER].awake = true;
    (void)!server_datagram_from(s->server, sim_time(s, SERVER), &from, framed->data + 2,
                                framed->len - 2, s->congested, &event);
    server_tick(s->server, sim_time(s, SERVER));
}

static void give_to_client(struct sim *s, const struct buf *framed)
{
    s->machine[CLIENT].awake = true;
    (void)!client_datagram_from(s->client, sim_time(s, CLIENT), framed->data[1], framed->data + 2,
                                framed->len - 2, s->congested);
    client_tick(s->client, sim_time(s, CLIENT));
}

static void keep_in_socket(struct buf *socket, const struct buf *framed)
{
    if (socket->len + framed->len > SOCKET_BYTES_MAX)
        return;
    buf_append_be64(socket, framed->len);
    buf_append(socket, framed->data, framed->len);
}

void network_drain_socket(struct sim *s, enum side side)
{
    struct buf all = {0};
    struct reader r;
    uint64_t len;

    buf_swap(&all, &s->machine[side].socket);
    r = (struct reader){all.data, all.len};
    while (reader_be64(&r, &len) == 0) {
        const struct buf framed = {.data = (uint8_t *)(uintptr_t)r.at, .len = (size_t)len};

        if (side == SERVER)
            give_to_server(s, &framed);
        else
            give_to_client(s, &framed);
        r.at += len;
        r.left -= (size_t)len;
    }
    buf_release(&all);
}

static void deliver(struct sim *s, enum link_direction direction, const struct buf *framed)
{
    const uint8_t client = framed->data[0], server = framed->data[1];
    enum side side = direction == LINK_TO_SERVER ? SERVER : CLIENT;

    /* What is damaged on the way may name an address that nobody has. */
    if (server >= 8 || !(s->reachable >> server & 1) || client == s->blocked)
        return;
    if (side == CLIENT && (s->asleep || !is_ours(s, client)))
        return;
    if (s->machine[side].stopped)
        keep_in_socket(&s->machine[side].socket, framed);
    else if (side == SERVER)
        give_to_server(s, framed);
    else
        give_to_client(s, framed);
}

bool network_deliver(struct sim *s)
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

/* --- what others send --- */

static struct transport *transport_of(struct sim *s, enum side side)
{
    return side == CLIENT ? client_transport(s->client) : server_transport(s->server);
}

/* What the machine knows of its peer: the numbers of states. */
static uint64_t knowledge(struct sim *s, enum side side)
{
    struct transport *t = transport_of(s, side);

    return transport_remote_num(t) * 1000003 + transport_acked_num(t);
}

void network_forge(struct sim *s, enum link_direction direction, enum forgery what, uint64_t seed)
{
    enum side side = direction == LINK_TO_SERVER ? SERVER : CLIENT;
    uint64_t before = knowledge(s, side);
    struct buf framed = {0};

    for (int d = 0; d < 2; d++)
        if (!s->forger[d])
            s->forger[d] = forger_new(d == LINK_TO_SERVER ? SEAL_TO_SERVER : SEAL_TO_CLIENT);
    if (s->machine[side].stopped || (side == CLIENT && s->asleep))
        return;
    forger_begin(s->forger[direction], s->forger[!direction],
                 transport_seal(transport_of(s, side == CLIENT ? SERVER : CLIENT)), what, seed);
    for (;;) {
        buf_clear(&framed);
        buf_append_byte(&framed, s->client_address);
        buf_append_byte(&framed, 0);
        if (!forger_next(s->forger[direction], &framed))
            break;
        if (side == SERVER)
            give_to_server(s, &framed);
        else
            give_to_client(s, &framed);
    }
    buf_release(&framed);
    if (what != FORGERY_REPLAYED && knowledge(s, side) != before) /* which may be news yet */
        sim_fail(s, "a forgery was believed");
}

void network_release(struct sim *s)
{
    for (int d = 0; d < 2; d++) {
        forger_free(s->forger[d]);
        buf_release(&s->machine[d].socket);
    }
}
