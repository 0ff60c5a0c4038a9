/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_GUARD_H
#define MOSH_TERMINAL_GUARD_H

/*
 * Which cells were written while characters were protected from erasure (DECSCA, SPA). It is the
 * server's business alone: a mark beside the screen that makes no cell another, and travels to no
 * client. Nearly no program protects anything, so there is a guard from the first protected
 * character to the next time that the whole screen is erased, and before and after that, NULL.
 *
 * A cell that is erased is protected by nothing, whatever is marked here.
 *
 * Clones of an emulator share a guard; who changes it, has his own.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/band.h"

struct guard;

struct guard *guard_new(size_t rows, size_t cols);
struct guard *guard_ref(struct guard *g); /* NULL is fine, here and below */
void guard_unref(struct guard *g);
size_t guard_footprint(const struct guard *g); /* bytes of memory, shared ones in part */

/* Marks columns [from, to) of a row as protected or not. */
void guard_mark(struct guard **g, size_t row, size_t from, size_t to, bool on);

bool guard_covers(const struct guard *g, size_t row, size_t col);

/* As screen_erase, but for the characters that are protected. */
void guard_erase(const struct guard *g, struct screen *s, size_t row, size_t from, size_t to,
                 const struct style *fill);

/* As band_scroll and band_shift do it with the cells. */
void guard_scroll(struct guard **g, const struct band *b, int64_t count);
void guard_shift(struct guard **g, const struct band *b, int64_t count);

/* As screen_resize does it, after `above` rows have left at the top. */
void guard_resize(struct guard **slot, size_t above, size_t rows, size_t cols);

#endif
