/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_OPTIONS_H
#define MOSH_LAUNCH_OPTIONS_H

/*
 * The one table of what `mosh` can be told. The text of --help, the reading of the command line,
 * the keywords of configuration files, --print-config and the shells' completions all come from it.
 */

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"

/* In the order in which --help shows them. */
enum option_id {
    OPTION_PREDICT,
    OPTION_ALWAYS,
    OPTION_NEVER,
    OPTION_PREDICT_OVERWRITE,
    OPTION_FAMILY,
    OPTION_INET,
    OPTION_INET6,
    OPTION_PORT,
    OPTION_BIND_SERVER,
    OPTION_SSH,
    OPTION_SSH_PTY,
    OPTION_CLIENT,
    OPTION_SERVER,
    OPTION_INIT,
    OPTION_ESCAPE_KEY,
    OPTION_TITLE_PREFIX,
    OPTION_SEND_LOCALE,
    OPTION_LOCAL,
    OPTION_REMOTE_IP,
    OPTION_VERBOSE,
    OPTION_QUIET,
    OPTION_DOCTOR,
    OPTION_JSON,
    OPTION_CONFIG,
    OPTION_PRINT_CONFIG,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_FAKE_PROXY,
    OPTIONS
};

enum option_kind {
    KIND_VALUE,  /* --NAME=VALUE */
    KIND_CHOICE, /* --NAME, --no-NAME; "yes" or "no" */
    KIND_ALIAS,  /* short for a value of another one */
    KIND_ACTION, /* what to do instead of connecting */
};

/* An environment variable that gives a value where the command line does not. */
struct option_variable {
    const char *name;
    const char *means; /* the value if it is set, to whatever; NULL: its own */
};

struct option_entry {
    enum option_kind kind;
    const char *name;    /* of the long option, without "--"; NULL: there is none */
    char letter;         /* of the short one; 0: there is none */
    const char *value;   /* what stands for the value in --help */
    const char *keyword; /* in configuration files; NULL: not there */
    const char *words;   /* what is accepted, separated by blanks; NULL: see `check` */
    const char *expects; /* the same for messages, if it is more than `words` */
    bool (*check)(const char *value,
                  const char **why); /* *why as args_port_range's, or untouched */
    bool is_rest;                    /* in a file, the value is the rest of the line as it is */
    const char *fallback;            /* the value if nobody gives one; NULL: it depends, as */
    const char *otherwise;           /* these words of --print-config say */
    struct option_variable variables[2];
    enum option_id alias_of;
    const char *alias_value;
    const char *help; /* lines of --help; NULL: an internal option */
};

extern const struct option_entry options_table[OPTIONS];

/* NULL if the value is accepted; else why not, as the end of a sentence, to be used at once. */
const char *option_refuses(enum option_id o, const char *value);

/* Appends what is accepted, for a message: "yes or no". */
void option_expects(enum option_id o, struct buf *out);

/* The option that a keyword of a file stands for, in any case; OPTIONS if there is none. */
enum option_id option_by_keyword(const char *keyword);

/* Appends the text of --help. */
void options_usage(struct buf *out);

#endif
