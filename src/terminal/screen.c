/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/screen.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/smaller.h"
#include "util/xalloc.h"

bool screen_size_valid(int64_t rows, int64_t cols)
{
    return rows >= 1 && rows <= SCREEN_SIDE_MAX && cols >= 1 && cols <= SCREEN_SIDE_MAX &&
           rows * cols <= SCREEN_CELLS_MAX;
}

static struct row *blank_row(struct screen *s, const struct style *fill)
{
    return row_blank(s->pool, s->cols, pool_intern_erased(s->pool, fill));
}

static struct row **row_array(const struct screen *s)
{
    return s->row - s->row_offset;
}

/* An array with room for as many rows again; they are not there yet. */
static void new_row_array(struct screen *s, size_t rows)
{
    s->row_room = 2 * rows;
    s->row_offset = 0;
    s->row = xcalloc(s->row_room, sizeof *s->row);
}

/* The same for rows that are there, as many as stay. */
static void move_to_new_array(struct screen *s, size_t rows)
{
    struct row **array = row_array(s), **old = s->row;

    new_row_array(s, rows);
    memcpy(s->row, old, smaller(s->rows, rows) * sizeof *old);
    free(array);
}

void screen_init(struct screen *s, struct pool *pool, size_t rows, size_t cols)
{
    assert(screen_size_valid((int64_t)rows, (int64_t)cols));
    *s =
        (struct screen){.pool = pool_ref(pool), .rows = rows, .cols = cols, .cursor_visible = true};
    new_row_array(s, rows);
    for (size_t i = 0; i < rows; i++)
        s->row[i] = row_blank(pool, cols, 0);
}

void screen_release(struct screen *s)
{
    for (size_t i = 0; i < s->rows; i++)
        row_unref(s->row[i]);
    free(row_array(s));
    registers_release(&s->registers);
    text_unref(s->pen_link);
    events_unref(s->events);
    text_unref(s->icon_name);
    text_unref(s->window_title);
    text_unref(s->clipboard);
    pool_unref(s->pool);
    *s = (struct screen){0};
}

void screen_copy(struct screen *copy, const struct screen *s)
{
    *copy = *s;
    copy->row = xmalloc(s->rows * sizeof *s->row);
    copy->row_room = s->rows;
    copy->row_offset = 0;
    for (size_t i = 0; i < s->rows; i++)
        copy->row[i] = row_ref(s->row[i]);
    registers_copy(&copy->registers, &s->registers);
    text_ref(s->pen_link);
    events_ref(s->events);
    text_ref(s->icon_name);
    text_ref(s->window_title);
    text_ref(s->clipboard);
    pool_ref(s->pool);
}

size_t screen_footprint(const struct screen *s)
{
    size_t bytes = s->row_room * sizeof *s->row;

    size_t row_bytes = sizeof **s->row + s->cols * sizeof *s->row[0]->cell;

    for (size_t i = 0; i < s->rows; i++)
        bytes += 1 + row_bytes / s->row[i]->refs; /* rounded up */
    return bytes + events_footprint(s->events);
}

bool screen_equal(const struct screen *a, const struct screen *b)
{
    if (a->rows != b->rows || a->cols != b->cols || a->cursor_row != b->cursor_row ||
        a->cursor_col != b->cursor_col || a->cursor_visible != b->cursor_visible ||
        !style_equal(&a->pen, &b->pen) || a->reverse_video != b->reverse_video ||
        a->bracketed_paste != b->bracketed_paste || a->focus_reporting != b->focus_reporting ||
        a->alternate_scroll != b->alternate_scroll ||
        !modelist_equal(&a->mouse_reporting, &b->mouse_reporting) ||
        !modelist_equal(&a->mouse_encoding, &b->mouse_encoding) ||
        a->application_keypad != b->application_keypad || a->kitty_flags != b->kitty_flags ||
        a->modify_other_keys != b->modify_other_keys || a->bells != b->bells ||
        !text_equal(a->icon_name, b->icon_name) || !text_equal(a->window_title, b->window_title) ||
        !text_equal(a->clipboard, b->clipboard) || !registers_equal(&a->registers, &b->registers) ||
        events_newest(a->events) != events_newest(b->events))
        return false;
    for (size_t i = 0; i < a->rows; i++)
        if (a->row[i] != b->row[i] && !row_equal(a->row[i], b->row[i]))
            return false;
    return true;
}

void screen_set_link(struct screen *s, uint32_t link)
{
    s->pen.link = link;
    text_replace(&s->pen_link, text_ref(pool_link(s->pool, link)));
}

void screen_set_marks(struct screen *s, size_t row, uint8_t marks, uint16_t input)
{
    struct row *r;

    if (s->row[row]->marks == marks && s->row[row]->input == input)
        return;
    r = screen_row(s, row);
    r->marks = marks;
    r->input = input;
}

