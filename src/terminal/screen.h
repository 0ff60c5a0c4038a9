/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_SCREEN_H
#define MOSH_TERMINAL_SCREEN_H

/*
 * What a terminal shows, and the modes that the terminal at the other end has to follow: exactly
 * the state that travels from server to client. A screen is cheap to copy: its rows are shared.
 *
 * Coordinates are row, col, from 0 at the top left. The emulator (emulator.h) changes a screen;
 * the display (display.h) turns the difference of two into bytes.
 *
 * Invariants that every function here keeps: 1 <= rows, cols <= SCREEN_SIDE_MAX and
 * rows * cols <= SCREEN_CELLS_MAX; the cursor is on the screen; every row is `cols` wide; a
 * CELL_WIDE cell is followed by its CELL_TRAIL, and no trail stands alone. Of a character that is
 * half overwritten the other half becomes an erased cell with the character's background.
 *
 * The wrap flag of a row belongs to what stands in its last column: to write, erase or shift that
 * takes the flag away. The bottom row never has it. So a flag always says that a character stands
 * in the last column and that a row follows, and a diff can make it by printing just that.
 */

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/events.h"
#include "terminal/modelist.h"
#include "terminal/registers.h"
#include "terminal/row.h"
#include "util/text.h"

#define SCREEN_SIDE_MAX  4096
#define SCREEN_CELLS_MAX 1000000

/* For a terminal that does not say how large it is, or says what cannot be. */
#define SCREEN_ROWS_DEFAULT 24
#define SCREEN_COLS_DEFAULT 80

/* Modes of mouse reports, and of their encodings. */
enum mouse_reporting {
    MOUSE_OFF = 0,
    MOUSE_X10 = 9,
    MOUSE_VT200 = 1000,
    MOUSE_HIGHLIGHT = 1001,
    MOUSE_BUTTON = 1002,
    MOUSE_ANY = 1003
};
enum mouse_encoding {
    MOUSE_ENCODING_DEFAULT = 0,
    MOUSE_ENCODING_UTF8 = 1005,
    MOUSE_ENCODING_SGR = 1006,
    MOUSE_ENCODING_URXVT = 1015,
    MOUSE_ENCODING_PIXELS = 1016, /* as SGR, in pixels */
};

struct screen {
    struct pool *pool;
    size_t rows, cols;
    struct row **row; /* `rows` pointers, each holding a reference */

    /* The pointers are in an array of `row_room`, the first at `row_offset`: where there is room
       behind them, all rows scroll by moving `row` and no pointer. Snapshots have no such room. */
    size_t row_offset, row_room;

    size_t cursor_row, cursor_col;
    bool cursor_visible;
    struct style pen;      /* style of the next character */
    struct text *pen_link; /* keeps the number in it valid; NULL: none */

    bool reverse_video;    /* DECSCNM */
    bool bracketed_paste;  /* 2004 */
    bool focus_reporting;  /* 1004 */
    bool alternate_scroll; /* 1007 */
    struct modelist mouse_reporting, mouse_encoding;
    bool application_keypad;   /* DECKPAM */
    uint8_t kitty_flags;       /* of the kitty keyboard protocol */
    uint8_t modify_other_keys; /* XTMODKEYS: 0 to 2 */

    struct registers registers; /* cursor's looks, colours, directory and the like */

    struct text *icon_name, *window_title; /* NULL: never set */
    struct text *clipboard; /* base64, for those who take no events; NULL: never set */
    struct events *events;  /* that there were so far, or the newest of them */
    uint64_t bells;         /* rung so far */
};

/* Whether a size is within the limits above; takes what came from outside. */
bool screen_size_valid(int64_t rows, int64_t cols);

/* A blank screen in its initial modes. Takes a reference to the pool. The size must be valid. */
void screen_init(struct screen *s, struct pool *pool, size_t rows, size_t cols);
void screen_release(struct screen *s);

/* `copy` is uninitialised, or released. */
void screen_copy(struct screen *copy, const struct screen *s);

/* Bytes of its rows and events beside its own size. What several screens share is charged to each
   in part, so that the sum over all of them is what they take. */
size_t screen_footprint(const struct screen *s);

/* Everything that travels: cells, cursor, pen, modes, registers, titles, clipboard, events and
 * bells. */
bool screen_equal(const struct screen *a, const struct screen *b);

/* Begins a hyperlink of the pool, or ends one: 0. */
void screen_set_link(struct screen *s, uint32_t link);

/* What the terminal reports of its mouse, and how: of the modes above the one in force. */
static inline enum mouse_reporting screen_mouse_reporting(const struct screen *s)
{
    return (enum mouse_reporting)modelist_current(&s->mouse_reporting);
}

