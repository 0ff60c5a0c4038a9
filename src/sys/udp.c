/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifdef __APPLE__
#define __APPLE_USE_RFC_3542 /* or IPv6 has no options */
#endif
#include "config.h"

#include "sys/udp.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "sys/icmp.h"

#ifndef HAVE_LINUX_ERRQUEUE_H
#undef IP_RECVERR /* of no use to sys/icmp without */
#endif

/* Where the system has in_pktinfo with all its fields; others have other ways, or none. */
#if defined IP_PKTINFO && (defined __linux__ || defined __APPLE__)
#define HAVE_IN_PKTINFO
#endif

#define ECN_MASK 0x03
#define ECN_ECT0 0x02
#define ECN_CE   0x03

static void set_option(int fd, int level, int option, int value)
{
    /* The result does not matter: containers and odd kernels refuse some of these (R31). */
    (void)setsockopt(fd, level, option, &value, sizeof value);
}

/* Whatever the system believes of the path: its belief may be wrong, or somebody else's doing. */
int udp_forbid_fragments(int fd, int family, bool forbid)
{
    int result = -1;

    (void)fd;
    (void)family;
    (void)forbid;
#if defined IP_MTU_DISCOVER && defined IP_PMTUDISC_PROBE
    int value = forbid ? IP_PMTUDISC_PROBE : IP_PMTUDISC_DONT;
    result = setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &value, sizeof value);
#elif defined IP_DONTFRAG
    int value = forbid;
    result = setsockopt(fd, IPPROTO_IP, IP_DONTFRAG, &value, sizeof value);
#endif
    if (family != AF_INET6)
        return result;
#if defined IPV6_MTU_DISCOVER && defined IPV6_PMTUDISC_PROBE
    int value6 = forbid ? IPV6_PMTUDISC_PROBE : IPV6_PMTUDISC_DONT;
    result = setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &value6, sizeof value6);
#elif defined IPV6_DONTFRAG
    int value6 = forbid;
    result = setsockopt(fd, IPPROTO_IPV6, IPV6_DONTFRAG, &value6, sizeof value6);
#endif
    return result;
}

/* An IPv6 socket gets both kinds, for it may carry IPv4 traffic too. */
static void set_options(int fd, int family)
{
    (void)!udp_forbid_fragments(fd, family, false);
    set_option(fd, IPPROTO_IP, IP_TOS, ECN_ECT0);
#ifdef IP_RECVTOS
    set_option(fd, IPPROTO_IP, IP_RECVTOS, 1);
#endif
    if (family != AF_INET6)
        return;
#ifdef IPV6_TCLASS
    set_option(fd, IPPROTO_IPV6, IPV6_TCLASS, ECN_ECT0);
    set_option(fd, IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
#endif
}

/* To learn which of our addresses a datagram was sent to. */
static void set_server_options(int fd, int family)
{
    if (family == AF_INET6) {
        set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
#ifdef IPV6_RECVPKTINFO
        set_option(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
#endif
        return;
    }
#if defined HAVE_IN_PKTINFO
    set_option(fd, IPPROTO_IP, IP_PKTINFO, 1);
#elif defined IP_RECVDSTADDR
    set_option(fd, IPPROTO_IP, IP_RECVDSTADDR, 1);
#endif
}

static int open_socket(int family)
{
    int fd = socket(family, SOCK_DGRAM, 0);

    if (fd < 0)
        return -1;
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || fcntl(fd, F_SETFL, O_NONBLOCK) != 0) {
        close(fd);
        return -1;
    }
    set_options(fd, family);
    return fd;
}

int udp_open(int family)
{
    int fd = open_socket(family);

    if (fd < 0)
        return -1;
#ifdef IP_RECVERR
    set_option(fd, IPPROTO_IP, IP_RECVERR, 1);
    if (family == AF_INET6)
        set_option(fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
#endif
    return fd;
}

int udp_bind(const struct endpoint *wanted, uint16_t low, uint16_t high, struct endpoint *bound)
{
    struct endpoint a = *wanted;
    int fd = open_socket(endpoint_family(wanted));
    int error = EADDRINUSE;

    if (fd < 0)
        return -1;
    set_server_options(fd, endpoint_family(wanted));
    for (uint32_t port = low; port <= high; port++) {
        endpoint_set_port(&a, (uint16_t)port);
        if (bind(fd, (const struct sockaddr *)&a.storage, a.len) == 0) {
            *bound = (struct endpoint){.len = sizeof bound->storage};
            if (getsockname(fd, (struct sockaddr *)&bound->storage, &bound->len) == 0)
                return fd;
            error = errno;
            break;
        }
        error = errno;
        if (error != EADDRINUSE && error != EACCES)
            break; /* no other port will be better */
    }
    close(fd);
    errno = error;
    return -1;
}

/* The ECN field is the low two bits of the IPv4 TOS or the IPv6 traffic class. */
static bool is_congested(const struct cmsghdr *c)
{
#ifdef IP_RECVTOS
    if (c->cmsg_level == IPPROTO_IP && (c->cmsg_type == IP_TOS || c->cmsg_type == IP_RECVTOS)) {
        uint8_t tos;
        memcpy(&tos, CMSG_DATA(c), sizeof tos);
        return (tos & ECN_MASK) == ECN_CE;
    }
#endif
#ifdef IPV6_TCLASS
    if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_TCLASS) {
        int traffic_class;
        memcpy(&traffic_class, CMSG_DATA(c), sizeof traffic_class);
        return (traffic_class & ECN_MASK) == ECN_CE;
    }
#endif
    return false;
}

/* --- which of our addresses --- */

static void take_own(const struct cmsghdr *c, struct endpoint *own)
{
#if defined HAVE_IN_PKTINFO
    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
        struct in_pktinfo info;
        memcpy(&info, CMSG_DATA(c), sizeof info);
        *own = endpoint_make(AF_INET, &info.ipi_addr, 0, 0);
    }
#elif defined IP_RECVDSTADDR
    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVDSTADDR)
        *own = endpoint_make(AF_INET, CMSG_DATA(c), 0, 0);
