/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_PATTERN_H
#define MOSH_LAUNCH_PATTERN_H

/* Patterns as ssh_config(5) has them: `*` stands for any characters, `?` for one. */

#include <stdbool.h>

#include "launch/words.h"

/* Letters are compared without their case. */
bool pattern_match(const char *pattern, const char *text);

/* Whether one of the patterns matches, and none of those does that begin with "!". */
bool pattern_match_any(const struct words *patterns, const char *text);

#endif
