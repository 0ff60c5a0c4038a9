/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_TITLES_H
#define MOSH_TERMINAL_TITLES_H

/*
 * Titles that a program has put aside (XTWINOPS 22) and wants back when it ends (23). The icon name
 * and the window title have a stack each, since programs take them back in any order.
 */

#include <stdint.h>

#include "util/text.h"

#define TITLES_SAVED_MAX 10 /* as in xterm; one more pushes the oldest out */

/* {0} is empty. */
struct title_stack {
    struct text *saved[TITLES_SAVED_MAX]; /* each holds a reference; NULL was never set */
    uint8_t count;
};

void title_stack_clear(struct title_stack *t);
void title_stack_copy(struct title_stack *copy, const struct title_stack *t);
void title_stack_push(struct title_stack *t, struct text *title); /* takes a reference */

/* Replaces *title by the one pushed last, if there is any. */
void title_stack_pop(struct title_stack *t, struct text **title);

#endif
