/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/ways.h"

#include <assert.h>

void ways_init(struct ways *w, size_t addresses, msec_t now)
{
    assert(addresses > 0 && addresses <= WAYS_MAX);
    *w =
        (struct ways){.count = addresses, .other = WAYS_NONE, .hopped = now, .changed = MSEC_NEVER};
}

/* --- the port --- */

void ways_network_changed(struct ways *w, msec_t now)
{
    w->changed = now;
    if (msec_since(now, w->hopped) >= WAYS_CHANGE_MS)
        w->hop_asked = true;
}

bool ways_hop_due(const struct ways *w, msec_t now, const struct ways_news *news)
{
    if (w->hop_asked)
        return true;
    return msec_since(now, w->hopped) > WAYS_HOP_MS &&
           msec_since(now, news->round_trip) > WAYS_HOP_MS;
}

void ways_hopped(struct ways *w, msec_t now)
{
    w->hopped = now;
    w->hop_asked = false;
}

/* --- the address --- */

/* What was sent a while ago is not acknowledged, though the server may well be heard. */
static bool is_deaf(msec_t now, const struct ways_news *news)
{
    msec_t patience = msec_max(WAYS_DEAF_MS, WAYS_DEAF_TRIPS * news->srtt_ms);

    return news->waiting != MSEC_NEVER && msec_since(now, news->waiting) > patience;
}

bool ways_in_doubt(const struct ways *w, msec_t now, const struct ways_news *news)
{
    return w->changed != MSEC_NEVER || msec_since(now, news->heard) > WAYS_SILENT_MS ||
           is_deaf(now, news);
}

static size_t next_beside(const struct ways *w)
{
    size_t next = w->other == WAYS_NONE ? w->chosen + 1 : w->other + 1;

    next %= w->count;
    return next == w->chosen ? (next + 1) % w->count : next;
}

/* Nearly all servers answer at their first address: the very first datagram goes there alone, and
   the others come in with its repetition a quarter of a second later (R35). */
size_t ways_beside(struct ways *w, msec_t now, const struct ways_news *news)
{
    if (w->count == 1 || !ways_in_doubt(w, now, news))
        return WAYS_NONE;
    if (news->heard == MSEC_NEVER && w->sent++ == 0)
        return WAYS_NONE;
    w->deaf = is_deaf(now, news) && msec_since(now, news->heard) <= WAYS_SILENT_MS;
    w->other = next_beside(w);
    return w->other;
}

static void choose(struct ways *w, size_t address)
{
    if (address == w->chosen)
        return;
    w->chosen = address;
    w->other = WAYS_NONE;
}

/*
 * A server that is heard again is where its answer comes from. Some servers answer from another of
 * their addresses than they were asked at; if we do not even know it, then one that heard nothing
 * of what went to the chosen address, and does now, must be at the other one.
 */
void ways_heard(struct ways *w, msec_t now, const struct ways_news *before, bool acked, size_t from)
{
    if (!ways_in_doubt(w, now, before))
        return;
    if (from < w->count)
        choose(w, from);
    else if (w->deaf && acked && w->other != WAYS_NONE)
        choose(w, w->other);
}

void ways_settle(struct ways *w, const struct ways_news *news)
{
    if (w->changed != MSEC_NEVER && news->round_trip != MSEC_NEVER &&
        news->round_trip >= w->changed)
        w->changed = MSEC_NEVER;
}
