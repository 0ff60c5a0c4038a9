/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_OPTS_H
#define MOSH_LAUNCH_OPTS_H

/*
 * The command line of `mosh`, and with what the environment and the files say, all that it is told.
 * Options end at the host: what follows it, and one "--" after it, is the remote command, as with
 * ssh. The order is opts_parse, opts_take_environment, configfile_load, opts_settle.
 */

#include <stdbool.h>

#include "launch/resolve.h"
#include "launch/settings.h"
#include "util/buf.h"

enum opts_action {
    OPTS_CONNECT,
    OPTS_DOCTOR,     /* launch/doctor.h */
    OPTS_FAKE_PROXY, /* we are ssh's ProxyCommand: launch/fakeproxy.h */
    OPTS_HELP,
    OPTS_PRINT_CONFIG,
    OPTS_VERSION,
    OPTS_WRONG,
};

/* How the server's address is found; see launch/route.h. */
enum opts_remote_ip { REMOTE_IP_AUTO, REMOTE_IP_PROXY, REMOTE_IP_LOCAL, REMOTE_IP_REMOTE };

/* The strings are those of `settings` or of the argument vector. */
struct opts {
    struct settings settings;
    const char *host; /* [user@]host, checked. For OPTS_FAKE_PROXY the host alone */
    char **command;   /* what follows the host, ended by NULL. For OPTS_FAKE_PROXY the port */

    /* From here on: filled by opts_settle. */
    const char *client;
    const char *server; /* goes to the remote shell as it is, if it was given; */
    bool server_given;  /* else it is looked for: launch/remote.h */
    const char *ssh;    /* to be split into words */
    const char *predict;
    bool predict_overwrite;
    enum family family;
    bool family_given;
    const char *port;        /* PORT or PORT:PORT, checked; NULL if not given */
    const char *bind_server; /* "ssh", "any" or an address; NULL if not given */
    const char *send_locale; /* names of variables, or "none" */
    bool ssh_pty;
    bool init;
    bool local;
    bool json; /* what is said is for a machine */
    bool quiet, verbose;
    enum opts_remote_ip remote_ip;
};

/*
 * Reads the command line. For OPTS_WRONG `complaint` gets one line, without its newline, that names
 * the argument, what is wrong with it and what is accepted.
 */
enum opts_action opts_parse(struct opts *o, int argc, char **argv, struct buf *complaint);

void opts_settle(struct opts *o);
void opts_release(struct opts *o);

#endif
