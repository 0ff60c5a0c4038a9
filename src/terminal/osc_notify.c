/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/osc.h"

#include "terminal/emulator_internal.h"

/*
 * OSC 9: what ConEmu made of it begins with a number; of these, only progress (9;4;state;percent)
 * is known.
 */

static bool parse_number(const struct osc_text *text, unsigned max, unsigned *value)
{
    *value = 0;
    for (size_t i = 0; i < text->len; i++) {
        if (text->bytes[i] < '0' || text->bytes[i] > '9')
            return false;
        *value = *value * 10 + (unsigned)(text->bytes[i] - '0');
        if (*value > max)
            return false;
    }
    return text->len > 0;
}

/* A percentage that is missing is that of before where the state goes on with it, as when a
   program is paused, and otherwise 0. */
static void set_progress(struct registers *r, struct osc_text *left)
{
    struct osc_text part;
    unsigned state, percent;

    if (!osc_next(left, &part) || !parse_number(&part, PROGRESS_STATE_MAX, &state))
        return;
    if (!osc_next(left, &part) || !parse_number(&part, 100, &percent))
        percent = state == PROGRESS_FAILED || state == PROGRESS_PAUSED ? r->percent : 0;
    if (state == PROGRESS_NONE || state == PROGRESS_UNKNOWN)
        percent = 0;
    r->progress = (uint8_t)state;
    r->percent = (uint8_t)percent;
}

void osc_notify(struct emulator *e, const struct osc_text *text)
{
    enum { CONEMU_PROGRESS = 4, CONEMU_MAX = 12 };
    struct osc_text left = *text, part;
    unsigned number;

    if (!osc_next(&left, &part) || !parse_number(&part, CONEMU_MAX, &number))
        return;
    if (number == CONEMU_PROGRESS)
        set_progress(&e->screen.registers, &left);
}
