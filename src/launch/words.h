/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_WORDS_H
#define MOSH_LAUNCH_WORDS_H

/*
 * A growing list of strings that is at every moment a valid argument vector: `at[count]` is NULL.
 * {0} is a valid empty one, whose `at` is NULL itself. It owns its strings.
 */

#include <stddef.h>

#include "util/buf.h"

struct words {
    char **at;
    size_t count;
};

void words_release(struct words *w);
void words_add(struct words *w, const char *word);     /* takes a copy */
void words_add_buf(struct words *w, struct buf *word); /* takes a copy, and empties `word` */
void words_add_all(struct words *w, const struct words *more);

#endif
