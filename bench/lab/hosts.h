/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_BENCH_HOSTS_H
#define MOSH_BENCH_HOSTS_H

/*
 * The laboratory's two hosts, "a" and "b": network namespaces, each with a loopback and a TUN
 * device `link0`, whose other ends this process holds. Nothing of it has a name outside: mounts,
 * namespaces, devices and processes go when this process does, however it ends, and no interface
 * of the machine is looked at. If it is killed, an empty folder stays, which the next one removes.
 *
 *     a: 10.91.0.1/24, fd91::1/64        b: 10.91.0.2/24, fd91::2/64
 *
 * Everything here ends the program with a message if it fails.
 */

#include <stddef.h>
#include <sys/types.h>

#define HOST_COUNT 2
#define HOSTS_MTU  1500

struct hosts {
    char dir[64]; /* where the namespaces are bound, visible to the commands alone */
    int lock;     /* on it */
    int tun[HOST_COUNT];
};

/* Becomes root of a user namespace if it is not root, and makes the hosts. The folder is removed at
   the end of the program. */
void hosts_open(struct hosts *h);

/* Runs a command on host a, in a PID namespace of its own so that what it leaves behind ends with
   it. Returns the process to wait for, whose status is the command's. */
pid_t hosts_run(const struct hosts *h, char *const argv[]);

/* For a command that was started by hosts_run: goes over to a host; `name` is "a" or "b". */
void hosts_enter(const char *dir, const char *name);

#endif
