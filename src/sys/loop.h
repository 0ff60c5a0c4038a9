/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_LOOP_H
#define MOSH_SYS_LOOP_H

/*
 * One turn of a program's loop: waits for descriptors, signals or a deadline with ppoll. Signals
 * are blocked except while it waits, so none is missed and none interrupts anything else.
 */

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "util/msec.h"

#define LOOP_FDS_MAX 32
#define LOOP_LONG_MS 500 /* only waits that are longer are worth the timer */

struct loop {
    struct pollfd fd[LOOP_FDS_MAX];
    size_t count;
    sigset_t waiting_mask; /* in force while waiting */
    int timer;             /* one that goes on while the machine sleeps; -1 if there is none */
    bool rests;            /* before it waits next */
};

/* Has `signals` (ended by 0) handled by a flag; blocks them. SIGPIPE is ignored if it is none of
   them. */
void loop_init(struct loop *l, const int *signals);

/* Descriptors are named anew each turn. `events` as for poll. Negative fds are left out. */
void loop_clear(struct loop *l);
void loop_watch(struct loop *l, int fd, short events);

/* Waits until something is ready, a signal came, or `deadline` (from `now`) has passed; on Linux
   also if it passes while the machine sleeps: then at once when it wakes. Both are times of
   clock_now. */
void loop_wait(struct loop *l, msec_t now, msec_t deadline);

/* Something was ready and yet could not be read; it would be ready again at once, for ever. So the
   next wait takes ten milliseconds at least: what the system is short of, it may have later. */
void loop_rest(struct loop *l);

/* What is ready at `fd`; 0 if nothing or not watched. */
short loop_ready(const struct loop *l, int fd);

/* Whether the signal came since it was last asked for. */
bool loop_signalled(int signal);

#endif
