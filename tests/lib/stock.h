/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_STOCK_H
#define MOSH_TESTS_STOCK_H

/*
 * A model of the screen of a stock mosh client, as far as diffs reach it, for tests of what we send
 * to one. It is strict: the test fails on any byte outside the vocabulary of stock servers and the
 * few sequences beyond it that stock clients are known to execute (S22). And it has the habits that
 * a diff must not stumble over: what is left of a wide character that is half overwritten stays,
 * and the cursor parks in the last column. With other capabilities than a client's it stands for a
 * poorer terminal.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/caps.h"
#include "terminal/screen.h"

#define STOCK_TEXT_MAX 1200 /* bytes of a title or clipboard; longer ones fail the test */

struct stock_cell {
    char text[CLUSTER_BYTES_MAX + 1]; /* empty where erased */
    bool wide;
    struct style style;
};

struct stock {
    const struct caps *caps; /* borrowed; caps_mirror for a real one */
    size_t rows, cols;
    struct stock_cell *cell;
    bool *wrapped;
    size_t row, col, top, bottom;
    bool wrap_pending;
    size_t mark_row, mark_col; /* where combining characters go */
    struct style pen;
    bool mode[2048]; /* DEC private modes by number */
    char title[STOCK_TEXT_MAX + 1], icon[STOCK_TEXT_MAX + 1], clipboard[STOCK_TEXT_MAX + 1];
    size_t bells;
};

void stock_init(struct stock *s, const struct caps *caps, size_t rows, size_t cols);
void stock_release(struct stock *s);
void stock_resize(struct stock *s, size_t rows, size_t cols);
void stock_write(struct stock *s, const uint8_t *bytes, size_t len);

#endif
