/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_OVERLAY_PAGER_H
#define MOSH_OVERLAY_PAGER_H

/*
 * Looking back: lines that scrolled off the server's screen, and below them the screen as it was
 * when the user began to look. Pure: keys and lines come in, a frame and a wish for more lines come
 * out. What was fetched is kept, within bounds, so that it can be seen again without a network.
 *
 * Rows of what is shown are counted from the top of that screen; lines above it have negative
 * positions. The number of a line, which the server gave it, is its position plus the number that
 * the screen's first row will have when it scrolls off. That is known once the server has said so,
 * and then the screen is taken anew, as it was in the same moment.
 *
 * The first row of the window belongs to the bar, which tells pager_status.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/keypress.h"
#include "terminal/screen.h"

#define PAGER_LINES_MAX    16384             /* kept: a power of two */
#define PAGER_CELLS_MAX    ((size_t)1 << 20) /* of all of them; beyond it all are let go */
#define PAGER_PAGE_LINES   128 /* wanted at a time for reading; a search takes what it can get */
#define PAGER_PATTERN_MAX  100 /* bytes */
#define PAGER_STATUS_BYTES 100

struct pager {
    bool open;
    struct screen screen; /* as it was; no rows: none */
    bool numbered;        /* these are known: */
    uint64_t oldest,
        next;          /* the first line that there is, and the number of the screen's top row */
    int64_t top;       /* what is in the first row below the bar */
    size_t rows, cols; /* of the window */

    struct row **line; /* by number modulo PAGER_LINES_MAX, each no wider than it is used */
    uint64_t *number;
    size_t cells;

    char prompt; /* '/' or '?' while a pattern is typed */
    struct pager_pattern {
        size_t len;
        char bytes[PAGER_PATTERN_MAX];
    } typed, pattern;
    bool backward;  /* the direction of the pattern */
    bool searching; /* not found yet, and there is more to look at: */
    bool searching_up;
    int64_t at; /* from here on */
    bool found; /* the last search ended at `match` */
    int64_t match;
    bool not_found;
};

/* {0} is one that is not open, and holds nothing. */
void pager_release(struct pager *p);

/* Begins to look back from a screen, in a window of this size. */
void pager_open(struct pager *p, const struct screen *screen, size_t rows, size_t cols);

/* What the server says, together with a screen: that its lines [oldest, next) are kept, and `next`
   is the top row. The first time after pager_open, this becomes what is looked at. */
void pager_set_numbers(struct pager *p, const struct screen *screen, uint64_t oldest,
                       uint64_t next);

/* A line; its row is of the screens' pool, as wide as the line is long, and 1 at least. */
void pager_add_line(struct pager *p, uint64_t number, struct row *row);

/* Goes on with a search, once all lines of an answer were added. */
void pager_lines_added(struct pager *p);

void pager_resize(struct pager *p, size_t rows, size_t cols);

void pager_key(struct pager *p, const struct keypress *k);
void pager_wheel(struct pager *p, bool up);

/* Pasted text: for a pattern that is being typed, up to the first byte that is no text. */
void pager_paste(struct pager *p, const uint8_t *bytes, size_t len);

/* Which lines are wanted next, no more than `most`; false if none. *first is UINT64_MAX for the
   newest. */
bool pager_wants(const struct pager *p, uint32_t most, uint64_t *first, uint32_t *count);

/* Makes the frame of a window, with all the state of the newest screen in it, what is looked at. */
void pager_apply(const struct pager *p, struct screen *frame);

/* What the bar is to say. */
void pager_status(const struct pager *p, char out[PAGER_STATUS_BYTES]);

#endif
