/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_BENCH_STEPS_H
#define MOSH_BENCH_STEPS_H

/*
 * What a user does, one keystroke after the other, made from a scenario and a seed. A scenario is a
 * file of lines, of which `#` begins a comment:
 *
 *     phase NAME      what the user is busy with from here on
 *     type TEXT       types it, now and then with a mistake that is corrected
 *     either TEXT     of several such lines in a row, one is typed
 *     key NAME [N]    a key as vtscreen.h names them, N times
 *     paste TEXT      all of it at once
 *     think MS        a pause
 *     settle          waits until the screen has been still for a while; for what takes its time
 *
 * The pace is a person's: bursts within words, pauses between them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STEPS_MAX     4096
#define STEP_TEXT_MAX 128
#define PHASE_MAX     16

struct step {
    uint32_t wait_ms; /* before it, since the one before */
    bool settle;      /* first wait for a still screen */
    bool paste;       /* `text` is what to send; else the name of a key */
    char text[STEP_TEXT_MAX];
    char phase[PHASE_MAX];
};

/* Reads a scenario; ends the program with a message if that is faulty. The caller frees. */
struct step *steps_read(const char *path, uint64_t seed, size_t *count);

#endif
