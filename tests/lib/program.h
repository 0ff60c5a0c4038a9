/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_PROGRAM_H
#define MOSH_TESTS_PROGRAM_H

/* A program that writes anything at all to its terminal, from a seed. */

#include <stdbool.h>
#include <stddef.h>

#include "unit.h"
#include "util/buf.h"

struct program {
    struct rng *rng;
    size_t rows, cols;
    bool contested; /* may use characters whose width terminals disagree about */
    bool clusters;  /* and clusters, which only some of them take for one character */
    struct buf out;
};

/* Appends to `out` something that a program might write between two frames. */
void program_burst(struct program *p);

#endif
