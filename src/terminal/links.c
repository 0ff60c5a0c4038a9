/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/links.h"

#include <stdlib.h>
#include <string.h>

#include "util/xalloc.h"

#define FIRST_CAPACITY 16
#define BUCKETS        1024u

static uint32_t bucket_of(const char *text, size_t len)
{
    uint64_t hash = 0xCBF29CE484222325u; /* FNV-1a */

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (uint8_t)text[i]) * 0x100000001B3u;
    return (uint32_t)(hash ^ hash >> 32) % BUCKETS;
}

void links_release(struct links *t)
{
    for (uint32_t n = 0; n < t->capacity; n++)
        text_unref(t->link[n].text);
    free(t->link);
    free(t->buckets);
    *t = (struct links){0};
}

uint32_t links_find(const struct links *t, const char *text, size_t len)
{
    uint32_t n = t->buckets ? t->buckets[bucket_of(text, len)] : 0;

    while (n != 0 &&
           (t->link[n].text->len != len || memcmp(t->link[n].text->bytes, text, len) != 0))
        n = t->link[n].next;
    return n;
}

static bool has_room(const struct links *t, size_t len)
{
    return t->live < LINKS_MAX && len <= LINKS_BYTES_MAX - t->bytes;
}

bool links_want_sweep(const struct links *t, size_t len)
{
    return !has_room(t, len) && t->since_sweep >= LINKS_PATIENCE;
}

static void grow(struct links *t)
{
    uint32_t capacity = t->capacity ? 2 * t->capacity : FIRST_CAPACITY;

    t->link = xreallocarray(t->link, capacity, sizeof *t->link);
    memset(t->link + t->capacity, 0, (capacity - t->capacity) * sizeof *t->link);
    t->capacity = capacity;
    if (!t->buckets) {
        t->buckets = xcalloc(BUCKETS, sizeof *t->buckets);
        t->free_hint = 1; /* 0 stands for no link */
    }
}

uint32_t links_add(struct links *t, const char *text, size_t len)
{
    struct link *link;
    uint32_t number;

    if (t->since_sweep < LINKS_PATIENCE)
        t->since_sweep++;
    if (!has_room(t, len))
        return 0;
    while (t->free_hint < t->capacity && t->link[t->free_hint].text)
        t->free_hint++;
    if (t->free_hint >= t->capacity)
        grow(t);
    number = t->free_hint;
    link = &t->link[number];
    link->text = text_new(text, len);
    link->bucket = bucket_of(text, len);
    link->next = t->buckets[link->bucket];
    t->buckets[link->bucket] = number;
    t->live++;
    t->bytes += len;
    return number;
}

struct text *links_text(const struct links *t, uint32_t number)
{
    return number < t->capacity ? t->link[number].text : NULL;
}

void links_mark(struct links *t, uint32_t number)
{
    if (number < t->capacity)
        t->link[number].marked = true;
}

static void forget(struct links *t, uint32_t number)
{
    struct link *link = &t->link[number];
    uint32_t *at = &t->buckets[link->bucket];

    while (*at != number)
        at = &t->link[*at].next;
    *at = link->next;
    t->live--;
    t->bytes -= link->text->len;
    text_unref(link->text);
    *link = (struct link){0};
}

void links_sweep(struct links *t)
{
    for (uint32_t n = 1; n < t->capacity; n++) {
        struct link *link = &t->link[n];
        if (link->text && !link->marked && link->text->refs == 1)
            forget(t, n);
        link->marked = false;
    }
    t->free_hint = 1;
    t->since_sweep = 0;
}
