/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/screen.h"

#include <assert.h>

#include "util/grapheme.h"
#include "util/smaller.h"
#include "util/utf8.h"
#include "util/width.h"

/* A run that is being put, and where it goes on. */
struct run {
    const uint8_t *text, *text_end;
    struct row *row;
    size_t begin, at, end; /* columns: the first, the next, and where it has to end */
    uint32_t style;
    uint32_t last; /* the last character that has columns */
};

static inline void put_ascii(struct run *run)
{
    while (run->at < run->end && run->text < run->text_end && *run->text - 0x20u < 0x7F - 0x20) {
        run->last = *run->text++;
        run->row->cell[run->at++] = (struct cell){.glyph = run->last, .style = run->style};
    }
}

/*
 * ASCII and two bytes below U+0480 are alphabets in which all letters take one column, and marks
 * are told from them by a comparison. Which comes next nothing foresees. So nothing in the next two
 * loops branches on that: a character is decoded as either.
 */

/* What may follow a first byte: of those that begin no such character, nothing. */
struct following {
    uint16_t first, count;
};
#define FOLLOW_LETTERS                                                                             \
    [0x20 ... 0x7E] = {0, 256}, [0xC2] = {0xA0, 0x20}, /* no controls */                           \
        [0xC3 ... 0xCB] = {0x80, 0x40}, [0xCE ... 0xD1] = {0x80, 0x40}
static const struct following letters[256] = {FOLLOW_LETTERS};
static const struct following letters_and_marks[256] = {FOLLOW_LETTERS,
                                                        [0xCC ... 0xCD] = {0x80, 0x40}};

static inline bool is_either(const struct following table[256], const uint8_t *text)
{
    return (uint8_t)(text[1] - table[text[0]].first) < table[text[0]].count;
}

/* `bits` where `mask`, which is all ones or 0, else `others`. */
static inline uint32_t choose(uint32_t mask, uint32_t bits, uint32_t others)
{
    return others ^ ((bits ^ others) & mask);
}

static inline uint32_t decode_either(const uint8_t *text)
{
    enum { TWO_BYTES = 0xC0 << 6 | 0x80 };

    return choose(-((uint32_t)text[0] >> 7), ((uint32_t)text[0] << 6) + text[1] - TWO_BYTES,
                  text[0]);
}

static inline size_t length_of_either(const uint8_t *text)
{
    return 1 + (text[0] >> 7);
}

/* How many there are to be put for sure, if all of them are such. */
static inline size_t count_at_least(const struct run *run)
{
    return smaller(run->end - run->at, (size_t)(run->text_end - run->text) / 2);
}

/* Puts letters up to the last byte of the text. */
static inline void put_letters(struct run *run)
{
    const uint8_t *text = run->text;
    struct cell *const first = run->row->cell + run->at, *cell = first;

    for (size_t left; (left = count_at_least(run)) > 0; run->text = text) {
        do {
            if (!is_either(letters, text))
                break;
            *cell++ = (struct cell){.glyph = decode_either(text), .style = run->style};
            text += length_of_either(text);
        } while (--left > 0);
        run->at = (size_t)(cell - run->row->cell);
        if (left > 0)
            break;
    }
    if (cell > first)
        run->last = cell[-1].glyph;
    run->text = text;
}

/* The same with marks, on what was put before, too; and what takes no more of them is left. */
static inline void put_marked_letters(struct run *run)
{
    enum { NO_ROOM = 2 * CELL_OTHER_MARK_SHIFT - CELL_MARK_SHIFT };
    const uint8_t *text = run->text, *const stop = run->text_end - 1;
    struct cell *cell = run->row->cell + run->at, *const end = run->row->cell + run->end;
    const uint32_t style = run->style;
    uint32_t glyph = cell[-1].glyph;
    uint32_t shift = !cell_takes_mark(glyph, CELL_MARK_FIRST) || glyph & CELL_WIDE ? NO_ROOM
                     : glyph & CELL_SPELLED ? CELL_OTHER_MARK_SHIFT
                                            : CELL_MARK_SHIFT;

    while (text < stop && cell < end && is_either(letters_and_marks, text)) {
        const uint32_t code = decode_either(text), mark = code - CELL_MARK_FIRST;
        const uint32_t is_mark = -(uint32_t)(mark < CELL_MARKS);
        if ((shift & is_mark) >= NO_ROOM)
            break;
        glyph =
            choose(is_mark, glyph | (mark + 1) << (shift & 31) | CELL_CLUSTER | CELL_SPELLED, code);
        shift = CELL_MARK_SHIFT + ((shift + CELL_OTHER_MARK_SHIFT - 2 * CELL_MARK_SHIFT) & is_mark);
        cell += 1 + (int32_t)is_mark;
        cell[-1] = (struct cell){.glyph = glyph, .style = style};
        text += length_of_either(text);
    }
    if (text > run->text)
        run->last = glyph & CELL_LETTER_MASK;
    run->at = (size_t)(cell - run->row->cell);
    run->text = text;
}

