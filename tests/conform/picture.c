/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "picture.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/xalloc.h"

void picture_release(struct picture *p)
{
    free(p->cell);
    *p = (struct picture){0};
}

void picture_resize(struct picture *p, size_t rows, size_t cols)
{
    picture_release(p);
    p->rows = rows;
    p->cols = cols;
    p->cell = xcalloc(rows * cols, sizeof *p->cell);
    for (size_t i = 0; i < rows * cols; i++)
        p->cell[i].text[0] = ' ';
}

static void take_cell(struct picture_cell *to, const struct screen *s, size_t row, size_t col)
{
    const struct row *r = s->row[row];
    const struct style *style = pool_style(s->pool, r->cell[col].style);
    struct buf text = {0};

    row_put_text(r, col, &text);
    size_t len = text.len < PICTURE_TEXT_MAX ? text.len : PICTURE_TEXT_MAX - 1;
    if (len > 0)
        memcpy(to->text, text.data, len);
    to->text[len] = 0;
    buf_release(&text);
    to->foreground = style->foreground;
    to->background = style->background;
    to->attributes = style->attributes;
    to->underline = style->underline;
}

void picture_take(struct picture *p, const struct screen *s)
{
    picture_resize(p, s->rows, s->cols);
    for (size_t row = 0; row < s->rows; row++) {
        for (size_t col = 0; col < s->cols; col++)
            take_cell(picture_at(p, row, col), s, row, col);
    }
    p->cursor_row = s->cursor_row;
    p->cursor_col = s->cursor_col;
    p->cursor_visible = s->cursor_visible;
    p->reverse_video = s->reverse_video;
}

/* Whether nothing of a blank's foreground can be seen. */
static bool ink_is_invisible(const struct picture_cell *c)
{
    return strcmp(c->text, " ") == 0 && c->underline == UNDERLINE_NONE &&
           (c->attributes & (STYLE_INVERSE | STYLE_STRUCK | STYLE_OVERLINE)) == 0;
}

static bool style_same(const struct picture_cell *a, const struct picture_cell *b, uint16_t mask)
{
    if (a->background != b->background)
        return false;
    if (ink_is_invisible(a) && ink_is_invisible(b))
        return true;
    return a->foreground == b->foreground && (a->attributes & mask) == (b->attributes & mask) &&
           (a->underline != UNDERLINE_NONE) == (b->underline != UNDERLINE_NONE);
}

static void style_words(const struct picture_cell *c, char *out, size_t size)
{
    static const char *const names[] = {"bold",    "faint",     "italic", "blink",
                                        "inverse", "invisible", "struck", "overline"};
    static const char *const underlines[] = {"",      "underline", "double-underline",
                                             "curly", "dotted",    "dashed"};
    const struct {
        const char *name;
        uint32_t colour;
    } colours[] = {{"fg", c->foreground}, {"bg", c->background}};
    size_t len = 0;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (c->attributes >> i & 1)
            len += (size_t)snprintf(out + len, size - len, " %s", names[i]);
    }
    if (c->underline && c->underline < sizeof underlines / sizeof *underlines)
        len += (size_t)snprintf(out + len, size - len, " %s", underlines[c->underline]);
    for (size_t i = 0; i < sizeof colours / sizeof *colours; i++) {
        uint32_t value = COLOUR_VALUE(colours[i].colour);
        if (COLOUR_KIND(colours[i].colour) == COLOUR_INDEXED)
            len += (size_t)snprintf(out + len, size - len, " %s=%" PRIu32, colours[i].name, value);
        else if (COLOUR_KIND(colours[i].colour) == COLOUR_RGB)
            len +=
                (size_t)snprintf(out + len, size - len, " %s=#%06" PRIx32, colours[i].name, value);
    }
    if (len == 0)
        snprintf(out, size, " plain");
}

const char *picture_difference(const struct picture *a, const struct picture *b, unsigned parts,
                               uint16_t attributes)
{
    static char said[512];
    char a_words[128], b_words[128];

    if (a->rows != b->rows || a->cols != b->cols) {
        snprintf(said, sizeof said, "size %zux%zu, %zux%zu", a->rows, a->cols, b->rows, b->cols);
        return said;
    }
    for (size_t i = 0; i < a->rows * a->cols; i++) {
        const struct picture_cell *ca = &a->cell[i], *cb = &b->cell[i];
        size_t row = i / a->cols + 1, col = i % a->cols + 1;
        if ((parts & PICTURE_TEXT) && strcmp(ca->text, cb->text) != 0) {
            snprintf(said, sizeof said, "at %zu;%zu \"%s\", \"%s\"", row, col, ca->text, cb->text);
            return said;
        }
        if ((parts & PICTURE_STYLE) && !style_same(ca, cb, attributes)) {
            style_words(ca, a_words, sizeof a_words);
            style_words(cb, b_words, sizeof b_words);
            snprintf(said, sizeof said, "at %zu;%zu%s,%s", row, col, a_words, b_words);
            return said;
        }
    }
    if ((parts & PICTURE_CURSOR) &&
        (a->cursor_row != b->cursor_row || a->cursor_col != b->cursor_col)) {
        snprintf(said, sizeof said, "cursor at %zu;%zu, %zu;%zu", a->cursor_row + 1,
                 a->cursor_col + 1, b->cursor_row + 1, b->cursor_col + 1);
        return said;
    }
    return NULL;
}

static bool cell_is_plain(const struct picture_cell *c)
{
    static const struct picture_cell plain = {.text = " "};

    return style_same(c, &plain, 0xFFFF) &&
           (c->text[0] == ' ' || ink_is_invisible(c) ||
            (c->foreground == 0 && c->attributes == 0 && c->underline == 0));
}

static size_t row_end(const struct picture *p, size_t row)
{
    size_t end = p->cols;

    while (end > 0 && strcmp(picture_at(p, row, end - 1)->text, " ") == 0)
        end--;
    return end;
}

static void print_row(const struct picture *p, size_t row, struct buf *out)
{
    size_t end = row_end(p, row);

    buf_append_str(out, "|");
    for (size_t col = 0; col < end; col++)
        buf_append_str(out, picture_at(p, row, col)->text);
    buf_append_str(out, "\n");
}

/* The runs of columns that have a style of their own. */
static void print_styles(const struct picture *p, size_t row, struct buf *out)
{
    size_t from = 0;

    while (from < p->cols) {
        const struct picture_cell *first = picture_at(p, row, from);
        char words[128], line[192];
        size_t to = from + 1;
        while (to < p->cols && style_same(first, picture_at(p, row, to), 0xFFFF) &&
               cell_is_plain(first) == cell_is_plain(picture_at(p, row, to)) &&
               first->underline == picture_at(p, row, to)->underline)
            to++;
        if (!cell_is_plain(first)) {
            style_words(first, words, sizeof words);
            snprintf(line, sizeof line, "%zu:%zu-%zu%s\n", row + 1, from + 1, to, words);
            buf_append_str(out, line);
        }
        from = to;
    }
}

void picture_print(const struct picture *p, struct buf *out)
{
    size_t rows = p->rows;
    char line[96];

    while (rows > 0 && row_end(p, rows - 1) == 0)
        rows--;
    for (size_t row = 0; row < rows; row++)
        print_row(p, row, out);
    for (size_t row = 0; row < p->rows; row++)
        print_styles(p, row, out);
    snprintf(line, sizeof line, "cursor %zu;%zu%s%s\n", p->cursor_row + 1, p->cursor_col + 1,
             p->cursor_visible ? "" : " hidden", p->reverse_video ? " reverse-video" : "");
    buf_append_str(out, line);
}
