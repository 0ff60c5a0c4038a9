/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sys/sysrandom.h"

#include <string.h>
#include <unistd.h>

#ifdef HAVE_SYS_RANDOM_H /* elsewhere getentropy is in unistd.h */
#include <sys/random.h>
#endif

#define GETENTROPY_MAX 256 /* what one call gives */

int sysrandom_key(uint8_t *out, size_t len)
{
    for (size_t done = 0; done < len;) {
        size_t step = len - done < GETENTROPY_MAX ? len - done : GETENTROPY_MAX;
        if (getentropy(out + done, step) != 0)
            return -1;
        done += step;
    }
    return 0;
}

void sysrandom_chaff(void *context, uint8_t *out, size_t len)
{
    (void)context;
    if (sysrandom_key(out, len) != 0)
        memset(out, 0, len);
}
