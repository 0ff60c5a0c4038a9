/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_UTIL_XALLOC_H
#define MOSH_UTIL_XALLOC_H

/*
 * Allocation that does not fail. A session without memory has no useful answer, so the hook runs
 * (it restores the terminal and says why) and the process ends with status 1. Sizes that a peer
 * controls are checked by the caller before they come here. The result is freed with free().
 */

#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xreallocarray(void *old, size_t count, size_t size);
char *xstrdup(const char *s);
void *xmemdup(const void *bytes, size_t len);

/*
 * For libraries that do not look whether they get all the memory that they ask for: allocates about
 * so many bytes, and gives them back for the library to find. Their lack has an orderly end here.
 */
void xalloc_set_aside(size_t bytes);

/* `hook` runs once, before the process ends; NULL takes it away. */
void xalloc_set_hook(void (*hook)(void));

#endif