bool screen_input_start(const struct screen *s, size_t *row, size_t *col)
{
    for (size_t i = s->cursor_row + 1; i > 0; i--) {
        const struct row *r = s->row[i - 1];
        if (r->input > 0) {
            *row = i - 1;
            *col = r->input - 1u;
            return true;
        }
        if (r->marks != 0)
            return false;
    }
    return false;
}

static void clear_wrapped(struct screen *s, size_t row)
{
    if (s->row[row]->wrapped)
        screen_row(s, row)->wrapped = false;
}

void screen_set_wrapped(struct screen *s, size_t row)
{
    assert(row < s->rows);
    if (row + 1 < s->rows && !cell_is_erased(s->row[row]->cell[s->cols - 1]))
        screen_row(s, row)->wrapped = true;
}

/* Fills [from, to) with erased cells; no wide character may reach across its ends. */
static void fill_erased(struct row *r, size_t from, size_t to, uint32_t style)
{
    if (style == 0) {
        memset(r->cell + from, 0, (to - from) * sizeof *r->cell);
        if (to >= r->used)
            r->used = (uint16_t)smaller(r->used, from);
        if (to == r->cols)
            r->wrapped = false;
        return;
    }
    for (size_t col = from; col < to; col++)
        r->cell[col] = (struct cell){.style = style};
    row_extend(r, to);
}

void screen_erase(struct screen *s, size_t row, size_t from, size_t to, const struct style *fill)
{
    struct row *r;

    assert(row < s->rows && from <= to && to <= s->cols);
    if (from == to)
        return;
    if (from == 0 && to == s->cols) {
        const struct row marked = {.marks = s->row[row]->marks, .input = s->row[row]->input};
        r = blank_row(s, fill);
        row_unref(s->row[row]);
        s->row[row] = r;
        screen_set_marks(s, row, marked.marks, marked.input);
        return;
    }
    r = screen_row(s, row);
    fill_erased(r, from - row_cuts(r, from), to + row_cuts(r, to),
                pool_intern_erased(s->pool, fill));
}

void screen_put(struct screen *s, size_t row, size_t col, uint32_t glyph, uint32_t style)
{
    struct row *r = screen_row(s, row);
    size_t end = col + (glyph & CELL_WIDE ? 2 : 1);
    bool cuts_left, cuts_right;

    assert(end <= s->cols);
    cuts_left = row_cuts(r, col);
    cuts_right = row_cuts(r, end);
    r->cell[col] = (struct cell){.glyph = glyph, .style = style};
    if (glyph & CELL_WIDE)
        r->cell[col + 1] = (struct cell){.glyph = CELL_TRAIL, .style = style};
    row_extend(r, end);
    /* Only now is `style` held by a row and safe from what erase_half may intern. */
    if (cuts_left)
        row_erase_half(r, col - 1);
    if (cuts_right)
        row_erase_half(r, end);
}

void screen_insert_cells(struct screen *s, size_t row, size_t col, size_t count,
                         const struct style *fill)
{
    struct row *r;

    assert(col < s->cols);
    count = smaller(count, s->cols - col);
    if (count == 0)
        return;
    r = screen_row(s, row);
    row_split(r, col);
    row_split(r, s->cols - count);
    memmove(r->cell + col + count, r->cell + col, (s->cols - col - count) * sizeof *r->cell);
    if (r->used > col)
        r->used = (uint16_t)smaller(r->used + count, s->cols);
    r->wrapped = false;
    fill_erased(r, col, col + count, pool_intern_erased(s->pool, fill));
}

void screen_delete_cells(struct screen *s, size_t row, size_t col, size_t count,
                         const struct style *fill)
{
    struct row *r;

    assert(col < s->cols);
    count = smaller(count, s->cols - col);
    if (count == 0)
        return;
    r = screen_row(s, row);
    row_split(r, col);
    row_split(r, col + count);
    memmove(r->cell + col, r->cell + col + count, (s->cols - col - count) * sizeof *r->cell);
    r->wrapped = false;
    fill_erased(r, s->cols - count, s->cols, pool_intern_erased(s->pool, fill));
}

/* A blank row for one that leaves the screen: the same, if nobody else refers to it. */
static struct row *replace_row(struct screen *s, struct row *leaving, const struct style *fill)
{
    if (row_is_own(leaving) && pool_intern_erased(s->pool, fill) == 0) {
        row_wipe(leaving);
        return leaving;
    }
    row_unref(leaving);
    return blank_row(s, fill);
}

/* Moves the whole screen up in its array; false if that has no room. The pointers go back to its
   beginning once in as many lines as there are rows. */
static inline bool slide_up(struct screen *s, size_t shift)
{
    if (s->rows + shift > s->row_room)
        return false;
    if (s->row_offset + s->rows + shift > s->row_room) {
        struct row **array = row_array(s);
        memmove(array, s->row, s->rows * sizeof *array);
        s->row = array;
        s->row_offset = 0;
    }
    s->row += shift;
    s->row_offset += shift;
    return true;
}

