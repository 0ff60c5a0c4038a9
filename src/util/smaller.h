/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_UTIL_SMALLER_H
#define MOSH_UTIL_SMALLER_H

/* The smaller of two sizes. */

#include <stddef.h>

static inline size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

#endif
