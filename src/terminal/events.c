/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/events.h"

#include <stdlib.h>
#include <string.h>

#include "terminal/harmless.h"
#include "util/xalloc.h"

struct events *events_ref(struct events *e)
{
    if (e)
        e->refs++;
    return e;
}

static void release_texts(struct screen_event *event)
{
    text_unref(event->name);
    text_unref(event->text);
}

void events_unref(struct events *e)
{
    if (!e || --e->refs > 0)
        return;
    for (size_t i = 0; i < e->count; i++)
        release_texts(&e->event[i]);
    free(e);
}

uint64_t events_newest(const struct events *e)
{
    return e ? e->newest : 0;
}

size_t events_footprint(const struct events *e)
{
    return e ? 1 + (sizeof *e + e->bytes) / e->refs : 0;
}

/* A list that nobody shares. */
static struct events *own(struct events **list)
{
    struct events *e = *list;

    if (e && e->refs == 1)
        return e;
    e = e ? xmemdup(e, sizeof *e) : xcalloc(1, sizeof *e);
    e->refs = 1;
    for (size_t i = 0; i < e->count; i++) {
        text_ref(e->event[i].name);
        text_ref(e->event[i].text);
    }
    events_unref(*list);
    *list = e;
    return e;
}

static size_t size_of(const struct screen_event *event)
{
    return event->name->len + event->text->len;
}

static void drop_oldest(struct events *e)
{
    e->bytes -= size_of(&e->event[0]);
    release_texts(&e->event[0]);
    e->count--;
    memmove(e->event, e->event + 1, e->count * sizeof *e->event);
}

/* Takes the texts over. */
static void add(struct events **list, struct screen_event event)
{
    struct events *e = own(list);

    while (e->count == SCREEN_EVENTS_MAX ||
           (e->count > 0 && e->bytes + size_of(&event) > SCREEN_EVENTS_BYTES_MAX))
        drop_oldest(e);
    e->newest = event.number;
    e->bytes += size_of(&event);
    e->event[e->count++] = event;
}

/* --- what is taken --- */

