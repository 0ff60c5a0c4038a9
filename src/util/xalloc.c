/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "util/xalloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/err.h"

static void (*end_hook)(void);

void xalloc_set_hook(void (*hook)(void))
{
    end_hook = hook;
}

static NORETURN void out_of_memory(void)
{
    void (*hook)(void) = end_hook;
    end_hook = NULL; /* the hook may run out of memory too */
    if (hook)
        hook();
    _Exit(1); /* not exit(): its handlers may want memory */
}

static void *checked(void *p)
{
    if (!p)
        out_of_memory();
    return p;
}

/* Zero bytes are asked for as one, since NULL has to mean failure. */
void *xmalloc(size_t size)
{
    return checked(malloc(size ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
    return checked(count && size ? calloc(count, size) : calloc(1, 1));
}

void *xreallocarray(void *old, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        out_of_memory();
    size_t bytes = count * size;
    return checked(realloc(old, bytes ? bytes : 1));
}

void *xmemdup(const void *bytes, size_t len)
{
    void *copy = xmalloc(len);
    if (len)
        memcpy(copy, bytes, len);
    return copy;
}

char *xstrdup(const char *s)
{
    return xmemdup(s, strlen(s) + 1);
}

/* Small blocks, since large ones go back to the system one by one; and the last one stays, or the
   end of the heap would go back. */
void xalloc_set_aside(size_t bytes)
{
    enum { BLOCK_BYTES = 16384, BLOCKS_MAX = 64 };
    static void *last;
    void *block[BLOCKS_MAX];
    size_t count = 0;

    while (count < BLOCKS_MAX && count * BLOCK_BYTES < bytes)
        block[count++] = xmalloc(BLOCK_BYTES);
    free(last);
    last = xmalloc(BLOCK_BYTES);
    while (count > 0)
        free(block[--count]);
}
