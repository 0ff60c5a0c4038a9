/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "util/wipe.h"

#include <string.h>

void wipe(void *bytes, size_t len)
{
    if (len == 0)
        return; /* memset may not be given NULL, not even for nothing */
    memset(bytes, 0, len);
    /* As far as the compiler can know, this reads what is there, so the zeros have to be. */
    __asm__ volatile("" : : "r"(bytes) : "memory");
}
