/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_PROGRAM_H
#define MOSH_TESTS_PROGRAM_H

/*
 * The program at the far end of a simulated session. It remembers all that it read, without the
 * terminal's answers to its own questions, and writes as its kind does.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../lib/unit.h"
#include "util/buf.h"
#include "util/msec.h"

enum program_kind {
    PROGRAM_SHELL,   /* echoes, prompts */
    PROGRAM_EDITOR,  /* paints all over the screen at each key, and now and then by itself */
    PROGRAM_FLOODER, /* a key starts an endless stream of lines, the next one stops it */
    PROGRAM_DEAF,    /* a shell that often does not read for seconds */
    PROGRAM_KINDS,
};

struct program {
    enum program_kind kind;
    struct rng rng;
    struct buf read;
    uint8_t answer_bytes; /* of an answer that is being read */
    msec_t next;          /* when it does something by itself */
    bool flooding, deaf, calm;
    bool curious; /* the terminal may have answered what it was asked: that was read, too */
};

void program_init(struct program *p, enum program_kind kind, uint64_t seed);
void program_release(struct program *p);

/* Offers input. Returns how much of it was read, and appends to `out` what is written in turn. */
size_t program_input(struct program *p, const uint8_t *bytes, size_t len, struct buf *out);

/* Does what is due by itself; `rows` and `cols` are the terminal's. */
void program_wake(struct program *p, msec_t now, size_t rows, size_t cols, struct buf *out);
msec_t program_deadline(const struct program *p);

/* From now on it reads everything and does nothing by itself. */
void program_calm(struct program *p);

#endif
