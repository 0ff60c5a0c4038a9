/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_TERMINFO_H
#define MOSH_SYS_TERMINFO_H

/* What terminfo knows of the user's terminal. The only module that sees curses' headers. */

#include <stdbool.h>
#include <stddef.h>

#include "terminal/caps.h"

/*
 * Looks $TERM up. Returns true and fills *caps. A terminal without an entry whose name says that it
 * is of xterm's family is described as such, and `remark` says so; else `remark` is empty. Returns
 * false when there is nothing to go by, and `remark` says why.
 */
bool terminfo_load(struct caps *caps, char *remark, size_t remark_size);

/*
 * What $TERM's terminals make of questions: whether they leave them alone if they do not understand
 * them, and whether that also goes for device control strings, which some print.
 */
enum terminfo_manners { TERMINFO_UNKNOWN, TERMINFO_TAKES_QUESTIONS, TERMINFO_TAKES_STRINGS };
enum terminfo_manners terminfo_manners(void);

/* The number of colours, -1 for "none". Returns false and a remark as above. */
bool terminfo_colors(int *colors, char *remark, size_t remark_size);

#endif
