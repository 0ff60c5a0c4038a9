/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_EVENTS_H
#define MOSH_TERMINAL_EVENTS_H

/*
 * What a program does once, and is not a picture that could be drawn again: writes to the
 * clipboard, questions for what is in it, and notifications. Each has a number, from 1, by which
 * both ends know what is new; the same text twice is two events (R13). A list keeps the newest few;
 * older ones are lost if nobody has taken them in time. Snapshots share it, and it is copied on
 * write. NULL is an empty list.
 *
 * All of it is made harmless when it comes in, from a program or from a server: of a clipboard only
 * base64 and letters for selections, of a notification only what can be shown on a line (S23, S24).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/caps.h"
#include "util/buf.h"
#include "util/msec.h"
#include "util/text.h"

#define SCREEN_EVENTS_MAX       16
#define SCREEN_EVENTS_BYTES_MAX ((size_t)256 << 10) /* of all their texts */

#define CLIPBOARD_BYTES_MAX     ((size_t)136 << 10) /* of base64: 102 kB */
#define CLIPBOARD_SELECTORS_MAX 12                  /* c, p, q, s and 0 to 7 */
#define NOTE_TITLE_MAX          256                 /* characters */
#define NOTE_BODY_MAX           1024

enum event_kind { EVENT_CLIPBOARD = 1, EVENT_NOTE = 2, EVENT_READ = 3 };

struct screen_event {
    uint64_t number;
    enum event_kind kind;
    struct text *name; /* the selections, in xterm's letters, or none: the usual one; or a title */
    struct text *text; /* base64, which may be empty; or the body; nothing for a question */
};

struct events {
    size_t refs;
    uint64_t newest; /* the number of the last one that there was */
    size_t count, bytes;
    struct screen_event event[SCREEN_EVENTS_MAX]; /* the oldest first */
};

struct events *events_ref(struct events *e);
void events_unref(struct events *e);
uint64_t events_newest(const struct events *e);  /* 0: there was none */
size_t events_footprint(const struct events *e); /* its share, as screen_footprint has it */

/* Each adds an event, with the number after the newest; or it returns false, and nothing changes,
   if the event is malformed. Among the letters of selections those that are none are dropped. */
bool events_add_clipboard(struct events **list, struct reader selections, struct reader base64);
bool events_add_read(struct events **list, struct reader selections);
bool events_add_note(struct events **list, struct reader title, struct reader body);

/* Adds one that a server has numbered. It is not taken, either, if it is not newer than the
   newest. */
bool events_take(struct events **list, uint64_t number, uint32_t kind, struct reader name,
                 struct reader text);

/*
 * How often a user's terminal is bothered (S23): so many at once, and then one each so many
 * milliseconds. Notifications beyond that are dropped; a clipboard waits, and is overtaken by
 * newer ones.
 */
#define CLIPBOARD_BURST     8
#define CLIPBOARD_REFILL_MS 500
#define NOTE_BURST          4
#define NOTE_REFILL_MS      2000

struct event_gate {
    bool no_clipboard;    /* the user does not want it written at all */
    uint64_t done;        /* up to this number all were written or dropped */
    msec_t clipboard_due; /* when as many as there were would be due, at the steady rate */
    msec_t note_due;
};

/* Appends the events that are due to be written to the user's terminal. One that does not say that
   it knows of selections gets all of them as the clipboard. */
void events_put(const struct caps *caps, const struct events *list, struct event_gate *gate,
                msec_t now, struct buf *out);

/* The same for a clipboard that is no event: whether it may be written now, and when it may be. */
bool event_gate_clipboard(struct event_gate *gate, msec_t now);
msec_t event_gate_opens(const struct event_gate *gate);

/* When one that waits can be written; MSEC_NEVER: none waits. */
msec_t events_deadline(const struct events *list, const struct event_gate *gate);

#endif
