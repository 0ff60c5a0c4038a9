/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/fakeproxy.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "launch/say.h"
#include "sys/args.h"
#include "sys/clock.h"
#include "util/buf.h"

/* Connections under way; those not begun, and those that failed, have fd -1. */
struct dialing {
    const struct endpoints *list;
    struct pollfd at[ENDPOINTS_MAX];
    size_t begun, pending;
    msec_t next_start;
    int error; /* the last one, and whose it was */
    size_t error_at;
};

static void note_error(struct dialing *d, size_t i, int error)
{
    d->error = error;
    d->error_at = i;
    d->next_start = 0; /* no reason to wait for it any longer */
}

static void begin_next(struct dialing *d, msec_t now)
{
    size_t i = d->begun++;
    const struct endpoint *a = &d->list->at[i];
    d->next_start = msec_after(now, DIAL_HEAD_START_MS);
    int fd = socket(endpoint_family(a), SOCK_STREAM, 0);
    if (fd >= 0 && (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || fcntl(fd, F_SETFL, O_NONBLOCK) != 0)) {
        note_error(d, i, errno);
        close(fd);
        return;
    }
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&a->storage, a->len) < 0 &&
        errno != EINPROGRESS) {
        note_error(d, i, errno);
        close(fd);
        return;
    }
    if (fd < 0) {
        note_error(d, i, errno);
        return;
    }
    d->at[i] = (struct pollfd){.fd = fd, .events = POLLOUT};
    d->pending++;
}

/* The index of a connection that stands, or -1. */
static int find_winner(struct dialing *d)
{
    for (size_t i = 0; i < d->begun; i++) {
        if (d->at[i].fd < 0 || !d->at[i].revents)
            continue;
        int error = 0;
        socklen_t len = sizeof error;
        if (getsockopt(d->at[i].fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 && error == 0)
            return (int)i;
        note_error(d, i, error);
        close(d->at[i].fd);
        d->at[i].fd = -1;
        d->pending--;
    }
    return -1;
}

static int wait_ms(const struct dialing *d, msec_t now)
{
    if (d->begun == d->list->count)
        return -1; /* the system gives up on each of them in the end */
    return d->next_start > now ? (int)(d->next_start - now) : 0;
}

int dial(const struct endpoints *list, size_t *winner)
{
    struct dialing d = {.list = list, .error = EHOSTUNREACH};
    int won = -1;
    for (size_t i = 0; i < ENDPOINTS_MAX; i++)
        d.at[i].fd = -1;
    while (won < 0) {
        msec_t now = clock_now();
        while (d.begun < list->count && (d.pending == 0 || now >= d.next_start))
            begin_next(&d, now);
        if (d.pending == 0)
            break;
        if (poll(d.at, d.begun, wait_ms(&d, now)) > 0)
            won = find_winner(&d);
    }
    for (size_t i = 0; i < list->count; i++) {
        if (d.at[i].fd >= 0 && (int)i != won)
            close(d.at[i].fd);
    }
    *winner = won >= 0 ? (size_t)won : d.error_at;
    if (won < 0)
        return -d.error;
    int fd = d.at[won].fd;
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
    return fd;
}

/* Hands over a descriptor with one byte, as OpenSSH expects it. */
static int pass_descriptor(int over, int fd)
{
    char byte = '\0';
    struct iovec body = {.iov_base = &byte, .iov_len = 1};
    union {
        struct cmsghdr align;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    struct msghdr message = {
        .msg_iov = &body,
        .msg_iovlen = 1,
        .msg_control = control.space,
        .msg_controllen = sizeof control.space,
    };
    memset(&control, 0, sizeof control);
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(c), &fd, sizeof fd);
    ssize_t sent;
    do
        sent = sendmsg(over, &message, 0);
    while (sent < 0 && errno == EINTR);
    return sent == 1 ? 0 : -errno;
}

/* What the client is told of the server's addresses: the one that answered, and the others. */
static void tell_addresses(const struct endpoints *list, size_t winner)
{
    struct buf lines = {0};
    char ip[ENDPOINT_CHARS];

    endpoint_print_ip(&list->at[winner], ip);
    buf_append_str(&lines, "MOSH IP ");
    buf_append_str(&lines, ip);
    for (size_t i = 0; i < list->count; i++) {
        if (i == winner || endpoint_reach(&list->at[i]) == REACH_NOBODY)
            continue;
        endpoint_print_ip(&list->at[i], ip);
        buf_append_str(&lines, "\nMOSH ALSO ");
        buf_append_str(&lines, ip);
    }
    buf_append_byte(&lines, '\n');
    write_all(STDERR_FILENO, (const char *)lines.data, lines.len);
    buf_release(&lines);
}

int fakeproxy_run(const char *host, const char *port, enum family family)
{
    struct endpoints list;
    const char *why;
    uint64_t port_number;
    if (args_decimal(port, 1, UINT16_MAX, &port_number) < 0) {
        say("--fake-proxy: %s is not a port; expected a number from 1 to 65535", port);
        return STATUS_HERE;
    }
    if (resolve(host, (uint16_t)port_number, family, &list, &why) < 0) {
        say("cannot find the address of %s: %s", host, why);
        return STATUS_HERE;
    }
    size_t winner;
    char ip[ENDPOINT_CHARS];
    int fd = dial(&list, &winner);
    endpoint_print_ip(&list.at[winner], ip);
    if (fd < 0) {
        say("cannot connect to %s (%s) port %s: %s", host, ip, port, strerror(-fd));
        return STATUS_HERE;
    }
    tell_addresses(&list, winner);
    int err = pass_descriptor(STDOUT_FILENO, fd);
    if (err) {
        say("cannot hand the connection to ssh: %s", strerror(-err));
        return STATUS_HERE;
    }
    return 0;
}
