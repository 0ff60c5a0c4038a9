/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_KEEPER_H
#define MOSH_LAUNCH_KEEPER_H

/*
 * Running other programs.
 *
 * A keeper is a process of its own that runs ssh, hands on what ssh prints, and says how it ended.
 * It stands between because the client has to start as soon as the session is known, while ssh
 * may take its time to end, or stay as the master of other connections:
 *
 *  - somebody has to go on reading. If the pipe closed, ssh would close its channel, and the hangup
 *    on the far side could hit a mosh-server that has printed its line but not yet detached;
 *  - somebody has to wait for ssh. `mosh` becomes the client by exec and would leave a zombie.
 *
 * ssh stays in our process group, so that it can ask for passwords on the terminal.
 */

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"

struct keeper_job {
    char *const *argv;
    const char *shell; /* for SHELL in the program's environment, or NULL to leave it */
    bool no_input;     /* standard input is empty, instead of ours */
    bool as_login;     /* start as sshd would: at home, and not from an ssh connection */
};

struct keeper {
    int output; /* what the program prints on both its outputs, up to its end */
    int end;    /* then a struct keeper_end */
};

struct keeper_end {
    int error;       /* errno if the program could not be started, else 0 */
    int wait_status; /* as of waitpid */
};

/* Returns 0 or a negative errno. */
int keeper_start(struct keeper *k, const struct keeper_job *job) MUST_CHECK;

/* How it ended; to be called when `output` is at its end. -1 if the keeper was lost. */
int keeper_finish(struct keeper *k, struct keeper_end *end) MUST_CHECK;

struct capture {
    char *const *argv;
    bool quiet;           /* its standard error goes nowhere */
    bool keep_input;      /* its standard input is ours, else empty */
    size_t bytes_max;     /* more than this is not kept */
    unsigned time_max_ms; /* then it is ended */
};

/*
 * Runs a program to its end and appends its output to `out`. Returns 0 and its
 * status, or a negative errno: it could not be started, or -ETIMEDOUT.
 */
int capture(const struct capture *c, struct buf *out, int *wait_status) MUST_CHECK;

/* A program that is spoken with: `to` is its standard input, `from` both of its outputs. */
struct talk {
    int pid;
    int to, from;
};

/* Returns 0 or a negative errno. */
int talk_start(struct talk *t, char *const *argv) MUST_CHECK;

/* Says no more, and waits for the program's end, whatever it says until then. One that takes longer
   is ended. Returns its status as of waitpid, or -1 if it was. */
int talk_end(struct talk *t, unsigned time_max_ms);

#endif
