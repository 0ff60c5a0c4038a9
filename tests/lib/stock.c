/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stock.h"

#include <stdlib.h>

#include "unit.h"
#include "util/utf8.h"
#include "util/width.h"
#include "util/xalloc.h"

#define PARAMS_MAX 24

static struct stock_cell *at(struct stock *s, size_t row, size_t col)
{
    assert_true(row < s->rows && col < s->cols);
    return &s->cell[row * s->cols + col];
}

void stock_init(struct stock *s, const struct caps *caps, size_t rows, size_t cols)
{
    *s = (struct stock){.caps = caps, .rows = rows, .cols = cols, .bottom = rows};
    s->mode[25] = true;
    s->cell = xcalloc(rows * cols, sizeof *s->cell);
    s->wrapped = xcalloc(rows, sizeof *s->wrapped);
}

void stock_release(struct stock *s)
{
    free(s->cell);
    free(s->wrapped);
    *s = (struct stock){0};
}

void stock_resize(struct stock *s, size_t rows, size_t cols)
{
    struct stock was = *s;

    s->rows = s->bottom = rows;
    s->cols = cols;
    s->top = 0;
    s->wrap_pending = false;
    s->cell = xcalloc(rows * cols, sizeof *s->cell);
    s->wrapped = xcalloc(rows, sizeof *s->wrapped);
    for (size_t row = 0; row < rows && row < was.rows; row++) {
        s->wrapped[row] = cols == was.cols && was.wrapped[row];
        for (size_t col = 0; col < cols && col < was.cols; col++)
            *at(s, row, col) = *at(&was, row, col);
    }
    s->row = s->row < rows ? s->row : rows - 1;
    s->col = s->col < cols ? s->col : cols - 1;
    s->mark_row = s->row;
    s->mark_col = s->col;
    free(was.cell);
    free(was.wrapped);
}

static void erase(struct stock *s, size_t row, size_t col)
{
    *at(s, row, col) = (struct stock_cell){0};
    if (s->caps->back_color_erase)
        at(s, row, col)->style = style_erased(&s->pen);
    if (col + 1 == s->cols)
        s->wrapped[row] = false;
}

static void erase_row(struct stock *s, size_t row)
{
    for (size_t col = 0; col < s->cols; col++)
        erase(s, row, col);
}

static void move_row(struct stock *s, size_t to, size_t from)
{
    memcpy(at(s, to, 0), at(s, from, 0), s->cols * sizeof *s->cell);
    s->wrapped[to] = s->wrapped[from];
}

/* One row of [top, bottom) leaves at the top, or at the bottom. */
static void scroll_up(struct stock *s, size_t top, size_t bottom)
{
    for (size_t row = top; row + 1 < bottom; row++)
        move_row(s, row, row + 1);
    erase_row(s, bottom - 1);
}

static void scroll_down(struct stock *s, size_t top, size_t bottom)
{
    for (size_t row = bottom - 1; row > top; row--)
        move_row(s, row, row - 1);
    erase_row(s, top);
}

static void place(struct stock *s, size_t row, size_t col)
{
    s->row = s->mark_row = row;
    s->col = s->mark_col = col;
    s->wrap_pending = false;
}

static void line_feed(struct stock *s)
{
    if (s->row + 1 == s->bottom)
        scroll_up(s, s->top, s->bottom);
    else if (s->row + 1 < s->rows)
        s->row++;
    place(s, s->row, s->col);
}

static void print_mark(struct stock *s, const char *utf8, size_t len)
{
    struct stock_cell *c = at(s, s->mark_row, s->mark_col);

    assert_true(c->text[0]); /* we always send a base character first */
    assert_true(strlen(c->text) < 32);
    strncat(c->text, utf8, len);
}

