/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/osc.h"

#include "terminal/emulator_internal.h"

/*
 * OSC 52 ; selections ; base64. To read the clipboard ("?") is nothing that a program on another
 * machine can do here.
 *
 * A write is an event. Clients that take no events get the newest one as a state, in the only form
 * and length that they know. Half of a text that was cut is of no use (S23).
 */

/* "52;c;" and this is as much as a stock client reads. */
#define STOCK_BASE64_MAX (16384 - 5)

static void keep_for_stock(struct screen *s, const struct osc_text *base64)
{
    if (base64->len <= STOCK_BASE64_MAX)
        text_replace(&s->clipboard, text_new(base64->bytes, base64->len));
}

void osc_clipboard(struct emulator *e, const struct osc_text *text)
{
    struct osc_text base64 = *text, selections;
    struct screen *s = &e->screen;
    struct events *taken = events_ref(s->events);

    if (!text->cut && osc_next(&base64, &selections) && base64.bytes &&
        events_add_clipboard(&taken, osc_reader(&selections), osc_reader(&base64)))
        keep_for_stock(s, &base64);
    /* What a server writes in this form has no number: it is the state that counts. */
    if (e->role == EMULATOR_HOST) {
        events_unref(s->events);
        s->events = events_ref(taken);
    }
    events_unref(taken);
}
