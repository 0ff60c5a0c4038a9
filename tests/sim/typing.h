/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_TYPING_H
#define MOSH_TESTS_TYPING_H

/*
 * How long a keystroke takes, on the virtual clock: somebody types at a person's pace into a shell
 * at the other end of a simulated network, without predictions. Each end is ours or a model of
 * stock's (lib/stockpeer.h). The same seed is the same typing on the same network, so what differs
 * is what the ends do.
 */

#include "../lib/link.h"
#include "../lib/unit.h"

enum maker { OURS, STOCK };

struct typing {
    enum maker client, server;
    const struct link_profile *link;
    uint64_t seed;
    size_t keys;
    size_t rows, cols; /* 0: 24 and 80 */
    bool true_colour;  /* of a flood, which is then less compressible still */
    size_t pieces; /* the program writes each echo, and a ruler, in so many; 0 is 1, and no ruler */
    bool editor;   /* it edits lines: says so, and writes some echoes, and what follows Enter, in
                      pieces, as real ones do */
    bool congested;  /* all that arrives carries the mark ECN CE */
    msec_t every_ms; /* typed like a machine, one key in so long; 0: like a person */
};

#define TYPING_KEYS_MAX     4000
#define TYPING_DELAY_MS_MAX 120000 /* what takes longer counts as that */

struct delays {
    size_t count, lost; /* lost: not shown within a minute after the last key */
    uint64_t sum_ms;
    uint32_t keys[TYPING_DELAY_MS_MAX + 1]; /* how many took so many milliseconds */
    uint64_t datagrams[2], bytes[2];        /* by enum link_direction, from the first key on */
    msec_t srtt_ms[2];                      /* the client's, the server's, at the end */
};

/* Adds to what is in `out` already, so that one may measure thousands; {0} before the first. */
void typing_run(const struct typing *t, struct delays *out);

/*
 * A program floods the screen with coloured text, which does not compress well, until it is
 * interrupted after `flood_ms`. Returns how long it takes from Ctrl-C until what the program says
 * in answer is on the client's screen. The keys of `t` do not matter.
 */
msec_t typing_interrupt(const struct typing *t, msec_t flood_ms);

/* A program fills the whole screen once. Returns how long that takes to arrive. */
msec_t typing_repaint(const struct typing *t);

/*
 * Nothing passes for `outage_ms`, of which neither end is told; the program draws something when a
 * third of that is over. Returns how long it takes from the end of the outage until that is shown.
 */
msec_t typing_outage(const struct typing *t, msec_t outage_ms);

double delays_mean(const struct delays *d);
msec_t delays_percentile(const struct delays *d, unsigned percent);

/* Prints a line of figures. */
void delays_print(const char *what, const struct delays *d);

#endif