static void print(struct stock *s, uint32_t code)
{
    char utf8[UTF8_BYTES_MAX];
    size_t len = utf8_encode(code, utf8);
    int width = width_of(code);

    assert_true(width >= 0);
    if (width == 0) {
        print_mark(s, utf8, len);
        return;
    }
    if (s->wrap_pending) {
        s->wrapped[s->row] = true;
        s->col = 0;
        line_feed(s);
    }
    assert_true(s->col + (size_t)width <= s->cols);
    for (size_t i = 0; i < (size_t)width; i++)
        erase(s, s->row, s->col + i);
    struct stock_cell *c = at(s, s->row, s->col);
    memcpy(c->text, utf8, len);
    c->wide = width == 2;
    c->style = s->pen;
    s->mark_row = s->row;
    s->mark_col = s->col;
    s->col += (size_t)width;
    s->wrap_pending = s->col >= s->cols;
    if (s->wrap_pending)
        s->col = s->cols - 1;
}

static void control(struct stock *s, uint8_t byte)
{
    switch (byte) {
    case '\a':
        s->bells++;
        break;
    case '\b':
        place(s, s->row, s->col ? s->col - 1 : 0);
        break;
    case '\r':
        place(s, s->row, 0);
        break;
    case '\n':
        line_feed(s);
        break;
    default:
        fail_msg("control character %02x", byte);
    }
}

/* The colour that parameters `i` and on set, either the basic one or 38;5;n or 38;2;r;g;b. */
static uint32_t colour(const unsigned *params, size_t count, size_t *i, unsigned base)
{
    unsigned first = params[*i];

    if (first < base + 8)
        return COLOUR_INDEXED | (first - base);
    assert_true(first == base + 8 && *i + 2 < count);
    if (params[*i + 1] == 5) {
        *i += 2;
        assert_in_range(params[*i], 8, 255);
        return COLOUR_INDEXED | params[*i];
    }
    assert_int_equal(params[*i + 1], 2);
    assert_true(*i + 4 < count);
    *i += 4;
    return COLOUR_RGB | params[*i - 2] << 16 | params[*i - 1] << 8 | params[*i];
}

/* What takes attributes back. Stock has 22 for bold, and no faint. */
static bool take_back(struct stock *s, unsigned code)
{
    static const uint16_t attribute[30] = {[22] = STYLE_BOLD,
                                           [23] = STYLE_ITALIC,
                                           [25] = STYLE_BLINK,
                                           [27] = STYLE_INVERSE,
                                           [28] = STYLE_INVISIBLE};

    if (code == 0)
        s->pen = (struct style){0};
    else if (code == 24)
        s->pen.underline = UNDERLINE_NONE;
    else if (code < 30 && attribute[code])
        s->pen.attributes = (uint16_t)(s->pen.attributes & ~attribute[code]);
    else if (code == 39)
        s->pen.foreground = COLOUR_DEFAULT;
    else if (code == 49)
        s->pen.background = COLOUR_DEFAULT;
    else
        return false;
    return true;
}

static void select_graphic_rendition(struct stock *s, const unsigned *params, size_t count)
{
    static const uint16_t attribute[9] = {[1] = STYLE_BOLD,
                                          [3] = STYLE_ITALIC,
                                          [5] = STYLE_BLINK,
                                          [7] = STYLE_INVERSE,
                                          [8] = STYLE_INVISIBLE};

    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        if (take_back(s, params[i])) {
            /* a poor terminal may not know how; 0 alone comes first and for all */
            assert_true(s->caps->mirror || s->caps->colours >= 256 || (i == 0 && params[i] == 0));
        } else if (params[i] == 4) {
            s->pen.underline = UNDERLINE_SINGLE;
        } else if (params[i] < 9 && attribute[params[i]]) {
            s->pen.attributes |= attribute[params[i]];
        } else if (params[i] >= 30 && params[i] <= 38) {
            s->pen.foreground = colour(params, count, &i, 30);
        } else if (params[i] >= 40 && params[i] <= 48) {
            s->pen.background = colour(params, count, &i, 40);
        } else {
            fail_msg("SGR %u", params[i]);
        }
    }
}

