/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/echoack.h"

#include <string.h>

#include "statesync/hostscreen.h"

void echoack_record(struct echoack *e, msec_t now, uint64_t state_num)
{
    if (e->count < ECHOACK_RECORDS_MAX)
        e->count++;
    e->record[e->count - 1].state_num = state_num;
    e->record[e->count - 1].given = now;
}

uint64_t echoack_take(struct echoack *e, msec_t now)
{
    uint64_t newest = 0;
    size_t due = 0;

    while (due < e->count && msec_since(now, e->record[due].given) >= ECHO_ACK_DELAY_MS)
        newest = e->record[due++].state_num;
    e->count -= due;
    memmove(e->record, e->record + due, e->count * sizeof e->record[0]);
    return newest;
}

msec_t echoack_deadline(const struct echoack *e)
{
    return e->count ? msec_after(e->record[0].given, ECHO_ACK_DELAY_MS) : MSEC_NEVER;
}
