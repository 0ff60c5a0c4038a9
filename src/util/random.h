/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_UTIL_RANDOM_H
#define MOSH_UTIL_RANDOM_H

/* Where the core gets its random bytes: from the system in the programs, from a seed in tests. */

#include <stddef.h>
#include <stdint.h>

typedef void random_fn(void *context, uint8_t *out, size_t len);

#endif
