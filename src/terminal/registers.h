/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_REGISTERS_H
#define MOSH_TERMINAL_REGISTERS_H

/*
 * What a program can set on a terminal as a whole, beside the modes: of each register the last
 * value counts. {0} is what the user's terminal has when no program has touched it.
 *
 * A register more is a member here, an entry in the table of registers.c, and a handler in osc.c,
 * csi.c or mode.c; it is then compared, copied, written to the client and to the user's terminal,
 * and reset at the end.
 */

#include <stdbool.h>
#include <stdint.h>

#include "terminal/caps.h"
#include "terminal/palette.h"
#include "util/buf.h"
#include "util/text.h"

/* Of a URL; longer ones are not taken. */
#define DIRECTORY_BYTES_MAX 2048

#define CURSOR_STYLE_MAX 6

enum progress_state {
    PROGRESS_NONE,
    PROGRESS_RUNNING,
    PROGRESS_FAILED,
    PROGRESS_UNKNOWN, /* that something runs, but not how far it is */
    PROGRESS_PAUSED,
    PROGRESS_STATE_MAX = PROGRESS_PAUSED,
};

struct registers {
    uint8_t cursor_style; /* DECSCUSR: 1 to 6, the odd ones blink; 0: the user's own */
    bool cursor_blink;    /* mode 12, which counts while the style is 0 */
    uint8_t progress;     /* enum progress_state */
    uint8_t percent;      /* of progress; 0 where it is not known */
    uint32_t cursor_colour, foreground, background; /* COLOUR_RGB | 0xRRGGBB, or COLOUR_DEFAULT */
    struct palette *palette;
    struct text *directory; /* a URL; NULL: none */
};

void registers_release(struct registers *r);
void registers_copy(struct registers *copy, const struct registers *r); /* uninitialised */
bool registers_equal(const struct registers *a, const struct registers *b);

/* RIS: all but the directory, which is the program's and not the terminal's. */
void registers_reset(struct registers *r);

/* Mode 12: makes the cursor blink, or not, in the shape that it has. */
void registers_set_blink(struct registers *r, bool on);
bool registers_blink(const struct registers *r);

/* Appends what changes a terminal's registers to `to` when they are `from`. NULL: that is not
   known, and what `to` does not set is left alone (caps.mirror: is reset). */
void registers_put(const struct caps *caps, const struct registers *from,
                   const struct registers *to, struct buf *out);

/* Appends what gives the terminal back; `shown` NULL: anything may have been set. */
void registers_put_reset(const struct caps *caps, const struct registers *shown, struct buf *out);

#endif
