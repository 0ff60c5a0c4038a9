/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_UTIL_STEADY_H
#define MOSH_UTIL_STEADY_H

/*
 * A clock that never steps back, made of the caller's, which may: such a step counts as zero, and
 * spans of time go on from where they were. What keeps times of its own has one of these where the
 * time comes in, and gives deadlines out on the caller's clock of the moment.
 */

#include "util/msec.h"

struct steady {
    msec_t now;    /* ours */
    msec_t caller; /* the caller's at the same moment */
};

static inline struct steady steady_begin(msec_t caller_now)
{
    return (struct steady){.now = caller_now, .caller = caller_now};
}

static inline msec_t steady_at(const struct steady *s, msec_t caller_now)
{
    return s->now + msec_since(caller_now, s->caller);
}

/* As steady_at; time has come so far. */
static inline msec_t steady_advance(struct steady *s, msec_t caller_now)
{
    s->now = steady_at(s, caller_now);
    s->caller = caller_now;
    return s->now;
}

/* A time of ours on the caller's clock; what was before its origin, at its origin. */
static inline msec_t steady_for_caller(const struct steady *s, msec_t ours)
{
    msec_t ago;

    if (ours == MSEC_NEVER)
        return MSEC_NEVER;
    if (ours > s->now)
        return msec_after(s->caller, ours - s->now);
    ago = s->now - ours;
    return s->caller > ago ? s->caller - ago : 0;
}

#endif
