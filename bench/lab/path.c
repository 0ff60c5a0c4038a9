/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path.h"

#include <stdlib.h>
#include <string.h>

#include "../../tests/lib/rng.h"
#include "util/xalloc.h"

struct travelling {
    struct travelling *next;
    uint64_t arrival_us;
    size_t len;
    uint8_t bytes[];
};

struct path {
    struct rng rng;
    struct path_params params;
    struct path_stats stats;
    uint64_t bottleneck_free_us; /* when all that was sent so far has passed it */
    uint64_t burst_until_us;
    uint64_t last_arrival_us; /* of the packets that keep their order */
    struct travelling *first; /* in order of arrival */
    size_t in_flight;
    struct travelling *delivered; /* what the last path_deliver returned */
};

struct path *path_new(uint64_t seed)
{
    struct path *p = xcalloc(1, sizeof *p);

    p->rng.state = seed;
    return p;
}

void path_free(struct path *p)
{
    if (!p)
        return;
    while (p->first) {
        struct travelling *t = p->first;
        p->first = t->next;
        free(t);
    }
    free(p->delivered);
    free(p);
}

void path_set(struct path *p, const struct path_params *params)
{
    p->params = *params;
}

const struct path_params *path_get(const struct path *p)
{
    return &p->params;
}

const struct path_stats *path_get_stats(const struct path *p)
{
    return &p->stats;
}

/* A number is drawn for every chance, also for those that are nil, so that changing one of them
   leaves what the others decide as it was. */
static bool chance(struct path *p, double of_one)
{
    return (double)(rng_next(&p->rng) >> 11) * 0x1p-53 < of_one;
}

/* When a packet leaves the bottleneck; PATH_NEVER if its queue is full. */
static uint64_t pass_bottleneck(struct path *p, uint64_t now_us, size_t len)
{
    const struct path_params *params = &p->params;
    uint64_t start = p->bottleneck_free_us > now_us ? p->bottleneck_free_us : now_us;

    if (params->rate_bytes == 0)
        return now_us;
    uint64_t waiting = (start - now_us) * params->rate_bytes / 1000000;
    if (params->queue_bytes && waiting + len > params->queue_bytes)
        return PATH_NEVER;
    p->bottleneck_free_us = start + len * 1000000 / params->rate_bytes;
    return p->bottleneck_free_us;
}

static bool is_lost(struct path *p, uint64_t now_us)
{
    bool burst = chance(p, p->params.burst), loss = chance(p, p->params.loss);

    if (burst && now_us >= p->burst_until_us)
        p->burst_until_us = now_us + p->params.burst_us;
    return loss || p->params.down || now_us < p->burst_until_us;
}

/* Flips a bit behind the IP header: the network would drop a packet whose header is damaged, but
   what it carries may come through. */
static void corrupt(struct path *p, struct travelling *t)
{
    size_t header = t->len && t->bytes[0] >> 4 == 6 ? 40 : 20;
    uint64_t drawn = rng_next(&p->rng);

    if (t->len <= header)
        return;
    t->bytes[header + drawn % (t->len - header)] ^= (uint8_t)(1u << (drawn >> 32) % 8);
    p->stats.corrupted++;
}

static void insert(struct path *p, struct travelling *t)
{
    struct travelling **at = &p->first;

    while (*at && (*at)->arrival_us <= t->arrival_us)
        at = &(*at)->next;
    t->next = *at;
    *at = t;
    p->in_flight++;
}

static void launch(struct path *p, uint64_t departure_us, const uint8_t *packet, size_t len)
{
    const struct path_params *params = &p->params;
    struct travelling *t = xmalloc(sizeof *t + len);
    uint64_t share = rng_next(&p->rng);

    t->len = len;
    memcpy(t->bytes, packet, len);
    t->arrival_us = departure_us + params->delay_us;
    if (params->jitter_us)
        t->arrival_us += share % (params->jitter_us + 1);
    if (chance(p, params->reorder)) {
        t->arrival_us += params->reorder_us;
        p->stats.reordered++;
    } else {
        if (t->arrival_us < p->last_arrival_us)
            t->arrival_us = p->last_arrival_us;
        p->last_arrival_us = t->arrival_us;
    }
    if (chance(p, params->corrupt))
        corrupt(p, t);
    insert(p, t);
}

void path_send(struct path *p, uint64_t now_us, const uint8_t *packet, size_t len)
{
    uint64_t departure = pass_bottleneck(p, now_us, len);
    bool lost = is_lost(p, now_us), twice = chance(p, p->params.duplicate);

    p->stats.packets++;
    p->stats.bytes += len;
    if (departure == PATH_NEVER || len > PATH_PACKET_MAX || p->in_flight >= PATH_IN_FLIGHT_MAX) {
        p->stats.overflowed++;
        return;
    }
    if (lost || (p->params.mtu_bytes && len > p->params.mtu_bytes)) {
        p->stats.lost++;
        return;
    }
    launch(p, departure, packet, len);
    if (twice) {
        launch(p, departure, packet, len);
        p->stats.duplicated++;
    }
}

uint64_t path_deadline_us(const struct path *p)
{
    return p->first ? p->first->arrival_us : PATH_NEVER;
}

static void note_lateness(struct path_stats *s, uint64_t us)
{
    s->late += us > PATH_LATE_US;
    if (us > s->late_us_max)
        s->late_us_max = us;
}

const uint8_t *path_deliver(struct path *p, uint64_t now_us, size_t *len)
{
    if (!p->first || p->first->arrival_us > now_us)
        return NULL;
    free(p->delivered);
    p->delivered = p->first;
    p->first = p->first->next;
    p->in_flight--;
    p->stats.delivered++;
    note_lateness(&p->stats, now_us - p->delivered->arrival_us);
    *len = p->delivered->len;
    return p->delivered->bytes;
}
