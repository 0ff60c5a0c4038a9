/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_SAY_H
#define MOSH_LAUNCH_SAY_H

/* What `mosh` itself has to tell the user: lines on standard error that begin with its name. */

#include <stddef.h>

#include "util/err.h"

#define FAILURE_STATUS 255 /* of all failures that are not the client's; as ssh's */

/* Prints one line. Control characters in the values are made visible. */
void say(const char *format, ...) PRINTF_LIKE(1, 2);
NORETURN void die(const char *format, ...) PRINTF_LIKE(1, 2); /* says it and exits */

/* Writes all, whatever the descriptor takes at a time; gives up on an error. */
void write_all(int fd, const void *bytes, size_t len);

#endif
