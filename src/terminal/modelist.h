/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_MODELIST_H
#define MOSH_TERMINAL_MODELIST_H

/*
 * Modes of one kind that a program has set, in the order in which it did: of mouse reports, and of
 * their encodings. Of several the newest is in force; when that is reset, the one before it. Some
 * terminals have one such mode at a time and others a flag for each. Both are what the program
 * expects, if they are told the same in the same order.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

#define MODELIST_MAX 5

/* Zero beyond `count`, so that equal lists are equal bytes. */
struct modelist {
    uint16_t mode[MODELIST_MAX];
    uint16_t count;
};

bool modelist_has(const struct modelist *l, uint16_t mode);
bool modelist_equal(const struct modelist *a, const struct modelist *b);

/* The mode in force; 0: none. */
uint16_t modelist_current(const struct modelist *l);

/* At most MODELIST_MAX different modes may ever be set. */
void modelist_set(struct modelist *l, uint16_t mode, bool on);

/* Appends DECSET or DECRST of a single mode. */
void modelist_put_mode(struct buf *out, unsigned mode, bool on);

/* Appends what takes a terminal from one list to the other. */
void modelist_put(const struct modelist *from, const struct modelist *to, struct buf *out);

#endif
