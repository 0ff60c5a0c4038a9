/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_CLUSTER_H
#define MOSH_TERMINAL_CLUSTER_H

/*
 * A grapheme cluster for a receiver that gives each code point columns of its own, as stock mosh
 * and most terminals do without mode 2027: a family of four takes eight columns there, and an emoji
 * that U+FE0F makes of a narrow symbol takes one.
 */

#include <stdbool.h>
#include <stddef.h>

struct cluster_part {
    size_t len;        /* bytes of it that fit where the cluster stands */
    size_t width;      /* columns that these take, */
    size_t characters; /* as so many characters */
};

/* The longest beginning of a cluster, in UTF-8, that takes no more than `width` columns, and no
   more bytes than a cell of stock mosh. */
struct cluster_part cluster_fitting(const char *utf8, size_t len, size_t width);

/* Whether that is all of it, in as many columns and one character: it is the same for everybody. */
bool cluster_is_settled(const char *utf8, size_t len, size_t width);

#endif
