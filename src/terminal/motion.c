/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/paint.h"
#include "terminal/reduce.h"

/*
 * The ways from one place to another. All of them, but writing over, are functions that terminals
 * and stock mirrors agree on, and of those that are as short the first one is taken.
 *
 * While a wrap may be pending, or the column is not sure, only those are used that begin with an
 * absolute position in the row: CR, CHA and CUP.
 */
enum way {
    WAY_TO_MARGIN, /* CR if need be, and line feeds */
    WAY_BACK,      /* backspaces */
    WAY_OVER,      /* forward by writing what is there already */
    WAY_FORWARD,   /* CUF */
    WAY_IN_ROW,    /* CHA */
    WAY_LINES,     /* line feeds in the same column */
    WAY_ABSOLUTE,  /* CUP */
};

static size_t digits(size_t n)
{
    return n < 10 ? 1 : n < 100 ? 2 : n < 1000 ? 3 : 4;
}

/* Bytes of CSI n final, where 1 need not be said. */
static size_t csi_cost(size_t n)
{
    return n == 1 ? 3 : 3 + digits(n);
}

static size_t absolute_cost(size_t row, size_t col)
{
    if (col > 0)
        return 4 + digits(row + 1) + digits(col + 1);
    return row == 0 ? 3 : 3 + digits(row + 1);
}

/* Whether the pen is as that of a cell. */
static bool has_pen_of(const struct paint *p, struct cell c)
{
    struct style style;

    if (c.style == p->pen_number)
        return true;
    if (p->pen_number != PAINT_NO_NUMBER)
        return false;
    style = reduce_style(p->caps, p->to->registers.palette, pool_style(p->to->pool, c.style));
    return style_equal(&style, &p->pen);
}

/* What costs a byte a column must be ASCII, and look as the pen is. */
static bool can_write_over(const struct paint *p, size_t from, size_t to)
{
    const struct cell *cell = p->to->row[p->row]->cell;

    for (size_t col = from; col < to; col++)
        if (cell[col].glyph < 0x20 || cell[col].glyph > 0x7E || cell[col].style != cell[from].style)
            return false;
    return has_pen_of(p, cell[from]);
}

struct choice {
    enum way way;
    size_t cost;
};

static void consider(struct choice *best, enum way way, size_t bytes)
{
    if (bytes < best->cost)
        *best = (struct choice){.way = way, .cost = bytes};
}

static void consider_row(const struct paint *p, size_t col, struct choice *best)
{
    if (p->cursor == CURSOR_KNOWN && col < p->col) {
        consider(best, WAY_BACK, p->col - col);
    } else if (p->cursor == CURSOR_KNOWN) {
        size_t columns = col - p->col;
        if (columns <= PAINT_OVER_MAX && can_write_over(p, p->col, col))
            consider(best, WAY_OVER, columns);
        consider(best, WAY_FORWARD, csi_cost(columns));
    }
    consider(best, WAY_IN_ROW, csi_cost(col + 1));
}

/* The cursor is not there. Of equals the one that is considered first. */
static enum way shortest_way(const struct paint *p, size_t row, size_t col)
{
    enum { SHORTER_THAN_ANY_SEQUENCE = 2 };
    bool known = p->cursor == CURSOR_KNOWN;
    struct choice best;

    if (p->cursor == CURSOR_UNKNOWN || row < p->row)
        return WAY_ABSOLUTE;
    if (col == 0 && row - p->row < SHORTER_THAN_ANY_SEQUENCE)
        return WAY_TO_MARGIN;
    best = (struct choice){.way = WAY_ABSOLUTE, .cost = absolute_cost(row, col) + 1};
    if (col == 0)
        consider(&best, WAY_TO_MARGIN, (p->col > 0 || !known) + row - p->row);
    if (row == p->row)
        consider_row(p, col, &best);
    else if (known && col == p->col && p->caps->mirror) /* a terminal may be in newline mode */
        consider(&best, WAY_LINES, row - p->row);
    return best.way;
}

static void put_absolute(struct paint *p, size_t row, size_t col)
{
    if (col > 0)
        paint_csi2(p, row + 1, col + 1, 'H');
    else
        paint_csi(p, row + 1, 'H');
}

static void go(struct paint *p, enum way way, size_t row, size_t col)
{
    switch (way) {
    case WAY_TO_MARGIN:
        if (p->col > 0 || p->cursor != CURSOR_KNOWN)
            buf_append_byte(p->out, '\r');
        paint_times(p, '\n', row - p->row);
        break;
    case WAY_BACK:
        paint_times(p, '\b', p->col - col);
        break;
    case WAY_OVER:
        for (size_t at = p->col; at < col; at++)
            buf_append_byte(p->out, (uint8_t)p->to->row[row]->cell[at].glyph);
        break;
    case WAY_LINES:
        paint_times(p, '\n', row - p->row);
        break;
    case WAY_FORWARD:
        paint_csi(p, col - p->col, 'C');
        break;
    case WAY_IN_ROW:
        paint_csi(p, col + 1, 'G');
        break;
    default:
        put_absolute(p, row, col);
    }
    p->cursor = CURSOR_KNOWN;
    p->row = row;
    p->col = col;
}

static bool is_at(const struct paint *p, size_t row, size_t col)
{
    return p->cursor == CURSOR_KNOWN && p->row == row && p->col == col;
}

void paint_move(struct paint *p, size_t row, size_t col)
{
    if (!is_at(p, row, col))
        go(p, shortest_way(p, row, col), row, col);
}

/* Nobody looks at a mirror before the frame is over. */
void paint_move_hidden(struct paint *p, size_t row, size_t col)
{
    enum way way;

    if (is_at(p, row, col))
        return;
    way = shortest_way(p, row, col);
    if (!p->caps->mirror && way != WAY_OVER)
        paint_set_cursor_visible(p, false);
    go(p, way, row, col);
}
