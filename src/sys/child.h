/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_CHILD_H
#define MOSH_SYS_CHILD_H

/*
 * The program that runs in a session: the user's login shell, or a command. It is started at once,
 * shows the messages of the day, and then waits to be released, until there is someone to see it.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "sys/pty.h"
#include "util/err.h"

struct child {
    pid_t pid;
    int release; /* a pipe; -1 once it is released */
};

struct child_options {
    char *const *command; /* ended by NULL; NULL: a login shell */
    bool colors_256;      /* of the user's terminal, if nothing better becomes known */
};

/* Starts it on the slave of `p`. Returns 0, or -1 with errno set. */
int child_start(struct child *c, struct pty *p, const struct child_options *options) MUST_CHECK;

/* Lets it run, on a terminal of so many colours as far as it is concerned; 0: not known. Only the
   first call counts. */
void child_release(struct child *c, uint32_t colours);

/* Reaps whatever has ended; true if the program is among it, and then *status is what a shell says
   of its end: its status, or 128 and the number of the signal. */
bool child_reap(const struct child *c, int *status);

#endif
