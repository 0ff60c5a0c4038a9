/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_UTIL_MSEC_H
#define MOSH_UTIL_MSEC_H

/*
 * Time. A msec_t counts milliseconds on a monotonic clock whose origin means nothing. The core
 * never reads a clock: every function that needs the time takes it as the argument `now`, and
 * every module answers with the absolute time at which it next wants to run.
 */

#include <stdint.h>

typedef uint64_t msec_t;

/* As a deadline: there is none. As the time of an event: it has not happened. */
#define MSEC_NEVER UINT64_MAX

/* Time from `then` to `now`; 0 when the clock went backwards; MSEC_NEVER if `then` never was. */
static inline msec_t msec_since(msec_t now, msec_t then)
{
    if (then == MSEC_NEVER)
        return MSEC_NEVER;
    return now > then ? now - then : 0;
}

/* `base` plus `span`, where "never" absorbs everything. */
static inline msec_t msec_after(msec_t base, msec_t span)
{
    return span >= MSEC_NEVER - base ? MSEC_NEVER : base + span;
}

static inline msec_t msec_min(msec_t a, msec_t b)
{
    return a < b ? a : b;
}

static inline msec_t msec_max(msec_t a, msec_t b)
{
    return a > b ? a : b;
}

#endif
