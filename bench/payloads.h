/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_BENCH_PAYLOADS_H
#define MOSH_BENCH_PAYLOADS_H

/*
 * What programs write to a terminal, made from nothing and always alike: the same name, size and
 * length give the same bytes on every machine.
 *
 * Lines end in a line feed alone, as programs write them. A pty adds the carriage return; who feeds
 * an emulator directly does it with payload_as_tty.
 */

#include <stddef.h>

#include "util/buf.h"

struct payload {
    const char *name;
    const char *what; /* in a few words */
    void (*make)(struct buf *out, size_t bytes_min, size_t rows, size_t cols);
};

extern const struct payload payloads[];
extern const size_t payload_count;

const struct payload *payload_find(const char *name); /* NULL: there is none of that name */

/* Appends at least `bytes_min` bytes of it for a terminal of rows x cols, at least 4 x 20; it ends
   after a whole line, sequence, or screen. */
void payload_make(const struct payload *p, struct buf *out, size_t bytes_min, size_t rows,
                  size_t cols);

/* Appends `in` with a carriage return before each line feed. */
void payload_as_tty(const struct buf *in, struct buf *out);

#endif
