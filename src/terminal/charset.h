/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_CHARSET_H
#define MOSH_TERMINAL_CHARSET_H

/*
 * Character sets (ISO 2022, as in DEC's terminals): four sets G0 to G3 are designated by escape
 * sequences, one of them is in force, another for the next character alone. They concern ASCII
 * only. What they mean is found when a character is printed, so that the screen holds Unicode.
 */

#include <stdbool.h>
#include <stdint.h>

enum charset {
    CHARSET_ASCII,
    CHARSET_BRITISH, /* a pound sign instead of # */
    CHARSET_GRAPHICS /* DEC special graphics: line drawing */
};

/* {0}: all are ASCII. */
struct charsets {
    uint8_t set[4]; /* G0 to G3: enum charset */
    uint8_t shift;  /* which of them is in force */
    uint8_t single; /* instead of it for the next character: 2 or 3, 0 for none */
};

static inline bool charsets_are_ascii(const struct charsets *c)
{
    return c->set[c->shift] == CHARSET_ASCII && c->single == 0;
}

/* Takes the escape sequence with this PARSER_KEY if it designates a set that we have: ESC ( 0. */
void charsets_designate(struct charsets *c, uint32_t key);

/* What a printable ASCII character is now. Uses up a single shift. */
uint32_t charsets_translate(struct charsets *c, uint8_t code);

#endif
