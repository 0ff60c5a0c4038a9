/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_PACKAGE_H
#define MOSH_LAUNCH_PACKAGE_H

/*
 * How mosh is installed on a system, as its packagers do it. Pure.
 */

struct package {
    const char *id;      /* of os-release(5), or a kernel's name */
    const char *command; /* to be run by root, or by the user where it is brew */
};

/* `system` is what launch/remote.h's REMOTE_SYSTEM says: the kernel, the distribution, those that
   it is like. NULL if none of them is known. */
const struct package *package_find(const char *system);

#endif
