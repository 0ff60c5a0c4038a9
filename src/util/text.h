/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_UTIL_TEXT_H
#define MOSH_UTIL_TEXT_H

/*
 * Immutable, reference-counted byte strings, for what snapshots of a screen share without copying:
 * titles and the clipboard. NULL stands for "never set", which is not the same as empty.
 */

#include <stdbool.h>
#include <stddef.h>

struct text {
    size_t refs;
    size_t len;
    char bytes[]; /* `len` bytes and a NUL that is not counted */
};

struct text *text_new(const void *bytes, size_t len); /* the caller holds one reference */
struct text *text_ref(struct text *t);                /* NULL stays NULL */
void text_unref(struct text *t);
bool text_equal(const struct text *a, const struct text *b);

/* Lets go of *slot and puts `t`, whose reference passes over, in its place. */
void text_replace(struct text **slot, struct text *t);

#endif
