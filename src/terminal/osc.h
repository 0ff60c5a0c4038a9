/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_OSC_H
#define MOSH_TERMINAL_OSC_H

/*
 * What the files share that handle operating system commands. Every text that is kept ends up in
 * the user's real terminal, so each handler takes only what it knows to be harmless there.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

struct emulator;

/* What stands after the number and the semicolon. */
struct osc_text {
    const uint8_t *bytes; /* well-formed UTF-8 without controls */
    size_t len;
    bool cut;  /* it was longer */
    bool bell; /* BEL ended it, and so it does an answer */
};

/* Takes what stands before the next semicolon from the front, and the semicolon. False if there is
   nothing left; an empty part is one, too. */
bool osc_next(struct osc_text *text, struct osc_text *part);

/* The same of a text that a handler was given, which always has a first part. */
struct osc_text osc_first(struct osc_text *text);

static inline struct reader osc_reader(const struct osc_text *text)
{
    return (struct reader){text->bytes, text->len};
}

/* osc_colour.c */
void osc_set_palette(struct emulator *e, const struct osc_text *text);
void osc_reset_palette(struct emulator *e, const struct osc_text *text);
void osc_set_foreground(struct emulator *e, const struct osc_text *text);
void osc_set_background(struct emulator *e, const struct osc_text *text);
void osc_set_cursor_colour(struct emulator *e, const struct osc_text *text);
void osc_reset_foreground(struct emulator *e, const struct osc_text *text);
void osc_reset_background(struct emulator *e, const struct osc_text *text);
void osc_reset_cursor_colour(struct emulator *e, const struct osc_text *text);

/* osc_link.c */
void osc_link(struct emulator *e, const struct osc_text *text);

/* osc_clipboard.c */
void osc_clipboard(struct emulator *e, const struct osc_text *text);

/* osc_mark.c */
void osc_mark(struct emulator *e, const struct osc_text *text);

/* osc_notify.c: OSC 9, which is a notification, or progress; 99 and 777 */
void osc_notify(struct emulator *e, const struct osc_text *text);
void osc_notify_in_parts(struct emulator *e, const struct osc_text *text);
void osc_notify_with_title(struct emulator *e, const struct osc_text *text);

#endif
