/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_STREAMS_H
#define MOSH_TESTS_STREAMS_H

/* Output of imaginary programs: a screen that is not empty, then a dozen functions of a terminal
   with arguments about as large as the screen, and text between them. A stream is the same for the
   same seed and class. */

#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

enum stream_class {
    STREAM_PLAIN, /* what VT100 and VT220 have, and stock mosh, too */
    STREAM_WIDE,  /* the same with characters of two columns, and combining ones */
    STREAM_XTERM, /* margins on all sides, protected characters, character sets, and so on */
    STREAM_ODD,   /* all that, and whatever else there is */
    STREAM_CLASSES
};

/* What a stream is made of: it can be tried without some of its parts. */
struct stream {
    struct buf bytes;
    size_t part[64]; /* where each part begins; the last one is the end */
    size_t parts;
};

const char *stream_class_name(enum stream_class class);
void stream_make(struct stream *s, enum stream_class class, uint64_t seed, size_t rows,
                 size_t cols);

/* Appends the parts whose bits are set. */
void stream_pick(const struct stream *s, uint64_t parts, struct buf *out);
void stream_release(struct stream *s);

#endif
