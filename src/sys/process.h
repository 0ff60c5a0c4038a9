/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_PROCESS_H
#define MOSH_SYS_PROCESS_H

/* What a program does to its own process before it handles secrets, and undoes for its child. */

#include <stdbool.h>

#include "util/err.h"

/* Gives descriptors 0 to 2 that are closed to /dev/null, lest a socket take their place. */
void process_open_stdio(void);

/* /dev/null, for process_null_stdio to be possible when nothing can be opened any more. Returns a
   descriptor, or -1. */
int process_open_null(void);

/* Lets go of the terminal and of whoever waits for our output to end: descriptors 0 to 2 become
   `null`, which is closed, or are closed if that is -1. */
void process_null_stdio(int null);

/* Closes every descriptor beyond 0 to 2: those that were inherited. */
void process_close_inherited(void);

/* The same, but leaves two: in a child that shall have nothing else of its parent's. */
void process_close_all_but(int a, int b);

/* No core dump and, on Linux, no tracing and no reading of /proc by the user's other processes:
   the key is in our memory. */
void process_protect(void);

/* In a child before exec: no protection, no signal blocked, ignored or handled. */
void process_unprotect(void);
void process_default_signals(void);

/* Has the terminal restored by `hook` before a signal that nobody handles ends the process. */
void process_on_fatal_signal(void (*hook)(void));

/* Stops our process group, as the terminal's suspend key does, until it is continued. With nobody
   there to continue it (an orphaned group) nothing happens. No SIGCONT is left to be handled. */
void process_stop_group(void);

/* Descriptors that close on exec; the writing end is second. Returns 0, or -1 with errno set. */
int process_pipe(int ends[2]) MUST_CHECK;

#endif
