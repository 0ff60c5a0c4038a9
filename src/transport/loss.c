/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/loss.h"

/* From the first datagrams on, so that the very first loss is not taken for a habit. */
#define WINDOW_FIRST 16

static uint32_t window(const struct loss *l)
{
    return l->count < WINDOW_FIRST ? WINDOW_FIRST : l->count;
}

void loss_newest(struct loss *l, uint64_t missing)
{
    for (uint64_t i = 0; i < missing && i < LOSS_GAP_MAX; i++)
        l->estimate += (LOSS_ONE - l->estimate) / window(l);
    l->estimate -= l->estimate / window(l);
    if (l->count < LOSS_WINDOW)
        l->count++;
}

void loss_late(struct loss *l)
{
    uint32_t counted = LOSS_ONE / window(l);

    l->estimate -= l->estimate < counted ? l->estimate : counted;
}

uint32_t loss_thousandths(const struct loss *l)
{
    return (uint32_t)((uint64_t)l->estimate * 1000 / LOSS_ONE);
}

unsigned loss_copies(uint32_t thousandths)
{
    static const uint32_t least[LOSS_COPIES_MAX - 1] = {40, 100, 180};
    unsigned copies = 1;

    while (copies < LOSS_COPIES_MAX && thousandths >= least[copies - 1])
        copies++;
    return copies;
}
