/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_RECORDING_H
#define MOSH_TESTS_RECORDING_H

/*
 * What a program wrote to its terminal, and when. A file is a stream of gzip; in it is a line
 * "recording ROWS COLS", then for each piece of output a line "MS BYTES" (milliseconds since the
 * beginning) and the bytes.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

struct recording_piece {
    uint64_t ms;
    size_t at, len; /* where in the bytes it is */
};

struct recording {
    size_t rows, cols;
    struct buf bytes;
    struct recording_piece *piece;
    size_t pieces;
};

/* False if there is no such file, or it is not one. */
bool recording_read(struct recording *r, const char *file);
bool recording_write(const struct recording *r, const char *file);
void recording_add(struct recording *r, uint64_t ms, const uint8_t *bytes, size_t len);
void recording_release(struct recording *r);

#endif
