/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_UTIL_WIPE_H
#define MOSH_UTIL_WIPE_H

/*
 * Overwrites secrets. memset alone will not do: of memory that nobody reads any more, a compiler
 * may leave it out. The C libraries that have a function for this do not agree on its name.
 */

#include <stddef.h>

void wipe(void *bytes, size_t len); /* zeros; NULL is accepted with a length of 0 */

#endif
