/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/replay.h"

/* Clears the words that come into use when `sequence` becomes the highest. */
static void advance(struct replay *r, uint64_t sequence)
{
    uint64_t newest_word = sequence / 64;
    /* Before the first number all words are clear; the word of number 0 then needs no clearing. */
    uint64_t word = r->next ? (r->next - 1) / 64 : 0;
    if (newest_word - word > REPLAY_WORDS)
        word = newest_word - REPLAY_WORDS;
    while (word < newest_word)
        r->words[++word % REPLAY_WORDS] = 0;
    r->next = sequence + 1;
}

bool replay_accept(struct replay *r, uint64_t sequence)
{
    if (sequence >= r->next)
        advance(r, sequence);
    else if (r->next - 1 - sequence >= REPLAY_WINDOW)
        return false;
    uint64_t *word = &r->words[sequence / 64 % REPLAY_WORDS];
    uint64_t bit = (uint64_t)1 << sequence % 64;
    if (*word & bit)
        return false;
    *word |= bit;
    return true;
}
