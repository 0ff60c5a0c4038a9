/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link.h"

#include <stdlib.h>

#include "unit.h"
#include "util/xalloc.h"

struct travelling {
    msec_t arrival;
    uint64_t order; /* of sending: decides between equal arrivals */
    enum link_direction direction;
    struct buf bytes;
};

struct path {
    bool down;
    msec_t burst_until;
    msec_t bottleneck_free; /* when it has passed on all that was sent so far */
    struct link_stats stats;
};

struct link {
    struct rng rng;
    struct link_profile profile;
    struct path paths[2];
    struct travelling *heap; /* binary heap, earliest first */
    size_t count, cap;
    uint64_t order;
};

struct link *link_new(uint64_t seed, const struct link_profile *profile)
{
    struct link *l = xcalloc(1, sizeof *l);
    l->rng.state = seed;
    l->profile = *profile;
    return l;
}

void link_free(struct link *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < l->count; i++)
        buf_release(&l->heap[i].bytes);
    free(l->heap);
    free(l);
}

void link_set_profile(struct link *l, const struct link_profile *profile)
{
    l->profile = *profile;
}

void link_set_down(struct link *l, enum link_direction direction, bool down)
{
    l->paths[direction].down = down;
}

static bool earlier(const struct travelling *a, const struct travelling *b)
{
    return a->arrival != b->arrival ? a->arrival < b->arrival : a->order < b->order;
}

static void swap(struct travelling *a, struct travelling *b)
{
    struct travelling t = *a;
    *a = *b;
    *b = t;
}

static void push(struct link *l, struct travelling entry)
{
    if (l->count == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 16;
        l->heap = xreallocarray(l->heap, l->cap, sizeof *l->heap);
    }
    size_t i = l->count++;
    l->heap[i] = entry;
    for (; i > 0 && earlier(&l->heap[i], &l->heap[(i - 1) / 2]); i = (i - 1) / 2)
        swap(&l->heap[i], &l->heap[(i - 1) / 2]);
}

static struct travelling pop(struct link *l)
{
    struct travelling first = l->heap[0];
    l->heap[0] = l->heap[--l->count];
    for (size_t i = 0;;) {
        size_t child = 2 * i + 1;
        if (child + 1 < l->count && earlier(&l->heap[child + 1], &l->heap[child]))
            child++;
        if (child >= l->count || !earlier(&l->heap[child], &l->heap[i]))
            return first;
        swap(&l->heap[i], &l->heap[child]);
        i = child;
    }
}

static bool chance(struct link *l, unsigned thousandths)
{
    return rng_below(&l->rng, 1000) < thousandths;
}

/* Passes a datagram through the bottleneck; MSEC_NEVER if its queue is full. */
static msec_t bottleneck(struct link *l, struct path *p, msec_t now, size_t len)
{
    if (l->profile.bytes_per_s == 0)
        return now;
    msec_t start = msec_max(p->bottleneck_free, now);
    if ((start - now) * l->profile.bytes_per_s / 1000 + len > l->profile.queue_bytes)
        return MSEC_NEVER;
    p->bottleneck_free = start + len * 1000 / l->profile.bytes_per_s;
    return p->bottleneck_free;
}

static bool is_lost(struct link *l, struct path *p, msec_t now)
{
    if (now >= p->burst_until && chance(l, l->profile.burst))
        p->burst_until = now + l->profile.burst_ms;
    bool lost = chance(l, l->profile.loss);
    return lost || p->down || now < p->burst_until;
}

static void launch(struct link *l, msec_t departure, enum link_direction direction,
                   const uint8_t *bytes, size_t len)
{
    struct travelling t = {.direction = direction, .order = l->order++};
    t.arrival = departure + l->profile.delay_ms;
    if (l->profile.jitter_ms)
        t.arrival += rng_below(&l->rng, l->profile.jitter_ms + 1);
    if (chance(l, l->profile.reorder))
        t.arrival += l->profile.delay_ms + 50;
    buf_append(&t.bytes, bytes, len);
    if (len > 0 && chance(l, l->profile.corrupt)) {
        t.bytes.data[rng_below(&l->rng, len)] ^= (uint8_t)(1u << rng_below(&l->rng, 8));
        l->paths[direction].stats.corrupted++;
    }
    push(l, t);
}

void link_send(struct link *l, msec_t now, enum link_direction direction, const uint8_t *bytes,
               size_t len)
{
    struct path *p = &l->paths[direction];
    p->stats.sent++;
    p->stats.bytes += len;
    msec_t departure = bottleneck(l, p, now, len);
    bool large = l->profile.mtu_bytes && len > l->profile.mtu_bytes;
    if (is_lost(l, p, now) || large || departure == MSEC_NEVER) {
        p->stats.lost++;
        return;
    }
    launch(l, departure, direction, bytes, len);
    if (chance(l, l->profile.duplicate)) {
        p->stats.duplicated++;
        launch(l, departure, direction, bytes, len);
    }
}

msec_t link_deadline(const struct link *l)
{
    return l->count ? l->heap[0].arrival : MSEC_NEVER;
}

bool link_deliver(struct link *l, msec_t now, enum link_direction *direction, struct buf *out)
{
    if (link_deadline(l) > now)
        return false;
    struct travelling t = pop(l);
    *direction = t.direction;
    buf_swap(out, &t.bytes);
    buf_release(&t.bytes);
    l->paths[t.direction].stats.delivered++;
    return true;
}

const struct link_stats *link_get_stats(const struct link *l, enum link_direction direction)
{
    return &l->paths[direction].stats;
}
