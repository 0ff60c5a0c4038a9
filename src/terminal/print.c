/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator_internal.h"

#include <string.h>

#include "util/utf8.h"
#include "util/width.h"

/* Printing goes on at the start of the next row, and the text of the two belongs together. */
void emulator_wrap(struct emulator *e)
{
    struct screen *s = &e->screen;
    bool moved = emulator_line_feed(e);

    s->cursor_col = e->left;
    if (moved && s->cursor_row > 0 && !emulator_is_narrowed(e))
        screen_set_wrapped(s, s->cursor_row - 1);
}

/* A character of `width` was printed, and ends `columns` to the right of the cursor. */
static inline void advance(struct emulator *e, size_t columns, size_t width)
{
    struct screen *s = &e->screen;
    size_t end = s->cursor_col + columns;

    if (emulator_marks(e))
        emulator_mark_printed(e, s->cursor_row, s->cursor_col, end);
    e->mark_row = s->cursor_row;
    e->mark_col = end - width;
    e->wrap_pending = end == emulator_line_end(e);
    s->cursor_col = end - e->wrap_pending;
}

/* Makes room for a wide character; false if there is none, and then it is not drawn (D2). A row
   that it leaves because only one column is free does not end in its text, so it is not wrapped. */
static bool make_room(struct emulator *e)
{
    struct screen *s = &e->screen;
    size_t end = emulator_line_end(e);

    if (s->cursor_col + 2 <= end)
        return true;
    if (!e->autowrap || e->right - e->left < 2)
        return false;
    screen_erase(s, s->cursor_row, s->cursor_col, end, &s->pen);
    (void)emulator_line_feed(e);
    s->cursor_col = e->left;
    return true;
}

static void print_spacing(struct emulator *e, uint32_t code, size_t width)
{
    struct screen *s = &e->screen;

    if (e->wrap_pending && e->autowrap)
        emulator_wrap(e);
    if (width == 2 && !make_room(e))
        return;
    if (e->insert)
        emulator_insert_cells(e, width);
    screen_put(s, s->cursor_row, s->cursor_col, width == 2 ? code | CELL_WIDE : code,
               pool_intern_style(s->pool, &s->pen));
    advance(e, width, width);
    e->last_printed = code;
}

void emulator_repeat(struct emulator *e, size_t count)
{
    uint32_t code = e->last_printed;

    for (; code != 0 && count > 0; count--)
        print_spacing(e, code, (size_t)width_of(code));
}

void emulator_print_ascii(struct emulator *e, const uint8_t *text, size_t len)
{
    struct screen *s = &e->screen;

    if (!charsets_are_ascii(&e->charsets)) {
        for (size_t i = 0; i < len; i++)
            print_spacing(e, charsets_translate(&e->charsets, text[i]), 1);
        return;
    }
    e->last_printed = text[len - 1];
    while (len > 0) {
        if (e->wrap_pending && e->autowrap)
            emulator_wrap(e);
        size_t count = smaller(len, emulator_line_end(e) - s->cursor_col);
        if (e->insert)
            emulator_insert_cells(e, count);
        screen_put_ascii(s, s->cursor_row, s->cursor_col, text, count,
                         pool_intern_style(s->pool, &s->pen));
        advance(e, count, 1);
        text += count;
        len -= count;
    }
}

/* The character that a mark joins, in UTF-8. */
static size_t cell_text(const struct pool *pool, struct cell cell, char text[CLUSTER_BYTES_MAX])
{
    uint32_t code = cell.glyph & CELL_CODE_MASK;
    const char *cluster;
    size_t len;

    if (!(cell.glyph & CELL_CLUSTER))
        return utf8_encode(code, text);
    cluster = pool_cluster(pool, code, &len);
    memcpy(text, cluster, len);
    return len;
}

/*
 * A combining mark joins the character before it. Where there is none, it is printed on a no-break
 * space, so that no cell ever begins with a mark. Of very many marks on one character only the
 * first are taken, as in stock mosh, whose cells hold no more.
 */
static void print_mark(struct emulator *e, uint32_t code)
{
    enum { MARK_TAKEN_BELOW = 32, NO_BREAK_SPACE = 0xA0 };
    struct screen *s = &e->screen;
    const struct row *r = s->row[e->mark_row];
    char text[CLUSTER_BYTES_MAX];

    if (r->cell[e->mark_col].glyph & CELL_TRAIL)
        e->mark_col--;
    if (cell_is_erased(r->cell[e->mark_col]))
        print_spacing(e, NO_BREAK_SPACE, 1);

    struct cell cell = s->row[e->mark_row]->cell[e->mark_col];
    size_t len = cell_text(s->pool, cell, text);
    if (len >= MARK_TAKEN_BELOW)
        return;
    len += utf8_encode(code, text + len);
    uint32_t cluster = pool_intern_cluster(s->pool, text, len);
    if (cluster != POOL_NO_CLUSTER)
        screen_row(s, e->mark_row)->cell[e->mark_col].glyph =
            cluster | CELL_CLUSTER | (cell.glyph & CELL_WIDE);
}

void emulator_print(struct emulator *e, uint32_t code)
{
    int width = width_of(code);

    e->charsets.single = 0;
    if (width > 0)
        print_spacing(e, code, (size_t)width);
    else if (width == 0)
        print_mark(e, code);
}

/* The common case: characters that take columns of their own go straight into the row, up to its
   end or to one that does not. Returns where it stopped. */
static const uint8_t *print_run(struct emulator *e, const uint8_t *text, const uint8_t *end)
{
    struct screen *s = &e->screen;
    uint32_t last;

    if (e->insert ||
        e->wrap_pending) /* what the next character makes of these, print_spacing knows */
        return text;
    size_t columns = screen_put_utf8(s, s->cursor_row, s->cursor_col, emulator_line_end(e), &text,
                                     end, pool_intern_style(s->pool, &s->pen), &last);
    if (columns > 0) {
        advance(e, columns, (size_t)width_of(last));
        e->last_printed = last;
    }
    return text;
}

void emulator_print_utf8(struct emulator *e, const uint8_t *text, size_t len)
{
    const uint8_t *end = text + len;

    e->charsets.single = 0;
    while (text < end) {
        text = print_run(e, text, end);
        if (text < end)
            emulator_print(e, utf8_decode(&text));
    }
}
