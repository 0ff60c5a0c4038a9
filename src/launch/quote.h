/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_QUOTE_H
#define MOSH_LAUNCH_QUOTE_H

/*
 * Words and the shell's quotes (POSIX XCU 2.2), in both directions: what is sent through a remote
 * shell is quoted, and a command that the user gave as one string is split. Nothing is expanded:
 * no variable, no pattern, no tilde.
 */

#include "launch/words.h"
#include "util/buf.h"

enum quote_error {
    QUOTE_UNTERMINATED = -1, /* a quote is opened and not closed */
    QUOTE_DANGLING = -2,     /* a backslash with nothing behind it */
};

/* Appends `word` in single quotes, so that any shell of the Bourne, C or fish kind gives it back.
   What one of them sees within such quotes stands outside, behind a backslash. A newline alone no
   C shell lets through. */
void quote_append(struct buf *out, const char *word);

/* Appends the words of `command` to `out`, or returns a quote_error and appends nothing. */
int quote_split(const char *command, struct words *out) MUST_CHECK;

#endif
