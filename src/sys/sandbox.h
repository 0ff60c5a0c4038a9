/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_SANDBOX_H
#define MOSH_SYS_SANDBOX_H

/*
 * What a process gives up once it has all that it needs, so that a fault in how it reads datagrams
 * or a program's output does not open the user's files, other processes or the network to whoever
 * found it. It is no boundary around the session itself: a server that was taken over still has its
 * pseudo-terminal, a client its terminal.
 *
 * Four layers, each as far as the system has it:
 *
 *   privileges  nothing that is executed can gain any (Linux: no_new_privs)
 *   files       no path can be opened, no TCP port used, no process outside signalled (Linux:
 *               Landlock; OpenBSD: unveil)
 *   calls       only the system calls that the loop needs (Linux: seccomp; OpenBSD: pledge)
 *   limits      no process, no file that grows, few descriptors (setrlimit)
 *
 * All of it is inherited and for good, so it comes after the children have been started: the user's
 * shell has none of it.
 */

#include <stdbool.h>

#include "util/err.h"

enum sandbox_role { SANDBOX_CLIENT, SANDBOX_SERVER };

/* How much it matters, as MOSH_SANDBOX says. */
enum sandbox_policy {
    SANDBOX_DEFAULT, /* what the system has; the rest is done without */
    SANDBOX_REQUIRE, /* all four layers, or the program does not start */
    SANDBOX_STRICT,  /* as by default, but a call that is not allowed ends the program: for tests */
    SANDBOX_OFF,
};

enum sandbox_layer {
    SANDBOX_PRIVILEGES,
    SANDBOX_FILES,
    SANDBOX_CALLS,
    SANDBOX_LIMITS,
    SANDBOX_LAYERS
};

struct sandbox {
    bool holds[SANDBOX_LAYERS];
    int landlock_abi; /* what the kernel knows of Landlock; 0 for none */
};

/* "require", "strict", "off", or NULL or nothing for the default. False for anything else, which
   leaves `policy` alone. */
bool sandbox_parse_policy(const char *text, enum sandbox_policy *policy) MUST_CHECK;

/* Confines this process, in which no other thread runs. Returns 0 and what holds, or -1 if `policy`
   demands a layer that the system refused; then some layers may hold. */
int sandbox_enter(enum sandbox_role role, enum sandbox_policy policy,
                  struct sandbox *result) MUST_CHECK;

/* What MOSH_SANDBOX says. Ends the program, which is named `program`, if that is none of these
   words. */
enum sandbox_policy sandbox_policy_of_user(const char *program);

/* sandbox_enter for a program that ends, with a message, where that does not do. */
void sandbox_confine(const char *program, enum sandbox_role role, enum sandbox_policy policy);

/* The first layer that does not hold, in words; NULL if all do. */
const char *sandbox_missing(const struct sandbox *s);

/* Enters it with the default policy and prints a line for each layer. Returns the exit status for
   the process: 0 if all hold, else 1. */
int sandbox_print_status(enum sandbox_role role) MUST_CHECK;

#endif
