/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "util/text.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/xalloc.h"

struct text *text_new(const void *bytes, size_t len)
{
    assert(len < SIZE_MAX - sizeof(struct text));
    struct text *t = xmalloc(sizeof *t + len + 1);
    t->refs = 1;
    t->len = len;
    if (len)
        memcpy(t->bytes, bytes, len);
    t->bytes[len] = '\0';
    return t;
}

struct text *text_ref(struct text *t)
{
    if (t)
        t->refs++;
    return t;
}

void text_unref(struct text *t)
{
    if (!t)
        return;
    assert(t->refs > 0);
    if (--t->refs == 0)
        free(t);
}

bool text_equal(const struct text *a, const struct text *b)
{
    if (a == b)
        return true;
    return a && b && a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

void text_replace(struct text **slot, struct text *t)
{
    struct text *was = *slot;
    *slot = t;
    text_unref(was);
}
