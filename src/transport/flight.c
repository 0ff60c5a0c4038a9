/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/flight.h"

#include <string.h>

void flight_init(struct flight *f, msec_t now)
{
    *f = (struct flight){
        .window = FLIGHT_WINDOW_FIRST,
        .shortest_ms = {MSEC_NEVER, MSEC_NEVER},
        .shortest_since = now,
        .shrunk = MSEC_NEVER,
        .marked = MSEC_NEVER,
    };
}

static void forget(struct flight *f, size_t count)
{
    for (size_t i = 0; i < count; i++)
        f->bytes -= f->entry[i].bytes;
    f->count -= count;
    memmove(f->entry, f->entry + count, f->count * sizeof f->entry[0]);
}

void flight_sent(struct flight *f, msec_t now, uint64_t num, size_t bytes, msec_t wait_ms)
{
    f->next_bytes = bytes;
    if (bytes <= FLIGHT_LARGE_BYTES)
        return;
    if (now >= f->overdue)
        forget(f, f->count);
    if (f->count == FLIGHT_ENTRIES_MAX)
        forget(f, 1);
    f->entry[f->count].num = num;
    f->entry[f->count++].bytes = bytes;
    f->bytes += bytes;
    f->overdue = msec_after(now, wait_ms + f->bytes / FLIGHT_BYTES_PER_MS);
}

void flight_acked(struct flight *f, uint64_t num)
{
    size_t count = 0, before = f->bytes;

    while (count < f->count && f->entry[count].num <= num)
        count++;
    forget(f, count);
    if (!f->queued && f->marked == MSEC_NEVER && f->window < FLIGHT_WINDOW_MAX)
        f->window += before - f->bytes;
}

static msec_t shortest(const struct flight *f)
{
    return msec_min(f->shortest_ms[0], f->shortest_ms[1]);
}

static void note_shortest(struct flight *f, msec_t now, msec_t rtt_ms)
{
    if (msec_since(now, f->shortest_since) >= FLIGHT_SHORTEST_MS) {
        f->shortest_ms[1] = f->shortest_ms[0];
        f->shortest_ms[0] = MSEC_NEVER;
        f->shortest_since = now;
    }
    f->shortest_ms[0] = msec_min(f->shortest_ms[0], rtt_ms);
}

/* The window shrinks once for each round trip, since what is measured is what the last one made. */
static void shrink(struct flight *f, msec_t now, msec_t rtt_ms)
{
    if (msec_since(now, f->shrunk) < rtt_ms)
        return;
    f->shrunk = now;
    f->window -= f->window / 4;
    if (f->window < FLIGHT_WINDOW_MIN)
        f->window = FLIGHT_WINDOW_MIN;
}

void flight_round_trip(struct flight *f, msec_t now, msec_t rtt_ms)
{
    note_shortest(f, now, rtt_ms);
    f->queued = rtt_ms > shortest(f) + shortest(f) / 4 + FLIGHT_QUEUE_MS;
    if (f->queued)
        shrink(f, now, rtt_ms);
    if (f->marked != MSEC_NEVER && msec_since(now, f->marked) > 2 * rtt_ms)
        f->marked = MSEC_NEVER;
}

void flight_marked(struct flight *f, msec_t now, msec_t rtt_ms)
{
    f->marked = now;
    shrink(f, now, rtt_ms);
}

msec_t flight_free(const struct flight *f)
{
    bool fits = f->bytes == 0 || f->bytes + f->next_bytes <= f->window;

    return fits ? 0 : f->overdue;
}
