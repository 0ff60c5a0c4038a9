/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_LINKS_H
#define MOSH_TERMINAL_LINKS_H

/*
 * The hyperlinks of a session, numbered from 1. A link is what stands in OSC 8 after "8;": either
 * "id=NAME;URI" or ";URI"; equal ones have the same number. They differ much in length, so there
 * are limits for each, for their number, and for all together.
 *
 * As with intern.h, the owner marks what is used when it is time to forget the rest. A link that
 * somebody holds a reference to is used.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/text.h"

#define LINK_URI_BYTES_MAX 2048
#define LINK_ID_BYTES_MAX  256
#define LINKS_MAX          4096
#define LINKS_BYTES_MAX    ((size_t)1 << 20) /* of all texts together */
#define LINKS_PATIENCE     1024              /* new links between two sweeps, at least */

struct link {
    struct text *text; /* NULL: the number is free */
    uint32_t next;     /* in its bucket; 0: none */
    uint32_t bucket;
    bool marked;
};

/* {0} is an empty one. */
struct links {
    struct link *link; /* by number */
    uint32_t capacity; /* numbers that there is room for */
    uint32_t live;
    uint32_t free_hint; /* all numbers below are taken */
    uint32_t *buckets;  /* the first number in each */
    size_t bytes;
    uint32_t since_sweep; /* links that were new since then */
};

void links_release(struct links *t);

/* The number of a link, or 0 if it is not known. */
uint32_t links_find(const struct links *t, const char *text, size_t len);

/* Whether the owner should sweep before it adds: there may be no room, and it is not long ago that
   all was in use. */
bool links_want_sweep(const struct links *t, size_t len);

/* The number of a link that is not known yet, or 0 if there is no room. */
uint32_t links_add(struct links *t, const char *text, size_t len);

/* Borrowed; NULL for a number that has no link. */
struct text *links_text(const struct links *t, uint32_t number);

void links_mark(struct links *t, uint32_t number);
void links_sweep(struct links *t); /* forgets what is not marked nor held, and all marks */

#endif
