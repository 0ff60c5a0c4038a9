/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_BENCH_PROC_H
#define MOSH_BENCH_PROC_H

/* What Linux says of another process. */

#include <sys/types.h>

/* Seconds that its main thread has been on a CPU. */
double proc_cpu_seconds(pid_t pid);

struct proc_memory {
    long resident_kb;     /* RSS */
    long private_kb;      /* USS: that would be free if it ended */
    long proportional_kb; /* PSS: pages that others have, too, count in part */
};
struct proc_memory proc_memory(pid_t pid);

#endif
