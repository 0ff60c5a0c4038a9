/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_KEYPRESS_H
#define MOSH_TERMINAL_KEYPRESS_H

/*
 * Which key a token is, in whatever form the terminal sends it: as bytes since the VT100, as
 * xterm's modifyOtherKeys does (CSI 27 ; m ; c ~ or CSI c ; m u), or by the kitty keyboard protocol
 * (CSI c : shifted : base ; m : event ; text u), where keys are also repeated and released.
 */

#include <stdbool.h>
#include <stdint.h>

#include "terminal/tokens.h"

enum {
    KEYPRESS_SHIFT = 1,
    KEYPRESS_ALT = 2,
    KEYPRESS_CTRL = 4,
    KEYPRESS_OTHER_MODIFIERS = 8 | 16 | 32, /* super, hyper, meta; the locks do not count */
};

enum keypress_event { KEYPRESS_DOWN = 1, KEYPRESS_REPEATED, KEYPRESS_UP };

struct keypress {
    uint32_t code;     /* the character, as it is without Ctrl; 0 for a key that has none, and: */
    uint32_t function; /* the final byte of its sequence, KEYPRESS_NUMBER(n) if that is CSI n ~, or
                          KEYPRESS_KITTY(n) for the private numbers of that protocol */
    unsigned modifiers;
    enum keypress_event event;
    int byte; /* what the key sends to a program that knows of no protocol, without Alt; -1 if that
                 is not one byte below 80 hexadecimal */
};

#define KEYPRESS_NUMBER(n) ((uint32_t)(n) << 8 | '~')
#define KEYPRESS_KITTY(n)  ((uint32_t)(n) << 8 | 'u')

/* False for what is no key: reports, strings, the mouse, pasted text, and parts. */
bool keypress_read(const struct token *t, struct keypress *k);

/* Whether it is Shift, Ctrl or another that does nothing by itself. */
bool keypress_is_modifier(const struct keypress *k);

#endif
