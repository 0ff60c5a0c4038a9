/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/reassembly.h"

#include <stdlib.h>
#include <string.h>

#include "util/xalloc.h"

/* How far behind the newest completed id a late one may still begin or go on. */
enum { WINDOW_IDS = 64 };

/* A fragment that came: where its contents lie in the slot's bytes. */
struct piece {
    uint16_t index;
    uint32_t offset;
    uint32_t len;
};

/*
 * An instruction under way. The contents stand in `bytes` in the order of their arrival, so that
 * memory follows what was sent and not what an index promises.
 */
struct slot {
    bool used;
    uint64_t id;
    bool final_known;
    uint16_t last_index; /* the final one if it is known, else the highest seen */
    struct piece *pieces;
    size_t count, cap;
    struct buf bytes;
    uint64_t seen[(FRAGMENT_INDEX_MAX + 1) / 64]; /* a bit for each index */
};

struct reassembly {
    struct slot slots[REASSEMBLY_SLOTS];
    size_t total_bytes; /* see cost() */
    bool any_completed;
    uint64_t newest_completed;
    uint64_t completed; /* bit n: newest_completed - n is completed */
};

static size_t cost(size_t contents_len)
{
    return contents_len + sizeof(struct piece);
}

struct reassembly *reassembly_new(void)
{
    return xcalloc(1, sizeof(struct reassembly));
}

static void slot_drop(struct reassembly *r, struct slot *s)
{
    r->total_bytes -= s->bytes.len + s->count * sizeof(struct piece);
    buf_release(&s->bytes);
    free(s->pieces);
    *s = (struct slot){0};
}

void reassembly_free(struct reassembly *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < REASSEMBLY_SLOTS; i++)
        slot_drop(r, &r->slots[i]);
    free(r);
}

static bool refused(const struct reassembly *r, uint64_t id)
{
    if (!r->any_completed || id > r->newest_completed)
        return false;
    uint64_t behind = r->newest_completed - id;
    return behind >= WINDOW_IDS || (r->completed >> behind & 1);
}

static void mark_completed(struct reassembly *r, uint64_t id)
{
    if (!r->any_completed || id > r->newest_completed) {
        uint64_t step = r->any_completed ? id - r->newest_completed : WINDOW_IDS;
        r->completed = step < WINDOW_IDS ? r->completed << step : 0;
        r->newest_completed = id;
        r->any_completed = true;
    }
    r->completed |= (uint64_t)1 << (r->newest_completed - id);
    for (size_t i = 0; i < REASSEMBLY_SLOTS; i++)
        if (r->slots[i].used && refused(r, r->slots[i].id))
            slot_drop(r, &r->slots[i]); /* completed, or left behind for good */
}

static struct slot *slot_find(struct reassembly *r, uint64_t id)
{
    for (size_t i = 0; i < REASSEMBLY_SLOTS; i++)
        if (r->slots[i].used && r->slots[i].id == id)
            return &r->slots[i];
    return NULL;
}

static struct slot *slot_oldest(struct reassembly *r)
{
    struct slot *oldest = NULL;
    for (size_t i = 0; i < REASSEMBLY_SLOTS; i++)
        if (r->slots[i].used && (!oldest || r->slots[i].id < oldest->id))
            oldest = &r->slots[i];
    return oldest;
}

/* A slot for an id that has none; NULL if all are taken by newer ones. */
static struct slot *slot_take(struct reassembly *r, uint64_t id)
{
    struct slot *s = NULL;
    for (size_t i = 0; i < REASSEMBLY_SLOTS && !s; i++)
        if (!r->slots[i].used)
            s = &r->slots[i];
    if (!s) {
        s = slot_oldest(r);
        if (s->id > id)
            return NULL;
        slot_drop(r, s);
    }
    s->used = true;
    s->id = id;
    return s;
}

static bool is_seen(const struct slot *s, uint16_t index)
{
    return s->seen[index / 64] >> index % 64 & 1;
}

