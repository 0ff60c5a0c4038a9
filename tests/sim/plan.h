/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_PLAN_H
#define MOSH_TESTS_PLAN_H

/*
 * A session as a list of events: what the user, the network, the two machines, the program and
 * those who mean harm do, and when. It is drawn from a seed, or read from a file:
 *
 *   # comment
 *   seed 17                      of all chance that is left: the network's, chaff, the program's
 *   program shell                shell, editor, flooder, deaf
 *   window 24 80
 *   addresses 1                  of the server
 *   payload 1252
 *   link loss=100 delay=30       the network when the session begins; {} is a perfect one
 *   end rest 2                   rest or any moment; 0 client, 1 child, 2 server, 3 escape key
 *   at 250 type 5 1              250 ms after the event before: its name, and its numbers
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../lib/link.h"
#include "program.h"

enum act_kind {
    ACT_TYPE,        /* seed, how many keys */
    ACT_RESIZE,      /* rows, columns */
    ACT_STORM,       /* seed, how many resizes, how many milliseconds between them */
    ACT_ROAM,        /* the address changes, and nobody says so; how many times, every so many ms */
    ACT_MOVE,        /* the address changes, and the client knows */
    ACT_LINK,        /* the ten numbers of a link, as plan.c lists them */
    ACT_CUT,         /* direction, whether */
    ACT_BUSY,        /* the user's terminal takes nothing: whether */
    ACT_REDRAW,      /* the terminal is ours again */
    ACT_UNREACHABLE, /* the client's system says so: whether */
    ACT_REACH,       /* which of the server's addresses are reached, a bit for each */
    ACT_CONGESTED,   /* whether */
    ACT_REFUSE,      /* EMSGSIZE above so many bytes; 0: never */
    ACT_STEP,        /* side, by how many ms a clock steps, back if the third is 1 */
    ACT_STAND,       /* side, whether its clock stands still */
    ACT_SLEEP,       /* the client's machine: for so many ms */
    ACT_STOP,        /* side, for how many ms a process does not run */
    ACT_FORGE,       /* direction, enum forgery, seed */
    ACT_WRITE,       /* enum hostile, seed, size */
    ACT_DEAF,        /* the program reads nothing for so many ms */
    ACT_SILENCE,     /* both ways, for so many ms, with a user who waits */
    ACT_QUIET,       /* so many ms in which nothing happens */
    ACT_KINDS,
};

#define ACT_NUMBERS   11
#define PLAN_ACTS_MAX 512

struct act {
    msec_t after_ms; /* the event before */
    enum act_kind kind;
    uint64_t number[ACT_NUMBERS];
};

struct plan {
    uint64_t seed;
    enum program_kind program;
    size_t rows, cols, addresses, payload;
    struct link_profile link; /* its name is not kept in files */
    bool at_rest;             /* the end */
    unsigned who;
    size_t count;
    struct act acts[PLAN_ACTS_MAX];
};

/* Draws a plan. */
void plan_draw(struct plan *p, uint64_t seed);

void plan_write(const struct plan *p, FILE *out);
/* False, and says why, if it is none. */
bool plan_read(struct plan *p, FILE *in);

/* Link numbers, in the order of ACT_LINK and of files. */
void plan_link_numbers(const struct link_profile *link, uint64_t numbers[ACT_NUMBERS]);
struct link_profile plan_link(const uint64_t numbers[ACT_NUMBERS]);

/* Appends an event; what does not fit is left out. */
void plan_add(struct plan *p, msec_t after_ms, enum act_kind kind, uint64_t a, uint64_t b,
              uint64_t c);
void plan_add_link(struct plan *p, msec_t after_ms, const struct link_profile *link);

#endif
