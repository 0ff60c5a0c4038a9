/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_UTIL_ERR_H
#define MOSH_UTIL_ERR_H

/*
 * What can go wrong with bytes from the outside. A function that handles them returns 0, or one
 * of these negative codes and leaves its outputs as they were. The codes tell causes apart for
 * counters and logs; no caller needs to do more than drop what it was given.
 */

#include <assert.h>

enum err {
    ERR_MALFORMED = -1, /* does not have the form that the format demands */
    ERR_AUTH = -2,      /* not sealed with our key, or by the wrong side */
    ERR_REPLAY = -3,    /* seen before, or too old to tell */
    ERR_LIMIT = -4,     /* larger than a named maximum, or a queue is full */
    ERR_VERSION = -5,   /* another protocol version */
    ERR_BASE = -6,      /* refers to a state that is not held */
    ERR_EXHAUSTED = -7, /* the key may not be used any more */
};

/* A short lower-case phrase for a log line; never NULL. */
const char *err_string(int code);

#define MUST_CHECK                      __attribute__((warn_unused_result))
#define PRINTF_LIKE(format_at, args_at) __attribute__((format(printf, format_at, args_at)))
#define NORETURN                        __attribute__((noreturn))

#endif
