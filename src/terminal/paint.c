/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/paint.h"

#include "terminal/cluster.h"
#include "terminal/contested.h"
#include "terminal/reduce.h"
#include "terminal/shift.h"

/* Up to here spaces are shorter than ECH with the position that has to follow it. */
#define SPACES_MAX 4

static void put_introducer(struct paint *p)
{
    buf_append_byte(p->out, '\033');
    buf_append_byte(p->out, '[');
}

void paint_csi(struct paint *p, size_t n, char final)
{
    put_introducer(p);
    if (n != 1)
        buf_append_dec(p->out, n);
    buf_append_byte(p->out, (uint8_t) final);
}

void paint_csi2(struct paint *p, size_t m, size_t n, char final)
{
    put_introducer(p);
    buf_append_dec(p->out, m);
    buf_append_byte(p->out, ';');
    buf_append_dec(p->out, n);
    buf_append_byte(p->out, (uint8_t) final);
}

static void put_sgr(struct paint *p, const struct style *reduced)
{
    style_put_sgr(reduced, reduce_form(p->caps), p->out);
}

/* The pen is known. */
static void change_pen(struct paint *p, const struct style *reduced)
{
    if (p->caps->mirror || p->caps->colours >= 256)
        style_put_change(&p->pen, reduced, reduce_form(p->caps), p->out);
    else
        put_sgr(p, reduced);
}

/* Ended by BEL: a stock mirror would forget a pending wrap over ESC \. */
static void put_link(struct paint *p, uint32_t link)
{
    const struct text *text = pool_link(p->to->pool, link);

    buf_append_str(p->out, "\033]8;");
    if (text)
        buf_append(p->out, text->bytes, text->len);
    else
        buf_append_byte(p->out, ';');
    buf_append_byte(p->out, '\a');
}

void paint_set_pen(struct paint *p, const struct style *style)
{
    struct style reduced = reduce_style(p->caps, p->to->registers.palette, style);
    uint32_t link = p->pen.link;

    p->pen.link = reduced.link;
    if (!style_equal(&p->pen, &reduced))
        change_pen(p, &reduced);
    if (link != reduced.link)
        put_link(p, reduced.link);
    p->pen = reduced;
    p->pen_number = PAINT_NO_NUMBER;
}

void paint_reset_pen(struct paint *p)
{
    if (p->pen.link != 0)
        put_link(p, 0);
    p->pen = (struct style){0};
    p->pen_number = 0;
    put_sgr(p, &p->pen);
}

/* As paint_set_pen, for a style of the pool: most cells have the style of the one before. */
static void set_pen_number(struct paint *p, uint32_t number)
{
    if (number == p->pen_number)
        return;
    paint_set_pen(p, pool_style(p->to->pool, number));
    p->pen_number = number;
}

/* For cells that come in, or are erased, in a style of the pool. Mirrors look at the background
   alone; there are terminals that take more of the pen. */
static void set_erasing_pen(struct paint *p, uint32_t number)
{
    struct style style =
        reduce_style(p->caps, p->to->registers.palette, pool_style(p->to->pool, number));

    if (!p->caps->mirror || p->pen.background != style.background)
        set_pen_number(p, number);
}

void paint_prepare_scroll(struct paint *p)
{
    set_erasing_pen(p, 0);
}

void paint_set_cursor_visible(struct paint *p, bool visible)
{
    if (p->cursor_visible != visible)
        buf_append_str(p->out, visible ? "\033[?25h" : "\033[?25l");
    p->cursor_visible = visible;
}

void paint_times(struct paint *p, char byte, size_t count)
{
    while (count-- > 0)
        buf_append_byte(p->out, (uint8_t)byte);
}

/* The cursor went on by `width` columns, writing. */
static void advance(struct paint *p, size_t width)
{
    p->col += width;
    if (p->col >= p->to->cols)
        p->cursor = CURSOR_UNKNOWN;
}

/* Whether a receiver without mode 2027 gives a character other columns than ours, and so cannot
   have it as it is. */
static bool is_reduced(const struct paint *p, const struct row *r, size_t col)
{
    struct cell c = r->cell[col];
    struct cluster_text text;

    if (!(c.glyph & CELL_CLUSTER) || p->caps->clusters)
        return false;
    text = pool_cluster(r->pool, c.glyph);
    return !cluster_is_settled(text.bytes, text.len, cell_width(c));
}

static bool is_blank(const struct screen *shown, size_t row, size_t col, size_t width)
{
    static const struct cell blank;
    const struct cell *cell = shown->row[row]->cell + col;

    return cell_equal(cell[0], blank) && cell_equal(cell[width - 1], blank);
}

