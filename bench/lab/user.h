/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_BENCH_USER_H
#define MOSH_BENCH_USER_H

/*
 * Somebody at a terminal: runs a program in a pseudo-terminal whose screen is libvterm's, presses
 * keys and looks. Times are of the monotonic clock, in microseconds.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "vtscreen.h"

struct user {
    struct vtscreen *terminal;
    struct shot now; /* what user_look saw */
    pid_t program;
    int pty;
    bool ended;   /* the program has closed the terminal */
    FILE *record; /* where keys and output are written down; NULL: nowhere */
};

uint64_t user_now_us(void);

/* Starts a program, or ends this one with a message. */
void user_start(struct user *u, size_t rows, size_t cols, char *const command[]);

/* Hangs up, waits for the program's end and frees everything but `record`. */
void user_end(struct user *u);

/* Takes what the program has written, waiting until a time at the most. False if nothing came. */
bool user_take_output(struct user *u, uint64_t until_us);

/* Waits and takes output until a time. */
void user_wait(struct user *u, uint64_t until_us);

void user_look(struct user *u);

/* A key as vtscreen.h names them; an unknown one ends this program. */
void user_press(struct user *u, const char *key);

/* Bytes at once, as from a clipboard. */
void user_paste(struct user *u, const char *text);

#endif
