/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sys/netwatch.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef HAVE_LINUX_RTNETLINK_H
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#endif

#define MESSAGE_BYTES    8192
#define MESSAGES_AT_ONCE 64 /* what is left is read after the pause */

/* --- the system's word --- */

static int open_messages(void)
{
#if defined HAVE_LINUX_RTNETLINK_H
    struct sockaddr_nl everybody = {
        .nl_family = AF_NETLINK,
        .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE |
                     RTMGRP_IPV6_ROUTE,
    };
    int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

    if (fd >= 0 && bind(fd, (const struct sockaddr *)&everybody, sizeof everybody) != 0) {
        close(fd);
        fd = -1;
    }
#elif defined PF_ROUTE
    int fd = socket(PF_ROUTE, SOCK_RAW, AF_UNSPEC);
#else
    int fd = -1;
#endif
    if (fd >= 0 && (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || fcntl(fd, F_SETFL, O_NONBLOCK) != 0)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* Takes what waits. A queue that has overflowed (ENOBUFS) tells as much as any message. False if
   the descriptor is of no use any more. */
static bool drain(int fd)
{
    char bytes[MESSAGE_BYTES];

    for (int i = 0; i < MESSAGES_AT_ONCE; i++) {
        ssize_t n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (n == 0)
            return false;
        if (n < 0 && errno != EINTR && errno != ENOBUFS)
            return errno == EAGAIN || errno == EWOULDBLOCK;
    }
    return true;
}

/* True if a datagram to one of the server's addresses would go another way than before. */
static bool survey(struct netwatch *w)
{
    bool different = false;

    for (size_t i = 0; i < w->servers; i++) {
        struct netroute_way way;
        netroute_find(&w->route, &w->server[i], &way);
        different |= memcmp(&way, &w->way[i], sizeof way) != 0;
        w->way[i] = way;
    }
    return different;
}

/* --- when to look, and what to make of it --- */

void netwatch_open(struct netwatch *w, const struct endpoint *servers, size_t count, msec_t now)
{
    *w = (struct netwatch){.fd = open_messages(), .looked = now, .nudged = MSEC_NEVER};
    for (; w->servers < count && w->servers < NETWATCH_SERVERS_MAX; w->servers++)
        w->server[w->servers] = servers[w->servers];
    netroute_open(&w->route);
    (void)survey(w);
}

void netwatch_close(struct netwatch *w)
{
    if (w->fd >= 0)
        close(w->fd);
    w->fd = -1;
    netroute_close(&w->route);
}

msec_t netwatch_due(const struct netwatch *w)
{
    return msec_after(w->looked, w->pause_ms);
}

bool netwatch_judge(struct netwatch *w, msec_t now, bool different, bool silent)
{
    bool rested = msec_since(now, netwatch_due(w)) >= NETWATCH_LOOK_MAX_MS;

    w->pause_ms = rested || w->pause_ms == 0 ? NETWATCH_LOOK_MS
                                             : msec_min(2 * w->pause_ms, NETWATCH_LOOK_MAX_MS);
    w->looked = now;
    if (!different && (!silent || msec_since(now, w->nudged) < NETWATCH_NUDGE_MS))
        return false;
    w->nudged = now;
    return true;
}

bool netwatch_look(struct netwatch *w, msec_t now, bool silent)
{
    if (!drain(w->fd)) {
        close(w->fd);
        w->fd = -1;
    }
    return netwatch_judge(w, now, survey(w), silent);
}
