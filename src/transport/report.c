/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/report.h"

static bool is_worth_telling(const struct pathreport *told, const struct pathreport *now)
{
    uint32_t more = now->loss > told->loss ? now->loss - told->loss : told->loss - now->loss;

    return now->marked != told->marked || more >= REPORT_LOSS_STEP || now->probes != told->probes ||
           now->arrived != told->arrived;
}

void report_update(struct report *r, const struct pathreport *now, uint64_t newest_num)
{
    if (!is_worth_telling(&r->ours, now))
        return;
    r->ours = *now;
    r->owed = true;
    r->told_after = newest_num;
}

void report_acked(struct report *r, uint64_t num)
{
    if (num > r->told_after)
        r->owed = false;
}

bool report_take(struct report *r, const struct pathreport *theirs)
{
    bool marked = theirs->marked != r->theirs.marked;

    r->theirs = *theirs;
    r->known = true;
    return marked;
}

void report_path_changed(struct report *r)
{
    r->known = false;
}