/* Moves what stays of rows [top, bottom). */
static void move_rows(struct screen *s, size_t top, size_t bottom, bool up, size_t shift)
{
    struct row **first = s->row + top;
    size_t stay = bottom - top - shift;

    if (up && stay + shift == s->rows && slide_up(s, shift))
        return;
    memmove(up ? first : first + shift, up ? first + shift : first, stay * sizeof *first);
}

void screen_scroll(struct screen *s, size_t top, size_t bottom, int64_t count,
                   const struct style *fill)
{
    bool up = count > 0;
    size_t shift = smaller((size_t)(up ? count : -count), bottom - top);
    size_t leaving = up ? top : bottom - shift, coming = up ? bottom - shift : top;
    struct row *blank;

    assert(top < bottom && bottom <= s->rows);
    if (shift == 0)
        return;
    blank = replace_row(s, s->row[leaving], fill);
    for (size_t i = 1; i < shift; i++)
        row_unref(s->row[leaving + i]);
    move_rows(s, top, bottom, up, shift);
    s->row[coming] = blank;
    for (size_t i = 1; i < shift; i++)
        s->row[coming + i] = blank_row(s, fill);
    clear_wrapped(s, s->rows - 1);
}

void screen_scroll_line(struct screen *s, size_t top, size_t bottom, const struct style *fill)
{
    struct row *leaving = s->row[top];

    assert(top < bottom && bottom <= s->rows);
    if (!row_is_own(leaving) || pool_intern_erased(s->pool, fill) != 0) {
        screen_scroll(s, top, bottom, 1, fill);
        return;
    }
    row_wipe(leaving);
    if (bottom - top < s->rows || !slide_up(s, 1))
        memmove(s->row + top, s->row + top + 1, (bottom - top - 1) * sizeof *s->row);
    s->row[bottom - 1] = leaving;
}

void screen_swap_rows(struct screen *a, struct screen *b)
{
    struct row **row = a->row;
    size_t offset = a->row_offset, room = a->row_room;

    assert(a->rows == b->rows && a->cols == b->cols);
    a->row = b->row;
    a->row_offset = b->row_offset;
    a->row_room = b->row_room;
    b->row = row;
    b->row_offset = offset;
    b->row_room = room;
    if (a->row_room < 2 * a->rows)
        move_to_new_array(a, a->rows);
}

/* A row of another width with the same text and identity. */
static struct row *row_of_width(const struct row *old, size_t cols, uint32_t fill_style)
{
    struct row *r = row_new(old->pool, cols);
    size_t kept = smaller(old->cols, cols);

    if (old->identity != 0)
        r->identity = old->identity;
    if (row_cuts(old, cols))
        kept--;
    memcpy(r->cell, old->cell, kept * sizeof *r->cell);
    r->used = (uint16_t)smaller(old->used, kept);
    r->marks = old->marks;
    r->input = old->input <= cols ? old->input : 0;
    if (kept < cols && fill_style != 0)
        fill_erased(r, kept, cols, fill_style);
    return r;
}

static void change_width(struct screen *s, size_t cols, const struct style *fill)
{
    s->cols = cols;
    for (size_t i = 0; i < s->rows; i++) {
        struct row *old = s->row[i];
        uint32_t style = pool_intern_erased(s->pool, fill);
        if (old->identity == 0 && old->cell[0].style == style)
            s->row[i] = row_blank(s->pool, cols, style);
        else
            s->row[i] = row_of_width(old, cols, style);
        row_unref(old);
    }
}

static void change_height(struct screen *s, size_t rows, const struct style *fill)
{
    for (size_t i = rows; i < s->rows; i++)
        row_unref(s->row[i]);
    move_to_new_array(s, rows);
    for (size_t i = s->rows; i < rows; i++)
        s->row[i] = blank_row(s, fill);
    s->rows = rows;
    clear_wrapped(s, rows - 1);
}

void screen_resize(struct screen *s, size_t rows, size_t cols, const struct style *fill)
{
    assert(screen_size_valid((int64_t)rows, (int64_t)cols));
    if (cols != s->cols)
        change_width(s, cols, fill);
    if (rows != s->rows)
        change_height(s, rows, fill);
    s->cursor_row = smaller(s->cursor_row, rows - 1);
    s->cursor_col = smaller(s->cursor_col, cols - 1);
}

size_t screen_rows_above(const struct screen *s, size_t rows)
{
    return s->cursor_row < rows ? 0 : s->cursor_row - rows + 1;
}

size_t screen_keep_cursor(struct screen *s, size_t rows)
{
    static const struct style plain = {0};
    size_t above = screen_rows_above(s, rows);

    if (above > 0)
        screen_scroll(s, 0, s->rows, (int64_t)above, &plain);
    s->cursor_row -= above;
    return above;
}