#endif
#ifdef IPV6_PKTINFO
    if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
        struct in6_pktinfo info;
        memcpy(&info, CMSG_DATA(c), sizeof info);
        *own = endpoint_make(AF_INET6, &info.ipi6_addr, 0, (uint32_t)info.ipi6_ifindex);
    }
#endif
    (void)c;
    (void)own;
}

#define CONTROL_BYTES 256

static void put_control(struct msghdr *m, int level, int type, const void *data, size_t len)
{
    struct cmsghdr *c = CMSG_FIRSTHDR(m);

    assert(c); /* CONTROL_BYTES are room for one */
    c->cmsg_level = level;
    c->cmsg_type = type;
    c->cmsg_len = (socklen_t)CMSG_LEN(len);
    memcpy(CMSG_DATA(c), data, len);
    m->msg_controllen = (socklen_t)CMSG_SPACE(len);
}

/* Leaves the message as it is where the system has no way to say so. */
static void put_own(struct msghdr *m, const struct endpoint *own)
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;

    if (endpoint_family(own) == AF_INET6) {
        memcpy(&in6, &own->storage, sizeof in6);
#ifdef IPV6_PKTINFO
        struct in6_pktinfo info = {.ipi6_addr = in6.sin6_addr};
        info.ipi6_ifindex = endpoint_zone(own);
        put_control(m, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
#endif
        return;
    }
    memcpy(&in, &own->storage, sizeof in);
#if defined HAVE_IN_PKTINFO
    struct in_pktinfo info = {.ipi_spec_dst = in.sin_addr};
    put_control(m, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
#elif defined IP_SENDSRCADDR
    put_control(m, IPPROTO_IP, IP_SENDSRCADDR, &in.sin_addr, sizeof in.sin_addr);
#endif
}

/* --- datagrams --- */

/* A socket tells of what became of an earlier datagram once, in place of the one that waits. */
static ssize_t receive(int fd, struct msghdr *m)
{
    ssize_t got = recvmsg(fd, m, MSG_DONTWAIT);

    if (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
        got = recvmsg(fd, m, MSG_DONTWAIT);
    return got;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): recvmsg() writes through `room`. */
int udp_receive(int fd, uint8_t *bytes, size_t size, struct udp_arrival *out)
{
    _Alignas(struct cmsghdr) char control[CONTROL_BYTES];
    struct iovec room = {.iov_base = bytes, .iov_len = size};
    struct endpoint from = {0};
    struct msghdr m = {.msg_name = &from.storage,
                       .msg_namelen = sizeof from.storage,
                       .msg_iov = &room,
                       .msg_iovlen = 1,
                       .msg_control = control,
                       .msg_controllen = sizeof control};
    ssize_t got = receive(fd, &m);

    if (got < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -1;
    from.len = m.msg_namelen;
    *out = (struct udp_arrival){.len = (m.msg_flags & MSG_TRUNC) ? 0 : (size_t)got, .from = from};
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
        out->congested |= is_congested(c);
        take_own(c, &out->to);
    }
    return 1;
}

static int send_error(ssize_t sent)
{
    /* What had no room, or was interrupted, counts as lost on the way. */
    return sent >= 0 || errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : errno;
}

int udp_send(int fd, const struct endpoint *to, const uint8_t *bytes, size_t len)
{
    return send_error(
        sendto(fd, bytes, len, MSG_DONTWAIT, (const struct sockaddr *)&to->storage, to->len));
}

int udp_send_from(int fd, const struct endpoint *own, const struct endpoint *to,
                  const uint8_t *bytes, size_t len)
{
    _Alignas(struct cmsghdr) char control[CONTROL_BYTES] = {0};
    struct endpoint there = *to;
    struct iovec body = {.iov_base = (void *)(uintptr_t)bytes, .iov_len = len};
    struct msghdr m = {.msg_name = &there.storage,
                       .msg_namelen = there.len,
                       .msg_iov = &body,
                       .msg_iovlen = 1,
                       .msg_control = control,
                       .msg_controllen = sizeof control};

    put_own(&m, own);
    if (m.msg_controllen == sizeof control)
        return udp_send(fd, to, bytes, len);
    int error = send_error(sendmsg(fd, &m, MSG_DONTWAIT));
    if (error == EINVAL || error == EADDRNOTAVAIL || error == ENETUNREACH || error == ENODEV)
        return udp_send(fd, to, bytes, len);
    return error;
}

int udp_take_error(int fd, struct endpoint *to)
{
    struct icmp_report report;
    int last = 0;

    *to = (struct endpoint){0};
    for (int i = 0; i < UDP_BATCH && icmp_take(fd, &report) == 1; i++) {
        if (report.error == EMSGSIZE)
            continue;
        last = report.error;
        if (report.to.len > 0)
            *to = report.to;
    }
    return last;
}
