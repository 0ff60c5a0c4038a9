/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/intern.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/xalloc.h"

#define FIRST_CAPACITY 64
#define PATIENCE_MIN   8192 /* a sweep looks at every cell, so it has to be rare */

static uint64_t *value_at(const struct intern *t, uint32_t number)
{
    return t->values + number * t->value_words;
}

/* A free slot for a number of which no value that is known is the same. */
static uint32_t *free_slot(const struct intern *t, uint32_t hash)
{
    for (uint32_t i = 0; i < INTERN_PROBES_MAX; i++) {
        uint32_t *slot = &t->slots[(hash + i) & (t->slot_count - 1)];
        if (*slot == 0)
            return slot;
    }
    return NULL;
}

/* A value that finds no slot keeps its number, but can get a second one later. Cells that differ
   only by that look different to the diff, which then repaints what it need not. */
static void rehash(struct intern *t)
{
    memset(t->slots, 0, t->slot_count * sizeof *t->slots);
    for (uint32_t n = 0; n < t->capacity; n++) {
        uint32_t *slot = t->in_use[n] ? free_slot(t, t->hashes[n]) : NULL;
        if (slot)
            *slot = intern_slot(n, t->hashes[n]);
    }
}

static void grow(struct intern *t, uint32_t capacity)
{
    t->values = xreallocarray(t->values, capacity, t->value_words * sizeof *t->values);
    t->hashes = xreallocarray(t->hashes, capacity, sizeof *t->hashes);
    t->in_use = xreallocarray(t->in_use, capacity, sizeof *t->in_use);
    memset(t->in_use + t->capacity, 0, (capacity - t->capacity) * sizeof *t->in_use);
    t->capacity = capacity;
    t->slot_count = 2 * capacity;
    t->slots = xreallocarray(t->slots, t->slot_count, sizeof *t->slots);
    rehash(t);
}

void intern_init(struct intern *t, size_t value_bytes, size_t key_bytes, uint32_t max)
{
    assert(value_bytes % sizeof *t->values == 0 && key_bytes % sizeof *t->values == 0);
    assert(max <= INTERN_NUMBERS_MAX);
    *t = (struct intern){.value_words = value_bytes / sizeof *t->values,
                         .key_words = key_bytes / sizeof *t->values,
                         .max = max,
                         .patience = PATIENCE_MIN};
    grow(t, FIRST_CAPACITY);
}

void intern_release(struct intern *t)
{
    free(t->values);
    free(t->hashes);
    free(t->in_use);
    free(t->slots);
    *t = (struct intern){0};
}

bool intern_find(const struct intern *t, const uint64_t *value, uint32_t *number)
{
    const uint32_t *slot = intern_probe(t, value, t->key_words, intern_hash(value, t->key_words));

    if (!slot || *slot == 0)
        return false;
    *number = intern_number(*slot);
    return true;
}

uint32_t intern_add(struct intern *t, uint32_t *slot, const uint64_t *value, uint32_t hash)
{
    uint32_t number;

    if (t->live == t->capacity && t->live < t->max) {
        grow(t, 2 * t->capacity);
        slot = intern_probe(t, value, t->key_words, hash);
    }
    if (t->patience > 0)
        t->patience--;
    if (!slot || t->live == t->max)
        return INTERN_NONE;
    while (t->in_use[t->free_hint])
        t->free_hint++;
    number = t->free_hint++;
    t->in_use[number] = true;
    t->hashes[number] = hash;
    t->live++;
    memcpy(value_at(t, number), value, t->value_words * sizeof *t->values);
    *slot = intern_slot(number, hash);
    return number;
}

const void *intern_value(const struct intern *t, uint32_t number)
{
    assert(number < t->capacity && t->in_use[number]);
    return value_at(t, number);
}

void intern_sweep_begin(struct intern *t)
{
    memset(t->in_use, 0, t->capacity * sizeof *t->in_use);
    t->live = 0;
}

void intern_mark(struct intern *t, uint32_t number)
{
    assert(number < t->capacity);
    t->live += !t->in_use[number];
    t->in_use[number] = true;
}

void intern_sweep_end(struct intern *t)
{
    t->free_hint = 0;
    /* As many new values as have stayed: so sweeping costs each value a constant on average, even
       where everything stays in use. */
    t->patience = t->live > PATIENCE_MIN ? t->live : PATIENCE_MIN;
    rehash(t);
}
