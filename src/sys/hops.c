/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/hops.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* --- sockets --- */

static void close_oldest(struct hops *h, size_t how_many)
{
    for (size_t i = 0; i < how_many; i++)
        close(h->fd[i]);
    h->count -= how_many;
    h->older -= how_many < h->older ? how_many : h->older;
    memmove(h->fd, h->fd + how_many, h->count * sizeof h->fd[0]);
    memmove(h->family, h->family + how_many, h->count * sizeof h->family[0]);
}

static int open_one(struct hops *h, int family)
{
    int fd = udp_open(family);

    if (fd < 0)
        return -1;
    if (h->count == HOPS_MAX)
        close_oldest(h, 1);
    h->fd[h->count] = fd;
    h->family[h->count++] = family;
    return fd;
}

/* The newest of a family from index `from` on, or -1. */
static int find(const struct hops *h, int family, size_t from)
{
    for (size_t i = h->count; i > from; i--) {
        if (h->family[i - 1] == family)
            return h->fd[i - 1];
    }
    return -1;
}

static int sender(struct hops *h, int family)
{
    int fd = find(h, family, h->older);

    if (fd < 0)
        fd = open_one(h, family);
    return fd < 0 ? find(h, family, 0) : fd;
}

int hops_init(struct hops *h, const struct endpoint *server, msec_t now)
{
    *h = (struct hops){.server = {*server}, .servers = 1, .newest_since = now};
    return sender(h, endpoint_family(server)) < 0 ? -1 : 0;
}

void hops_release(struct hops *h)
{
    close_oldest(h, h->count);
}

void hops_next(struct hops *h, msec_t now)
{
    h->newest_since = now;
    h->older = h->count;
}

void hops_heard(struct hops *h, msec_t now)
{
    if (h->older > 0 && h->count > h->older && msec_since(now, h->newest_since) > HOPS_KEEP_MS)
        close_oldest(h, h->older);
}

/* --- addresses --- */

size_t hops_server_at(const struct hops *h, const struct endpoint *a)
{
    for (size_t i = 0; i < h->servers; i++) {
        if (endpoint_equal(&h->server[i], a))
            return i;
    }
    return HOPS_NOWHERE;
}

static void add_server(struct hops *h, const char *ip)
{
    struct endpoint a;

    if (endpoint_parse(ip, endpoint_port(&h->server[0]), &a) == 0 &&
        hops_server_at(h, &a) == HOPS_NOWHERE)
        h->server[h->servers++] = a;
}

void hops_add_servers(struct hops *h, const char *addresses)
{
    static const char blank[] = " \t\n";

    while (h->servers < HOPS_SERVERS_MAX) {
        char ip[ENDPOINT_CHARS];

        addresses += strspn(addresses, blank);
        size_t len = strcspn(addresses, blank);
        if (len == 0)
            return;
        if (len < sizeof ip) {
            memcpy(ip, addresses, len);
            ip[len] = '\0';
            add_server(h, ip);
        }
        addresses += len;
    }
}

/* --- sending --- */

static int send_to(struct hops *h, size_t i, const uint8_t *bytes, size_t len)
{
    int fd = sender(h, endpoint_family(&h->server[i]));

    return fd < 0 ? errno : udp_send(fd, &h->server[i], bytes, len);
}

/* Whether another address may do where this one does not. */
static bool is_no_way(int error)
{
    return error != 0 && error != EMSGSIZE && error != ENOBUFS && error != ECONNREFUSED;
}

int hops_send(struct hops *h, size_t to, size_t beside, const uint8_t *bytes, size_t len)
{
    assert(to < h->servers && (beside == HOPS_NOWHERE || beside < h->servers));
    int error = send_to(h, to, bytes, len);
    bool sent = !is_no_way(error);

    if (beside != HOPS_NOWHERE && send_to(h, beside, bytes, len) == 0)
        sent = true;
    for (size_t i = 0; i < h->servers && !sent; i++) {
        if (i != to && i != beside)
            sent = send_to(h, i, bytes, len) == 0;
    }
    return sent && is_no_way(error) ? 0 : error;
}

int hops_probe(struct hops *h, size_t to, const uint8_t *bytes, size_t len)
{
    assert(to < h->servers);
    int family = endpoint_family(&h->server[to]);
    int fd = sender(h, family);

    if (fd < 0)
        return errno;
    int error = EMSGSIZE;
    if (udp_forbid_fragments(fd, family, true) == 0)
        error = udp_send(fd, &h->server[to], bytes, len);
    (void)!udp_forbid_fragments(fd, family, false);
    return error;
}
