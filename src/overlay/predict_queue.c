/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/predict_queue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/xalloc.h"

static void release_item(struct prediction *item)
{
    row_unref(item->before);
    row_unref(item->after);
}

void predict_queue_release(struct predict_queue *q)
{
    for (size_t i = 0; i < q->count; i++)
        release_item(&q->item[i]);
    free(q->item);
    *q = (struct predict_queue){0};
}

void predict_queue_push(struct predict_queue *q, const struct prediction *item)
{
    enum { FIRST_CAPACITY = 16 };

    assert(q->count < PREDICT_QUEUE_MAX);
    if (q->count == q->capacity) {
        q->capacity = q->capacity ? 2 * q->capacity : FIRST_CAPACITY;
        q->item = xreallocarray(q->item, q->capacity, sizeof *q->item);
    }
    q->item[q->count++] = *item;
}

void predict_queue_drop(struct predict_queue *q, size_t index)
{
    release_item(&q->item[index]);
    q->count--;
    memmove(q->item + index, q->item + index + 1, (q->count - index) * sizeof *q->item);
}

/* A row that leaves the screen at the top goes to where no screen has one. */
static size_t scrolled(size_t row, int64_t rows)
{
    return (size_t)((int64_t)row - rows);
}

void predict_queue_scroll(struct predict_queue *q, int64_t rows)
{
    for (size_t i = 0; i < q->count; i++) {
        q->item[i].row = scrolled(q->item[i].row, rows);
        q->item[i].cursor.row = scrolled(q->item[i].cursor.row, rows);
    }
}

void predict_queue_view(const struct predict_queue *q, const struct screen *screen, size_t row,
                        struct cell *cells)
{
    if (row < screen->rows)
        memcpy(cells, screen->row[row]->cell, screen->cols * sizeof *cells);
    else
        memset(cells, 0, screen->cols * sizeof *cells);
    for (size_t i = 0; i < q->count; i++) {
        const struct prediction *p = &q->item[i];
        if (p->row == row && p->cols > 0)
            memcpy(cells + p->from, p->after->cell, p->cols * sizeof *cells);
    }
}

bool predict_place_is(const struct predict_place *place, const struct screen *screen)
{
    if (screen->cursor_row == place->row && screen->cursor_col == place->col)
        return true;
    return place->wrapped && screen->cursor_row + 1 == place->row &&
           screen->cursor_col + 1 == screen->cols;
}

int64_t predict_queue_reached(const struct predict_queue *q, const struct predict_place *base,
                              const struct screen *screen)
{
    for (size_t i = q->count; i > 0; i--) {
        if (predict_place_is(&q->item[i - 1].cursor, screen))
            return (int64_t)i;
    }
    return predict_place_is(base, screen) ? 0 : -1;
}

/* The glyph that a prediction has for a place; false if it has none. */
static bool has(const struct prediction *p, size_t row, size_t col, const struct row *glyphs,
                uint32_t *glyph)
{
    if (p->row != row || col < p->from || col - p->from >= p->cols)
        return false;
    *glyph = glyphs->cell[col - p->from].glyph;
    return true;
}

static bool shown_by_later(const struct predict_queue *q, size_t index, size_t col, uint32_t actual)
{
    size_t row = q->item[index].row;
    uint32_t glyph;

    for (size_t i = index; i < q->count; i++) {
        if (has(&q->item[i], row, col, q->item[i].after, &glyph) && predict_alike(glyph, actual))
            return true;
    }
    return false;
}

static bool shown_before(const struct predict_queue *q, size_t index, size_t col, uint32_t actual)
{
    size_t row = q->item[index].row;
    uint32_t glyph;

    for (size_t i = 0; i <= index; i++) {
        if (has(&q->item[i], row, col, q->item[i].before, &glyph) && predict_alike(glyph, actual))
            return true;
    }
    return false;
}

enum predict_verdict predict_queue_judge(const struct predict_queue *q, size_t index,
                                         const struct screen *screen, int64_t reached)
{
    const struct prediction *p = &q->item[index];
    enum predict_verdict verdict = reached > (int64_t)index ? PREDICT_CAME_TRUE : PREDICT_IS_LATE;

    if (p->cols == 0)
        return verdict;
    if (p->row >= screen->rows)
        return PREDICT_IS_LATE;
    for (size_t col = p->from; col < p->from + p->own; col++) {
        uint32_t actual = screen->row[p->row]->cell[col].glyph;
        if (shown_by_later(q, index, col, actual))
            continue;
        if (!shown_before(q, index, col, actual))
            return PREDICT_IS_WRONG;
        verdict = PREDICT_IS_LATE;
    }
    return verdict;
}

bool predict_queue_pushed(const struct predict_queue *q, size_t index, const struct screen *screen)
{
    const struct prediction *p = &q->item[index];

    for (size_t col = p->from + p->own; col < p->from + p->cols; col++) {
        if (!shown_by_later(q, index, col, screen->row[p->row]->cell[col].glyph))
            return false;
    }
    return true;
}
