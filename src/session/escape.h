/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SESSION_ESCAPE_H
#define MOSH_SESSION_ESCAPE_H

/*
 * The key that leads a command for the client itself. A control key is heeded anywhere, a
 * printable one only directly after Return, because it has other work to do. Keys are understood in
 * every form that a terminal may send them in; a program gets them as they came.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/tokens.h"

#define ESCAPE_BYTES_MAX 64 /* of the escape key, in the longest form that is heeded */

struct escape {
    int key; /* ESCAPE_KEY_NONE (util/escapekey.h) if there is none */
    bool line_start;
    bool pending;                    /* the key was typed, its command was not */
    bool panel;                      /* the status is shown, until any key is pressed */
    uint8_t typed[ESCAPE_BYTES_MAX]; /* the key, as it came */
    size_t typed_len;
    uint32_t down; /* a key that was kept from the program; so must be what is left of it */
};

enum escape_verdict {
    ESCAPE_SEND,     /* an ordinary token */
    ESCAPE_SEND_KEY, /* the user wants the escape key itself, once: `typed` */
    ESCAPE_SEND_TWO, /* no command: `typed`, then this token */
    ESCAPE_SEND_ESC, /* the Esc in front of the key; the rest is swallowed */
    ESCAPE_SWALLOW,  /* nothing to send: the key itself, or the end of its menu */
    ESCAPE_QUIT,
    ESCAPE_SUSPEND,
    ESCAPE_LOOK_BACK,
    ESCAPE_STATUS, /* `panel` is true now; the caller draws it */
};

enum escape_verdict escape_feed(struct escape *e, const struct token *t);

/* The key's name, for example "Ctrl-^". */
void escape_name(int key, char *out, size_t size);

/* What the user can press now, for the bar; and how to quit, for the bar's hint. */
void escape_help(const struct escape *e, char *out, size_t size);
void escape_quit_keys(const struct escape *e, char *out, size_t size);

#endif
