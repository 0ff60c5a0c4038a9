/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_SCREENS_H
#define MOSH_TESTS_SCREENS_H

/* To write on screens and to read them, in tests. */

#include "terminal/screen.h"
#include "unit.h"
#include "util/width.h"

static const struct style style_plain;

static inline struct style style_on(uint8_t background)
{
    return (struct style){.background = COLOUR_INDEXED | background};
}

/* A row as text: '.' for an erased cell, '-' for a trail. Valid until the next call. */
static inline const char *row_text(const struct screen *s, size_t row)
{
    static struct buf out; /* kept for the whole run */

    buf_clear(&out);
    for (size_t col = 0; col < s->cols; col++) {
        struct cell c = s->row[row]->cell[col];
        if (cell_is_erased(c))
            buf_append_byte(&out, '.');
        else if (c.glyph & CELL_TRAIL)
            buf_append_byte(&out, '-');
        else
            row_put_text(s->row[row], col, &out);
    }
    buf_append_byte(&out, 0);
    return (const char *)out.data;
}

/* Puts narrow and wide characters; the text must fit. */
static inline void put_codes(struct screen *s, size_t row, size_t col, const uint32_t *codes,
                             const struct style *style)
{
    for (; *codes; codes++) {
        uint32_t wide = width_of(*codes) == 2 ? CELL_WIDE : 0;
        screen_put(s, row, col, *codes | wide, pool_intern_style(s->pool, style));
        col += wide ? 2 : 1;
    }
}

static inline void put_text(struct screen *s, size_t row, size_t col, const char *text)
{
    screen_put_ascii(s, row, col, (const uint8_t *)text, strlen(text), 0);
}

/* The invariants that screen.h names. */
static inline void check_invariants(const struct screen *s)
{
    assert_true(s->cursor_row < s->rows && s->cursor_col < s->cols);
    for (size_t i = 0; i < s->rows; i++) {
        const struct row *r = s->row[i];
        assert_int_equal(r->cols, s->cols);
        assert_true(r->used <= r->cols);
        for (size_t col = 0; col < s->cols; col++) {
            bool trail = col + 1 < s->cols && r->cell[col + 1].glyph == CELL_TRAIL;
            bool wide = (r->cell[col].glyph & CELL_WIDE) != 0;
            assert_int_equal(wide, trail);
            if (trail)
                assert_int_equal(r->cell[col].style, r->cell[col + 1].style);
            if (col >= r->used)
                assert_true(cell_equal(r->cell[col], (struct cell){0}));
        }
        assert_false(r->cell[0].glyph & CELL_TRAIL);
        if (r->wrapped)
            assert_true(i + 1 < s->rows && !cell_is_erased(r->cell[s->cols - 1]));
    }
}

#endif
