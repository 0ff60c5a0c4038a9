/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_SAY_H
#define MOSH_LAUNCH_SAY_H

/* What `mosh` itself has to tell the user: lines on standard error that begin with its name. */

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"
#include "util/err.h"

/* Of `mosh` when no session came about (R17): who failed. All other values are the client's. */
enum exit_status {
    STATUS_NO_ANSWER = 250, /* nothing came by UDP; it is the client that ends with it */
    STATUS_HERE = 251,      /* this machine: the command line, the configuration, a program */
    STATUS_ANSWER = 252,    /* what came is not understood, or does not say all */
    STATUS_SERVER = 253,    /* mosh-server, when it was started */
    STATUS_NO_SERVER = 254, /* there is no mosh-server */
    STATUS_SSH = 255,       /* ssh, whose own status it is, too */
};

/* Prints one line. Control characters in the values are made visible. */
void say(const char *format, ...) PRINTF_LIKE(1, 2);

/* What was asked for goes to standard output. Whether all of it got there. */
bool say_result(const struct buf *text) MUST_CHECK;

/* What to do before something is said; NULL for nothing. */
void say_before(void (*hook)(void));

/* Says it, and exits. */
NORETURN void die(enum exit_status status, const char *format, ...) PRINTF_LIKE(2, 3);

/* Writes all, whatever the descriptor takes at a time; gives up on an error. */
void write_all(int fd, const void *bytes, size_t len);

#endif
