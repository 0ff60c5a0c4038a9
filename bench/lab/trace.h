/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_BENCH_TRACE_H
#define MOSH_BENCH_TRACE_H

/*
 * Files of the replayer, in this machine's byte order.
 *
 * A reference is what the screen looks like before the first keystroke, and, when everything has
 * come to rest, after each: the truth about what a keystroke does. A recording is what happened on
 * a link: when each keystroke went into the client, and when the client wrote what to its terminal.
 * Before a keystroke may stand what the user is busy with from there on.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "vtscreen.h"

struct reference {
    size_t rows, cols;
    size_t count; /* of keystrokes; there is one more shot */
    struct shot *shots;
};

/* These end the program with a message if the file cannot be written or read. */
FILE *reference_create(const char *path, size_t rows, size_t cols);
void reference_add(FILE *file, const struct shot *s);
void reference_read(const char *path, struct reference *r);
void reference_release(struct reference *r);

enum trace_kind { EVENT_KEY = 'k', EVENT_OUTPUT = 'o', EVENT_PHASE = 'p' };

struct event {
    uint8_t kind;
    uint32_t len;
    uint64_t at_us;
};

FILE *trace_create(const char *path);
void trace_add(FILE *file, enum trace_kind kind, uint64_t at_us, const void *bytes, size_t len);
FILE *trace_open(const char *path);
bool trace_next(FILE *file, struct event *event, struct buf *bytes); /* false at the end */

#endif
