/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_COMMAND_H
#define MOSH_LAUNCH_COMMAND_H

/*
 * The command lines of the programs that `mosh` runs: mosh-server here or through ssh, and
 * mosh-client. They are argument vectors; a shell sees only what has to go through the remote one.
 */

#include "launch/opts.h"
#include "launch/route.h"
#include "launch/words.h"

struct command_context {
    const struct opts *opts;
    const struct route *route;
    const char *self;    /* how ssh can run us as its proxy */
    const char *address; /* numeric, where it is known beforehand, else NULL */
    unsigned colors;
};

/* The arguments of mosh-server, from "new" on. Reads the locale from the environment. */
void command_server_arguments(const struct command_context *c, struct words *out);

/* ssh, from the words of --ssh on to the remote command. */
void command_ssh(const struct command_context *c, const struct words *ssh,
                 const struct words *server_arguments, struct words *out);

/* The same with a command of ours for the login shell, without a terminal, and with our standard
   input. */
void command_ssh_script(const struct command_context *c, const struct words *ssh,
                        const struct buf *remote, struct words *out);

/* mosh-server on this machine. A quote_error if --server cannot be split into words. */
int command_local_server(const struct command_context *c, const struct words *server_arguments,
                         struct words *out) MUST_CHECK;

/* mosh-client. `argv` is our own, which it carries along for listings of processes. */
void command_client(const struct opts *o, char *const *argv, const char *address, unsigned port,
                    struct words *out);

#endif
