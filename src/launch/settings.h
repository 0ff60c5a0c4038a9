/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_SETTINGS_H
#define MOSH_LAUNCH_SETTINGS_H

/*
 * What was chosen for each option, and where: on the command line, in the environment, in a file.
 * They are asked in this order, and the first one that says something is heeded; of options on the
 * command line, the last. {0} is an empty one. It owns its strings.
 */

#include "launch/options.h"
#include "util/err.h"

enum settings_source { SOURCE_NONE, SOURCE_FILE, SOURCE_ENVIRONMENT, SOURCE_OPTION };

struct setting {
    char *value; /* NULL: nobody has said anything */
    enum settings_source source;
    char *origin; /* "option --port", "FILE:3" */
};

struct settings {
    struct setting at[OPTIONS];
};

void settings_release(struct settings *s);

/* The value that is in force; NULL if nobody has said anything and there is no default. */
const char *settings_get(const struct settings *s, enum option_id o);
bool settings_is_yes(const struct settings *s, enum option_id o);

/* Sets what `source` says, unless an earlier one has spoken. -1 if the value is not accepted:
   then `complaint` is one line that says what, where, and what is accepted. `origin` is as that of
   struct setting for a file, and otherwise the name of the option or variable. */
int settings_set(struct settings *s, enum option_id o, const char *value,
                 enum settings_source source, const char *origin, struct buf *complaint) MUST_CHECK;

/* Takes what the environment says, which is asked by `get` (getenv). */
int settings_take_environment(struct settings *s, char *(*get)(const char *name),
                              struct buf *complaint) MUST_CHECK;

/* Appends a line for each that a file could have: keyword, value, and a comment with its origin. */
void settings_print(const struct settings *s, struct buf *out);

#endif
