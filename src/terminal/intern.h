/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_INTERN_H
#define MOSH_TERMINAL_INTERN_H

/*
 * A table that gives equal values of a fixed size, some 32-bit words, the same small number. What
 * is no longer used is forgotten by mark and sweep; the numbers of what stays do not change. The
 * owner does the marking, when the table says that enough was added to be worth it.
 *
 * Programs choose the values, and with them how they hash. So a search looks at a bounded number
 * of places, and a value that finds none free there is refused: the screen gets poorer, not slow.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct intern {
    size_t value_words;
    size_t key_words;    /* from the start of a value: those by which two are equal */
    uint32_t max;        /* most values at a time */
    uint32_t *values;    /* by number */
    bool *in_use;        /* by number; during a sweep: marked */
    uint32_t capacity;   /* numbers that the two arrays have room for */
    uint32_t live;       /* numbers in use */
    uint32_t free_hint;  /* all numbers below are in use */
    uint32_t *slots;     /* hash table of number + 1, 0 where free */
    uint32_t slot_count; /* a power of two, at least twice `capacity` */
    uint32_t patience;   /* values to come before the next sweep */
};

/* Values are equal when their first `key_bytes` are; what follows goes with them. */
void intern_init(struct intern *t, size_t value_bytes, size_t key_bytes, uint32_t max);
void intern_release(struct intern *t);

/* Each stores the number and returns true, or returns false: not known, or no room. */
bool intern_find(const struct intern *t, const void *value, uint32_t *number);
bool intern_put(struct intern *t, const void *value, uint32_t *number); /* known or new */

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
