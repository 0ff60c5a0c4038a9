/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sys/netroute.h"

#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef HAVE_LINUX_RTNETLINK_H

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#define ANSWER_BYTES 16384 /* a link has much to tell */

/* A request with one attribute at its end. */
struct request {
    struct nlmsghdr header;
    union {
        struct rtmsg route;
        struct ifinfomsg link;
    } body;
    uint8_t attributes[64];
};

static void add_attribute(struct request *r, unsigned short type, const void *data, size_t len)
{
    struct rtattr a = {.rta_type = type, .rta_len = (unsigned short)RTA_LENGTH(len)};
    uint8_t *end = (uint8_t *)r + NLMSG_ALIGN(r->header.nlmsg_len);

    memcpy(end, &a, sizeof a);
    memcpy(end + RTA_LENGTH(0), data, len);
    r->header.nlmsg_len = (uint32_t)(NLMSG_ALIGN(r->header.nlmsg_len) + RTA_SPACE(len));
}

/* The kernel answers while it takes the request. Returns the answer's length, or -1 if it is not
   of the kind that was wanted. Left over answers of former requests are passed over. */
static ssize_t ask(int fd, struct request *r, unsigned short wanted, char *answer)
{
    static uint32_t sequence;
    struct nlmsghdr header;
    ssize_t n;

    r->header.nlmsg_flags = NLM_F_REQUEST;
    r->header.nlmsg_seq = ++sequence;
    if (sendto(fd, r, r->header.nlmsg_len, MSG_DONTWAIT, NULL, 0) < 0)
        return -1;
    do {
        n = recv(fd, answer, ANSWER_BYTES, MSG_DONTWAIT);
        if (n < (ssize_t)sizeof header)
            return -1;
        memcpy(&header, answer, sizeof header);
    } while (header.nlmsg_seq != sequence);
    if (header.nlmsg_type != wanted || header.nlmsg_len < sizeof header ||
        header.nlmsg_len > (size_t)n)
        return -1;
    return (ssize_t)header.nlmsg_len;
}

static void take_attribute(const struct rtattr *a, const char *data, struct netroute_way *out)
{
    size_t len = a->rta_len - RTA_LENGTH(0);

    if (a->rta_type == RTA_OIF && len == sizeof out->interface)
        memcpy(&out->interface, data, len);
    else if (a->rta_type == RTA_PREFSRC && len <= sizeof out->source)
        memcpy(out->source, data, len);
    else if ((a->rta_type == RTA_GATEWAY || a->rta_type == RTA_VIA) && len <= sizeof out->router)
        memcpy(out->router, data, len);
}

static void take_route(const char *answer, size_t len, struct netroute_way *out)
{
    struct rtmsg route;
    struct rtattr a;
    size_t at = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof route);

    if (len < at)
        return;
    memcpy(&route, answer + NLMSG_HDRLEN, sizeof route);
    if (route.rtm_type != RTN_UNICAST && route.rtm_type != RTN_LOCAL)
        return;
    while (len - at >= sizeof a) {
        memcpy(&a, answer + at, sizeof a);
        if (a.rta_len < RTA_LENGTH(0) || a.rta_len > len - at)
            return;
        take_attribute(&a, answer + at + RTA_LENGTH(0), out);
        if (RTA_ALIGN(a.rta_len) > len - at)
            return;
        at += RTA_ALIGN(a.rta_len);
    }
}

static void find_route(int fd, const struct endpoint *to, char *answer, struct netroute_way *out)
{
    struct request r = {
        .header = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct rtmsg)), .nlmsg_type = RTM_GETROUTE}};
    uint8_t ip[16];
    size_t bytes = endpoint_ip(to, ip);
    uint32_t zone = endpoint_zone(to);

    r.body.route.rtm_family = (unsigned char)endpoint_family(to);
    r.body.route.rtm_dst_len = (unsigned char)(bytes * 8);
    add_attribute(&r, RTA_DST, ip, bytes);
    if (zone != 0)
        add_attribute(&r, RTA_OIF, &zone, sizeof zone);
    ssize_t len = ask(fd, &r, RTM_NEWROUTE, answer);
    if (len >= 0)
        take_route(answer, (size_t)len, out);
}

static uint32_t link_works(int fd, uint32_t interface, char *answer)
{
    struct request r = {
        .header = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)), .nlmsg_type = RTM_GETLINK}};
    struct ifinfomsg link;

    r.body.link.ifi_index = (int)interface;
    ssize_t len = ask(fd, &r, RTM_NEWLINK, answer);
    if (len < (ssize_t)NLMSG_LENGTH(sizeof link))
        return 0;
    memcpy(&link, answer + NLMSG_HDRLEN, sizeof link);
    return (link.ifi_flags & IFF_UP) && (link.ifi_flags & IFF_RUNNING);
}

void netroute_open(struct netroute *r)
{
    r->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
}

void netroute_find(const struct netroute *r, const struct endpoint *to, struct netroute_way *out)
{
    char answer[ANSWER_BYTES];

    *out = (struct netroute_way){0};
    if (r->fd < 0)
        return;
    find_route(r->fd, to, answer, out);
    if (out->interface != 0)
        out->works = link_works(r->fd, out->interface, answer);
}

#else

#include <ifaddrs.h>

/* A program that is confined by pledge may not list the interfaces; the address has to do there. */
#ifdef HAVE_PLEDGE
#define MAY_LIST false
#else
#define MAY_LIST true
#endif

/* What connecting a socket shows, without a datagram. */
static bool find_source(const struct endpoint *to, struct endpoint *source)
{
    int fd = socket(endpoint_family(to), SOCK_DGRAM, 0);

    *source = (struct endpoint){.len = sizeof source->storage};
    if (fd < 0)
        return false;
    bool found = connect(fd, (const struct sockaddr *)&to->storage, to->len) == 0 &&
                 getsockname(fd, (struct sockaddr *)&source->storage, &source->len) == 0;
    close(fd);
    return found;
}

static bool has_address(const struct ifaddrs *i, const struct endpoint *a)
{
    struct endpoint own = {0};

    if (!i->ifa_addr || i->ifa_addr->sa_family != endpoint_family(a))
        return false;
    own.len = a->len;
    memcpy(&own.storage, i->ifa_addr, own.len);
    endpoint_set_port(&own, endpoint_port(a));
    return endpoint_equal(&own, a);
}

void netroute_open(struct netroute *r)
{
    r->fd = -1;
}

void netroute_find(const struct netroute *r, const struct endpoint *to, struct netroute_way *out)
{
    struct endpoint source;
    struct ifaddrs *all = NULL;

    (void)r;
    *out = (struct netroute_way){0};
    if (!find_source(to, &source))
        return;
    (void)endpoint_ip(&source, out->source);
    if (!MAY_LIST || getifaddrs(&all) != 0)
        return;
    for (const struct ifaddrs *i = all; i && out->interface == 0; i = i->ifa_next) {
        if (!has_address(i, &source))
            continue;
        out->interface = if_nametoindex(i->ifa_name);
        out->works = (i->ifa_flags & IFF_UP) && (i->ifa_flags & IFF_RUNNING);
    }
    freeifaddrs(all);
}

#endif

void netroute_close(struct netroute *r)
{
    if (r->fd >= 0)
        close(r->fd);
    r->fd = -1;
}
