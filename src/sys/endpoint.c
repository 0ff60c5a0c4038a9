/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/endpoint.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

int endpoint_parse(const char *ip, uint16_t port, struct endpoint *out)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_DGRAM};
    struct addrinfo *found;

    /* getaddrinfo rather than inet_pton, because it knows zones. */
    if (getaddrinfo(ip, NULL, &hints, &found) != 0)
        return -1;
    if (found->ai_family != AF_INET && found->ai_family != AF_INET6) {
        freeaddrinfo(found);
        return -1;
    }
    *out = (struct endpoint){.len = found->ai_addrlen};
    memcpy(&out->storage, found->ai_addr, found->ai_addrlen);
    endpoint_set_port(out, port);
    endpoint_learn_zone(out);
    freeaddrinfo(found);
    return 0;
}

struct endpoint endpoint_any(int family, uint16_t port)
{
    struct endpoint a = {0};

    a.storage.ss_family = (sa_family_t)family;
    a.len = family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    endpoint_set_port(&a, port);
    return a;
}

int endpoint_family(const struct endpoint *a)
{
    return a->storage.ss_family;
}

uint16_t endpoint_port(const struct endpoint *a)
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;

    switch (endpoint_family(a)) {
    case AF_INET:
        memcpy(&in, &a->storage, sizeof in);
        return ntohs(in.sin_port);
    case AF_INET6:
        memcpy(&in6, &a->storage, sizeof in6);
        return ntohs(in6.sin6_port);
    default:
        return 0;
    }
}

uint32_t endpoint_zone(const struct endpoint *a)
{
    struct sockaddr_in6 in6;

    if (endpoint_family(a) != AF_INET6)
        return 0;
    memcpy(&in6, &a->storage, sizeof in6);
    return IN6_IS_ADDR_LINKLOCAL(&in6.sin6_addr) ? in6.sin6_scope_id : 0;
}

void endpoint_set_port(struct endpoint *a, uint16_t port)
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;

    if (endpoint_family(a) == AF_INET6) {
        memcpy(&in6, &a->storage, sizeof in6);
        in6.sin6_port = htons(port);
        memcpy(&a->storage, &in6, sizeof in6);
    } else {
        memcpy(&in, &a->storage, sizeof in);
        in.sin_port = htons(port);
        memcpy(&a->storage, &in, sizeof in);
    }
}

struct endpoint endpoint_make(int family, const void *ip, uint16_t port, uint32_t zone)
{
    struct endpoint a = endpoint_any(family, port);
    struct sockaddr_in in;
    struct sockaddr_in6 in6;

    if (family == AF_INET6) {
        memcpy(&in6, &a.storage, sizeof in6);
        memcpy(&in6.sin6_addr, ip, 16);
        in6.sin6_scope_id = zone;
        memcpy(&a.storage, &in6, sizeof in6);
    } else {
        memcpy(&in, &a.storage, sizeof in);
        memcpy(&in.sin_addr, ip, 4);
        memcpy(&a.storage, &in, sizeof in);
    }
    return a;
}

size_t endpoint_ip(const struct endpoint *a, uint8_t out[16])
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;

    memset(out, 0, 16);
    if (endpoint_family(a) == AF_INET6) {
        memcpy(&in6, &a->storage, sizeof in6);
        memcpy(out, &in6.sin6_addr, 16);
        return 16;
    }
    if (endpoint_family(a) == AF_INET) {
        memcpy(&in, &a->storage, sizeof in);
        memcpy(out, &in.sin_addr, 4);
        return 4;
    }
    return 0;
}

static const uint8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF}; /* before an IPv4 address */

/* All as IPv6. */
static void canonical_ip(const struct endpoint *a, uint8_t out[16])
{
    if (endpoint_ip(a, out) != 4)
        return;
    memcpy(out + sizeof mapped, out, 4);
    memcpy(out, mapped, sizeof mapped);
}

/* The structures hold more than that (flow labels, padding). */
bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
    uint8_t ip_a[16], ip_b[16];

    canonical_ip(a, ip_a);
    canonical_ip(b, ip_b);
    return (a->len > 0) == (b->len > 0) && memcmp(ip_a, ip_b, sizeof ip_a) == 0 &&
           endpoint_port(a) == endpoint_port(b) && endpoint_zone(a) == endpoint_zone(b);
}

/* --- zones --- */

#define ZONES_MAX 16 /* names of interfaces; of more, the numbers are shown */

static struct {
    uint32_t index;
    char name[IF_NAMESIZE];
} zones[ZONES_MAX];

void endpoint_learn_zone(const struct endpoint *a)
{
    uint32_t index = endpoint_zone(a);

    for (size_t i = 0; i < ZONES_MAX && index != 0; i++) {
        if (zones[i].index != 0 && zones[i].index != index)
            continue;
        if (if_indextoname(index, zones[i].name))
            zones[i].index = index;
        return;
    }
}

static void append_zone(uint32_t index, char *out, size_t size)
{
    size_t len = strlen(out), i = 0;

    if (index == 0)
        return;
    while (i < ZONES_MAX && zones[i].index != index)
        i++;
    if (i < ZONES_MAX)
        snprintf(out + len, size - len, "%%%s", zones[i].name);
    else
        snprintf(out + len, size - len, "%%%u", (unsigned)index);
}

/* --- printing --- */

void endpoint_print_ip(const struct endpoint *a, char out[ENDPOINT_CHARS])
{
    uint8_t ip[16];
    size_t bytes = endpoint_ip(a, ip);

    memcpy(out, "?", sizeof "?");
    if (a->len == 0 || bytes == 0)
        return;
    if (bytes == 4)
        inet_ntop(AF_INET, ip, out, ENDPOINT_CHARS);
    else if (memcmp(ip, mapped, sizeof mapped) == 0)
        inet_ntop(AF_INET, ip + sizeof mapped, out, ENDPOINT_CHARS);
    else
        inet_ntop(AF_INET6, ip, out, ENDPOINT_CHARS);
    append_zone(endpoint_zone(a), out, ENDPOINT_CHARS);
}

void endpoint_print(const struct endpoint *a, char out[ENDPOINT_CHARS])
{
    char ip[ENDPOINT_CHARS];
    unsigned port = endpoint_port(a);

    endpoint_print_ip(a, ip);
    if (strchr(ip, ':'))
        snprintf(out, ENDPOINT_CHARS, "[%.*s]:%u", ENDPOINT_CHARS - 16, ip, port);
    else
        snprintf(out, ENDPOINT_CHARS, "%.*s:%u", ENDPOINT_CHARS - 16, ip, port);
}
