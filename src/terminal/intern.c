/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/intern.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/xalloc.h"

#define FIRST_CAPACITY 64
#define PROBES_MAX     128  /* far beyond what honest values need at half load */
#define PATIENCE_MIN   4096 /* a sweep looks at every cell, so it has to be rare */

/* Two words at a time. */
static inline uint32_t hash_of(const struct intern *t, const uint32_t *value)
{
    const uint64_t multiplier = 0x9E3779B97F4A7C15u;
    uint64_t hash = 0;
    size_t i = 0;

    for (; i + 2 <= t->key_words; i += 2)
        hash = (hash ^ value[i] ^ (uint64_t)value[i + 1] << 32) * multiplier;
    if (i < t->key_words)
        hash = (hash ^ value[i]) * multiplier;
    return (uint32_t)(hash >> 32);
}

static inline uint32_t *value_at(const struct intern *t, uint32_t number)
{
    return t->values + number * t->value_words;
}

static inline bool has_key(const struct intern *t, uint32_t number, const uint32_t *value)
{
    const uint32_t *known = value_at(t, number);

    for (size_t i = 0; i < t->key_words; i++)
        if (known[i] != value[i])
            return false;
    return true;
}

/* Walks from a value's home slot until `*number` is its number, or the slot is free. */
static inline uint32_t *probe(const struct intern *t, const uint32_t *value, bool *found)
{
    uint32_t home = hash_of(t, value);

    *found = false;
    for (uint32_t i = 0; i < PROBES_MAX; i++) {
        uint32_t *slot = &t->slots[(home + i) & (t->slot_count - 1)];
        if (*slot == 0)
            return slot;
        if (has_key(t, *slot - 1, value)) {
            *found = true;
            return slot;
        }
    }
    return NULL;
}

/* A value that finds no slot keeps its number, but can get a second one later. Cells that differ
   only by that look different to the diff, which then repaints what it need not. */
static void rehash(struct intern *t)
{
    bool found;

    memset(t->slots, 0, t->slot_count * sizeof *t->slots);
    for (uint32_t n = 0; n < t->capacity; n++) {
        uint32_t *slot = t->in_use[n] ? probe(t, value_at(t, n), &found) : NULL;
        if (slot)
            *slot = n + 1;
    }
}

static void grow(struct intern *t, uint32_t capacity)
{
    t->values = xreallocarray(t->values, capacity, t->value_words * sizeof *t->values);
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
    *t = (struct intern){.value_words = value_bytes / sizeof *t->values,
                         .key_words = key_bytes / sizeof *t->values,
                         .max = max,
                         .patience = PATIENCE_MIN};
    grow(t, FIRST_CAPACITY);
}

void intern_release(struct intern *t)
{
    free(t->values);
    free(t->in_use);
    free(t->slots);
    *t = (struct intern){0};
}

bool intern_find(const struct intern *t, const void *value, uint32_t *number)
{
    bool found;
    const uint32_t *slot = probe(t, value, &found);

    if (!found)
        return false;
    *number = *slot - 1;
    return true;
}

/* Gives a value that is not known yet a number. `slot`: where its search has ended, or NULL. */
static inline bool add(struct intern *t, uint32_t *slot, const void *value, uint32_t *number)
{
    if (t->patience > 0)
        t->patience--;
    if (!slot || t->live == t->max)
        return false;
    while (t->in_use[t->free_hint])
        t->free_hint++;
    *number = t->free_hint;
    t->in_use[*number] = true;
    t->live++;
    memcpy(value_at(t, *number), value, t->value_words * sizeof *t->values);
    *slot = *number + 1;
    return true;
}

bool intern_put(struct intern *t, const void *value, uint32_t *number)
{
    bool found;
    uint32_t *slot = probe(t, value, &found);

    if (found) {
        *number = *slot - 1;
        return true;
    }
    if (t->live == t->capacity && t->live < t->max) {
        grow(t, 2 * t->capacity);
        slot = probe(t, value, &found);
    }
    return add(t, slot, value, number);
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