/* Both columns of a wide character are erased before it comes, unless they are. */
static void erase_under(struct paint *p, const struct row *r, size_t col)
{
    size_t width = cell_width(r->cell[col]), row = p->row;

    if (p->cursor != CURSOR_KNOWN ||
        (r->cell[col].style == 0 && is_blank(p->shown, p->row, col, width)))
        return;
    if (p->caps->erase_chars && (p->caps->back_color_erase || r->cell[col].style == 0)) {
        paint_csi(p, width, 'X');
    } else {
        paint_times(p, ' ', width);
        paint_csi2(p, row + 1, col + 1, 'H');
    }
}

/* What of a cluster such a receiver can show in the same columns. What it leaves of them is blank:
   a space, where the receiver is known to be at the second column then. Returns whether it surely
   is behind the cluster. */
static bool put_reduced(struct paint *p, const struct row *r, size_t col)
{
    size_t width = cell_width(r->cell[col]);
    struct cluster_text text = pool_cluster(r->pool, r->cell[col].glyph);
    struct cluster_part part = cluster_fitting(text.bytes, text.len, width);
    bool sure = p->caps->stock_widths && p->cursor == CURSOR_KNOWN && part.width == 1 &&
                width == 2 && !narrow_text_is_contested(text.bytes, part.len);

    if (part.width < width && !sure)
        erase_under(p, r, col);
    buf_append(p->out, text.bytes, part.len);
    if (sure)
        buf_append_byte(p->out, ' ');
    return sure;
}

/* Mode 2027 is set around what needs it. A client's mirror, which is told by caps_extended, has the
   cluster then as we have it. Returns whether the receiver surely gives it our columns. */
static bool put_cluster(struct paint *p, const struct row *r, size_t col)
{
    struct cell c = r->cell[col];
    struct cluster_text text = pool_cluster(r->pool, c.glyph);

    if (cluster_is_settled(text.bytes, text.len, cell_width(c))) {
        buf_append(p->out, text.bytes, text.len);
    } else if (is_reduced(p, r, col)) {
        return put_reduced(p, r, col);
    } else {
        buf_append_str(p->out, "\033[?2027h");
        buf_append(p->out, text.bytes, text.len);
        buf_append_str(p->out, "\033[?2027l");
    }
    return !cell_is_contested(r->pool, c);
}

/* Whether a character fits the rest of the row, whatever its width. */
static bool stays_in_row(const struct row *r, size_t col)
{
    struct cell c = r->cell[col];
    size_t len = 0;

    if (c.glyph & CELL_CLUSTER)
        len = pool_cluster(r->pool, c.glyph).len;
    return col + 2 + len < r->cols;
}

static void put_cell(struct paint *p, const struct row *r, size_t col)
{
    struct cell c = r->cell[col];
    bool sure;

    set_pen_number(p, c.style);
    if (c.glyph & CELL_CLUSTER) {
        sure = put_cluster(p, r, col);
    } else {
        row_put_text(r, col, p->out);
        sure = !cell_is_contested(r->pool, c);
    }
    advance(p, cell_width(c));
    if (!sure)
        p->cursor = stays_in_row(r, col) ? CURSOR_IN_ROW : CURSOR_UNKNOWN;
}

/* Whether the receiver has the character that shall be at `col`; a trail goes with its lead. */
static bool is_shown(const struct row *to, const struct row *shown, size_t col)
{
    return cell_equal(to->cell[col], shown->cell[col]);
}

/* The end of the stretch of erased cells of one style that begins at `col`; unless it reaches the
   end of the row, which is cheap to erase, without those at its end that are shown already. */
static size_t erased_end(const struct row *to, const struct row *shown, size_t col)
{
    struct cell first = to->cell[col];
    size_t end = col + 1;

    while (end < to->used && cell_equal(to->cell[end], first))
        end++;
    if (end >= to->used && cell_equal(first, (struct cell){0}))
        end = to->cols; /* all that follows is like this */
    if (end < to->cols)
        while (end > col + 1 && is_shown(to, shown, end - 1))
            end--;
    return end;
}

/* Erases columns [col, end) of a row to the style of the cell at `col`. */
static void put_erased(struct paint *p, size_t row, size_t col, size_t end)
{
    uint32_t style = p->to->row[row]->cell[col].style;
    bool erase_works = p->caps->back_color_erase || style == 0;

    bool to_end = end == p->to->cols;

    paint_move_hidden(p, row, col);
    if (erase_works && (to_end || (p->caps->erase_chars && end - col > SPACES_MAX))) {
        set_erasing_pen(p, style);
        if (to_end)
            buf_append_str(p->out, "\033[K");
        else
            paint_csi(p, end - col, 'X');
    } else {
        set_pen_number(p, style);
        paint_times(p, ' ', end - col);
        advance(p, end - col);
    }
}

/* Puts the first character of a row where the receiver, having filled the row above, will wrap to.
   Returns whether it surely did. */
static bool continue_line(struct paint *p, size_t row)
{
    p->row = row;
    p->col = 0;
    bool sure = !p->wrapping_contested && !is_reduced(p, p->to->row[row], 0);
    /* If not, it will be put again, and what is put now only makes the receiver wrap. */
    p->cursor = sure ? CURSOR_KNOWN : CURSOR_UNKNOWN;
    put_cell(p, p->to->row[row], 0);
    if (!sure)
        p->cursor = CURSOR_UNKNOWN;
    return sure;
}

