/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_COMPARE_H
#define MOSH_TESTS_COMPARE_H

/* Compares screens of different pools by what a user sees: text, styles, cursor, modes, titles.
   How often a bell rang is not among it: bells that follow each other closely are one. */

#include <stdbool.h>

#include "terminal/screen.h"

#define COMPARE_TEXT_MAX 256

/* True if they look the same; else `why` says where they first differ. */
bool compare_screens(const struct screen *a, const struct screen *b, char why[COMPARE_TEXT_MAX]);

/* The same, of cells and cursor alone. */
bool compare_pictures(const struct screen *a, const struct screen *b, char why[COMPARE_TEXT_MAX]);

#endif
