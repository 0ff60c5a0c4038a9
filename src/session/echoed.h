/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SESSION_ECHOED_H
#define MOSH_SESSION_ECHOED_H

/*
 * Which of the client's states are echoed already, as far as that can be seen: text was typed, and
 * now it stands where the cursor was, and the cursor right behind it. To acknowledge these nobody
 * has to wait (echoack.h), so that the acknowledgement goes with the echo, in the same frame. Of
 * all other keys nothing is seen here.
 */

#include <stddef.h>
#include <stdint.h>

#include "terminal/screen.h"

#define ECHOED_KEYS_MAX 64

/* {0} has seen nothing typed. */
struct echoed {
    struct {
        uint32_t code;
        uint64_t state_num;
    } key[ECHOED_KEYS_MAX]; /* oldest first */
    size_t count;
    size_t row, col;  /* where the first of them is to stand */
    uint64_t unclear; /* the newest state with something that is not followed; 0: none */
};

/* The keys of a state are given to the program, whose screen is this. Numbers do not fall. */
void echoed_typed(struct echoed *e, const struct screen *s, uint64_t state_num,
                  const uint8_t *bytes, size_t len);

/* Takes the newest state that is echoed on the screen, with all before it; 0 if there is none. */
uint64_t echoed_take(struct echoed *e, const struct screen *s);

/* All up to this state are acknowledged, seen or not. */
void echoed_acknowledged(struct echoed *e, uint64_t state_num);

#endif
