/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/scroll.h"

#include <stdlib.h>

#include "util/xalloc.h"

/* About the bytes of the sequences for a scroll (a line feed where the cursor is at the bottom, and
   otherwise with moves there and back), to erase a stretch of a row, and to come to a row. */
#define LINE_FEED_COST 3
#define SCREEN_COST    12
#define REGION_COST    14
#define ERASE_COST     4
#define ROW_COST       2

#define NOWHERE (-1)

/* Rows [first, end) of `to` were `shift` rows further down in `from`. */
struct run {
    int64_t first, end;
    int64_t shift;
    size_t evidence; /* rows that say so by their identity */
};

/* Identities only grow: a row with a newer one than all of `from` is new, and came from nowhere. */
static bool has_moved_rows(const struct screen *from, const struct screen *to)
{
    uint64_t newest = 0;

    for (size_t i = 0; i < from->rows; i++)
        if (from->row[i]->identity > newest)
            newest = from->row[i]->identity;
    for (size_t i = 0; i < to->rows; i++) {
        uint64_t identity = to->row[i]->identity;
        if (identity != 0 && identity <= newest && identity != from->row[i]->identity)
            return true;
    }
    return false;
}

/* Where the rows of a screen are, by their identity: a hash table of row + 1, 0 where free. */
struct places {
    uint16_t *slot;
    size_t mask;
};

static size_t home_of(const struct places *p, uint64_t identity)
{
    return (size_t)(identity * 0x9E3779B97F4A7C15u >> 40) & p->mask;
}

/* The caller frees the slots. */
static struct places list_places(const struct screen *s)
{
    struct places p = {.mask = 63};

    while (p.mask < 2 * s->rows)
        p.mask = 2 * p.mask + 1;
    p.slot = xcalloc(p.mask + 1, sizeof *p.slot);
    for (size_t i = 0; i < s->rows; i++) {
        size_t at = home_of(&p, s->row[i]->identity);
        if (s->row[i]->identity == 0)
            continue;
        while (p.slot[at] != 0)
            at = (at + 1) & p.mask;
        p.slot[at] = (uint16_t)(i + 1);
    }
    return p;
}

static int64_t find_place(const struct places *p, const struct screen *s, uint64_t identity)
{
    for (size_t at = home_of(p, identity); p->slot[at] != 0; at = (at + 1) & p->mask)
        if (s->row[p->slot[at] - 1]->identity == identity)
            return p->slot[at] - 1;
    return NOWHERE;
}

/* For each row of `to` the row of `from` that has its identity, or NOWHERE. The caller frees. */
static int64_t *find_origins(const struct screen *from, const struct screen *to)
{
    struct places places = list_places(from);
    int64_t *origin = xcalloc(to->rows, sizeof *origin);

    for (size_t i = 0; i < to->rows; i++) {
        uint64_t identity = to->row[i]->identity;
        origin[i] = identity ? find_place(&places, from, identity) : NOWHERE;
    }
    free(places.slot);
    return origin;
}

/* Whether row `i` can be part of a run: it comes from there, or nothing says where it comes from,
   as with blank lines and lines written anew. */
static bool may_go_along(const struct screen *from, const int64_t *origin, int64_t i, int64_t shift)
{
    int64_t source = i + shift;

    return source >= 0 && source < (int64_t)from->rows &&
           (origin[i] == source || origin[i] == NOWHERE);
}

static struct run longest_run(const struct screen *from, const struct screen *to,
                              const int64_t *origin)
{
    int64_t rows = (int64_t)to->rows;
    struct run best = {0};

    for (int64_t i = 0; i < rows;) {
        struct run run = {.first = i, .shift = origin[i] - i};
        if (origin[i] == NOWHERE || run.shift == 0) {
            i++;
            continue;
        }
        for (; i < rows && may_go_along(from, origin, i, run.shift); i++) {
            bool evidence = origin[i] == i + run.shift;
            run.evidence += evidence;
            if (evidence || row_equal(from->row[i + run.shift], to->row[i]))
                run.end = i + 1;
        }
        if (run.evidence > best.evidence)
            best = run;
    }
    return best;
}

/* About the bytes that make a row of another: what is to be written, and to come there. */
static size_t paint_cost(const struct row *shown, const struct row *to)
{
    size_t used = to->used, cost = shown->used > used ? ERASE_COST : 0;

    if (shown == to)
        return 0;
    for (size_t col = row_next_difference(shown, to, 0, used); col < used; col++)
        if (!cell_equal(shown->cell[col], to->cell[col]))
            cost += cell_is_erased(to->cell[col]) ? 0 : cell_width(to->cell[col]);
    return cost > 0 ? cost + ROW_COST : 0;
}

static size_t scroll_cost(const struct screen *from, const struct scroll *s)
{
    if (s->bottom < from->rows)
        return REGION_COST;
    return from->cursor_row + 1 == from->rows && s->count > 0 ? LINE_FEED_COST : SCREEN_COST;
}

static bool is_worth_it(const struct screen *from, const struct screen *to, const struct run *run,
                        const struct scroll *s)
{
    size_t without = 0, with = scroll_cost(from, s);

    for (int64_t i = (int64_t)s->top; i < (int64_t)s->bottom; i++)
        with += i >= run->first && i < run->end ? paint_cost(from->row[i + run->shift], to->row[i])
                                                : to->row[i]->used; /* comes in blank */
    for (int64_t i = (int64_t)s->top; i < (int64_t)s->bottom && without <= with; i++)
        without += paint_cost(from->row[i], to->row[i]);
    return with < without;
}

bool scroll_find(const struct screen *from, const struct screen *to, struct scroll *found)
{
    int64_t *origin;
    struct run run;
    struct scroll s;

    if (!has_moved_rows(from, to))
        return false;
    origin = find_origins(from, to);
    run = longest_run(from, to, origin);
    free(origin);
    if (run.evidence == 0)
        return false;
    s.top = (size_t)(run.shift > 0 ? run.first : run.first + run.shift);
    s.bottom = (size_t)(run.shift > 0 ? run.end + run.shift : run.end);
    s.count = run.shift;
    if (!is_worth_it(from, to, &run, &s))
        return false;
    *found = s;
    return true;
}
