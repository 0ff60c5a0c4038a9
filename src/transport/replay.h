/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TRANSPORT_REPLAY_H
#define MOSH_TRANSPORT_REPLAY_H

/*
 * A sliding window over the sequence numbers of authentic datagrams, which takes each number once.
 * After the idea of RFC 6479: a ring of words, of which those that the window passes are cleared,
 * so that nothing is ever shifted. {0} is an empty one.
 */

#include <stdbool.h>
#include <stdint.h>

#define REPLAY_WORDS 33
/* How many numbers behind the newest are told apart. */
#define REPLAY_WINDOW ((uint64_t)(REPLAY_WORDS - 1) * 64)

struct replay {
    uint64_t next; /* one more than the highest number taken; 0 before the first */
    uint64_t words[REPLAY_WORDS];
};

/* True once for each number; false if it was taken before or is behind the window. Numbers are
   below 2^63. */
bool replay_accept(struct replay *r, uint64_t sequence);

#endif
