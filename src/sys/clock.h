/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_CLOCK_H
#define MOSH_SYS_CLOCK_H

#include "util/msec.h"

/*
 * Milliseconds on the system's monotonic clock that also counts while the machine sleeps, where it
 * has one (CLOCK_BOOTTIME on Linux). Never goes backwards, and goes on, whatever the system does.
 */
msec_t clock_now(void);

#endif
