/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_INTERN_H
#define MOSH_TERMINAL_INTERN_H

/*
 * A table that gives equal values of a fixed size, some 64-bit words, the same small number. What
 * is no longer used is forgotten by mark and sweep; the numbers of what stays do not change. The
 * owner does the marking, when the table says that enough was added to be worth it.
 *
 * Programs choose the values, and with them how they hash. So a search looks at a bounded number
 * of places, and a value that finds none free there is refused: the screen gets poorer, not slow.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct intern {
    size_t value_words;
    size_t key_words;    /* from the start of a value: those by which two are equal */
    uint32_t max;        /* most values at a time */
    uint64_t *values;    /* by number */
    uint32_t *hashes;    /* by number, so that the table below is filled without a look at them */
    bool *in_use;        /* by number; during a sweep: marked */
    uint32_t capacity;   /* numbers that the two arrays have room for */
    uint32_t live;       /* numbers in use */
    uint32_t free_hint;  /* all numbers below are in use */
    uint32_t *slots;     /* hash table of number + 1 and some bits of the hash, 0 where free */
    uint32_t slot_count; /* a power of two, at least twice `capacity` */
    uint32_t patience;   /* values to come before the next sweep */
};

#define INTERN_NUMBERS_MAX ((uint32_t)1 << 20)
#define INTERN_NONE        UINT32_MAX

/* Values are equal when their first `key_bytes` are; what follows goes with them. `max` is at most
   INTERN_NUMBERS_MAX. */
void intern_init(struct intern *t, size_t value_bytes, size_t key_bytes, uint32_t max);
void intern_release(struct intern *t);

/* Whether a value is known, and then its number. */
bool intern_find(const struct intern *t, const uint64_t *value, uint32_t *number);

/*
 * A slot has a number and, in the bits above, as many of the value's hash: so a search passes by
 * other values without a look at them, and that a value is new is known by the slots alone. The
 * place of a value comes from the other end of its hash.
 */
#define INTERN_NUMBER_MASK (2 * INTERN_NUMBERS_MAX - 1)
#define INTERN_PROBES_MAX  128 /* far beyond what honest values need at half load */

static inline uint32_t intern_slot(uint32_t number, uint32_t hash)
{
    return (hash & ~INTERN_NUMBER_MASK) | (number + 1);
}

static inline uint32_t intern_number(uint32_t slot)
{
    return (slot & INTERN_NUMBER_MASK) - 1;
}

static inline uint32_t intern_hash(const uint64_t *value, size_t words)
{
    uint64_t hash = 0;

    for (size_t i = 0; i < words; i++)
        hash = (hash ^ value[i]) * 0x9E3779B97F4A7C15u;
    return (uint32_t)(hash >> 32);
}

/* Walks from a value's home slot until the slot is its own, or free; NULL if that is too far. */
static inline uint32_t *intern_probe(const struct intern *t, const uint64_t *value, size_t words,
                                     uint32_t hash)
{
    for (uint32_t i = 0; i < INTERN_PROBES_MAX; i++) {
        uint32_t *slot = &t->slots[(hash + i) & (t->slot_count - 1)];
        if (*slot == 0)
            return slot;
        if (((*slot ^ hash) & ~INTERN_NUMBER_MASK) == 0 &&
            memcmp(t->values + intern_number(*slot) * t->value_words, value,
                   words * sizeof *value) == 0)
            return slot;
    }
    return NULL;
}

/* For intern_put: gives a value that is not known a number. `slot`: where its search has ended. */
uint32_t intern_add(struct intern *t, uint32_t *slot, const uint64_t *value, uint32_t hash);

/* The number of a value, known or new; INTERN_NONE if there is no room for a new one. `words`: as
   long as its key is. Inline, because the compiler makes more of a length that it knows. */
static inline uint32_t intern_put(struct intern *t, const uint64_t *value, size_t words)
{
    uint32_t hash = intern_hash(value, words);
    uint32_t *slot = intern_probe(t, value, words, hash);

    return slot && *slot != 0 ? intern_number(*slot) : intern_add(t, slot, value, hash);
}

/* `number` must be in use. Borrowed until the next intern_put. */
const void *intern_value(const struct intern *t, uint32_t number);

/* Whether the owner should sweep before it adds: begin, mark all that is used, end. */
static inline bool intern_is_crowded(const struct intern *t)
{
    return t->patience == 0;
}
void intern_sweep_begin(struct intern *t);
void intern_mark(struct intern *t, uint32_t number);
void intern_sweep_end(struct intern *t);

#endif
