/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/outq.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "sys/clock.h"

void outq_init(struct outq *q, size_t bytes_max)
{
    *q = (struct outq){.bytes_max = bytes_max};
}

void outq_release(struct outq *q)
{
    buf_release(&q->pending);
}

int outq_append(struct outq *q, const void *bytes, size_t len)
{
    if (len > q->bytes_max - q->pending.len)
        return ERR_LIMIT;
    buf_append(&q->pending, bytes, len);
    return 0;
}

static ssize_t write_without_waiting(int fd, const void *bytes, size_t len)
{
    int flags = fcntl(fd, F_GETFL);
    bool ours = flags >= 0 && !(flags & O_NONBLOCK) && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
    ssize_t n = write(fd, bytes, len);
    int error = errno;

    if (ours)
        (void)fcntl(fd, F_SETFL, flags);
    errno = error;
    return n;
}

int outq_flush(struct outq *q, int fd)
{
    while (!outq_empty(q)) {
        ssize_t n = write_without_waiting(fd, q->pending.data, q->pending.len);
        if (n > 0) {
            buf_consume(&q->pending, (size_t)n);
        } else if (n == 0 || errno == EAGAIN || errno == EWOULDBLOCK) {
            return 0;
        } else if (errno != EINTR) {
            buf_clear(&q->pending);
            return -1;
        }
    }
    return 0;
}

bool outq_drain(struct outq *q, int fd, msec_t patience_ms)
{
    msec_t start = clock_now();

    for (;;) {
        struct pollfd p = {.fd = fd, .events = POLLOUT};
        msec_t spent = msec_since(clock_now(), start);
        if (outq_flush(q, fd) != 0)
            return false;
        if (outq_empty(q))
            return true;
        if (spent >= patience_ms || (poll(&p, 1, (int)(patience_ms - spent)) < 0 && errno != EINTR))
            break;
    }
    buf_clear(&q->pending);
    return false;
}
