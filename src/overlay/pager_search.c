/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/pager_internal.h"

#include <string.h>

/*
 * Searching for plain text. A pattern without capitals stands for any case, of ASCII. Text that was
 * wrapped is one line, so a pattern may begin in one row and end in the next.
 */

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

static bool has_capitals(const struct pager_pattern *pattern)
{
    for (size_t i = 0; i < pattern->len; i++)
        if (pattern->bytes[i] >= 'A' && pattern->bytes[i] <= 'Z')
            return true;
    return false;
}

static bool begins_with(const uint8_t *text, const struct pager_pattern *pattern, bool exactly)
{
    if (exactly)
        return memcmp(text, pattern->bytes, pattern->len) == 0;
    for (size_t i = 0; i < pattern->len; i++)
        if (lower(text[i]) != (uint8_t)pattern->bytes[i])
            return false;
    return true;
}

/* Appends what rows say from a column on, until `enough` bytes more than the first row has are
   there; `*own` is how many that one has. */
static void line_text(const struct pager *p, int64_t position, size_t col, size_t enough,
                      struct buf *out, size_t *own)
{
    const struct row *r = pager_row(p, position);

    *own = SIZE_MAX;
    while (r) {
        for (; col < r->used; col++)
            row_put_text(r, col, out);
        if (*own == SIZE_MAX)
            *own = out->len;
        if (!r->wrapped || out->len >= *own + enough)
            break;
        col = 0;
        r = pager_row(p, ++position);
    }
    if (*own == SIZE_MAX)
        *own = 0;
}

/* Columns from `col` on that so many bytes of the text take, counted on through the rows behind. */
static size_t columns_of(const struct pager *p, int64_t position, size_t col, size_t bytes)
{
    const struct row *r = pager_row(p, position);
    struct buf text = {0};
    size_t base = 0;

    while (r && text.len < bytes) {
        if (col >= r->used) {
            base += r->used;
            col = 0;
            r = pager_row(p, ++position);
            continue;
        }
        row_put_text(r, col++, &text);
    }
    while (r && col < r->used && r->cell[col].glyph & CELL_TRAIL)
        col++;
    buf_release(&text);
    return base + col;
}

bool pager_find(const struct pager *p, int64_t position, size_t from, struct pager_match *match)
{
    const struct pager_pattern *pattern = &p->pattern;
    bool exactly = has_capitals(pattern), found = false;
    struct buf text = {0};
    size_t own;

    line_text(p, position, from, pattern->len, &text, &own);
    for (size_t i = 0; i < own && !found && i + pattern->len <= text.len; i++) {
        found = begins_with(text.data + i, pattern, exactly);
        if (found) {
            match->from = i == 0 ? from : columns_of(p, position, from, i);
            match->to = columns_of(p, position, match->from, pattern->len);
        }
    }
    buf_release(&text);
    return found;
}

static void conclude(struct pager *p, bool found)
{
    p->searching = false;
    p->found = found || p->found;
    p->not_found = !found;
    if (found) {
        p->match = p->at;
        pager_show(p, p->match);
    }
}

void pager_search_on(struct pager *p)
{
    struct pager_match match;

    for (; p->at >= pager_first(p) && p->at < pager_end(p); p->at += p->searching_up ? -1 : 1) {
        if (pager_is_missing(p, p->at))
            return;
        if (pager_find(p, p->at, 0, &match)) {
            conclude(p, true);
            return;
        }
    }
    conclude(p, false);
}

void pager_search(struct pager *p, bool upwards, bool anew)
{
    bool in_view = p->found && p->match >= p->top && p->match < pager_bottom(p);

    p->searching = true;
    p->searching_up = upwards;
    if (in_view && !anew)
        p->at = upwards ? p->match - 1 : p->match + 1;
    else
        p->at = upwards ? pager_bottom(p) - 1 : p->top;
    if (anew)
        p->found = false;
    pager_search_on(p);
}
