/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/predict_edit.h"

#include <string.h>

#include "util/grapheme.h"
#include "util/smaller.h"
#include "util/utf8.h"
#include "util/width.h"

bool predict_blank(uint32_t glyph)
{
    enum { NO_BREAK_SPACE = 0xA0 };

    return glyph == 0 || glyph == ' ' || glyph == NO_BREAK_SPACE;
}

bool predict_all_blank(const struct cell *cells, size_t from, size_t to)
{
    for (size_t col = from; col < to; col++) {
        if (!predict_blank(cells[col].glyph))
            return false;
    }
    return true;
}

bool predict_alike(uint32_t a, uint32_t b)
{
    return a == b || (predict_blank(a) && predict_blank(b));
}

bool predict_bar(uint32_t glyph)
{
    enum { BOX_FIRST = 0x2500, BOX_LAST = 0x257F, BROKEN_BAR = 0xA6 };

    return glyph == '|' || glyph == BROKEN_BAR || (glyph >= BOX_FIRST && glyph <= BOX_LAST);
}

/* --- where things are --- */

static bool blank_at(const struct predict_text *t, size_t col)
{
    return col >= t->cols || predict_blank(t->cell[col].glyph);
}

size_t predict_text_end(const struct predict_text *t, size_t col)
{
    if (t->end != PREDICT_COL_UNKNOWN && t->end >= col)
        return smaller(t->end, t->cols);
    while (col < t->cols && !(blank_at(t, col) && blank_at(t, col + 1)))
        col++;
    return col;
}

/* Letters and digits. A trail belongs to a wide character, and those are letters as a rule. */
static bool word_at(const struct predict_text *t, size_t col)
{
    uint32_t glyph = t->cell[col].glyph;

    return (glyph >= '0' && glyph <= '9') || (glyph >= 'A' && glyph <= 'Z') ||
           (glyph >= 'a' && glyph <= 'z') || glyph > 0xA0;
}

static bool solid_at(const struct predict_text *t, size_t col)
{
    return !blank_at(t, col);
}

/* The start of the word before the cursor, where `in_word` says what a word is made of. */
static size_t word_start(const struct predict_text *t,
                         bool (*in_word)(const struct predict_text *, size_t))
{
    size_t col = t->col;

    while (col > t->floor && !in_word(t, col - 1))
        col--;
    while (col > t->floor && in_word(t, col - 1))
        col--;
    return col;
}

static size_t word_end(const struct predict_text *t, size_t end)
{
    size_t col = t->col;

    while (col < end && !word_at(t, col))
        col++;
    while (col < end && word_at(t, col))
        col++;
    return col;
}

/* The columns that the character before or after a place takes. */
static size_t width_before(const struct predict_text *t, size_t col)
{
    return col > 1 && t->cell[col - 1].glyph & CELL_TRAIL ? 2 : 1;
}

static size_t width_after(const struct predict_text *t, size_t col)
{
    return cell_width(t->cell[col]);
}

/* --- changing cells --- */

/* The line's share ends at `to`. A wide character that is cut there, or whose trail has lost its
   first half, is no character any more. */
static size_t mend_edge(struct predict_text *t, size_t to)
{
    if (t->cell[to - 1].glyph & CELL_WIDE)
        t->cell[to - 1].glyph = 0;
    if (to < t->cols && t->cell[to].glyph & CELL_TRAIL)
        t->cell[to++].glyph = 0;
    return to;
}

/* Takes columns [from, to) out and closes the gap. What comes in looks like what follows. */
static void take_out(struct predict_text *t, size_t from, size_t to, struct predict_change *change)
{
    size_t end = predict_text_end(t, to);
    struct cell filler = {0};

    if (end < t->cols && predict_blank(t->cell[end].glyph))
        filler = t->cell[end];
    *change = (struct predict_change){.from = from, .to = end, .own = width_after(t, from)};
    memmove(t->cell + from, t->cell + to, (end - to) * sizeof *t->cell);
    for (size_t col = end - (to - from); col < end; col++)
        t->cell[col] = filler;
    t->col = from;
    t->end = end - (to - from);
}

/* What a shell suggests goes away, or gets typed: it shows what was typed now, in another style. It
   is not pushed on, and neither is anything after the known end of the user's text. */
static bool pushes(const struct predict_text *t, uint32_t glyph)
{
    struct cell under = t->cell[t->col];

    return !t->overwrite && !(under.glyph == glyph && under.style != t->style);
}

static bool put(struct predict_text *t, uint32_t glyph, size_t width, struct predict_change *change)
{
    size_t col = t->col, end = predict_text_end(t, col), to = col + width;

    if (to > t->cols || t->cell[col].glyph & CELL_TRAIL)
        return false;
    if (pushes(t, glyph)) {
        to = smaller(end + width, t->cols);
        memmove(t->cell + col + width, t->cell + col, (to - col - width) * sizeof *t->cell);
        t->end = to;
    } else {
        t->end = end > to ? end : to;
    }
    t->cell[col] = (struct cell){.glyph = glyph, .style = t->style};
    if (width == 2)
        t->cell[col + 1] = (struct cell){.glyph = CELL_TRAIL, .style = t->style};
    *change = (struct predict_change){.from = col, .to = mend_edge(t, to), .own = width};
    t->col = col + width;
    return true;
}

