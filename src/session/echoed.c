/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/echoed.h"

#include <string.h>

#include "util/utf8.h"
#include "util/width.h"

static size_t columns(uint32_t code)
{
    int width = width_of(code);

    return width > 0 ? (size_t)width : 0;
}

void echoed_typed(struct echoed *e, const struct screen *s, uint64_t state_num,
                  const uint8_t *bytes, size_t len)
{
    uint32_t code = 0;

    for (size_t at = 0, taken; at < len; at += taken) {
        taken = utf8_take(bytes + at, len - at, &code);
        if (e->unclear || e->count == ECHOED_KEYS_MAX || taken == 0 || columns(code) == 0) {
            e->unclear = state_num;
            return;
        }
        if (e->count == 0) {
            e->row = s->cursor_row;
            e->col = s->cursor_col;
        }
        e->key[e->count].code = code;
        e->key[e->count++].state_num = state_num;
    }
}

static bool shows(struct cell cell, uint32_t code)
{
    return cell.glyph == (columns(code) == 2 ? code | CELL_WIDE : code);
}

/* How many keys stand between the place of the first and the cursor; none if anything else does. */
static size_t keys_shown(const struct echoed *e, const struct screen *s)
{
    size_t col = e->col, shown = 0;

    if (e->count == 0 || s->cursor_row != e->row)
        return 0;
    while (shown < e->count && col < s->cursor_col) {
        if (!shows(s->row[e->row]->cell[col], e->key[shown].code))
            return 0;
        col += columns(e->key[shown++].code);
    }
    return col == s->cursor_col ? shown : 0;
}

/* A state of which something else is not known to be echoed is none. */
static bool ends_its_state(const struct echoed *e, size_t i)
{
    uint64_t after = i + 1 < e->count ? e->key[i + 1].state_num : e->unclear;

    return after != e->key[i].state_num;
}

static void drop(struct echoed *e, size_t count)
{
    e->count -= count;
    memmove(e->key, e->key + count, e->count * sizeof e->key[0]);
}

uint64_t echoed_take(struct echoed *e, const struct screen *s)
{
    size_t shown = keys_shown(e, s);
    uint64_t newest;

    while (shown > 0 && !ends_its_state(e, shown - 1))
        shown--;
    if (shown == 0)
        return 0;
    newest = e->key[shown - 1].state_num;
    for (size_t i = 0; i < shown; i++)
        e->col += columns(e->key[i].code);
    drop(e, shown);
    return newest;
}

/* Where keys behind one that was not seen will stand, nobody knows. */
void echoed_acknowledged(struct echoed *e, uint64_t state_num)
{
    size_t known = 0;

    if (e->unclear <= state_num)
        e->unclear = 0;
    while (known < e->count && e->key[known].state_num <= state_num)
        known++;
    if (known == 0)
        return;
    if (known < e->count && e->unclear == 0)
        e->unclear = e->key[e->count - 1].state_num;
    e->count = 0;
}
