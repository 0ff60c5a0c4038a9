/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/palette.h"

#include <stdlib.h>
#include <string.h>

#include "terminal/colour.h"
#include "terminal/style.h"
#include "util/xalloc.h"

static const struct palette untouched;

struct palette *palette_ref(struct palette *p)
{
    if (p)
        p->refs++;
    return p;
}

void palette_unref(struct palette *p)
{
    if (p && --p->refs == 0)
        free(p);
}

bool palette_equal(const struct palette *a, const struct palette *b)
{
    return a == b || (a && b && memcmp(a->colour, b->colour, sizeof a->colour) == 0);
}

static bool is_untouched(const struct palette *p)
{
    return memcmp(p->colour, untouched.colour, sizeof p->colour) == 0;
}

void palette_set(struct palette **slot, uint8_t index, uint32_t colour)
{
    struct palette *p = *slot;

    if ((p ? p->colour[index] : COLOUR_DEFAULT) == colour)
        return;
    if (!p || p->refs > 1) {
        p = xmemdup(p ? p : &untouched, sizeof *p);
        p->refs = 1;
        palette_unref(*slot);
        *slot = p;
    }
    p->colour[index] = colour;
    if (is_untouched(p)) {
        palette_unref(p);
        *slot = NULL;
    }
}

/* The entries that change, and are COLOUR_DEFAULT afterwards or are not, in one command. */
static void put_changes(const struct palette *from, const struct palette *to, bool reset,
                        struct buf *out)
{
    bool begun = false;

    for (size_t i = 0; i < PALETTE_COLOURS; i++) {
        uint32_t colour = to->colour[i];
        if (colour == from->colour[i] || (colour == COLOUR_DEFAULT) != reset)
            continue;
        if (!begun)
            buf_append_str(out, reset ? "\033]104" : "\033]4");
        begun = true;
        buf_append_byte(out, ';');
        buf_append_dec(out, i);
        if (!reset) {
            buf_append_byte(out, ';');
            colour_put(COLOUR_VALUE(colour), out);
        }
    }
    if (begun)
        buf_append_byte(out, '\a');
}

void palette_put(const struct palette *from, const struct palette *to, struct buf *out)
{
    if (from && !to) {
        buf_append_str(out, "\033]104\a");
        return;
    }
    from = from ? from : &untouched;
    to = to ? to : &untouched;
    put_changes(from, to, true, out);
    put_changes(from, to, false, out);
}
