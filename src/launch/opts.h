/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_OPTS_H
#define MOSH_LAUNCH_OPTS_H

/*
 * The command line of `mosh`. Options end at the host: what follows it, and one "--" after it, is
 * the remote command, as with ssh. Strings are borrowed from the argument vector.
 */

#include <stdbool.h>

#include "launch/resolve.h"
#include "util/buf.h"

enum opts_action {
    OPTS_CONNECT,
    OPTS_FAKE_PROXY, /* we are ssh's ProxyCommand: launch/fakeproxy.h */
    OPTS_HELP,
    OPTS_VERSION,
    OPTS_WRONG,
};

/* How the server's address is found; see launch/route.h. */
enum opts_remote_ip { REMOTE_IP_AUTO, REMOTE_IP_PROXY, REMOTE_IP_LOCAL, REMOTE_IP_REMOTE };

/* Something that can be said, denied, or left to its default. */
enum opts_choice { CHOICE_DEFAULT, CHOICE_YES, CHOICE_NO };

struct opts {
    const char *client;
    const char *server; /* goes to the remote shell as it is, if it was given; */
    bool server_given;  /* else it is looked for: launch/remote.h */
    const char *ssh;    /* to be split into words */
    const char *predict;
    enum opts_choice predict_overwrite;
    enum family family;
    bool family_given;
    const char *port;        /* PORT or PORT:PORT, checked; NULL if not given */
    const char *bind_server; /* "ssh", "any" or an address; NULL if not given */
    bool ssh_pty;
    enum opts_choice init;
    bool local;
    enum opts_remote_ip remote_ip;
    const char *host; /* [user@]host, checked. For OPTS_FAKE_PROXY the host alone */
    char **command;   /* what follows the host, ended by NULL. For OPTS_FAKE_PROXY the port */
};

/*
 * Reads the command line. `env_predict` is the value of MOSH_PREDICTION_DISPLAY or NULL, and counts
 * where no option says otherwise. For OPTS_WRONG `complaint` gets one line, without its newline,
 * that names the argument, what is wrong with it and what is accepted.
 */
enum opts_action opts_parse(struct opts *o, int argc, char **argv, const char *env_predict,
                            struct buf *complaint);

extern const char opts_usage[];

#endif
