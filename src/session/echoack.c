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

static void drop(struct echoack *e, size_t count)
{
    e->count -= count;
    memmove(e->record, e->record + count, e->count * sizeof e->record[0]);
}

uint64_t echoack_take(struct echoack *e, msec_t now)
{
    uint64_t newest = 0;
    size_t due = 0;

    while (due < e->count && msec_since(now, e->record[due].given) >= ECHO_ACK_DELAY_MS)
        newest = e->record[due++].state_num;
    drop(e, due);
    return newest;
}

void echoack_acknowledged(struct echoack *e, uint64_t state_num)
{
    size_t done = 0;

    while (done < e->count && e->record[done].state_num <= state_num)
        done++;
    drop(e, done);
}

msec_t echoack_deadline(const struct echoack *e)
{
    return e->count ? msec_after(e->record[0].given, ECHO_ACK_DELAY_MS) : MSEC_NEVER;
}
