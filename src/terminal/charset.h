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
    CHARSET_GRAPHICS,     /* DEC special graphics: line drawing */
    CHARSET_SUPPLEMENTAL, /* DEC supplemental: nearly Latin-1's right half */
    CHARSET_TECHNICAL,    /* DEC technical: mathematics, Greek */
    CHARSET_LATIN1,       /* the right half of ISO 8859-1, a set of 96 */
    /* National sets: ASCII, but for a dozen characters. */
    CHARSET_BRITISH,
    CHARSET_DUTCH,
    CHARSET_FINNISH,
    CHARSET_FRENCH,
    CHARSET_FRENCH_CANADIAN,
    CHARSET_GERMAN,
    CHARSET_ITALIAN,
    CHARSET_NORWEGIAN, /* and Danish */
    CHARSET_PORTUGUESE,
    CHARSET_SPANISH,
    CHARSET_SWEDISH,
    CHARSET_SWISS
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

/* Takes the escape sequence with this PARSER_KEY if it designates a set that we have: ESC ( 0. The
   national sets but the British one are there with DECNRCM only. */
void charsets_designate(struct charsets *c, uint32_t key, bool national);

/* What a printable ASCII character is now. Uses up a single shift. */
uint32_t charsets_translate(struct charsets *c, uint8_t code);

#endif
