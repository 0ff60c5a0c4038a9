/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/resolve.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/xalloc.h"

static const char *const family_names[] = {
    [FAMILY_INET] = "inet",
    [FAMILY_INET6] = "inet6",
    [FAMILY_AUTO] = "auto",
    [FAMILY_ALL] = "all",
    [FAMILY_PREFER_INET] = "prefer-inet",
    [FAMILY_PREFER_INET6] = "prefer-inet6",
};

bool family_parse(const char *word, enum family *out)
{
    for (size_t i = 0; i < sizeof family_names / sizeof family_names[0]; i++) {
        if (strcasecmp(word, family_names[i]) == 0) {
            *out = (enum family)i;
            return true;
        }
    }
    return false;
}

const char *family_name(enum family f)
{
    return family_names[f];
}

/* --- names --- */

char *host_without_brackets(const char *host)
{
    size_t len = strlen(host);
    char *copy = xstrdup(host);
    if (len > 2 && host[0] == '[' && host[len - 1] == ']' && strchr(host, ':')) {
        memcpy(copy, host + 1, len - 2);
        copy[len - 2] = '\0';
    }
    return copy;
}

/* Appends those of one family, or all for AF_UNSPEC. */
static void append(struct endpoints *list, const struct addrinfo *ai, int family, uint16_t port)
{
    for (; ai && list->count < ENDPOINTS_MAX; ai = ai->ai_next) {
        bool is_ip = ai->ai_family == AF_INET || ai->ai_family == AF_INET6;
        if (!is_ip || (family != AF_UNSPEC && ai->ai_family != family))
            continue;
        struct endpoint *a = &list->at[list->count++];
        *a = (struct endpoint){.len = ai->ai_addrlen};
        memcpy(&a->storage, ai->ai_addr, ai->ai_addrlen);
        endpoint_set_port(a, port);
        endpoint_learn_zone(a);
    }
}

static bool has_two_families(const struct endpoints *list)
{
    for (size_t i = 1; i < list->count; i++) {
        if (endpoint_family(&list->at[i]) != endpoint_family(&list->at[0]))
            return true;
    }
    return false;
}

int resolve(const char *host, uint16_t port, enum family family, struct endpoints *out,
            const char **why)
{
    struct addrinfo *found = NULL;
    struct addrinfo hints = {.ai_family = family == FAMILY_INET    ? AF_INET
                                          : family == FAMILY_INET6 ? AF_INET6
                                                                   : AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM};
    char *plain = host_without_brackets(host);
    int err = getaddrinfo(plain, NULL, &hints, &found);
    free(plain);
    if (err) {
        *why = err == EAI_SYSTEM ? strerror(errno) : gai_strerror(err);
        return -1;
    }
    struct endpoints list = {.count = 0};
    if (family == FAMILY_PREFER_INET || family == FAMILY_PREFER_INET6) {
        int first = family == FAMILY_PREFER_INET ? AF_INET : AF_INET6;
        append(&list, found, first, port);
        append(&list, found, first == AF_INET ? AF_INET6 : AF_INET, port);
    } else {
        append(&list, found, AF_UNSPEC, port);
    }
    freeaddrinfo(found);
    if (list.count == 0) {
        *why = "it has no IP address";
        return -1;
    }
    if (family == FAMILY_AUTO && has_two_families(&list)) {
        *why = "it has both IPv4 and IPv6 addresses; choose with -4, -6 or --family";
        return -1;
    }
    *out = list;
    return 0;
}

/* --- how far an address reaches --- */

static enum reach reach_v4(uint32_t ip)
{
    static const struct {
        uint32_t network;
        unsigned prefix_bits;
        enum reach reach;
    } known[] = {
        {0x00000000, 8, REACH_NOBODY}, {0x7F000000, 8, REACH_HOST},   {0xA9FE0000, 16, REACH_LINK},
        {0x0A000000, 8, REACH_SITE},   {0xAC100000, 12, REACH_SITE},  {0xC0A80000, 16, REACH_SITE},
        {0x64400000, 10, REACH_SITE},  {0xE0000000, 3, REACH_NOBODY},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if ((ip ^ known[i].network) >> (32 - known[i].prefix_bits) == 0)
            return known[i].reach;
    }
    return REACH_WORLD;
}

static enum reach reach_v6(const struct in6_addr *ip)
{
    if (IN6_IS_ADDR_UNSPECIFIED(ip) || IN6_IS_ADDR_MULTICAST(ip))
        return REACH_NOBODY;
    if (IN6_IS_ADDR_LOOPBACK(ip))
        return REACH_HOST;
    if (IN6_IS_ADDR_LINKLOCAL(ip))
        return REACH_LINK;
    if ((ip->s6_addr[0] & 0xFE) == 0xFC || IN6_IS_ADDR_SITELOCAL(ip))
        return REACH_SITE;
    return REACH_WORLD;
}

enum reach endpoint_reach(const struct endpoint *a)
{
    if (endpoint_family(a) == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, &a->storage, sizeof in6);
        return reach_v6(&in6.sin6_addr);
    }
    struct sockaddr_in in;
    memcpy(&in, &a->storage, sizeof in);
    return reach_v4(ntohl(in.sin_addr.s_addr));
}
