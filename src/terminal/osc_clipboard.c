/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/osc.h"

#include "terminal/emulator_internal.h"

/*
 * OSC 52 ; selections ; base64. With "?" instead, a program asks for what is in the clipboard,
 * which is for users to allow who trust everything that they show; the answer then comes from their
 * terminal, as if it had been typed. To all others' programs nothing answers.
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

static bool is_read_allowed(const struct emulator *e)
{
    return e->role == EMULATOR_HOST && e->profile.features & FEATURE_EVENTS &&
           e->profile.abilities & CAN_READ_CLIPBOARD;
}

static bool is_question(const struct osc_text *content)
{
    return content->len == 1 && content->bytes[0] == '?';
}

void osc_clipboard(struct emulator *e, const struct osc_text *text)
{
    struct osc_text content = *text, selections = osc_first(&content);
    struct screen *s = &e->screen;
    struct events *taken;

    if (text->cut || !content.bytes)
        return;
    if (is_question(&content)) {
        if (is_read_allowed(e))
            events_add_read(&s->events, osc_reader(&selections));
        return;
    }
    taken = events_ref(s->events);
    if (events_add_clipboard(&taken, osc_reader(&selections), osc_reader(&content)))
        keep_for_stock(s, &content);
    /* What a server writes in this form has no number: it is the state that counts. */
    if (e->role == EMULATOR_HOST) {
        events_unref(s->events);
        s->events = events_ref(taken);
    }
    events_unref(taken);
}
