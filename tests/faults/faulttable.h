/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_FAULTTABLE_H
#define MOSH_TESTS_FAULTTABLE_H

/* What the processes of a run have seen of allocations: alloc.c writes it, faultsites.c reads it.
 */

#include <stdatomic.h>
#include <stdint.h>

enum {
    SITES_MAX = 8192,
    FRAMES = 4, /* that make a call site: enough to look through xmalloc and a buffer that grows */
    TEXT_BYTES = 232,
};

struct site {
    uint64_t hash; /* 0: free */
    uint64_t calls;
    char text[TEXT_BYTES]; /* OBJECT+OFFSET < OBJECT+OFFSET ..., for addr2line */
};

struct table {
    _Atomic uint32_t calls;
    _Atomic uint32_t failed;
    struct site site[SITES_MAX];
};

#endif