static bool is_base64_digit(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

/* "?", which would ask a terminal to give its clipboard away, is not. */
static bool is_base64(struct reader text)
{
    size_t digits = text.left;

    while (digits > 0 && text.left - digits < 2 && text.at[digits - 1] == '=')
        digits--;
    for (size_t i = 0; i < digits; i++) {
        if (!is_base64_digit(text.at[i]))
            return false;
    }
    return text.left <= CLIPBOARD_BYTES_MAX;
}

/* Each letter that is one, once, in the order in which they come. False if there are letters, but
   none of these. */
static bool clean_selections(struct reader letters, struct text **clean)
{
    static const char known[CLIPBOARD_SELECTORS_MAX + 1] = "cpqs01234567";
    char kept[CLIPBOARD_SELECTORS_MAX];
    size_t len = 0;

    for (size_t i = 0; i < letters.left; i++) {
        char letter = (char)letters.at[i];
        if (letter && strchr(known, letter) && !(len > 0 && memchr(kept, letter, len)))
            kept[len++] = letter;
    }
    if (len == 0 && letters.left > 0)
        return false;
    *clean = text_new(kept, len);
    return true;
}

static bool add_clipboard(struct events **list, uint64_t number, struct reader selections,
                          struct reader base64)
{
    struct screen_event event = {.number = number, .kind = EVENT_CLIPBOARD};

    if (!is_base64(base64) || !clean_selections(selections, &event.name))
        return false;
    event.text = text_new(base64.at, base64.left);
    add(list, event);
    return true;
}

static bool add_read(struct events **list, uint64_t number, struct reader selections)
{
    struct screen_event event = {.number = number, .kind = EVENT_READ};

    if (!clean_selections(selections, &event.name))
        return false;
    event.text = text_new("", 0);
    add(list, event);
    return true;
}

static bool add_note(struct events **list, uint64_t number, struct reader title, struct reader body)
{
    struct screen_event event = {.number = number,
                                 .kind = EVENT_NOTE,
                                 .name = harmless_text(title.at, title.left, NOTE_TITLE_MAX),
                                 .text = harmless_text(body.at, body.left, NOTE_BODY_MAX)};

    if (size_of(&event) == 0) {
        release_texts(&event);
        return false;
    }
    add(list, event);
    return true;
}

bool events_add_clipboard(struct events **list, struct reader selections, struct reader base64)
{
    return add_clipboard(list, events_newest(*list) + 1, selections, base64);
}

bool events_add_read(struct events **list, struct reader selections)
{
    return add_read(list, events_newest(*list) + 1, selections);
}

bool events_add_note(struct events **list, struct reader title, struct reader body)
{
    return add_note(list, events_newest(*list) + 1, title, body);
}

bool events_take(struct events **list, uint64_t number, uint32_t kind, struct reader name,
                 struct reader text)
{
    if (number <= events_newest(*list))
        return false;
    if (kind == EVENT_CLIPBOARD)
        return add_clipboard(list, number, name, text);
    if (kind == EVENT_READ)
        return text.left == 0 && add_read(list, number, name);
    return kind == EVENT_NOTE && add_note(list, number, name, text);
}

/* --- writing them --- */

static void put_text(const struct text *text, struct buf *out)
{
    buf_append(out, text->bytes, text->len);
}

static void put_clipboard(const struct screen_event *event, bool selections, struct buf *out)
{
    buf_append_str(out, "\033]52;");
    if (selections)
        put_text(event->name, out);
    else
        buf_append_byte(out, 'c');
    buf_append_byte(out, ';');
    if (event->kind == EVENT_READ)
        buf_append_byte(out, '?');
    else
        put_text(event->text, out);
    buf_append_byte(out, '\a');
}

/* In a field that a semicolon would end. */
static void put_field(const struct text *text, struct buf *out)
{
    for (size_t i = 0; i < text->len; i++)
        buf_append_byte(out, text->bytes[i] == ';' ? ',' : (uint8_t)text->bytes[i]);
}

/* One text: "title: body". Where it begins with a digit, it could mean something else to some. */
static void put_osc9(const struct screen_event *event, struct buf *out)
{
    const struct text *first = event->name->len > 0 ? event->name : event->text;

    buf_append_str(out, "\033]9;");
    if (first->bytes[0] >= '0' && first->bytes[0] <= '9')
        buf_append_byte(out, ' ');
    put_text(first, out);
    if (first == event->name && event->text->len > 0) {
        buf_append_str(out, ": ");
        put_text(event->text, out);
    }
    buf_append_byte(out, '\a');
}

static void put_osc777(const struct screen_event *event, struct buf *out)
{
    buf_append_str(out, "\033]777;notify;");
    put_field(event->name, out);
    buf_append_byte(out, ';');
    put_text(event->text, out);
    buf_append_byte(out, '\a');
}

/* kitty's: the parts of a notification have its number in common; the last one is without d=0. What
   has no title has its text for one. */
static void put_osc99(const struct screen_event *event, struct buf *out)
{
    bool both = event->name->len > 0 && event->text->len > 0;

    buf_append_str(out, "\033]99;i=mosh");
    buf_append_dec(out, event->number);
    buf_append_str(out, both ? ":d=0;" : ";");
    put_text(event->name->len > 0 ? event->name : event->text, out);
    buf_append_str(out, "\033\\");
    if (!both)
        return;
    buf_append_str(out, "\033]99;i=mosh");
    buf_append_dec(out, event->number);
    buf_append_str(out, ":p=body;");
    put_text(event->text, out);
    buf_append_str(out, "\033\\");
}

static void (*const put_note[])(const struct screen_event *event, struct buf *out) = {
    [NOTE_OSC9] = put_osc9,
    [NOTE_OSC777] = put_osc777,
    [NOTE_OSC99] = put_osc99,
};

/* When the next one may be written: earlier than it is due by as much as a burst may be. */
static msec_t opens_at(msec_t due, unsigned burst, msec_t refill)
{
    msec_t early = (burst - 1) * refill;

    return due > early ? due - early : 0;
}

static bool pass(msec_t *due, unsigned burst, msec_t refill, msec_t now)
{
    if (now < opens_at(*due, burst, refill))
        return false;
    *due = msec_after(msec_max(*due, now), refill);
    return true;
}

bool event_gate_clipboard(struct event_gate *gate, msec_t now)
{
    return pass(&gate->clipboard_due, CLIPBOARD_BURST, CLIPBOARD_REFILL_MS, now);
}

msec_t event_gate_opens(const struct event_gate *gate)
{
    return opens_at(gate->clipboard_due, CLIPBOARD_BURST, CLIPBOARD_REFILL_MS);
}

/* False: it has to wait. */
static bool put_event(const struct caps *caps, const struct screen_event *event,
                      struct event_gate *gate, msec_t now, struct buf *out)
{
    enum note_form form = caps->notifications;

    if (event->kind == EVENT_NOTE) {
        if (form != NOTE_NONE && pass(&gate->note_due, NOTE_BURST, NOTE_REFILL_MS, now))
            put_note[form](event, out);
        return true;
    }
    if (gate->no_clipboard || (event->kind == EVENT_READ && !caps->clipboard_read))
        return true;
    if (!event_gate_clipboard(gate, now))
        return false;
    put_clipboard(event, caps->clipboard, out);
    return true;
}

void events_put(const struct caps *caps, const struct events *list, struct event_gate *gate,
                msec_t now, struct buf *out)
{
    for (size_t i = 0; list && i < list->count; i++) {
        const struct screen_event *event = &list->event[i];
        if (event->number <= gate->done)
            continue;
        if (!put_event(caps, event, gate, now, out))
            return;
        gate->done = event->number;
    }
}

msec_t events_deadline(const struct events *list, const struct event_gate *gate)
{
    if (events_newest(list) <= gate->done)
        return MSEC_NEVER;
    return event_gate_opens(gate);
}
