/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_PICTURE_H
#define MOSH_TESTS_PICTURE_H

/*
 * What a user sees of a terminal, whichever emulator drew it: characters with their colours and
 * attributes, and the cursor. An erased cell and a typed space look alike, and are alike here; so
 * are the sixteen basic colours, however they were asked for.
 *
 * Coordinates are row, col from 0; in text they count from 1, as in control sequences.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/screen.h"
#include "util/buf.h"

#define PICTURE_TEXT_MAX 64 /* bytes of one cell, with the 0 at the end; longer text is cut */

struct picture_cell {
    char text[PICTURE_TEXT_MAX]; /* "" for the right half of a wide character, " " where blank */
    uint32_t foreground, background; /* as in struct style */
    uint16_t attributes;             /* of enum style_attribute */
    uint16_t underline;              /* of enum style_underline */
};

struct picture {
    size_t rows, cols;
    struct picture_cell *cell;
    size_t cursor_row, cursor_col;
    bool cursor_visible, reverse_video;
};

/* What two pictures are compared in. */
enum picture_part {
    PICTURE_TEXT = 1 << 0,
    PICTURE_STYLE = 1 << 1,  /* colours and attributes */
    PICTURE_CURSOR = 1 << 2, /* its place */
};

/* {0} is an empty one, and what release leaves. */
void picture_release(struct picture *p);
void picture_resize(struct picture *p, size_t rows, size_t cols); /* all blank */

void picture_take(struct picture *p, const struct screen *s);

/* The first difference in words, or NULL; borrowed until the next call. What `plainer` cannot show
   (some emulators know fewer attributes) is left out by giving the ones that it has. */
const char *picture_difference(const struct picture *a, const struct picture *b, unsigned parts,
                               uint16_t attributes);

/* Appends it as text: a line for each row up to the last that is not blank, then the styles that
   are not plain as ROW:FROM-TO WORDS, then the cursor. */
void picture_print(const struct picture *p, struct buf *out);

static inline struct picture_cell *picture_at(const struct picture *p, size_t row, size_t col)
{
    return &p->cell[row * p->cols + col];
}

#endif
