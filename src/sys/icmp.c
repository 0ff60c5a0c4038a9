/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sys/icmp.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#ifdef HAVE_LINUX_ERRQUEUE_H
#include <time.h> /* for the next, where that is not glibc's */

#include <linux/errqueue.h>
#else
#undef IP_RECVERR /* of no use without */
#endif

#ifdef IP_RECVERR
/* ICMP (RFC 792, RFC 1812) and ICMPv6 (RFC 4443): type, code, meaning; code -1 for all others. */
struct meaning {
    int type, code;
    const char *text;
};
static const struct meaning v4_meanings[] = {
    {3, 0, "network unreachable"}, {3, 1, "host unreachable"}, {3, 3, "port unreachable"},
    {3, 4, "datagram too large"},  {3, 9, "prohibited"},       {3, 10, "prohibited"},
    {3, 13, "prohibited"},         {3, -1, "unreachable"},     {11, -1, "time exceeded"},
    {12, -1, "bad header"},
};
static const struct meaning v6_meanings[] = {
    {1, 0, "no route"},         {1, 1, "prohibited"},          {1, 3, "address unreachable"},
    {1, 4, "port unreachable"}, {1, 5, "prohibited"},          {1, 6, "prohibited"},
    {1, -1, "unreachable"},     {2, -1, "datagram too large"}, {3, -1, "time exceeded"},
    {4, -1, "bad header"},
};

static const char *find_text(const struct sock_extended_err *e)
{
    const struct meaning *all = v4_meanings;
    size_t count = sizeof v4_meanings / sizeof *v4_meanings;

    if (e->ee_origin != SO_EE_ORIGIN_ICMP && e->ee_origin != SO_EE_ORIGIN_ICMP6)
        return strerror((int)e->ee_errno);
    if (e->ee_origin == SO_EE_ORIGIN_ICMP6) {
        all = v6_meanings;
        count = sizeof v6_meanings / sizeof *v6_meanings;
    }
    for (size_t i = 0; i < count; i++) {
        if (all[i].type == e->ee_type && (all[i].code == e->ee_code || all[i].code < 0))
            return all[i].text;
    }
    return strerror((int)e->ee_errno);
}

static void take_sender(const struct sock_extended_err *e, struct icmp_report *out)
{
    struct sockaddr_storage from = {0};
    const struct sockaddr *offender = SO_EE_OFFENDER(e);

    if (offender->sa_family == AF_INET)
        out->from.len = sizeof(struct sockaddr_in);
    else if (offender->sa_family == AF_INET6)
        out->from.len = sizeof(struct sockaddr_in6);
    else
        return;
    memcpy(&from, offender, out->from.len);
    out->from.storage = from;
}

static bool take_message(const struct cmsghdr *c, struct icmp_report *out)
{
    /* The address of the sender follows within the message; the copy keeps them together. */
    _Alignas(struct cmsghdr)
        uint8_t bytes[sizeof(struct sock_extended_err) + sizeof(struct sockaddr_in6)] = {0};
    struct sock_extended_err *e = (struct sock_extended_err *)(void *)bytes;
    size_t len = c->cmsg_len - CMSG_LEN(0);

    if (!(c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) &&
        !(c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR))
        return false;
    memcpy(bytes, CMSG_DATA(c), len < sizeof bytes ? len : sizeof bytes);
    *out = (struct icmp_report){.error = (int)e->ee_errno, .text = find_text(e)};
    out->is_local = e->ee_origin == SO_EE_ORIGIN_LOCAL;
    if (e->ee_errno == EMSGSIZE)
        out->packet_max = e->ee_info;
    take_sender(e, out);
    return true;
}
#endif

int icmp_take(int fd, struct icmp_report *out)
{
#ifdef IP_RECVERR
    _Alignas(struct cmsghdr) char control[512];
    for (;;) {
        struct endpoint to = {0};
        struct msghdr m = {.msg_name = &to.storage,
                           .msg_namelen = sizeof to.storage,
                           .msg_control = control,
                           .msg_controllen = sizeof control};
        if (recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
            break;
        for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
            if (!take_message(c, out))
                continue;
            to.len = m.msg_namelen;
            out->to = to;
            return 1;
        }
    }
#endif
    int pending = 0; /* and what the queue had no room for */
    socklen_t len = sizeof pending;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &pending, &len) != 0 || !pending)
        return 0;
    *out = (struct icmp_report){.error = pending, .text = strerror(pending)};
    return 1;
}
