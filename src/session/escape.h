/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SESSION_ESCAPE_H
#define MOSH_SESSION_ESCAPE_H

/*
 * The key that leads a command for the client itself. A control key is heeded anywhere, a
 * printable one only directly after Return, because it has other work to do.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct escape {
    int key; /* ESCAPE_KEY_NONE (session/client.h) if there is none */
    bool line_start;
    bool pending; /* the key was typed, its command was not */
};

enum escape_verdict {
    ESCAPE_SEND,     /* an ordinary byte */
    ESCAPE_SEND_KEY, /* the user wants the escape key itself, once */
    ESCAPE_SEND_TWO, /* no command: the escape key, then this byte */
    ESCAPE_SWALLOW,  /* nothing to send: the key itself, or the end of its menu */
    ESCAPE_QUIT,
    ESCAPE_SUSPEND,
};

/* See client_parse_escape_key. */
int escape_parse(const char *value, bool *understood);

/* `last` tells that no other byte arrived with this one: an ESC that stands alone is the key Esc,
   which leaves the menu, and not the beginning of a function key. */
enum escape_verdict escape_feed(struct escape *e, uint8_t byte, bool last);

/* The key's name, for example "Ctrl-^". */
void escape_name(int key, char *out, size_t size);

/* What the user can press now, for the bar; and how to quit, for the bar's hint. */
void escape_help(const struct escape *e, char *out, size_t size);
void escape_quit_keys(const struct escape *e, char *out, size_t size);

#endif