/* Of mouse reports, and of their encodings, stock has one at a time: to set one ends the others,
   and to reset any ends all. */
static void clear_group_of(struct stock *s, unsigned mode)
{
    static const unsigned groups[][5] = {{9, 1000, 1001, 1002, 1003}, {1005, 1006, 1015}};

    for (size_t g = 0; g < 2; g++) {
        bool among = false;
        for (size_t i = 0; i < 5; i++)
            among |= groups[g][i] == mode;
        for (size_t i = 0; among && i < 5; i++)
            s->mode[groups[g][i]] = false;
    }
}

static void set_mode(struct stock *s, unsigned mode, bool on)
{
    static const unsigned known[] = {5,    25,   9,    1000, 1001, 1002, 1003,
                                     1004, 1005, 1006, 1015, 1007, 2004};
    size_t i = 0;

    while (i < sizeof known / sizeof *known && known[i] != mode)
        i++;
    assert_true(i < sizeof known / sizeof *known);
    clear_group_of(s, mode);
    s->mode[mode] = on;
}

/* CUP. The row alone means the first column. */
static void position(struct stock *s, const unsigned *params, size_t count)
{
    unsigned row = count > 0 ? params[0] : 1, col = count > 1 ? params[1] : 1;

    assert_true(count <= 2 && row >= 1 && row <= s->rows && col >= 1 && col <= s->cols);
    place(s, row - 1, col - 1);
}

/* CHA and CUF stay in the row. */
static void position_in_row(struct stock *s, char final, unsigned n)
{
    size_t col = final == 'G' ? n - 1 : s->col + n;

    assert_true(n >= 1 && col < s->cols);
    assert_true(final == 'G' || !s->wrap_pending); /* terminals disagree */
    place(s, s->row, col);
}

static void erase_display(struct stock *s, const unsigned *params, size_t count)
{
    assert_true(count == 0 || (count == 1 && params[0] == 2));
    if (count == 0) {
        assert_true(s->col == 0); /* whole rows, without a wrap pending */
        assert_false(s->wrap_pending);
    }
    for (size_t row = count ? 0 : s->row; row < s->rows; row++)
        erase_row(s, row);
    s->wrap_pending = false;
}

static void erase_in_row(struct stock *s, size_t end)
{
    assert_true(end <= s->cols);
    for (size_t col = s->col; col < end; col++)
        erase(s, s->row, col);
    s->wrap_pending = false;
}

/* IL and DL. */
static void shift_rows(struct stock *s, char final, unsigned n)
{
    assert_true(s->row >= s->top && s->row + n <= s->bottom);
    for (unsigned i = 0; i < n; i++)
        (final == 'L' ? scroll_down : scroll_up)(s, s->row, s->bottom);
    place(s, s->row, 0);
}

/* ICH and DCH. A wrap flag that has outlived what it meant goes with the last cell. */
static void shift_cells(struct stock *s, char final, unsigned n)
{
    struct stock_cell *first = at(s, s->row, s->col);
    size_t kept = s->cols - s->col - n;

    assert_true(s->col + n < s->cols && !s->wrap_pending);
    for (size_t col = s->col; col < s->cols; col++)
        assert_false(at(s, s->row, col)->wide); /* terminals disagree */
    if (final == '@')
        memmove(first + n, first, kept * sizeof *first);
    else
        memmove(first, first + n, kept * sizeof *first);
    for (size_t i = 0; i < n; i++)
        erase(s, s->row, final == '@' ? s->col + i : s->cols - n + i);
    s->wrapped[s->row] = false;
}

