/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/listener.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* --- opening --- */

static bool is_wildcard(const struct endpoint *a)
{
    struct endpoint any = endpoint_any(endpoint_family(a), endpoint_port(a));

    return endpoint_equal(a, &any);
}

static int add(struct listener *l, const struct endpoint *wanted, uint16_t low, uint16_t high)
{
    struct endpoint bound;
    int fd = udp_bind(wanted, low, high, &bound);

    if (fd < 0)
        return -1;
    l->fd[l->count] = fd;
    l->family[l->count++] = endpoint_family(&bound);
    l->port = endpoint_port(&bound);
    return 0;
}

void listener_close(struct listener *l)
{
    for (size_t i = 0; i < l->count; i++)
        close(l->fd[i]);
    l->count = 0;
}

/* Whether it is not a matter of the port: the machine has no such family. */
static bool is_absent(int error)
{
    return error == EAFNOSUPPORT || error == EADDRNOTAVAIL || error == EPROTONOSUPPORT;
}

#define ATTEMPTS_MAX 16 /* to find a port that is free for both, if the system chooses */

/* Both families on one port; the second socket has to take the port that the first one found. */
static int open_both(struct listener *l, uint16_t low, uint16_t high)
{
    const struct endpoint v6 = endpoint_any(AF_INET6, 0), v4 = endpoint_any(AF_INET, 0);
    uint32_t from = low;

    for (size_t attempt = 0; from <= high; attempt++) {
        if (add(l, &v6, (uint16_t)from, high) != 0)
            return is_absent(errno) ? add(l, &v4, low, high) : -1;
        if (add(l, &v4, l->port, l->port) == 0 || is_absent(errno))
            return 0;
        int error = errno;
        listener_close(l);
        errno = error;
        if (error != EADDRINUSE && error != EACCES)
            return -1;
        if (low != 0)
            from = (uint32_t)l->port + 1;
        else if (attempt == ATTEMPTS_MAX)
            return -1;
    }
    return -1;
}

int listener_open(struct listener *l, const struct endpoint *wanted, uint16_t low, uint16_t high)
{
    *l = (struct listener){0};
    if (!wanted || (endpoint_family(wanted) == AF_INET6 && is_wildcard(wanted)))
        return open_both(l, low, high);
    return add(l, wanted, low, high);
}

/* --- datagrams --- */

struct endpoint peer_endpoint(const struct peer *p)
{
    return endpoint_make(p->family, p->ip, p->port, p->zone);
}

int listener_receive(const struct listener *l, size_t i, uint8_t *bytes, size_t size,
                     struct udp_arrival *out, struct peer *from)
{
    int got = udp_receive(l->fd[i], bytes, size, out);

    if (got != 1)
        return got;
    *from = (struct peer){
        .port = endpoint_port(&out->from),
        .family = (uint16_t)endpoint_family(&out->from),
        .zone = endpoint_zone(&out->from),
    };
    (void)endpoint_ip(&out->from, from->ip);
    (void)endpoint_ip(&out->to, from->own_ip);
    return got;
}

/* The one of a family, or -1. */
static int socket_of(const struct listener *l, int family)
{
    for (size_t i = 0; i < l->count; i++) {
        if (l->family[i] == family)
            return l->fd[i];
    }
    return -1;
}

int listener_send(const struct listener *l, const struct peer *to, const uint8_t *bytes, size_t len)
{
    static const uint8_t unknown[16];
    const struct endpoint remote = peer_endpoint(to);
    const struct endpoint own = endpoint_make(to->family, to->own_ip, 0, to->zone);
    int fd = socket_of(l, to->family);

    if (fd < 0)
        return EAFNOSUPPORT;
    if (memcmp(to->own_ip, unknown, sizeof unknown) == 0)
        return udp_send(fd, &remote, bytes, len);
    return udp_send_from(fd, &own, &remote, bytes, len);
}

int listener_probe(const struct listener *l, const struct peer *to, const uint8_t *bytes,
                   size_t len)
{
    int fd = socket_of(l, to->family), error = EMSGSIZE;

    if (udp_forbid_fragments(fd, to->family, true) == 0)
        error = listener_send(l, to, bytes, len);
    (void)!udp_forbid_fragments(fd, to->family, false);
    return error;
}
