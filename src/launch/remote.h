/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_REMOTE_H
#define MOSH_LAUNCH_REMOTE_H

/*
 * What is run on the other machine: pieces of a script for its POSIX shell. ssh hands our command
 * to the user's login shell, which may be any, so the script is one line in single quotes, for
 *
 *   sh -c 'SCRIPT' mosh-server WORD...
 *
 * and is written without what some shell sees within such quotes: the single quote itself, the
 * backslash (fish), the exclamation mark and the newline (csh). It asks nothing but what POSIX has,
 * so that busybox and the shells of small systems read it, too.
 */

#include "util/buf.h"

/* Where it is looked for, as people read it. */
#define REMOTE_PLACES "~/.local/bin, /usr/local/bin, /opt/homebrew/bin, /opt/local/bin, ~/bin"

/* Sets `server`: as the PATH has it, or else where people install it; empty if it is nowhere. */
#define REMOTE_FIND                                                                                \
    "server=mosh-server; if command -v mosh-server >/dev/null 2>&1; then :; else server=; "        \
    "for dir in \"$HOME/.local/bin\" /usr/local/bin /opt/homebrew/bin /opt/local/bin "             \
    "\"$HOME/bin\"; do if [ -x \"$dir/mosh-server\" ]; then server=$dir/mosh-server; break; fi; "  \
    "done; fi; "

/* Sets `system`: the kernel's name, then ID and ID_LIKE of os-release(5), where there is one. */
#define REMOTE_SYSTEM                                                                              \
    "ID=; ID_LIKE=; for file in /etc/os-release /usr/lib/os-release; do if [ -r \"$file\" ]; "     \
    "then . \"$file\"; break; fi; done; system=\"$(uname -s || echo -) $ID $ID_LIKE\"; "

/* Says how the server sees ssh's connection: launch/connectline.h. It says, too, that the login is
   over. The empty line in front gets away from what the terminal has echoed. */
#define REMOTE_CONNECTION                                                                          \
    "if [ -n \"$SSH_CONNECTION\" ]; then echo; "                                                   \
    "echo \"MOSH SSH_CONNECTION $SSH_CONNECTION\"; fi; "

/* Appends the command that tells ssh's connection, looks for mosh-server and becomes it, or says
   what system it is that has none. mosh-server's arguments are to follow it. */
void remote_command(struct buf *out);

#endif
