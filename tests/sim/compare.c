/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compare.h"

#include <stdio.h>
#include <string.h>

/* The text of a cell; an erased one shows as a space does. */
static void cell_text(const struct row *row, size_t col, char out[64])
{
    struct buf text = {0};
    size_t len;

    row_put_text(row, col, &text);
    len = text.len < 63 ? text.len : 63;
    if (len)
        memcpy(out, text.data, len);
    out[len] = '\0';
    buf_release(&text);
}

static bool same_style(const struct screen *a, const struct screen *b, struct cell in_a,
                       struct cell in_b)
{
    struct style style_a = *pool_style(a->pool, in_a.style);
    struct style style_b = *pool_style(b->pool, in_b.style);

    style_a.link = style_b.link = 0; /* numbers of different pools */
    return style_equal(&style_a, &style_b);
}

static bool compare_cells(const struct screen *a, const struct screen *b, char *why)
{
    char text_a[64], text_b[64];

    for (size_t row = 0; row < a->rows; row++)
        for (size_t col = 0; col < a->cols; col++) {
            struct cell in_a = a->row[row]->cell[col], in_b = b->row[row]->cell[col];

            cell_text(a->row[row], col, text_a);
            cell_text(b->row[row], col, text_b);
            if (strcmp(text_a, text_b) == 0 && same_style(a, b, in_a, in_b) &&
                (in_a.glyph & (CELL_WIDE | CELL_TRAIL)) == (in_b.glyph & (CELL_WIDE | CELL_TRAIL)))
                continue;
            snprintf(why, COMPARE_TEXT_MAX, "cell %zu,%zu differs: '%s' %x, '%s' %x", row, col,
                     text_a, in_a.glyph, text_b, in_b.glyph);
            return false;
        }
    return true;
}

/* As an event, or for those that take none, as a state. */
static const struct text *newest_clipboard(const struct screen *s)
{
    for (size_t i = s->events ? s->events->count : 0; i > 0; i--) {
        if (s->events->event[i - 1].kind == EVENT_CLIPBOARD)
            return s->events->event[i - 1].text;
    }
    return s->clipboard;
}

bool compare_pictures(const struct screen *a, const struct screen *b, char why[COMPARE_TEXT_MAX])
{
    if (a->rows != b->rows || a->cols != b->cols) {
        snprintf(why, COMPARE_TEXT_MAX, "sizes differ: %zux%zu, %zux%zu", a->rows, a->cols, b->rows,
                 b->cols);
        return false;
    }
    if (!compare_cells(a, b, why))
        return false;
    snprintf(why, COMPARE_TEXT_MAX, "cursors differ: %zu,%zu %d, %zu,%zu %d", a->cursor_row,
             a->cursor_col, a->cursor_visible, b->cursor_row, b->cursor_col, b->cursor_visible);
    if (a->cursor_row != b->cursor_row || a->cursor_col != b->cursor_col ||
        a->cursor_visible != b->cursor_visible)
        return false;
    return true;
}

bool compare_screens(const struct screen *a, const struct screen *b, char why[COMPARE_TEXT_MAX])
{
    if (!compare_pictures(a, b, why))
        return false;
    snprintf(why, COMPARE_TEXT_MAX, "modes differ");
    if (a->reverse_video != b->reverse_video || a->bracketed_paste != b->bracketed_paste ||
        a->focus_reporting != b->focus_reporting ||
        !modelist_equal(&a->mouse_reporting, &b->mouse_reporting) ||
        !modelist_equal(&a->mouse_encoding, &b->mouse_encoding))
        return false;
    snprintf(why, COMPARE_TEXT_MAX, "titles or clipboards differ");
    return text_equal(a->window_title, b->window_title) && text_equal(a->icon_name, b->icon_name) &&
           text_equal(newest_clipboard(a), newest_clipboard(b));
}
