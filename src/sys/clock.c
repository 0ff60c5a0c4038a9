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

/* Some virtual machines do step their monotonic clock back: time goes on from what was the latest
   then. Were it held there instead, everything would wait until the clock has caught up. */
msec_t clock_now(void)
{
    static msec_t last, stepped_back; /* the system's time, and by how much in all */
    struct timespec t;

    if (clock_gettime(CLOCK_WANTED, &t) == 0 || clock_gettime(CLOCK_MONOTONIC, &t) == 0) {
        msec_t told = (msec_t)t.tv_sec * 1000 + (msec_t)t.tv_nsec / 1000000;
        stepped_back += msec_since(last, told);
        last = told;
    }
    return last + stepped_back;
}
