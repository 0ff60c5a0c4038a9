/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_HOSTILE_H
#define MOSH_TESTS_HOSTILE_H

/* What a program, or a file that somebody looks at, writes to do harm. */

#include "util/buf.h"
#include <stdint.h>

enum hostile {
    HOSTILE_ARGUMENTS, /* sequences with arguments of 2^31, and more of them than anybody needs */
    HOSTILE_ENDLESS,   /* an OSC, a DCS, an APC that does not end */
    HOSTILE_BYTES,     /* random bytes */
    HOSTILE_ESCAPES,   /* random escape and control sequences */
    HOSTILE_UTF8,      /* what is nearly UTF-8 */
    HOSTILE_COMBINING, /* more marks than a character can have */
    HOSTILE_WIDE,      /* wide characters at the margin, marks without a character */
    HOSTILES,
};

/* Appends about `size` bytes. The last ones let a parser begin anew. */
void hostile_write(enum hostile what, uint64_t seed, size_t size, struct buf *out);

#endif
