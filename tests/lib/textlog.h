/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_TEXTLOG_H
#define MOSH_TESTS_TEXTLOG_H

/*
 * The simplest synchronised state: a text that only grows. Its differences name the position that
 * they continue, so that one that is applied to the wrong base, which a sound transport never
 * does, is refused.
 */

#include "transport/sync.h"

struct textlog {
    uint64_t start;   /* position of the first byte that was not subtracted */
    struct buf bytes; /* from there to the end */
    size_t weight;    /* footprint that the tests give it; 0: its bytes */
};

extern const struct sync_ops textlog_ops;

struct textlog *textlog_new(void);
void textlog_append(struct textlog *t, const void *bytes, size_t len);
uint64_t textlog_end(const struct textlog *t);

/* The position that a difference continues. */
uint64_t textlog_diff_base(const struct buf *diff);
/* The position to which it leads. */
uint64_t textlog_diff_end(const struct buf *diff);

#endif
