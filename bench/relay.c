/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relay.h"

#include <unistd.h>

#include "server.h"
#include "sys/udp.h"
#include "wire/packet.h"

void relay_open(struct relay *r, uint16_t server_port)
{
    struct endpoint here, bound;

    *r = (struct relay){0};
    if (endpoint_parse("127.0.0.1", 0, &here) < 0 ||
        endpoint_parse("127.0.0.1", server_port, &r->server) < 0)
        die("address");
    r->client_side = udp_bind(&here, 0, 0, &bound);
    r->server_side = udp_open(AF_INET);
    if (r->client_side < 0 || r->server_side < 0)
        die("socket");
    r->port = endpoint_port(&bound);
}

void relay_close(struct relay *r)
{
    close(r->client_side);
    close(r->server_side);
}

static bool is_lost(struct relay *r)
{
    r->chance = r->chance * 1103515245 + 12345;
    return (r->chance >> 16) % 100 < r->lost_percent;
}

static void pass(struct relay *r, int from, int to, const struct endpoint *where,
                 struct endpoint *sender, struct relay_count *count, bool cut)
{
    uint8_t bytes[PACKET_DATAGRAM_MAX];
    struct udp_arrival arrival;

    while (udp_receive(from, bytes, sizeof bytes, &arrival) > 0) {
        if (sender)
            *sender = arrival.from;
        if (cut || where->len == 0 || is_lost(r))
            continue;
        count->datagrams++;
        count->bytes += arrival.len;
        if (udp_send(to, where, bytes, arrival.len) != 0)
            continue; /* as good as lost */
    }
}

void relay_pass(struct relay *r)
{
    pass(r, r->client_side, r->server_side, &r->server, &r->client, &r->up, r->cut_up);
    pass(r, r->server_side, r->client_side, &r->client, NULL, &r->down, r->cut_down);
}

void relay_move(struct relay *r)
{
    close(r->server_side);
    r->server_side = udp_open(AF_INET);
    if (r->server_side < 0)
        die("socket");
}
