/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_FUZZ_H
#define MOSH_TESTS_FUZZ_H

/*
 * What the fuzz targets share. A target is one file with one function; whatever bytes it is given,
 * it may end neither itself nor a check. Linked with an engine (scripts/fuzz) it is fuzzed, linked
 * with replay.c it runs the files of a corpus, as `make check` does.
 */

#include "../lib/unit.h"

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

/* Chaff that repeats. */
static inline void fuzz_random(void *context, uint8_t *out, size_t len)
{
    (void)context;
    memset(out, 7, len);
}

#endif
