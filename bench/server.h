/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_BENCH_SERVER_H
#define MOSH_BENCH_SERVER_H

/* A mosh-server, ours or another, run for a measurement. */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "crypto/base64.h"

struct bench_server {
    pid_t pid; /* of the one that stays, which is no child of ours */
    uint16_t port;
    char key[KEY_CHARS + 1];
};

/* Starts `program`, which is to run `command` (ended by NULL) on 127.0.0.1. Ends the process with a
   message if that does not work. */
struct bench_server bench_server_start(const char *program, const char *const *command);

/* Asks it to go, if it is still there. */
void bench_server_stop(const struct bench_server *s);

void die(const char *what) __attribute__((noreturn)); /* with the system's last error */

#endif
