/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/titles.h"

#include <string.h>

void title_stack_clear(struct title_stack *t)
{
    while (t->count > 0)
        text_unref(t->saved[--t->count]);
}

void title_stack_copy(struct title_stack *copy, const struct title_stack *t)
{
    *copy = *t;
    for (size_t i = 0; i < t->count; i++)
        text_ref(t->saved[i]);
}

void title_stack_push(struct title_stack *t, struct text *title)
{
    if (t->count == TITLES_SAVED_MAX) {
        text_unref(t->saved[0]);
        memmove(t->saved, t->saved + 1, (TITLES_SAVED_MAX - 1) * sizeof t->saved[0]);
        t->count--;
    }
    t->saved[t->count++] = text_ref(title);
}

void title_stack_pop(struct title_stack *t, struct text **title)
{
    if (t->count > 0)
        text_replace(title, t->saved[--t->count]);
}
