/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_FUZZ_H
#define MOSH_TESTS_FUZZ_H

/*
 * What the fuzz targets share. A target is one file with one function; whatever bytes it is given,
 * it may end neither itself nor a check. Linked with an engine (scripts/fuzz) it is fuzzed, linked
 * with replay.c it runs the files of a corpus, as `make check` does.
 */

#include "../lib/unit.h"

#include <time.h>

#include "util/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t fuzz_key[16] = "a key for tests";

/* Takes a byte, or 0 at the end. */
static inline uint8_t fuzz_byte(struct reader *in)
{
    if (in->left == 0)
        return 0;
    in->left--;
    return *in->at++;
}

/* Takes a number of two bytes. */
static inline unsigned fuzz_number(struct reader *in)
{
    unsigned high = fuzz_byte(in);

    return high << 8 | fuzz_byte(in);
}

/* Takes a piece whose length stands before it; the last one is cut short. */
static inline struct reader fuzz_piece(struct reader *in)
{
    size_t len = fuzz_number(in);
    struct reader piece = {.at = in->at, .left = len < in->left ? len : in->left};

    if (piece.left == 0)
        piece.at = (const uint8_t *)"";
    in->at += piece.left;
    in->left -= piece.left;
    return piece;
}

/*
 * S21: what a program writes costs 20 microseconds of CPU a byte at the most, on a screen of
 * 200x60; on a larger one as much more. The time that a target itself needs is allowed for. Asked
 * for only by an engine: valgrind is not to fail for being slow.
 */
static inline void fuzz_check_work(clock_t began, size_t bytes, size_t cells)
{
#ifdef FUZZ_ENGINE
    enum { CELLS = 200 * 60, OWN_MS = 200 };
    double per_byte = 20e-6 * (cells > CELLS ? (double)cells / CELLS : 1);
    double spent = (double)(clock() - began) / CLOCKS_PER_SEC;

    if (spent > OWN_MS / 1e3 + per_byte * (double)bytes)
        fail_msg("S21: %.3f s for %zu bytes", spent, bytes);
#else
    (void)began;
    (void)bytes;
    (void)cells;
#endif
}

/* Chaff that repeats. */
static inline void fuzz_random(void *context, uint8_t *out, size_t len)
{
    (void)context;
    memset(out, 7, len);
}

#endif
