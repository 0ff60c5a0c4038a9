/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_DOCTOR_REMOTE_H
#define MOSH_LAUNCH_DOCTOR_REMOTE_H

/*
 * The other machine's part in `mosh --doctor`: one script that tells what there is to be told of
 * it, starts mosh-server, waits, and ends the server if it is asked to. It is written for every
 * shell that launch/remote.h is written for. What it says are lines
 *
 *   MOSH DOCTOR NAME=VALUE
 *
 * besides those of launch/connectline.h and what the server says for itself. Its input are lines
 * "alive PID", which is answered, and "end PID"; at the end of the input it ends.
 */

#include "launch/connectline.h"
#include "launch/doctor_facts.h"
#include "util/buf.h"

/*
 * Appends the command for the user's login shell, all of it quoted: `server` is --server's command,
 * or NULL to look for mosh-server; `arguments` its arguments, quoted.
 */
void doctor_remote_command(const char *server, const char *arguments, struct buf *out);

/* What is known from the lines so far. {0} is ready for use. */
struct doctor_report {
    struct doctor_remote remote;
    struct doctor_server server;
    bool answered; /* the script has begun */
    bool finished; /* the server has been started, or that has failed */
    bool heard;    /* by the server's log, something came from a client */
    struct connectline lines;
    char words[DOCTOR_WORDS_MAX + 1]; /* the last lines that were none of these */
};

/* Takes one line, without its end. */
void doctor_report_line(struct doctor_report *r, const char *line, size_t len);

/* Whether a server of this kind would say, with -v, that datagrams come to it. */
bool doctor_logs_arrivals(const struct doctor_server *s);

#endif
