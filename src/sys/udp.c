/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/udp.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/errqueue.h>
#endif

#define ECN_MASK 0x03
#define ECN_ECT0 0x02
#define ECN_CE   0x03

static void set_option(int fd, int level, int option, int value)
{
    /* The result does not matter: containers and odd kernels refuse some of these (R31). */
    (void)setsockopt(fd, level, option, &value, sizeof value);
}

/* An IPv6 socket gets both kinds, for it may carry IPv4 traffic too. */
static void set_options(int fd, int family)
{
#ifdef IP_MTU_DISCOVER
    set_option(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
#endif
    set_option(fd, IPPROTO_IP, IP_TOS, ECN_ECT0);
#ifdef IP_RECVTOS
    set_option(fd, IPPROTO_IP, IP_RECVTOS, 1);
#endif
    if (family != AF_INET6)
        return;
#ifdef IPV6_MTU_DISCOVER
    set_option(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT);
#endif
#ifdef IPV6_TCLASS
    set_option(fd, IPPROTO_IPV6, IPV6_TCLASS, ECN_ECT0);
    set_option(fd, IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
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
    if (endpoint_family(wanted) == AF_INET6)
        set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
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

int udp_bind_any(uint16_t low, uint16_t high, struct endpoint *bound)
{
    struct endpoint v6 = endpoint_any(AF_INET6, 0), v4 = endpoint_any(AF_INET, 0);
    int fd = udp_bind(&v6, low, high, bound);

    return fd >= 0 ? fd : udp_bind(&v4, low, high, bound);
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

int udp_receive(int fd, uint8_t *bytes, size_t size, struct udp_arrival *out)
{
    _Alignas(struct cmsghdr) char control[256];
    struct iovec room = {.iov_base = bytes, .iov_len = size};
    struct endpoint from = {0};
    struct msghdr m = {.msg_name = &from.storage,
                       .msg_namelen = sizeof from.storage,
                       .msg_iov = &room,
                       .msg_iovlen = 1,
                       .msg_control = control,
                       .msg_controllen = sizeof control};
    ssize_t got = recvmsg(fd, &m, MSG_DONTWAIT);

    if (got < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -1;
    from.len = m.msg_namelen;
    *out = (struct udp_arrival){.len = m.msg_flags & MSG_TRUNC ? 0 : (size_t)got, .from = from};
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
        out->congested |= is_congested(c);
    return 1;
}

int udp_send(int fd, const struct endpoint *to, const uint8_t *bytes, size_t len)
{
    ssize_t sent =
        sendto(fd, bytes, len, MSG_DONTWAIT, (const struct sockaddr *)&to->storage, to->len);

    if (sent >= 0 || errno == EAGAIN || errno == EWOULDBLOCK)
        return 0;
    return errno;
}

int udp_take_error(int fd)
{
    int last = 0;

#ifdef IP_RECVERR
    for (int i = 0; i < UDP_BATCH; i++) {
        _Alignas(struct cmsghdr) char control[512];
        struct msghdr m = {.msg_control = control, .msg_controllen = sizeof control};
        if (recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
            break;
        for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
            struct sock_extended_err e;
            if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
                (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR)) {
                memcpy(&e, CMSG_DATA(c), sizeof e);
                last = (int)e.ee_errno;
            }
        }
    }
#endif
    int pending = 0; /* and what the queue had no room for */
    socklen_t len = sizeof pending;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &pending, &len) == 0 && pending)
        last = pending;
    return last;
}
