/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_LOOKS_H
#define MOSH_TESTS_LOOKS_H

/* Whether an emulator that was fed by the display has what a screen of another pool has, as far as
   its capabilities allow. */

#include "screens.h"
#include "terminal/cluster.h"
#include "terminal/emulator.h"
#include "terminal/reduce.h"

static inline bool same_text(const struct text *a, const struct text *b)
{
    const char *x = a ? a->bytes : "", *y = b ? b->bytes : "";

    return strcmp(x, y) == 0;
}

/* What a reader has of registers, as far as it can have them. */
static inline void check_registers(const struct caps *caps, const struct registers *got,
                                   const struct registers *want)
{
    static const struct registers initial;

    assert_int_equal(got->cursor_style, caps->cursor_style ? want->cursor_style : 0);
    assert_int_equal(got->cursor_blink, caps->cursor_style && want->cursor_blink);
    assert_int_equal(got->cursor_colour, caps->cursor_colour ? want->cursor_colour : 0);
    assert_int_equal(got->foreground, caps->default_colours ? want->foreground : 0);
    assert_int_equal(got->background, caps->default_colours ? want->background : 0);
    assert_int_equal(got->progress, caps->progress ? want->progress : 0);
    assert_int_equal(got->percent, caps->progress ? want->percent : 0);
    assert_true(palette_equal(got->palette, caps->palette ? want->palette : initial.palette));
    if (caps->directory)
        assert_true(same_text(got->directory, want->directory));
}

/* Whether a style is what a reader with `caps` can show of another. */
static inline bool is_reduced(const struct caps *caps, const struct screen *shown,
                              const struct pool *pool, const struct style *got,
                              const struct style *want)
{
    struct style reduced = reduce_style(caps, shown->registers.palette, want), other = *got;

    if (!text_equal(pool_link(shown->pool, reduced.link), pool_link(pool, got->link)))
        return false;
    reduced.link = other.link = 0; /* numbers of two pools */
    return style_equal(&other, &reduced);
}

/* What of a character a reader can know that gives each code point its columns. */
static inline void put_known_text(const struct caps *caps, const struct row *r, size_t col,
                                  struct buf *out)
{
    struct cell c = r->cell[col];
    size_t before = out->len;

    row_put_text(r, col, out);
    if (c.glyph & CELL_CLUSTER && !caps->clusters)
        out->len =
            before +
            cluster_fitting((const char *)out->data + before, out->len - before, cell_width(c)).len;
}

/* Whether such a reader has less of a character, or in fewer columns. */
static inline bool is_cut(const struct caps *caps, const struct row *r, size_t col)
{
    struct cell c = r->cell[col];
    struct cluster_text text;

    if (!(c.glyph & CELL_CLUSTER) || caps->clusters)
        return false;
    text = pool_cluster(r->pool, c.glyph);
    return !cluster_is_settled(text.bytes, text.len, cell_width(c));
}

/* Whether a row ends so that no wrap can be pending after it. */
static inline bool ends_cut(const struct caps *caps, const struct row *r)
{
    size_t last = r->cols - 1u;

    return is_cut(caps, r, last - (last > 0 && r->cell[last].glyph & CELL_TRAIL));
}

/* Whether a cell looks as one of another pool, as far as it can. An erased cell looks like a
   space. */
static inline bool look_the_same(const struct caps *caps, const struct row *a,
                                 const struct screen *shown, size_t row, size_t col)
{
    const struct row *b = shown->row[row];
    struct buf x = {0}, y = {0};
    bool cut = is_cut(caps, b, col);
    uint32_t columns = cut ? 0 : CELL_WIDE | CELL_TRAIL;
    bool same = is_reduced(caps, shown, a->pool, pool_style(a->pool, a->cell[col].style),
                           pool_style(b->pool, b->cell[col].style)) &&
                (a->cell[col].glyph & columns) == (b->cell[col].glyph & columns);

    /* The second column of what is narrow there, or two characters. */
    if (b->cell[col].glyph & CELL_TRAIL && is_cut(caps, b, col - 1))
        return true;
    row_put_text(a, col, &x);
    if (cut && cell_width(b->cell[col]) == 2 && a->cell[col + 1].glyph > ' ')
        row_put_text(a, col + 1, &x);
    put_known_text(caps, b, col, &y);
    same = same && x.len == y.len && (x.len == 0 || memcmp(x.data, y.data, x.len) == 0);
    buf_release(&x);
    buf_release(&y);
    return same;
}

static inline void check_emulator(const struct emulator *e, const struct caps *caps,
                                  const struct screen *want)
{
    const struct screen *got = emulator_screen(e);

    check_invariants(got);
    assert_int_equal(got->rows, want->rows);
    assert_int_equal(got->cols, want->cols);
    for (size_t row = 0; row < want->rows; row++) {
        for (size_t col = 0; col < want->cols; col++)
            if (!look_the_same(caps, got->row[row], want, row, col))
                fail_msg("row %zu, column %zu", row, col);
        if (got->row[row]->wrapped != want->row[row]->wrapped && !ends_cut(caps, want->row[row]))
            fail_msg("row %zu: wrapped is not %d", row, want->row[row]->wrapped);
        if (caps->prompt_marks && (got->row[row]->marks != want->row[row]->marks ||
                                   got->row[row]->input != want->row[row]->input))
            fail_msg("row %zu: other marks", row);
    }
    assert_int_equal(got->cursor_row, want->cursor_row);
    assert_int_equal(got->cursor_col, want->cursor_col);
    assert_int_equal(got->cursor_visible, want->cursor_visible);
    assert_true(is_reduced(caps, want, got->pool, &got->pen, &want->pen));
    assert_int_equal(got->reverse_video, want->reverse_video);
    assert_int_equal(got->bracketed_paste, want->bracketed_paste);
    assert_int_equal(got->focus_reporting, want->focus_reporting);
    assert_int_equal(got->alternate_scroll, want->alternate_scroll);
    assert_true(modelist_equal(&got->mouse_reporting, &want->mouse_reporting));
    assert_true(modelist_equal(&got->mouse_encoding, &want->mouse_encoding));
    assert_int_equal(got->application_keypad, caps->keypad && want->application_keypad);
    assert_int_equal(got->kitty_flags, caps->kitty_keyboard ? want->kitty_flags : 0);
    assert_int_equal(got->modify_other_keys, caps->modify_other_keys ? want->modify_other_keys : 0);
    check_registers(caps, &got->registers, &want->registers);
    if (caps->title) {
        assert_true(same_text(got->window_title, want->window_title));
        assert_true(same_text(got->icon_name, want->icon_name));
    }
}

#endif
