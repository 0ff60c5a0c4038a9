/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_CONFIGFILE_H
#define MOSH_LAUNCH_CONFIGFILE_H

/*
 * Configuration files, with the syntax of ssh_config(5): a keyword and its value to a line, blanks
 * or one `=` between them; `#` begins a comment; what follows a line `Host PATTERN...` counts for
 * hosts that match one of the patterns, and none of those with `!` in front. The first value that
 * is found for a keyword is heeded. A value with blanks stands in double quotes, except for
 * commands, which are the rest of their line.
 *
 * A line that is not understood is an error wherever it stands, since nobody can know what it
 * meant.
 */

#include <stddef.h>

#include "launch/settings.h"
#include "util/err.h"

#define CONFIGFILE_BYTES_MAX (1 << 20)

/* Reads the text of a file, which is called `name` in messages. `host` is what the user calls it,
   without user and brackets. -1: see settings_set. */
int configfile_parse(const char *text, size_t len, const char *name, const char *host,
                     struct settings *s, struct buf *complaint) MUST_CHECK;

/*
 * Reads the file of --config if `file` is given ("none": nothing), or else the user's,
 * $XDG_CONFIG_HOME/mosh/config (~/.config/mosh/config), and then the system's,
 * SYSCONFDIR/mosh/config; neither need be there. A file that others can write is refused, since
 * there are commands in it.
 */
int configfile_load(const char *file, const char *host, struct settings *s,
                    struct buf *complaint) MUST_CHECK;

#endif
