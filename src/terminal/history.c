/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/history.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/xalloc.h"

/* Powers of two, so that a position is cut down to an index by a mask. The longest line there is,
   of SCREEN_SIDE_MAX cells, is as long as the smallest ring. */
#define FIRST_LINES 256
#define FIRST_WORDS 8192

/* Packed, cells go in blocks, in the order that a processor's vectors make of them with the least
   work: the glyphs of every other one of eight cells are the bytes of a word. */
enum { BLOCK_CELLS = 16, BLOCK_WORDS = 4 };

/* Shorter lines are not worth it. */
enum { SHORT_CELLS = 8 };

/* When there is no room any more, so much is made at once, that most lines find it there. */
enum { BATCH_LINES = 64, BATCH_WORDS = 4096 };

/* Positions in the ring of words count on and on, modulo 2^32; the place of one is what remains
   when it is divided by the capacity. The words of a line stand together: one that would reach
   across the ring's end begins at its beginning, and the rest stays empty. */
struct line {
    uint32_t at;
    uint16_t used; /* cells */
    bool wrapped;
    bool packed; /* its style, and a byte for each glyph; else the cells as they are */
};

struct history {
    struct line *lines; /* a ring, by number */
    uint32_t *words;
    uint32_t line_capacity, word_capacity;
    uint32_t head, tail; /* positions after the newest line, and where the oldest one begins */
    uint32_t room;       /* words from `head` on that are free, at least, */
    uint32_t lines_left; /* and lines, before one of these has to be seen to */
    uint64_t oldest, next;
};

static uint32_t packed_words(uint32_t used)
{
    return 1 + (used + BLOCK_CELLS - 1) / BLOCK_CELLS * BLOCK_WORDS;
}

static uint32_t cell_words(uint32_t used)
{
    return used * (uint32_t)(sizeof(struct cell) / sizeof(uint32_t));
}

static uint32_t line_words(const struct line *line)
{
    return line->packed ? packed_words(line->used) : cell_words(line->used);
}

struct history *history_new(void)
{
    return xcalloc(1, sizeof(struct history));
}

void history_free(struct history *h)
{
    if (!h)
        return;
    free(h->lines);
    free(h->words);
    free(h);
}

static struct line *line_of(const struct history *h, uint64_t number)
{
    return &h->lines[number & (h->line_capacity - 1)];
}

static uint32_t *words_of(const struct history *h, uint32_t at)
{
    return &h->words[at & (h->word_capacity - 1)];
}

static void forget_oldest(struct history *h)
{
    h->oldest++;
    h->tail = h->oldest == h->next ? h->head : line_of(h, h->oldest)->at;
}

static void grow_lines(struct history *h)
{
    uint32_t capacity = h->line_capacity ? 2 * h->line_capacity : FIRST_LINES;
    struct line *lines = xreallocarray(NULL, capacity, sizeof *lines);

    for (uint64_t n = h->oldest; n < h->next; n++)
        lines[n & (capacity - 1)] = *line_of(h, n);
    free(h->lines);
    h->lines = lines;
    h->line_capacity = capacity;
}

/* All lines one behind the other, from the beginning of so much room. */
static void move_words(struct history *h, uint32_t capacity)
{
    uint32_t *words = xreallocarray(NULL, capacity, sizeof *words);

    h->head = h->tail = 0;
    for (uint64_t n = h->oldest; n < h->next; n++) {
        struct line *line = line_of(h, n);
        memcpy(words + h->head, words_of(h, line->at), line_words(line) * sizeof *words);
        line->at = h->head;
        h->head += line_words(line);
    }
    free(h->words);
    h->words = words;
}

/* Twice as large. As long as no line was forgotten all stand as they shall, and the system can give
   more room where they are: then what was used before is not touched again. */
static void grow_words(struct history *h)
{
    uint32_t capacity = h->word_capacity ? 2 * h->word_capacity : FIRST_WORDS;

    if (h->tail == 0 && h->head <= h->word_capacity)
        h->words = xreallocarray(h->words, capacity, sizeof *h->words);
    else
        move_words(h, capacity);
    h->word_capacity = capacity;
}

