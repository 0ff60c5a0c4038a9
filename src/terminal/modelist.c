/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/modelist.h"

#include <assert.h>
#include <string.h>

bool modelist_has(const struct modelist *l, uint16_t mode)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->mode[i] == mode)
            return true;
    return false;
}

bool modelist_equal(const struct modelist *a, const struct modelist *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

uint16_t modelist_current(const struct modelist *l)
{
    return l->count > 0 ? l->mode[l->count - 1] : 0;
}

static void take_out(struct modelist *l, uint16_t mode)
{
    size_t kept = 0;

    for (size_t i = 0; i < l->count; i++)
        if (l->mode[i] != mode)
            l->mode[kept++] = l->mode[i];
    while (l->count > kept)
        l->mode[--l->count] = 0;
}

void modelist_set(struct modelist *l, uint16_t mode, bool on)
{
    take_out(l, mode);
    if (!on)
        return;
    assert(l->count < MODELIST_MAX);
    l->mode[l->count++] = mode;
}

void modelist_put_mode(struct buf *out, unsigned mode, bool on)
{
    buf_append_str(out, "\033[?");
    buf_append_dec(out, mode);
    buf_append_byte(out, on ? 'h' : 'l');
}

void modelist_put(const struct modelist *from, const struct modelist *to, struct buf *out)
{
    size_t same = 0;

    while (same < from->count && same < to->count && from->mode[same] == to->mode[same])
        same++;
    /* Where there is one mode at a time, a reset leaves none: all that stays has to be set again.
     */
    for (size_t i = from->count; i-- > same;)
        modelist_put_mode(out, from->mode[i], false);
    for (size_t i = same < from->count ? 0 : same; i < to->count; i++)
        modelist_put_mode(out, to->mode[i], true);
}
