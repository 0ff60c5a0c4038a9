/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_VISIBLE_H
#define MOSH_LAUNCH_VISIBLE_H

/*
 * Makes text that others wrote (a remote shell, ssh, the resolver) fit for the user's terminal.
 * Printable UTF-8, newline, carriage return and tab pass; other control characters, C1 and DEL
 * among them, are shown in caret or hexadecimal form; what is no UTF-8 becomes U+FFFD.
 */

#include "util/buf.h"
#include "util/utf8.h"

/* A character may be split between two calls; {0} is where a text begins. */
struct visible {
    struct utf8_decoder utf8;
};

void visible_put(struct visible *v, const void *bytes, size_t len, struct buf *out);

/* The text ends here: an incomplete character at its end becomes U+FFFD. */
void visible_end(struct visible *v, struct buf *out);

#endif