static void make_room_for_lines(struct history *h)
{
    uint64_t kept = h->next - h->oldest;

    if (kept == h->line_capacity)
        grow_lines(h);
    for (int i = 0; kept == HISTORY_LINES_MAX && i < BATCH_LINES; i++)
        forget_oldest(h);
    kept = h->next - h->oldest;
    h->lines_left = (h->line_capacity < HISTORY_LINES_MAX ? h->line_capacity : HISTORY_LINES_MAX) -
                    (uint32_t)kept;
}

/* Whether so many words are free behind the newest line, or in front of all if they do not fit
   behind it; with some more, unless the ring can still grow or ends there. */
static bool find_room(struct history *h, uint32_t count)
{
    uint32_t to_end = h->word_capacity - (h->head & (h->word_capacity - 1));
    uint32_t unused = h->word_capacity - (h->head - h->tail);

    if (h->word_capacity == 0)
        return false;
    if (h->oldest == h->next) {
        h->head = h->tail = 0;
        h->room = h->word_capacity;
        return true;
    }
    if (to_end < count && to_end <= unused) {
        h->head += to_end;
        unused -= to_end;
        to_end = h->word_capacity;
    }
    h->room = unused < to_end ? unused : to_end;
    return h->room >= count && (h->room == to_end || h->room >= BATCH_WORDS ||
                                h->word_capacity < HISTORY_BYTES_MAX / sizeof *h->words);
}

static void make_room(struct history *h, uint32_t count)
{
    while (!find_room(h, count)) {
        if (h->word_capacity < HISTORY_BYTES_MAX / sizeof *h->words)
            grow_words(h);
        else
            forget_oldest(h);
    }
}

/* Two cells. GCC and Clang make something of it for every processor. */
typedef uint32_t vector __attribute__((vector_size(16)));

/* Where in its block's words the glyph of a cell is. */
static size_t word_of_cell(size_t col)
{
    return col / BLOCK_CELLS * BLOCK_WORDS + col % 2 * 2 + col / 8 % 2;
}

static unsigned shift_of_cell(size_t col)
{
    return (unsigned)(col % 8 / 2 * 8);
}

static inline vector load(const struct cell *two)
{
    vector v;

    memcpy(&v, two, sizeof v);
    return v;
}

/* Numbers 0 and 2 of a vector, whose others are 0, as its numbers 1 and 3. */
static inline vector into_gaps(vector v)
{
    typedef uint64_t pair __attribute__((vector_size(16)));

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return (vector)((pair)v << 32);
#else
    return (vector)((pair)v >> 32);
#endif
}

/* The glyphs of eight cells; `*other` gets the bits in which these are not of the style and Latin-1
   with it. */
static inline vector pack_eight(const struct cell *cell, bool plain, vector style, vector *other)
{
    vector a = load(cell), b = load(cell + 2), c = load(cell + 4), d = load(cell + 6);

    if (!plain) {
        a ^= style;
        b ^= style;
        c ^= style;
        d ^= style;
    }
    *other |= a | b | c | d;
    return a | b << 8 | c << 16 | d << 24;
}

/* Packs whole blocks, up to `end` or what remains of them; returns where it stopped. */
static inline size_t pack_blocks(const struct cell *cell, size_t end, bool plain, uint32_t style,
                                 uint32_t *out, vector *other)
{
    const vector styles = {0, style, 0, style};
    size_t col = 0;

    for (; col + BLOCK_CELLS <= end; col += BLOCK_CELLS, out += BLOCK_WORDS) {
        vector low = pack_eight(cell + col, plain, styles, other);
        vector high = pack_eight(cell + col + 8, plain, styles, other);
        vector both = low | into_gaps(high);
        memcpy(out, &both, sizeof both);
    }
    return col;
}

/* Writes a line of one style and of Latin-1, which most are, in little room; false for others. */
static inline bool pack(const struct row *r, uint32_t *out)
{
    const struct cell *cell = r->cell;
    const uint32_t style = cell[0].style;
    const size_t whole = ((size_t)r->used + BLOCK_CELLS - 1) / BLOCK_CELLS * BLOCK_CELLS;
    vector seen = {0};
    size_t end = r->used, col;
    uint32_t other;

    *out++ = style;
    if (style == 0) { /* then the cells behind the used ones are as good as any */
        end = whole <= r->cols ? whole : r->used;
        col = pack_blocks(cell, end, true, 0, out, &seen);
    } else {
        col = pack_blocks(cell, end, false, style, out, &seen);
    }
    other = seen[0] >> 8 | seen[1] | seen[2] >> 8 | seen[3];
    out += col / BLOCK_CELLS * BLOCK_WORDS;
    if (col < end)
        memset(out, 0, BLOCK_WORDS * sizeof *out);
    for (; col < end; col++) {
        other |= cell[col].glyph >> 8 | (cell[col].style ^ style);
        out[word_of_cell(col % BLOCK_CELLS)] |= cell[col].glyph << shift_of_cell(col);
    }
    return other == 0;
}

