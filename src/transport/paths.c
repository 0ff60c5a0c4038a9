/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/paths.h"

#include <assert.h>
#include <string.h>

static bool is_at(const struct path *path, const struct path_address *a)
{
    return path->address.len == a->len && memcmp(path->address.bytes, a->bytes, a->len) == 0;
}

static size_t find(const struct paths *p, const struct path_address *a)
{
    size_t i = 0;

    while (i < p->count && !is_at(&p->at[i], a))
        i++;
    return i;
}

/* Makes the path to `a` the current one; the one that was left longest ago is forgotten for it. */
static void move_to(struct paths *p, msec_t now, const struct path_arrival *a)
{
    size_t i = find(p, a->from);
    struct path path = {.address = *a->from};

    if (i < p->count && msec_since(now, p->at[i].heard) <= PATHS_TRUST_MS)
        path = p->at[i];
    if (i == p->count && p->count < PATHS_MAX)
        p->count++;
    if (i == PATHS_MAX)
        i--;
    memmove(&p->at[1], &p->at[0], i * sizeof p->at[0]);
    path.num_before = a->sent_num;
    p->at[0] = path;
}

/* Whether the client has received what was sent to where it is now, and to nowhere else. A state
   that was there before it came may have reached it elsewhere. */
static bool is_proof(const struct path *path, const struct path_arrival *a)
{
    return a->answered || a->acked_num > path->num_before;
}

enum paths_change paths_heard(struct paths *p, msec_t now, const struct path_arrival *a)
{
    enum paths_change change = PATHS_SAME;
    struct path *current = &p->at[0];

    assert(a->from->len <= PATHS_ADDRESS_BYTES);
    if (p->count == 0 || !is_at(current, a->from)) {
        change = p->count == 0 ? PATHS_FIRST : PATHS_MOVED;
        move_to(p, now, a);
    } else if (msec_since(now, current->heard) > PATHS_TRUST_MS) {
        change = PATHS_MOVED; /* others may have that address by now */
        move_to(p, now, a);
    }
    current->heard = now;
    /* What the first datagrams there took is not held against it, or a client of which these were
       lost would hardly be answered any more: it sends little. */
    uint64_t may = PATHS_UNCONFIRMED_FACTOR * current->received_bytes;
    if (current->sent_datagrams >= PATHS_UNCONFIRMED_DATAGRAMS && current->sent_bytes > may)
        current->sent_bytes = may;
    current->received_bytes += a->bytes;
    if (!current->confirmed && change == PATHS_SAME && is_proof(current, a)) {
        current->confirmed = true;
        if (current->held_back)
            change = PATHS_OPENED;
        current->held_back = false;
    }
    return change;
}

const struct path_address *paths_current(const struct paths *p)
{
    return p->count > 0 ? &p->at[0].address : NULL;
}

bool paths_confirmed(const struct paths *p)
{
    return p->count > 0 && p->at[0].confirmed;
}

size_t paths_room(struct paths *p)
{
    struct path *current = &p->at[0];

    if (p->count == 0)
        return 0;
    if (current->confirmed || current->sent_datagrams < PATHS_UNCONFIRMED_DATAGRAMS)
        return SIZE_MAX;
    uint64_t may = PATHS_UNCONFIRMED_FACTOR * current->received_bytes;
    current->held_back = true;
    return may > current->sent_bytes ? (size_t)(may - current->sent_bytes) : 0;
}

void paths_sent(struct paths *p, size_t bytes)
{
    assert(p->count > 0);
    p->at[0].sent_datagrams++;
    p->at[0].sent_bytes += bytes;
}
