/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_BENCH_QUIET_H
#define MOSH_BENCH_QUIET_H

/*
 * A real program in a pseudo-terminal, for a clock that is not the real one: after each input one
 * waits until all that the program is made of has come to rest, and takes what was written until
 * then as if it had taken no time.
 *
 * At rest are all processes that came of the program when each of them sleeps, and nothing is left
 * to read. On Linux alone: it takes /proc.
 */

#include <stdbool.h>
#include <sys/types.h>

#include "sys/pty.h"
#include "util/buf.h"

struct quiet {
    struct pty pty;
    pid_t program;
    bool ended; /* it has closed its terminal */
};

/* Starts a program, or ends this one with a message. */
void quiet_start(struct quiet *q, size_t rows, size_t cols, char *const command[]);

/* Hangs up, and waits for the program's end. */
void quiet_end(struct quiet *q);

/* Gives input to the program. Returns how much of it was taken. */
size_t quiet_give(struct quiet *q, const uint8_t *bytes, size_t len);

/* Appends some of what was written, without waiting; whether there was any. */
bool quiet_take(struct quiet *q, struct buf *out);

/* Waits until all is at rest; appends what was written. */
void quiet_wait(struct quiet *q, struct buf *out);

#endif
