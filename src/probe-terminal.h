/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_PROBE_TERMINAL_H
#define MOSH_PROBE_TERMINAL_H

/*
 * mosh-client --probe-terminal: asks the user's terminal what a session would ask it, and prints
 * what it and terminfo say, for `mosh --doctor`, in lines NAME=VALUE.
 */

#include "session/probe.h"
#include "terminal/caps.h"

/* What the terminal on standard input may be asked, by what terminfo says of its kind. */
enum probe_extent probe_terminal_extent(const struct caps *caps);

/* Returns the exit status: 0 if a session could use the terminal, else 1. */
int probe_terminal(void);

#endif
