/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_PAINT_H
#define MOSH_TERMINAL_PAINT_H

/*
 * The part of the display that writes cells: it follows the terminal's cursor and pen, and brings
 * the rows that are shown to what they shall be. One struct paint lives for one frame.
 *
 * The receiver is either a terminal or a mosh client's mirror, and both are served by the same
 * care:
 *
 * - Rows are painted from left to right, and both columns of a wide character that changes are
 *   written. Then it does not matter whether the receiver blanks the other half of a wide
 *   character that loses one (terminals do, a stock client does not).
 * - After the last column a receiver may park its cursor there or beyond it, so the position is
 *   unknown and the next one absolute.
 * - A row whose text goes on in the next is made by letting the receiver wrap: the character in the
 *   last column, then at once the first one of the next row, with nothing but a change of pen in
 *   between. Only so does the receiver know that the two rows are one line.
 * - After a character whose width the receiver may see differently, the column is unknown, which
 *   keeps the damage to that character.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/caps.h"
#include "terminal/screen.h"
#include "util/buf.h"

enum paint_cursor {
    CURSOR_UNKNOWN,
    CURSOR_IN_ROW,         /* at row, but the column is not sure */
    CURSOR_MAYBE_WRAPPING, /* at row, col, the last column; but the next character may wrap */
    CURSOR_KNOWN,          /* at row, col, and the next character will be printed there */
};

struct paint {
    const struct caps *caps;
    const struct screen *shown; /* what the terminal shows when a function is called */
    const struct screen *to;    /* what it shall show; of the same size */
    struct buf *out;

    enum paint_cursor cursor;
    size_t row, col;
    bool cursor_visible;

    struct style pen;    /* as the terminal has it (reduce.h) */
    uint32_t pen_number; /* of the style in the pool that this stands for, or PAINT_NO_NUMBER */

    /* The character in the last column of a wrapped row was the last thing written. */
    bool wrapping;
    bool wrapping_contested; /* and its width is contested */
};

#define PAINT_NO_NUMBER UINT32_MAX

#define PAINT_OVER_MAX 3 /* characters that are written again instead of a move */

#define LINK_END "\033]8;;\a" /* OSC 8 */

/* The pen that the next character gets; reset writes even if the pen is plain already. */
void paint_set_pen(struct paint *p, const struct style *style);
void paint_reset_pen(struct paint *p);

/* Has blank rows come in plain. */
void paint_prepare_scroll(struct paint *p);

/* The plain move shows the cursor on its way; the hidden one is for what is not its final place. */
void paint_move(struct paint *p, size_t row, size_t col);
void paint_move_hidden(struct paint *p, size_t row, size_t col);
void paint_set_cursor_visible(struct paint *p, bool visible);

/* A byte so many times. */
void paint_times(struct paint *p, char byte, size_t count);

/* A control function with one or two parameters: CSI n final, CSI m ; n final. Of one parameter 1
   is the default. */
void paint_csi(struct paint *p, size_t n, char final);
void paint_csi2(struct paint *p, size_t m, size_t n, char final);

/* Brings all rows from `shown` to `to`. */
void paint_rows(struct paint *p);

/* paint_marks.c: and then what the shell has said of them (row.h), where the reader knows that. A
   terminal cannot be told to forget it. */
void paint_marks(struct paint *p);

#endif
