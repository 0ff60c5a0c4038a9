/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/predict_written.h"

#include <string.h>

#include "overlay/predict_edit.h"

static void drop(struct predict_written *w, size_t index)
{
    row_unref(w->line[index].row);
    w->count--;
    memmove(w->line + index, w->line + index + 1, (w->count - index) * sizeof *w->line);
}

void predict_written_forget(struct predict_written *w)
{
    while (w->count > 0)
        drop(w, w->count - 1);
}

/* Whether columns [from, to) of a row stand on another, `shift` columns to the right. */
static bool stands(const struct row *then, size_t from, size_t to, const struct row *now,
                   size_t shift)
{
    if (to + shift > now->cols)
        return false;
    for (size_t col = from; col < to; col++) {
        struct cell a = then->cell[col], b = now->cell[col + shift];
        if (!predict_alike(a.glyph, b.glyph) || a.style != b.style)
            return false;
    }
    return true;
}

/* A row that has left the screen at the top goes to where no screen has one. */
void predict_written_scroll(struct predict_written *w, int64_t rows)
{
    for (size_t i = 0; i < w->count; i++)
        w->line[i].at = (size_t)((int64_t)w->line[i].at - rows);
}

static size_t find(const struct predict_written *w, size_t row, uint32_t job)
{
    size_t i = 0;

    while (i < w->count && (w->line[i].at != row || w->line[i].job != job))
        i++;
    return i;
}

/* What was there before goes on where it was, or has made room for the new text. */
static void join(struct predict_line_written *line, const struct predict_line_written *old)
{
    size_t shift = line->to - line->from;

    if (old->from > line->from || old->to < line->from ||
        !stands(old->row, old->from, line->from, line->row, 0))
        return;
    if (old->to > line->from && stands(old->row, line->from, old->to, line->row, shift))
        line->to = old->to + shift;
    else if (old->to > line->to && stands(old->row, line->to, old->to, line->row, 0))
        line->to = old->to;
    line->from = old->from;
}

void predict_written_note(struct predict_written *w, const struct screen *screen, size_t row,
                          size_t from, size_t to, uint32_t job, bool proves)
{
    struct predict_line_written line = {
        .row = screen->row[row],
        .at = row,
        .from = from,
        .to = to,
        .job = job,
    };
    size_t i = find(w, row, job);

    if (i < w->count)
        join(&line, &w->line[i]);
    if (!proves && line.from == from) /* nothing stands before it */
        return;
    row_ref(line.row);
    if (i == PREDICT_WRITTEN)
        i--;
    if (i < w->count)
        drop(w, i);
    memmove(w->line + 1, w->line, w->count * sizeof *w->line);
    w->line[0] = line;
    w->count++;
}

const struct predict_line_written *predict_written_on(const struct predict_written *w,
                                                      const struct screen *screen, size_t row,
                                                      uint32_t job)
{
    size_t i = find(w, row, job);

    if (row >= screen->rows || job == 0 || i == w->count ||
        !stands(w->line[i].row, w->line[i].from, w->line[i].to, screen->row[row], 0))
        return NULL;
    return &w->line[i];
}