/* Seen at a glance: three cells tell of most lines that they are of several styles, or not Latin-1.
 */
static inline bool may_be_packed(const struct row *r)
{
    struct cell first = r->cell[0], middle = r->cell[r->used / 2], last = r->cell[r->used - 1];

    return (first.glyph | middle.glyph | last.glyph) <= 0xFF && first.style == middle.style &&
           first.style == last.style;
}

static void push_line(struct history *h, const struct row *r, bool packed, uint32_t count)
{
    *line_of(h, h->next++) = (struct line){h->head, r->used, r->wrapped, packed};
    h->lines_left--;
    h->head += count;
    h->room -= count;
}

static void push_cells(struct history *h, const struct row *r)
{
    uint32_t count = cell_words(r->used);

    if (count > h->room)
        make_room(h, count);
    if (count > 0) /* else there may be no words yet */
        memcpy(words_of(h, h->head), r->cell, r->used * sizeof *r->cell);
    push_line(h, r, false, count);
}

void history_push(struct history *h, const struct row *r)
{
    uint32_t count = packed_words(r->used);

    if (h->lines_left == 0)
        make_room_for_lines(h);
    if (r->used < SHORT_CELLS || !may_be_packed(r)) {
        push_cells(h, r);
        return;
    }
    if (count > h->room)
        make_room(h, count);
    if (pack(r, words_of(h, h->head)))
        push_line(h, r, true, count);
    else
        push_cells(h, r);
}

void history_set_wrapped(struct history *h)
{
    if (h->oldest < h->next)
        line_of(h, h->next - 1)->wrapped = true;
}

void history_clear(struct history *h)
{
    free(h->lines);
    free(h->words);
    *h = (struct history){.oldest = h->next, .next = h->next};
}

static size_t styles_of(const struct line *line)
{
    return line->packed ? 1 : line->used;
}

void history_shrink(struct history *h, size_t styles)
{
    size_t kept = 0;

    for (uint64_t n = h->oldest; n < h->next; n++)
        kept += styles_of(line_of(h, n));
    while (kept > styles) {
        kept -= styles_of(line_of(h, h->oldest));
        forget_oldest(h);
    }
}

uint64_t history_oldest(const struct history *h)
{
    return h->oldest;
}

uint64_t history_next(const struct history *h)
{
    return h->next;
}

static const struct line *kept_line(const struct history *h, uint64_t number)
{
    assert(number >= h->oldest && number < h->next);
    return line_of(h, number);
}

size_t history_used(const struct history *h, uint64_t number)
{
    return kept_line(h, number)->used;
}

bool history_wrapped(const struct history *h, uint64_t number)
{
    return kept_line(h, number)->wrapped;
}

void history_read(const struct history *h, uint64_t number, struct cell *out)
{
    const struct line *line = kept_line(h, number);
    const uint32_t *words = words_of(h, line->at);

    if (!line->packed) {
        memcpy(out, words, line->used * sizeof *out);
        return;
    }
    for (size_t col = 0; col < line->used; col++)
        out[col] = (struct cell){.glyph = words[1 + word_of_cell(col)] >> shift_of_cell(col) & 0xFF,
                                 .style = words[0]};
}

void history_visit(const struct history *h, history_visitor *visit, void *context)
{
    for (uint64_t n = h->oldest; n < h->next; n++) {
        const struct line *line = line_of(h, n);
        const uint32_t *words = words_of(h, line->at);
        if (line->packed)
            visit(context, &(struct cell){.style = words[0]}, 1);
        else
            visit(context, (const struct cell *)words, line->used);
    }
}

size_t history_footprint(const struct history *h)
{
    return sizeof *h + h->line_capacity * sizeof *h->lines + h->word_capacity * sizeof *h->words;
}
