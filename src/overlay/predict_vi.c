/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/predict_vi.h"

#include "overlay/predict_edit.h"

/* --- modes --- */

static bool is_one_of(uint32_t code, const char *codes)
{
    while (*codes && (unsigned char)*codes != code)
        codes++;
    return *codes != '\0';
}

static bool is_arrow(struct predict_key key)
{
    return key.class == PREDICT_CLASS_LEFT || key.class == PREDICT_CLASS_RIGHT ||
           key.class == PREDICT_CLASS_UP || key.class == PREDICT_CLASS_DOWN;
}

static enum predict_vi_mode after_command(struct predict_key key)
{
    if (is_arrow(key))
        return PREDICT_VI_COMMAND;
    if (key.op != PREDICT_TEXT)
        return PREDICT_VI_UNKNOWN;
    if (is_one_of(key.code, "iaIAoO"))
        return PREDICT_VI_INSERT;
    if (is_one_of(key.code, ":/?"))
        return PREDICT_VI_LINE;
    return is_one_of(key.code, "hjklwbe0$^x") ? PREDICT_VI_COMMAND : PREDICT_VI_UNKNOWN;
}

enum predict_vi_mode predict_vi_next(enum predict_vi_mode mode, struct predict_key key)
{
    switch (mode) {
    case PREDICT_VI_INSERT:
        if (key.op == PREDICT_ESCAPE)
            return PREDICT_VI_COMMAND;
        return key.op == PREDICT_TEXT || key.op == PREDICT_ENTER || is_arrow(key) ||
                       key.class == PREDICT_CLASS_BACKSPACE || key.class == PREDICT_CLASS_DELETE ||
                       key.class == PREDICT_CLASS_HOME || key.class == PREDICT_CLASS_END
                   ? PREDICT_VI_INSERT
                   : PREDICT_VI_UNKNOWN;
    case PREDICT_VI_COMMAND:
        return after_command(key);
    case PREDICT_VI_LINE:
        return key.op == PREDICT_TEXT || key.class == PREDICT_CLASS_BACKSPACE ? PREDICT_VI_LINE
                                                                              : PREDICT_VI_UNKNOWN;
    default:
        return PREDICT_VI_UNKNOWN;
    }
}

/* "-- INSERT --", in the languages into which it is translated most often. A shell in one of the
   editor's windows shows text, too, but there is another word. */
bool predict_vi_inserts(const struct screen *screen)
{
    static const uint32_t *const words[] = {
        U"INSER", U"EINF", U"WSTAW", U"\u0412\u0421\u0422\u0410\u0412", U"\u63d2", U"\u633f\u5165",
    };
    enum { WORD_COL = 3 };
    const struct cell *cell = screen->row[screen->rows - 1]->cell;

    if (screen->cols < WORD_COL || cell[0].glyph != '-' || cell[1].glyph != '-' ||
        !predict_blank(cell[2].glyph))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t col = WORD_COL, at = 0;
        while (words[i][at] && col < screen->cols &&
               (cell[col].glyph & CELL_CODE_MASK) == words[i][at]) {
            col += cell_width(cell[col]);
            at++;
        }
        if (!words[i][at])
            return true;
    }
    return false;
}

/* --- motions --- */

size_t predict_vi_end(const struct predict_vi_row *row)
{
    size_t end = row->cols;

    while (end > 0 && predict_blank(row->cell[end - 1].glyph))
        end--;
    return end;
}

/* The first column of the character that a column belongs to. */
static size_t start_of(const struct predict_vi_row *row, size_t col)
{
    return col > 0 && row->cell[col].glyph & CELL_TRAIL ? col - 1 : col;
}

static size_t last_of(const struct predict_vi_row *row)
{
    size_t end = predict_vi_end(row);

    return end > 0 ? start_of(row, end - 1) : 0;
}

size_t predict_vi_landing(const struct predict_vi_row *row, size_t goal)
{
    size_t last = last_of(row);

    return goal < last ? start_of(row, goal) : last;
}

/* Blank, letters and digits, or other signs: a word is of one kind. */
enum kind { BLANK, LETTERS, SIGNS };

static enum kind kind_at(const struct predict_vi_row *row, size_t col)
{
    uint32_t glyph = row->cell[col].glyph;

    if (predict_blank(glyph))
        return BLANK;
    if ((glyph >= '0' && glyph <= '9') || (glyph >= 'A' && glyph <= 'Z') || glyph == '_' ||
        (glyph >= 'a' && glyph <= 'z') || glyph >= 0xC0)
        return LETTERS;
    return SIGNS;
}

/* Where the line ends the command leads to the next one. */
static bool next_word(const struct predict_vi_row *row, size_t *col)
{
    size_t end = predict_vi_end(row), at = *col;
    enum kind kind;

    if (at >= end)
        return false;
    kind = kind_at(row, at);
    while (at < end && kind_at(row, at) == kind)
        at++;
    while (at < end && kind_at(row, at) == BLANK)
        at++;
    *col = at;
    return at < end;
}

static bool word_end(const struct predict_vi_row *row, size_t *col)
{
    size_t end = predict_vi_end(row), at = *col + 1;
    enum kind kind;

    while (at < end && kind_at(row, at) == BLANK)
        at++;
    if (at >= end)
        return false;
    kind = kind_at(row, at);
    while (at + 1 < end && kind_at(row, at + 1) == kind)
        at++;
    *col = start_of(row, at);
    return true;
}

static bool previous_word(const struct predict_vi_row *row, size_t *col)
{
    size_t at = *col;
    enum kind kind;

    while (at > 0 && kind_at(row, at - 1) == BLANK)
        at--;
    if (at == 0)
        return false;
    kind = kind_at(row, at - 1);
    while (at > 0 && kind_at(row, at - 1) == kind)
        at--;
    *col = at;
    return true;
}

static size_t first_sign(const struct predict_vi_row *row)
{
    size_t end = predict_vi_end(row), col = 0;

    while (col < end && predict_blank(row->cell[col].glyph))
        col++;
    return col;
}

bool predict_vi_move(const struct predict_vi_row *row, uint32_t command, size_t *col)
{
    size_t end = predict_vi_end(row), width;

    if (*col >= row->cols)
        return false;
    width = cell_width(row->cell[*col]);
    switch (command) {
    case 'h':
        *col = *col > 0 ? start_of(row, *col - 1) : 0;
        return true;
    case 'l':
        *col = *col + width < end ? *col + width : *col;
        return true;
    case 'w':
        return next_word(row, col);
    case 'b':
        return previous_word(row, col);
    case 'e':
        return word_end(row, col);
    case '0':
        *col = 0;
        return true;
    case '$':
        *col = last_of(row);
        return true;
    case '^':
    case 'I':
        *col = first_sign(row);
        return true;
    case 'i':
        return true;
    case 'a':
        *col = end > 0 ? *col + width : 0;
        return true;
    case 'A':
        *col = end;
        return true;
    default:
        return false;
    }
}
