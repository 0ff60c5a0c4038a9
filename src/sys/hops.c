/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/hops.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

#include "sys/udp.h"

int hops_init(struct hops *h, int family, msec_t now)
{
    int fd = udp_open(family);

    *h = (struct hops){.family = family, .newest_since = now};
    if (fd < 0)
        return -1;
    h->fd[h->count++] = fd;
    return 0;
}

static void close_oldest(struct hops *h, size_t how_many)
{
    for (size_t i = 0; i < how_many; i++)
        close(h->fd[i]);
    h->count -= how_many;
    memmove(h->fd, h->fd + how_many, h->count * sizeof h->fd[0]);
}

void hops_release(struct hops *h)
{
    close_oldest(h, h->count);
}

void hops_next(struct hops *h, msec_t now)
{
    int fd = udp_open(h->family);

    h->newest_since = now;
    if (fd < 0)
        return;
    if (h->count == HOPS_MAX)
        close_oldest(h, 1);
    h->fd[h->count++] = fd;
}

int hops_newest(const struct hops *h)
{
    assert(h->count > 0);
    return h->fd[h->count - 1];
}

void hops_heard(struct hops *h, msec_t now)
{
    if (h->count > 1 && msec_since(now, h->newest_since) > HOPS_KEEP_MS)
        close_oldest(h, h->count - 1);
}
