/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_SANDBOX_INTERNAL_H
#define MOSH_SYS_SANDBOX_INTERNAL_H

/* The layers of the sandbox that have files of their own. Each returns whether it holds now. */

#include "sys/sandbox.h"

/* Landlock without a rule: no file, no TCP, and for the server no signal to anybody outside. The
   client keeps the right to stop its process group. `abi` becomes the version of the kernel's, or
   0. Needs no_new_privs, or the kernel refuses. */
bool sandbox_landlock(enum sandbox_role role, int *abi);

/* A seccomp filter. Calls that nobody but an intruder would make end the process; other calls that
   are not on the list fail with EPERM or, if `strict`, end it as well. Needs no_new_privs. */
bool sandbox_seccomp(enum sandbox_role role, bool strict);

#endif
