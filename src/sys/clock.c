/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/clock.h"

#include <time.h>

/* CLOCK_MONOTONIC stands still on Linux while the machine is suspended, and so would "last contact
   an hour ago" and every timeout of the server. */
#ifdef CLOCK_BOOTTIME
#define CLOCK_WANTED CLOCK_BOOTTIME
#else
#define CLOCK_WANTED CLOCK_MONOTONIC
#endif

msec_t clock_now(void)
{
    static msec_t latest; /* some virtual machines do step their monotonic clock back */
    struct timespec t;

    if (clock_gettime(CLOCK_WANTED, &t) != 0 && clock_gettime(CLOCK_MONOTONIC, &t) != 0)
        return latest;
    latest = msec_max(latest, (msec_t)t.tv_sec * 1000 + (msec_t)t.tv_nsec / 1000000);
    return latest;
}
