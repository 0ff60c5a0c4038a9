/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/pager_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "util/utf8.h"
#include "util/width.h"

static const struct style plain;
static const struct style faint = {.attributes = STYLE_FAINT};
static const struct style prompt_style = {.attributes = STYLE_INVERSE};

/* A row of another width with the same identity, so that the display sees what scrolls. */
static void copy_row(struct screen *frame, size_t row, const struct row *source)
{
    size_t used = source->used < frame->cols ? source->used : frame->cols;
    struct row *r;

    screen_erase(frame, row, 0, frame->cols, &plain);
    if (used == 0)
        return;
    r = screen_row(frame, row);
    memcpy(r->cell, source->cell, used * sizeof *r->cell);
    r->used = (uint16_t)used;
    r->identity = source->identity;
    /* cppcheck-suppress knownConditionTrueFalse ; it is so where the frame is narrower */
    if (used < source->used && source->cell[used].glyph & CELL_TRAIL)
        r->cell[used - 1] = (struct cell){.style = r->cell[used - 1].style};
}

/* A wide character has both its columns in one style: from and to are cut to whole ones. */
static void highlight(struct screen *frame, size_t row, size_t from, size_t to)
{
    struct row *r = screen_row(frame, row);

    if (to > r->used)
        to = r->used;
    for (size_t col = from; col < to; col++) {
        struct style style = *pool_style(frame->pool, r->cell[col].style);
        style.attributes ^= STYLE_INVERSE;
        r->cell[col].style = pool_intern_style(frame->pool, &style);
    }
}

static void highlight_matches(const struct pager *p, struct screen *frame, size_t row,
                              int64_t position)
{
    const struct row *source = pager_row(p, position);
    struct pager_match match;
    size_t from = 0;

    while (pager_find(p, position, from, &match) && match.to > from) {
        highlight(frame, row, match.from, match.to);
        if (match.to > source->used && row + 1 < frame->rows)
            highlight(frame, row + 1, 0, match.to - source->used);
        from = match.to;
    }
}

static void draw_missing(struct screen *frame, size_t row)
{
    screen_erase(frame, row, 0, frame->cols, &plain);
    screen_put_ascii(frame, row, 0, (const uint8_t *)"...", frame->cols < 3 ? frame->cols : 3,
                     pool_intern_style(frame->pool, &faint));
}

static void draw_rows(const struct pager *p, struct screen *frame)
{
    for (size_t row = 1; row < frame->rows; row++) {
        int64_t position = p->top + (int64_t)row - 1;
        const struct row *source = pager_row(p, position);
        if (source)
            copy_row(frame, row, source);
        else if (position < 0 && pager_is_missing(p, position) && position >= pager_first(p))
            draw_missing(frame, row);
        else
            screen_erase(frame, row, 0, frame->cols, &plain);
    }
    for (size_t row = 1; row + 1 < frame->rows; row++) {
        const struct row *source = pager_row(p, p->top + (int64_t)row - 1);
        if (source && source->wrapped && source->used == frame->cols)
            screen_set_wrapped(frame, row);
    }
    for (size_t row = 1; row < frame->rows && p->found && p->pattern.len > 0; row++)
        highlight_matches(p, frame, row, p->top + (int64_t)row - 1);
}

/* The columns that text takes, a character of no width none. */
static size_t columns_of(const uint8_t *at, const uint8_t *end)
{
    size_t columns = 0;

    while (at < end) {
        int width = width_of(utf8_decode(&at));
        columns += width > 0 ? (size_t)width : 0;
    }
    return columns;
}

/* What is typed, on the last row; its end, if there is no room for all and the cursor. */
static void draw_prompt(const struct pager *p, struct screen *frame)
{
    size_t row = frame->rows - 1, col = 1;
    uint32_t style = pool_intern_style(frame->pool, &prompt_style);
    const uint8_t *at = (const uint8_t *)p->typed.bytes, *end = at + p->typed.len;

    screen_erase(frame, row, 0, frame->cols, &plain);
    screen_put_ascii(frame, row, 0, (const uint8_t *)&p->prompt, 1, style);
    while (at < end && col + columns_of(at, end) >= frame->cols)
        utf8_decode(&at);
    while (at < end) {
        uint32_t code = utf8_decode(&at);
        int width = width_of(code);
        if (width < 1)
            continue;
        screen_put(frame, row, col, width == 2 ? code | CELL_WIDE : code, style);
        col += (size_t)width;
    }
    frame->cursor_row = row;
    frame->cursor_col = col < frame->cols ? col : frame->cols - 1;
    frame->cursor_visible = true;
}

/* The mouse is the terminal's again, to select with, and its wheel moves the view where it sends
   arrows for it. */
static void set_modes(struct screen *frame)
{
    frame->mouse_reporting = (struct modelist){0};
    frame->application_keypad = false;
    frame->focus_reporting = false;
    frame->alternate_scroll = true;
    frame->bracketed_paste = true;
    frame->kitty_flags = 0;
    frame->modify_other_keys = 0;
    frame->cursor_row = frame->cursor_col = 0;
    frame->cursor_visible = false;
}

void pager_apply(const struct pager *p, struct screen *frame)
{
    if (!p->open)
        return;
    set_modes(frame);
    screen_erase(frame, 0, 0, frame->cols, &plain);
    draw_rows(p, frame);
    if (p->prompt && frame->rows > 1)
        draw_prompt(p, frame);
}

void pager_status(const struct pager *p, char out[PAGER_STATUS_BYTES])
{
    uint64_t base = p->numbered ? p->next : 0;
    uint64_t first = base + 1 + (uint64_t)p->top, last = base + (uint64_t)pager_bottom(p);

    if (p->prompt)
        snprintf(out, PAGER_STATUS_BYTES, "search %s: Return to find, Esc to go back",
                 p->prompt == '/' ? "down" : "up");
    else if (p->searching)
        snprintf(out, PAGER_STATUS_BYTES, "searching, Esc to stop");
    else if (p->not_found)
        snprintf(out, PAGER_STATUS_BYTES, "not found %s", p->searching_up ? "above" : "below");
    else if (!p->numbered)
        snprintf(out, PAGER_STATUS_BYTES, "looking back: waiting for the server, q to leave");
    else
        snprintf(out, PAGER_STATUS_BYTES,
                 "lines %" PRIu64 "-%" PRIu64 " of %" PRIu64 "%s, q to leave, / to search", first,
                 last, base + (uint64_t)pager_end(p),
                 p->top == pager_first(p) && p->oldest > 0 ? " (older are gone)" : "");
}