static inline enum mouse_encoding screen_mouse_encoding(const struct screen *s)
{
    return (enum mouse_encoding)modelist_current(&s->mouse_encoding);
}

/* What the shell says of a row: row.h. They stay when the row is erased. */
void screen_set_marks(struct screen *s, size_t row, uint8_t marks, uint16_t input);

/* Where the user's input at the prompt starts, if the shell has said so and is there: the cursor is
   at or below that place, and no command was started since. */
bool screen_input_start(const struct screen *s, size_t *row, size_t *col);

/* A row that may be written to; what other snapshots see stays as it is. */
static inline struct row *screen_row(struct screen *s, size_t row)
{
    assert(row < s->rows);
    return row_own(&s->row[row]);
}

/* Cuts or adds at the bottom and the right; new cells get `fill`'s background. A wide character
   that the edge would split is erased. A change of width takes all wrap flags away. The cursor is
   kept on the screen. */
void screen_resize(struct screen *s, size_t rows, size_t cols, const struct style *fill);

/* How many rows have to go at the top for the cursor to survive a cut to `rows`. */
size_t screen_rows_above(const struct screen *s, size_t rows);

/* Scrolls up as far as the cursor needs to survive a cut to `rows`, and takes it along; where a
   prompt is, there is the user. Returns by how many rows. */
size_t screen_keep_cursor(struct screen *s, size_t rows);

/* Says that the text of a row goes on in the next one. Nothing happens to the bottom row, and to a
   row whose last column was erased since it was written. To be called after the line feed, which
   may have scrolled, for the row above the new one. */
void screen_set_wrapped(struct screen *s, size_t row);

/* Two screens of one size exchange their rows; and the first, which is not to be a snapshot, has
   room to scroll in afterwards. */
void screen_swap_rows(struct screen *a, struct screen *b);

/* Erases columns [from, to) of a row to `fill`'s background, whole wide characters where one is
   touched. */
void screen_erase(struct screen *s, size_t row, size_t from, size_t to, const struct style *fill);

/* Puts one character of `glyph` at a place. `glyph` has CELL_WIDE if it takes two columns, and then
   col + 1 < cols. */
void screen_put(struct screen *s, size_t row, size_t col, uint32_t glyph, uint32_t style);

/* A run of printable ASCII characters, the common case; `len` columns, at least one, must be there.
 */
static inline void screen_put_ascii(struct screen *s, size_t row, size_t col, const uint8_t *text,
                                    size_t len, uint32_t style)
{
    struct row *r = screen_row(s, row);
    bool cuts_left;

    assert(len > 0 && col + len <= s->cols);
    cuts_left = row_cuts(r, col);
    for (size_t i = 0; i < len; i++)
        r->cell[col + i] = (struct cell){.glyph = text[i], .style = style};
    row_extend(r, col + len);
    /* Only now is `style` held by a row and safe from what this may intern. */
    if (cuts_left)
        row_erase_half(r, col - 1);
    if (row_cuts(r, col + len))
        row_erase_half(r, col + len);
}

/* Where text goes: from a place on, up to column `end`, which is beyond it. */
struct text_place {
    size_t row, col, end;
    uint32_t style;
    bool emoji_style; /* U+FE0F makes a symbol an emoji, which takes two columns */
};

/* A run of other characters from the front of `*text`: puts those that take one or two columns, and
   on them the marks that follow; stops at what is none, as utf8_take has it, and where there is no
   column for it; and moves `*text` behind what it put. Returns how many columns that were, and in
   `*last` the last character that has columns, if there were any. */
size_t screen_put_utf8(struct screen *s, const struct text_place *place, const uint8_t **text,
                       const uint8_t *text_end, uint32_t *last);

/* Shift the cells from `col` to the end of the row by `count` columns, to the right or left,
   filling with erased cells. Wide characters that are cut apart are erased. */
void screen_insert_cells(struct screen *s, size_t row, size_t col, size_t count,
                         const struct style *fill);
void screen_delete_cells(struct screen *s, size_t row, size_t col, size_t count,
                         const struct style *fill);

/* Moves rows [top, bottom) up (count > 0) or down (count < 0) by pointer; rows that come in are
   blank with `fill`'s background and have new identities. */
void screen_scroll(struct screen *s, size_t top, size_t bottom, int64_t count,
                   const struct style *fill);

/* The same by one row up. In floods of short lines, that is what most time goes to. */
void screen_scroll_line(struct screen *s, size_t top, size_t bottom, const struct style *fill);

#endif
