/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_PALETTE_H
#define MOSH_TERMINAL_PALETTE_H

/*
 * The colours that programs have given to entries of the palette (OSC 4), shared by the snapshots
 * of a screen and copied on write. NULL stands for a palette of which nothing was changed.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

#define PALETTE_COLOURS 256

struct palette {
    size_t refs;
    uint32_t colour[PALETTE_COLOURS]; /* COLOUR_RGB | 0xRRGGBB, or COLOUR_DEFAULT: as it was */
};

struct palette *palette_ref(struct palette *p); /* NULL stays NULL */
void palette_unref(struct palette *p);
bool palette_equal(const struct palette *a, const struct palette *b);

/* Sets an entry of a palette that others may share; *slot is NULL when all are COLOUR_DEFAULT. */
void palette_set(struct palette **slot, uint8_t index, uint32_t colour);

/* Appends what makes a terminal's palette `to` when it is `from`. */
void palette_put(const struct palette *from, const struct palette *to, struct buf *out);

#endif