/* Whether a fragment with an index that is there already says the same as the first one. */
static bool repeats(const struct slot *s, const struct fragment *f)
{
    const struct piece *p = s->pieces;
    while (p->index != f->index)
        p++;
    bool was_final = s->final_known && f->index == s->last_index;
    return was_final == f->final && p->len == f->contents_len &&
           (p->len == 0 || memcmp(s->bytes.data + p->offset, f->contents, p->len) == 0);
}

/* Whether a new index fits what is known of where the last one is. */
static bool fits(const struct slot *s, const struct fragment *f)
{
    if (s->count == 0)
        return true;
    if (f->final)
        return !s->final_known && f->index > s->last_index;
    return !s->final_known || f->index < s->last_index;
}

/* Makes the oldest instructions give way to `bytes` more for `s`; false if `s` is itself the one.
 */
static bool make_room(struct reassembly *r, const struct slot *s, size_t bytes)
{
    while (r->total_bytes + bytes > REASSEMBLY_BYTES_MAX) {
        struct slot *oldest = slot_oldest(r);
        assert(oldest); /* what takes room is in a slot */
        if (oldest == s)
            return false;
        slot_drop(r, oldest);
    }
    return true;
}

static void store(struct reassembly *r, struct slot *s, const struct fragment *f)
{
    if (s->count == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 4;
        s->pieces = xreallocarray(s->pieces, s->cap, sizeof *s->pieces);
    }
    s->pieces[s->count++] =
        (struct piece){f->index, (uint32_t)s->bytes.len, (uint32_t)f->contents_len};
    buf_append(&s->bytes, f->contents, f->contents_len);
    s->seen[f->index / 64] |= (uint64_t)1 << f->index % 64;
    if (f->index > s->last_index)
        s->last_index = f->index;
    s->final_known |= f->final;
    r->total_bytes += cost(f->contents_len);
}

static int by_index(const void *a, const void *b)
{
    const struct piece *p = a, *q = b;
    return (p->index > q->index) - (p->index < q->index);
}

static void join(struct slot *s, struct buf *whole)
{
    qsort(s->pieces, s->count, sizeof *s->pieces, by_index);
    buf_clear(whole);
    buf_reserve(whole, s->bytes.len);
    for (size_t i = 0; i < s->count; i++) {
        const struct piece *piece = &s->pieces[i];
        if (piece->len > 0) /* if none has anything, there is nothing to point into */
            buf_append(whole, s->bytes.data + piece->offset, piece->len);
    }
}

static int add_to_slot(struct reassembly *r, struct slot *s, const struct fragment *f,
                       struct buf *whole)
{
    if (is_seen(s, f->index))
        return repeats(s, f) ? 0 : ERR_MALFORMED;
    if (!fits(s, f))
        return ERR_MALFORMED;
    if (!make_room(r, s, cost(f->contents_len)))
        return ERR_LIMIT;
    store(r, s, f);
    if (!s->final_known || s->count <= s->last_index)
        return 0;
    join(s, whole);
    return 1;
}

int reassembly_add(struct reassembly *r, const struct fragment *f, struct buf *whole)
{
    if (f->index > FRAGMENT_INDEX_MAX)
        return ERR_MALFORMED;
    if (f->contents_len > REASSEMBLY_BYTES_MAX - cost(0))
        return ERR_LIMIT;
    if (refused(r, f->id))
        return ERR_REPLAY;
    struct slot *s = slot_find(r, f->id);
    if (!s && f->index == 0 && f->final) { /* nearly all instructions are one fragment */
        buf_clear(whole);
        buf_append(whole, f->contents, f->contents_len);
        mark_completed(r, f->id);
        return 1;
    }
    if (!s)
        s = slot_take(r, f->id);
    if (!s)
        return ERR_REPLAY;
    int result = add_to_slot(r, s, f, whole);
    if (result < 0)
        slot_drop(r, s);
    else if (result == 1)
        mark_completed(r, f->id);
    return result;
}
