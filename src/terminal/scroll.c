/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/scroll.h"

/* About the bytes of the sequences for a scroll (a line feed where the cursor is at the bottom, and
   otherwise with moves there and back), to erase a stretch of a row, and to come to a row. */
#define LINE_FEED_COST 3
#define SCREEN_COST    12
#define REGION_COST    14
#define ERASE_COST     4
#define ROW_COST       2

#define NOWHERE (-1)

/* How often a row is looked for among all the others. That is not to be where the row above it came
   from once for each pane that scrolls; what was shuffled more than this is painted. */
#define SEARCHES_MAX 64

/* Rows [first, end) of `to` were `shift` rows further down in `from`. */
struct run {
    int64_t first, end;
    int64_t shift;
    size_t evidence; /* rows that say so by their identity */
};

struct comparison {
    const struct screen *from, *to;
    uint64_t newest; /* identity in `from` */
    int64_t shift;   /* of the row that was found last */
    size_t searches;
};

/* Identities only grow: a row with a newer one than all of `from` is new, and came from nowhere. */
static uint64_t newest_identity(const struct screen *s)
{
    uint64_t newest = 0;

    for (size_t i = 0; i < s->rows; i++) {
        uint64_t identity = s->row[i]->identity;
        newest = identity > newest ? identity : newest;
    }
    return newest;
}

static bool was_at(const struct comparison *c, int64_t place, uint64_t identity)
{
    return place >= 0 && place < (int64_t)c->from->rows &&
           c->from->row[place]->identity == identity;
}

/* Where row `i` of `to` was in `from`, or NOWHERE. */
static int64_t origin_of(struct comparison *c, int64_t i)
{
    uint64_t identity = c->to->row[i]->identity;

    if (identity == 0 || identity > c->newest)
        return NOWHERE;
    if (was_at(c, i, identity))
        return i;
    if (was_at(c, i + c->shift, identity))
        return i + c->shift;
    if (c->searches == SEARCHES_MAX)
        return NOWHERE;
    c->searches++;
    for (int64_t place = 0; place < (int64_t)c->from->rows; place++) {
        if (was_at(c, place, identity)) {
            c->shift = place - i;
            return place;
        }
    }
    return NOWHERE;
}

/* The run that begins with row `i`, which comes from `origin`. What nothing is known of, as of
   blank lines and lines written anew, can be part of it. Returns where it stopped. */
static int64_t follow_run(struct comparison *c, int64_t i, int64_t origin, struct run *run)
{
    *run = (struct run){.first = i, .shift = origin - i};
    for (; i < (int64_t)c->to->rows; i++) {
        int64_t source = i + run->shift;
        if (source < 0 || source >= (int64_t)c->from->rows)
            break;
        origin = origin_of(c, i);
        if (origin != source && origin != NOWHERE)
            break;
        run->evidence += origin == source;
        if (origin == source || row_equal(c->from->row[source], c->to->row[i]))
            run->end = i + 1;
    }
    return i;
}

static struct run longest_run(struct comparison *c)
{
    struct run best = {0}, run;

    for (int64_t i = 0; i < (int64_t)c->to->rows;) {
        uint64_t identity = c->to->row[i]->identity;
        int64_t origin = i;
        if (identity != 0 && identity <= c->newest && identity != c->from->row[i]->identity)
            origin = origin_of(c, i);
        if (origin == NOWHERE || origin == i) {
            i++;
            continue;
        }
        i = follow_run(c, i, origin, &run);
        if (run.evidence > best.evidence)
            best = run;
    }
    return best;
}

/* The second half of a wide character comes with the first. */
static bool is_written(struct cell c)
{
    return (c.glyph & ~CELL_TRAIL) != 0;
}

/* About the bytes that make a row of another: what is to be written, and to come there. */
static size_t paint_cost(const struct row *shown, const struct row *to)
{
    size_t used = to->used, cost = shown->used > used ? ERASE_COST : 0;

    if (shown == to)
        return 0;
    for (size_t col = 0; col < used; col++) {
        size_t differs = !cell_equal(shown->cell[col], to->cell[col]);
        cost += is_written(to->cell[col]) ? differs : 0;
    }
    return cost > 0 ? cost + ROW_COST : 0;
}

/* Columns of a row that nothing is written for, since a wide character has them. */
static size_t trail_count(const struct row *r)
{
    size_t count = 0;

    for (size_t col = 0; col < r->used; col++)
        count += (r->cell[col].glyph & CELL_TRAIL) != 0;
    return count;
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
    /* Few screens are full of wide characters, so this is looked at last. */
    for (int64_t i = (int64_t)s->top; i < (int64_t)s->bottom && without <= with; i++)
        with -= i >= run->first && i < run->end ? 0 : trail_count(to->row[i]);
    return with < without;
}

bool scroll_find(const struct screen *from, const struct screen *to, struct scroll *found)
{
    struct comparison c = {.from = from, .to = to, .newest = newest_identity(from)};
    struct run run = longest_run(&c);
    struct scroll s;

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