/* Puts a character of one or two columns; false if these are not there. */
static inline bool put_character(struct run *run, uint32_t code, int width)
{
    struct cell *cell = run->row->cell + run->at;

    if (width == 1 && run->at < run->end) {
        cell[0] = (struct cell){.glyph = code, .style = run->style};
        run->at++;
    } else if (width == 2 && run->at + 2 <= run->end) {
        cell[0] = (struct cell){.glyph = code | CELL_WIDE, .style = run->style};
        cell[1] = (struct cell){.glyph = CELL_TRAIL, .style = run->style};
        run->at += 2;
    } else {
        return false;
    }
    run->last = code;
    return true;
}

/* Puts those of three and four bytes. */
static inline void put_long(struct run *run)
{
    uint32_t code;
    size_t len;

    while (run->text < run->text_end && *run->text >= 0xE0 &&
           (len = utf8_take(run->text, (size_t)(run->text_end - run->text), &code)) > 0 &&
           put_character(run, code, width_of(code)))
        run->text += len;
}

/* Puts a mark on the last of the characters. Returns where the text goes on; 0 if there is no
   character, or the mark would need another column that is not there. */
static __attribute__((noinline)) size_t put_mark(const struct run run, uint32_t code,
                                                 bool emoji_style)
{
    struct cell *cell = run.row->cell + run.at - 1;
    bool widens;

    if (run.at == run.begin)
        return 0;
    widens = emoji_style && code == GRAPHEME_EMOJI_STYLE && grapheme_has_emoji_style(cell->glyph);
    if (widens && run.at == run.end)
        return 0;
    row_extend(run.row, run.at); /* so that a sweep finds what is there already */
    cell -= cell->glyph & CELL_TRAIL ? 1 : 0;
    row_join(run.row, (size_t)(cell - run.row->cell), code, CLUSTER_STOCK_TAKES_BELOW);
    if (!widens)
        return run.at;
    cell[0].glyph |= CELL_WIDE;
    cell[1] = (struct cell){.glyph = CELL_TRAIL, .style = run.style};
    return run.at + 1;
}

/* The next character, whatever it is; false if it does not belong to the run any more. */
static inline bool put_next(struct run *run, bool emoji_style)
{
    uint32_t code;
    size_t len = 0;

    if (run->text < run->text_end)
        len = utf8_take(run->text, (size_t)(run->text_end - run->text), &code);
    if (len == 0)
        return false;
    if (width_of(code) == 0) {
        size_t at = put_mark(*run, code, emoji_style);

        if (at == 0)
            return false;
        run->at = at;
    } else if (!put_character(run, code, width_of(code))) {
        return false;
    }
    run->text += len;
    return true;
}

size_t screen_put_utf8(struct screen *s, const struct text_place *place, const uint8_t **text,
                       const uint8_t *text_end, uint32_t *last)
{
    struct run run = {.text = *text,
                      .text_end = text_end,
                      .begin = place->col,
                      .at = place->col,
                      .end = place->end,
                      .style = place->style};
    bool cuts_left;

    assert(place->col < place->end && place->end <= s->cols);
    run.row = screen_row(s, place->row);
    cuts_left = row_cuts(run.row, place->col);
    do {
        put_ascii(&run);
        if (run.text < text_end && *run.text >= 0xC0 && *run.text < 0xE0)
            put_letters(&run);
        if (run.at > run.begin && run.text < text_end && (*run.text & 0xFE) == 0xCC)
            put_marked_letters(&run);
        put_long(&run);
    } while (put_next(&run, place->emoji_style));
    *text = run.text;
    if (run.at == run.begin)
        return 0;
    *last = run.last;
    row_extend(run.row, run.at);
    if (cuts_left)
        row_erase_half(run.row, run.begin - 1);
    if (row_cuts(run.row, run.at))
        row_erase_half(run.row, run.at);
    return run.at - run.begin;
}
