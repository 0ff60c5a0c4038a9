/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_CONNECTLINE_H
#define MOSH_LAUNCH_CONNECTLINE_H

/*
 * Finds in what comes from ssh the lines that are for us:
 *
 *   MOSH IP ADDRESS                        where ssh connected to
 *   MOSH ALSO ADDRESS                      where it could have, too; as often as there are such
 *   MOSH SSH_CONNECTION ADDR PORT ADDR PORT   how the server sees the same connection
 *   MOSH CONNECT PORT KEY                  the session is there; what follows is not read
 *   MOSH MISSING WORD...                   there is no mosh-server on this system (launch/remote.h)
 *
 * Such a line begins at a line's start, ends with LF or CR, and has exactly this form; one that
 * only begins so is an error, since a session must not be opened on a guess. Everything else
 * (banners, messages, prompts) is text for the user and is handed on at once, even where its line
 * has not ended. Empty lines are kept back until text follows them: the server sends some to get
 * away from what the terminal echoed, and nobody needs to see those.
 *
 * Pure. No byte is held but a line of ours that has not ended, and that has a maximum.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

#define CONNECT_LINE_MAX    512
#define CONNECT_ADDRESS_MAX 63
#define CONNECT_ALSO_MAX    7 /* more are ignored */
#define CONNECT_SYSTEM_MAX  127
#define CONNECT_KEY_CHARS   22

enum connect_status {
    CONNECT_MORE,     /* nothing decided yet */
    CONNECT_FOUND,    /* port and key are there */
    CONNECT_BAD,      /* a line of ours does not have its form; `tag` says which */
    CONNECT_REPEATED, /* a line came for a second time; `tag` says which */
};

/* Read the first group; the rest is the parser's own. {0} is ready for use. */
struct connectline {
    enum connect_status status;
    char address[CONNECT_ADDRESS_MAX + 1];        /* of MOSH IP, or "" */
    char server_address[CONNECT_ADDRESS_MAX + 1]; /* of MOSH SSH_CONNECTION, or "" */
    char also[CONNECT_ALSO_MAX][CONNECT_ADDRESS_MAX + 1];
    size_t also_count;
    uint16_t port;
    char key[CONNECT_KEY_CHARS + 1];
    bool missing; /* a MOSH MISSING line came, which said this: */
    char system[CONNECT_SYSTEM_MAX + 1];
    const char *tag;

    char line[CONNECT_LINE_MAX];
    size_t len;
    bool in_text;         /* this line is for the user */
    bool connection_seen; /* a MOSH SSH_CONNECTION line came */
    enum { LF_ENDS_LINE, LF_IS_TEXT, LF_IS_OURS } after_cr;
    unsigned blank_lines; /* kept back */
};

/* Takes bytes and appends what is for the user to `text`. Once the status is not CONNECT_MORE it
   stays as it is, and further bytes are ignored. */
enum connect_status connectline_feed(struct connectline *c, const uint8_t *bytes, size_t len,
                                     struct buf *text);

/* There are no more bytes: a last line without an end counts as one. */
enum connect_status connectline_end(struct connectline *c, struct buf *text);

void connectline_wipe(struct connectline *c); /* overwrites the key */

#endif
