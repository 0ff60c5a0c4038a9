/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_BENCH_VTSCREEN_H
#define MOSH_BENCH_VTSCREEN_H

/*
 * The terminal that decides what is on a screen: libvterm, so that no mistake of our own emulator
 * can hide. It also says what a key sends, since that depends on the modes that the program chose.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

/* What is shown: `rows` * `cols` characters, 0 where nothing is, without colours and attributes,
   since a prediction may be underlined. */
struct shot {
    size_t rows, cols;
    size_t cursor_row, cursor_col;
    uint32_t *cell;
};

struct vtscreen;

struct vtscreen *vtscreen_new(size_t rows, size_t cols);
void vtscreen_free(struct vtscreen *j);

/* Bytes for the terminal. Its answers to questions are appended to `reply`, if that is not NULL. */
void vtscreen_write(struct vtscreen *j, const uint8_t *bytes, size_t len, struct buf *reply);

/* Appends what a key sends: "Enter", "Left", "Ctrl-A", or a single character. False if there is no
   such key. */
bool vtscreen_key(struct vtscreen *j, const char *name, struct buf *out);

void shot_init(struct shot *s, size_t rows, size_t cols); /* blank */
void shot_release(struct shot *s);
void vtscreen_look(struct vtscreen *j, struct shot *s); /* of the same size */

#endif
