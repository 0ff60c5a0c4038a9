/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_CAPS_H
#define MOSH_TERMINAL_CAPS_H

/*
 * What the terminal that will read the display's bytes can do. Plain data: the shell fills it from
 * terminfo, the server uses the constant below.
 */

#include <stdbool.h>

struct caps {
    bool erase_chars;      /* ech */
    bool back_color_erase; /* bce: erasing uses the current background */
    bool title;            /* shows OSC 0, 1 and 2 and does not print them */
    char enter_screen[64]; /* smcup, or empty */
    char leave_screen[64]; /* rmcup, or empty */
};

/* The client's mirror: what every mosh client understands. */
extern const struct caps caps_mirror;

#endif
