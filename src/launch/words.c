/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/words.h"

#include <stdlib.h>

#include "util/xalloc.h"

static void add_owned(struct words *w, char *word)
{
    w->at = xreallocarray(w->at, w->count + 2, sizeof *w->at);
    w->at[w->count++] = word;
    w->at[w->count] = NULL;
}

void words_release(struct words *w)
{
    for (size_t i = 0; i < w->count; i++)
        free(w->at[i]);
    free(w->at);
    *w = (struct words){0};
}

void words_add(struct words *w, const char *word)
{
    add_owned(w, xstrdup(word));
}

void words_add_buf(struct words *w, struct buf *word)
{
    buf_append_byte(word, '\0');
    words_add(w, (const char *)word->data);
    buf_clear(word);
}

void words_add_all(struct words *w, const struct words *more)
{
    for (size_t i = 0; i < more->count; i++)
        words_add(w, more->at[i]);
}
