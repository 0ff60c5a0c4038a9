/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/tabs.h"

#include <stdbool.h>
#include <string.h>

static bool is_stop(const struct tabs *t, size_t col)
{
    return t->stops[col / 64] >> (col % 64) & 1;
}

void tabs_init(struct tabs *t)
{
    memset(t->stops, 0x01, sizeof t->stops);
}

void tabs_clear(struct tabs *t)
{
    *t = (struct tabs){0};
}

void tabs_set(struct tabs *t, size_t col)
{
    t->stops[col / 64] |= (uint64_t)1 << (col % 64);
}

void tabs_unset(struct tabs *t, size_t col)
{
    t->stops[col / 64] &= ~((uint64_t)1 << (col % 64));
}

size_t tabs_next(const struct tabs *t, size_t col, size_t last)
{
    while (col < last && !is_stop(t, ++col))
        ;
    return col;
}

size_t tabs_previous(const struct tabs *t, size_t col)
{
    while (col > 0 && !is_stop(t, --col))
        ;
    return col;
}