static void csi(struct stock *s, char final, const unsigned *params, size_t count)
{
    unsigned n = count ? params[0] : 1;

    assert_true(count <= 1 || strchr("Hrm", final));
    switch (final) {
    case 'H':
        position(s, params, count);
        break;
    case 'C':
    case 'G':
        position_in_row(s, final, n);
        break;
    case 'J':
        erase_display(s, params, count);
        break;
    case 'K':
        assert_int_equal(count, 0);
        erase_in_row(s, s->cols);
        break;
    case 'X':
        assert_true(s->caps->erase_chars);
        erase_in_row(s, s->col + n);
        break;
    case 'L':
    case 'M':
        shift_rows(s, final, n);
        break;
    case '@':
    case 'P':
        shift_cells(s, final, n);
        break;
    case 'r':
        assert_true(count == 0 || (count == 2 && params[0] >= 1 && params[0] < params[1] &&
                                   params[1] <= s->rows));
        s->top = count ? params[0] - 1 : 0;
        s->bottom = count ? params[1] : s->rows;
        place(s, 0, 0);
        break;
    case 'm':
        select_graphic_rendition(s, params, count);
        break;
    default:
        fail_msg("CSI %c", final);
    }
}

static const uint8_t *control_sequence(struct stock *s, const uint8_t *p, const uint8_t *end)
{
    unsigned params[PARAMS_MAX] = {0};
    size_t count = 0;
    bool private = p < end && *p == '?';

    p += private;
    while (p < end && *p >= '0' && *p <= '9') {
        assert_true(count < PARAMS_MAX);
        while (p < end && *p >= '0' && *p <= '9')
            params[count] = params[count] * 10 + (unsigned)(*p++ - '0');
        count++;
        if (p < end && *p == ';')
            assert_true(++p < end && *p >= '0' && *p <= '9');
    }
    assert_true(p < end);
    if (private) {
        assert_true(count == 1 && (*p == 'h' || *p == 'l'));
        set_mode(s, params[0], *p == 'h');
    } else {
        csi(s, (char)*p, params, count);
    }
    return p + 1;
}

/* Keeps `len` bytes as a string. */
static void keep(char kept[STOCK_TEXT_MAX + 1], const uint8_t *bytes, size_t len)
{
    assert_true(len <= STOCK_TEXT_MAX);
    memcpy(kept, bytes, len);
    kept[len] = 0;
}

static const uint8_t *command(struct stock *s, const uint8_t *p, const uint8_t *end)
{
    const uint8_t *bel = memchr(p, '\a', (size_t)(end - p));
    size_t len;

    assert_non_null(bel);
    len = (size_t)(bel - p);
    for (size_t i = 0; i < len; i++)
        assert_true(p[i] >= 0x20 && p[i] != 0x7F);
    if (len >= 5 && memcmp(p, "52;c;", 5) == 0) {
        keep(s->clipboard, p + 5, len - 5);
    } else {
        assert_true(s->caps->title && len >= 2 && p[0] >= '0' && p[0] <= '2' && p[1] == ';');
        if (p[0] != '1')
            keep(s->title, p + 2, len - 2);
        if (p[0] != '2')
            keep(s->icon, p + 2, len - 2);
    }
    return bel + 1;
}

void stock_write(struct stock *s, const uint8_t *bytes, size_t len)
{
    const uint8_t *p = bytes, *end;
    struct utf8_decoder decoder = {0};
    uint32_t code;

    if (len == 0) /* then there need be no bytes to point to */
        return;
    end = bytes + len;

    assert_true(utf8_valid(bytes, len));
    while (p < end) {
        if (*p == '\033') {
            assert_true(++p < end && (*p == '[' || *p == ']'));
            p = *p == '[' ? control_sequence(s, p + 1, end) : command(s, p + 1, end);
        } else if (*p < 0x20) {
            control(s, *p++);
        } else {
            enum utf8_result result;
            do {
                assert_true(p < end);
                result = utf8_feed(&decoder, *p++, &code);
            } while (result == UTF8_MORE);
            assert_int_equal(result, UTF8_DONE);
            print(s, code);
        }
    }
    /* What holds at the end of every diff. */
    assert_true(s->top == 0 && s->bottom == s->rows);
}
