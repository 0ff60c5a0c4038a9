/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/row.h"

#include <assert.h>
#include <string.h>

#include "util/utf8.h"

struct row *row_new(struct pool *p, size_t cols)
{
    assert(cols >= 1 && cols <= UINT16_MAX);
    return pool_take_row(p, cols);
}

struct row *row_blank(struct pool *p, size_t cols, uint32_t style)
{
    struct row **shared = pool_blank_row(p);
    struct row *r = *shared;

    if (r && r->cols == cols && r->cell[0].style == style)
        return row_ref(r);
    r = row_new(p, cols);
    r->identity = 0;
    if (style != 0) {
        for (size_t col = 0; col < cols; col++)
            r->cell[col].style = style;
        r->used = r->cols;
    }
    *shared = r;
    return r;
}

bool row_equal(const struct row *a, const struct row *b)
{
    size_t used = a->used > b->used ? a->used : b->used;

    if (a == b)
        return true;
    return a->cols == b->cols && a->wrapped == b->wrapped && a->marks == b->marks &&
           a->input == b->input && memcmp(a->cell, b->cell, used * sizeof *a->cell) == 0;
}

/* From now on the row is somebody's, and no longer handed out as the blank one. */
static void adopt(struct row *r)
{
    struct row **shared = pool_blank_row(r->pool);

    if (r->identity != 0)
        return;
    r->identity = pool_new_identity(r->pool);
    if (*shared == r)
        *shared = NULL;
}

/* Two cells. GCC and Clang make something of it for every processor. */
typedef uint64_t vector __attribute__((vector_size(16)));

static inline vector difference(const struct cell *a, const struct cell *b)
{
    vector v, w;

    memcpy(&v, a, sizeof v);
    memcpy(&w, b, sizeof w);
    return v ^ w;
}

enum { STRIDE = 8 };

static inline bool strides_equal(const struct cell *a, const struct cell *b)
{
    vector other = (difference(a, b) | difference(a + 2, b + 2)) |
                   (difference(a + 4, b + 4) | difference(a + 6, b + 6));

    return (other[0] | other[1]) == 0;
}

size_t row_next_difference(const struct row *a, const struct row *b, size_t col, size_t end)
{
    while (col + STRIDE <= end && strides_equal(a->cell + col, b->cell + col))
        col += STRIDE;
    while (col < end && cell_equal(a->cell[col], b->cell[col]))
        col++;
    return col;
}

struct row *row_make_own(struct row **slot)
{
    struct row *r = *slot;
    struct row *copy;

    if (r->refs == 1) {
        adopt(r);
        return r;
    }
    copy = row_new(r->pool, r->cols);
    if (r->identity != 0)
        copy->identity = r->identity;
    copy->used = r->used;
    copy->wrapped = r->wrapped;
    copy->marks = r->marks;
    copy->input = r->input;
    memcpy(copy->cell, r->cell, r->used * sizeof *r->cell);
    row_unref(r);
    *slot = copy;
    return copy;
}

void row_wipe(struct row *r)
{
    memset(r->cell, 0, r->used * sizeof *r->cell);
    r->used = 0;
    r->wrapped = false;
    r->marks = 0;
    r->input = 0;
    r->identity = pool_new_identity(r->pool);
}

void row_erase_half(struct row *r, size_t col)
{
    uint32_t style = r->cell[col].style;

    r->cell[col] = (struct cell){
        .style = style == 0 ? 0 : pool_intern_erased(r->pool, pool_style(r->pool, style))};
    if (col + 1 == r->cols)
        r->wrapped = false;
}

void row_put_text(const struct row *r, size_t col, struct buf *out)
{
    uint32_t glyph = r->cell[col].glyph;
    uint32_t code = glyph & CELL_CODE_MASK;

    if (glyph & CELL_TRAIL)
        return;
    if (glyph & CELL_CLUSTER) {
        struct cluster_text text = pool_cluster(r->pool, glyph);
        buf_append(out, text.bytes, text.len);
    } else if (code < 0x80) {
        buf_append_byte(out, code ? (uint8_t)code : ' ');
    } else {
        char utf8[UTF8_BYTES_MAX];
        buf_append(out, utf8, utf8_encode(code, utf8));
    }
}
