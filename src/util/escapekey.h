/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_UTIL_ESCAPEKEY_H
#define MOSH_UTIL_ESCAPEKEY_H

/* How the key is written that leads commands for the client: in MOSH_ESCAPE_KEY, and in options. */

#include <stdbool.h>

#define ESCAPE_KEY_DEFAULT 0x1E /* Ctrl-^ */
#define ESCAPE_KEY_NONE    (-1)

/* Reads one character, 1 to 127, or "^B" for a control key; empty: none; NULL or what cannot be an
   escape key: the default, and *understood is false for the latter. */
int escapekey_parse(const char *value, bool *understood);

#endif
