/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_FACTS_H
#define MOSH_TERMINAL_FACTS_H

/*
 * What the server alone knows of the program that reads the keys: how its terminal treats them
 * (POSIX termios), and what of the emulator does not travel with the screen. Plain data;
 * PROTOCOL.md section 9 says how it travels. They are hints for predictions, and nothing else
 * depends on them. {0} are those of a server that tells none.
 */

#include <stdbool.h>
#include <stdint.h>

struct facts {
    bool known;
    bool echo;                       /* ECHO: the terminal shows what is typed */
    bool canonical;                  /* ICANON: the program reads lines, which the terminal edits */
    bool alternate;                  /* the alternate screen is shown */
    bool application_cursor;         /* DECCKM */
    uint8_t erase, kill, word_erase; /* the keys that edit such a line; 0: none */
    uint32_t job; /* which program it is: a number that others have not; 0: not known */
};

static inline bool facts_equal(const struct facts *a, const struct facts *b)
{
    return a->known == b->known && a->echo == b->echo && a->canonical == b->canonical &&
           a->alternate == b->alternate && a->application_cursor == b->application_cursor &&
           a->erase == b->erase && a->kill == b->kill && a->word_erase == b->word_erase &&
           a->job == b->job;
}

#endif
