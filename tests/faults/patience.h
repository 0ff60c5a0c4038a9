/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_PATIENCE_H
#define MOSH_TESTS_PATIENCE_H

/*
 * Waiting for processes that may hang, on a machine that may be busy: a clock for which time passes
 * while all descendants of this process wait for something. While one of them works, or waits for a
 * processor, a tenth counts, so that whoever never stops is found as well.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* To be asked often: what passes between two calls counts as a tenth of a second at most. */
int64_t patience_now_ms(void);
int64_t patience_real_ms(void); /* as it is for everybody */

/* Whether the signal does not just kill the process, as it does before that has said what else is
   to happen. True of one that is gone. */
bool minds_signal(pid_t pid, int signal);

#endif