/* The glyph of a character with one more mark; POOL_NO_CLUSTER if there can be none. */
static uint32_t with_mark(struct pool *pool, uint32_t glyph, uint32_t code)
{
    char text[CLUSTER_BYTES_MAX + UTF8_BYTES_MAX];
    size_t len;

    if (glyph & CELL_CLUSTER) {
        struct cluster_text cluster = pool_cluster(pool, glyph);
        len = cluster.len;
        memcpy(text, cluster.bytes, len);
    } else {
        len = utf8_encode(glyph & CELL_CODE_MASK, text);
    }
    len += utf8_encode(code, text + len);
    return len > CLUSTER_BYTES_MAX ? POOL_NO_CLUSTER : pool_intern_cluster(pool, text, len);
}

/* A narrow symbol becomes an emoji, and needs another column. */
static bool widen(struct predict_text *t, uint32_t number, struct predict_change *change)
{
    size_t from = t->col - 1;

    if (!put(t, ' ', 1, change))
        return false;
    t->cell[from].glyph = number | CELL_WIDE;
    t->cell[from + 1] = (struct cell){.glyph = CELL_TRAIL, .style = t->cell[from].style};
    change->from = from;
    change->own = 2;
    return true;
}

/* A mark joins the character before the cursor. */
static bool combine(struct predict_text *t, uint32_t code, struct predict_change *change)
{
    size_t width;
    uint32_t glyph, number;

    if (t->col == 0)
        return false;
    width = width_before(t, t->col);
    glyph = t->cell[t->col - width].glyph;
    if (predict_blank(glyph) || glyph & CELL_TRAIL)
        return false;
    number = with_mark(t->pool, glyph, code);
    if (number == POOL_NO_CLUSTER)
        return false;
    if (t->wide_emoji && code == GRAPHEME_EMOJI_STYLE && width == 1 && !(glyph & CELL_CLUSTER) &&
        grapheme_has_emoji_style(glyph & CELL_CODE_MASK))
        return widen(t, number, change);
    t->cell[t->col - width].glyph = number | (glyph & CELL_WIDE);
    *change = (struct predict_change){.from = t->col - width, .to = t->col, .own = width};
    return true;
}

static bool insert(struct predict_text *t, uint32_t code, struct predict_change *change)
{
    int width = width_of(code);

    if (width < 0)
        return false;
    if (width == 0)
        return combine(t, code, change);
    return put(t, width == 2 ? code | CELL_WIDE : code, (size_t)width, change);
}

/* Of a character with marks some editors take the whole, others a mark. */
static bool rub_out(struct predict_text *t, struct predict_change *change)
{
    size_t width, from;

    if (t->col == 0)
        return false;
    width = width_before(t, t->col);
    from = t->col - width;
    if (t->cell[from].glyph & CELL_CLUSTER)
        return false;
    if (!t->overwrite) {
        take_out(t, from, t->col, change);
        return true;
    }
    for (size_t col = from; col < t->col; col++)
        t->cell[col].glyph = 0;
    *change = (struct predict_change){.from = from, .to = t->col, .own = width};
    t->col = from;
    return true;
}

/* --- keys --- */

static bool move_to(struct predict_text *t, size_t col)
{
    t->col = col;
    return true;
}

/* What needs no knowledge of where the text begins. */
static bool edit_here(struct predict_text *t, struct predict_key key, struct predict_change *change)
{
    switch (key.op) {
    case PREDICT_TEXT:
        return insert(t, key.code, change);
    case PREDICT_RUBOUT:
        return rub_out(t, change);
    case PREDICT_LEFT:
        return t->col > 0 && move_to(t, t->col - width_before(t, t->col));
    case PREDICT_RIGHT:
        return t->col < predict_text_end(t, t->col) && t->col + width_after(t, t->col) < t->cols &&
               move_to(t, t->col + width_after(t, t->col));
    case PREDICT_END:
        return predict_text_end(t, t->col) < t->cols && move_to(t, predict_text_end(t, t->col));
    default:
        return false;
    }
}

static bool take_out_if_any(struct predict_text *t, size_t from, size_t to,
                            struct predict_change *change)
{
    if (from < to)
        take_out(t, from, to, change);
    return true;
}

bool predict_edit(struct predict_text *t, struct predict_key key, struct predict_change *change)
{
    size_t end = predict_text_end(t, t->col);

    *change = (struct predict_change){0};
    if (edit_here(t, key, change))
        return true;
    if (t->floor == PREDICT_COL_UNKNOWN || t->col < t->floor)
        return false;
    switch (key.op) {
    case PREDICT_HOME:
        return move_to(t, t->floor);
    case PREDICT_WORD_LEFT:
        return move_to(t, word_start(t, word_at));
    case PREDICT_WORD_RIGHT:
        return end < t->cols && move_to(t, word_end(t, end));
    case PREDICT_DELETE:
        return t->col < end && take_out_if_any(t, t->col, t->col + width_after(t, t->col), change);
    case PREDICT_DELETE_WORD:
        return take_out_if_any(t, t->col, word_end(t, end), change);
    case PREDICT_RUBOUT_WORD:
        return take_out_if_any(t, word_start(t, word_at), t->col, change);
    case PREDICT_RUBOUT_BLANKS:
        return take_out_if_any(t, word_start(t, solid_at), t->col, change);
    case PREDICT_KILL_START:
        return take_out_if_any(t, t->floor, t->col, change);
    case PREDICT_KILL_END:
        return take_out_if_any(t, t->col, end, change);
    default:
        return false;
    }
}