/* The row was painted; `filled`: up to the last column, with that at the end. */
static void end_row(struct paint *p, const struct row *to, bool filled)
{
    size_t last = to->cols - 1u;

    if (last > 0 && to->cell[last].glyph & CELL_TRAIL)
        last--;
    /* What is not as wide there leaves no wrap pending. */
    p->wrapping = filled && to->wrapped && !is_reduced(p, to, last);
    if (p->wrapping)
        p->wrapping_contested =
            to->cell[last].glyph & CELL_CLUSTER || cell_is_contested(to->pool, to->cell[last]);
}

static bool is_ascii(struct cell c)
{
    return c.glyph >= 0x20 && c.glyph <= 0x7E;
}

/* Puts the ASCII character at `col` and those of its style that follow and are not shown, but for
   the last column, which has rules of its own. Returns where it stopped. */
static size_t put_ascii(struct paint *p, const struct row *to, const struct row *shown, size_t col)
{
    uint32_t style = to->cell[col].style;
    size_t end = col, last = to->cols - 1u;
    uint8_t *at;

    set_pen_number(p, style);
    buf_reserve(p->out, to->cols - col);
    at = p->out->data + p->out->len;
    do
        *at++ = (uint8_t)to->cell[end++].glyph;
    while (end < last && is_ascii(to->cell[end]) && to->cell[end].style == style &&
           !is_shown(to, shown, end));
    p->out->len += end - col;
    p->col += end - col;
    return end;
}

/* Shifts the end of a row where that spares writing it. Returns what the terminal shows then, which
   the caller lets go of, or NULL. */
static struct row *put_shift(struct paint *p, size_t row)
{
    struct shift shift;
    struct row *shifted;

    if (!p->caps->erase_chars || !shift_find(p->shown->row[row], p->to->row[row], &shift, &shifted))
        return NULL;
    paint_move_hidden(p, row, shift.col);
    set_erasing_pen(p, 0);
    paint_csi(p, shift.count, shift.insert ? '@' : 'P');
    return shifted;
}

static void paint_cells(struct paint *p, size_t row, const struct row *shown)
{
    const struct row *to = p->to->row[row];
    bool rewrap = to->wrapped != shown->wrapped;
    size_t col = 0, limit = to->used > shown->used ? to->used : shown->used;
    bool filled = false;

    if (p->wrapping && continue_line(p, row)) {
        col = cell_width(to->cell[0]);
        filled = col == to->cols;
    }
    while (col < limit) {
        size_t width = cell_width(to->cell[col]);
        bool last = col + width == to->cols;
        bool unsure = col == 0 && p->wrapping; /* put already, but who knows where */
        if (is_shown(to, shown, col) && !(last && rewrap) && !unsure) {
            col += width;
            if (col + 2 < limit)
                col = row_next_difference(to, shown, col, limit - 2);
        } else if (cell_is_erased(to->cell[col])) {
            size_t end = erased_end(to, shown, col);
            put_erased(p, row, col, end);
            col = end;
        } else {
            if (last && to->wrapped)
                p->cursor = CURSOR_UNKNOWN; /* whatever is believed, it will wrap from here */
            paint_move_hidden(p, row, col);
            if (!last && is_ascii(to->cell[col])) {
                col = put_ascii(p, to, shown, col);
                continue;
            }
            put_cell(p, to, col);
            filled = last;
            col += width;
        }
    }
    end_row(p, to, filled);
}

static void paint_row(struct paint *p, size_t row)
{
    struct row *shifted = p->wrapping ? NULL : put_shift(p, row);

    paint_cells(p, row, shifted ? shifted : p->shown->row[row]);
    if (shifted)
        row_unref(shifted);
}

/* The first of the rows at the bottom that shall be blank, or the number of rows, if erasing them
   one by one would be more than one. */
static size_t blank_from(const struct paint *p)
{
    size_t row = p->to->rows, differing = 0;

    while (row > 0 && p->to->row[row - 1]->used == 0 && p->to->row[row - 1]->marks == 0 &&
           p->to->row[row - 1]->input == 0) { /* erasing the screen takes marks away */
        row--;
        differing += p->shown->row[row]->used > 0;
    }
    return differing > 1 ? row : p->to->rows;
}

void paint_rows(struct paint *p)
{
    size_t end = blank_from(p);

    p->wrapping = false;
    for (size_t row = 0; row < end || (p->wrapping && row < p->to->rows); row++)
        if (p->wrapping || p->to->row[row] != p->shown->row[row])
            paint_row(p, row);
    if (end < p->to->rows) {
        paint_move_hidden(p, end, 0);
        set_erasing_pen(p, 0);
        buf_append_str(p->out, "\033[J");
    }
}
