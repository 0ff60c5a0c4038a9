/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator_internal.h"

/* XTWINOPS: of all that xterm does with its window there are the size in characters, which can be
   asked for, and the titles, which can be put aside. */

enum { REPORT_SIZE = 18, PUSH_TITLES = 22, POP_TITLES = 23 };
enum { TITLES_BOTH, TITLES_ICON, TITLES_WINDOW };

static void push_titles(struct emulator *e, uint16_t which)
{
    const struct screen *s = &e->screen;

    if (which == TITLES_BOTH || which == TITLES_ICON)
        title_stack_push(&e->icon_names, s->icon_name);
    if (which == TITLES_BOTH || which == TITLES_WINDOW)
        title_stack_push(&e->window_titles, s->window_title);
}

static void pop_titles(struct emulator *e, uint16_t which)
{
    struct screen *s = &e->screen;

    if (which == TITLES_BOTH || which == TITLES_ICON)
        title_stack_pop(&e->icon_names, &s->icon_name);
    if (which == TITLES_BOTH || which == TITLES_WINDOW)
        title_stack_pop(&e->window_titles, &s->window_title);
}

void window_operation(struct emulator *e, const struct params *params)
{
    uint16_t which = params->count > 1 ? params->value[1] : TITLES_BOTH;

    if (params->value[0] == REPORT_SIZE)
        reply_size(e);
    else if (params->value[0] == PUSH_TITLES)
        push_titles(e, which);
    else if (params->value[0] == POP_TITLES)
        pop_titles(e, which);
}
