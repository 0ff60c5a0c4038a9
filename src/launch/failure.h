/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_FAILURE_H
#define MOSH_LAUNCH_FAILURE_H

/*
 * Why no session came about, in words. What ssh and the server said themselves has been shown
 * already; what is needed is who failed, and what can be done. Pure.
 */

#include <stdbool.h>

#include "launch/connectline.h"
#include "launch/keeper.h"
#include "launch/say.h"
#include "util/buf.h"

struct failure {
    const char *host;
    const char *server;  /* as --server has it */
    const char *program; /* that we ran: ssh, or the server on this machine */
    bool is_local;       /* it was the server on this machine */
    bool was_text_shown;
    bool command_not_found; /* a shell said so, whatever its status is */
    struct keeper_end end;
    const struct connectline *lines;
};

/* Appends one line, without its newline. Returns the exit status that goes with it. */
enum exit_status failure_explain(const struct failure *f, struct buf *out);

/* Whether a shell complains in `text` that there is no such command: some do it with status 1. */
bool failure_says_not_found(const struct buf *text);

#endif
