/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TRANSPORT_REPORT_H
#define MOSH_TRANSPORT_REPORT_H

/*
 * What the two sides tell each other of the path, if both know how: how much of what is sent gets
 * lost, and how often the network marked it (ECN CE) because its queues fill. Otherwise a sender
 * has to guess its loss from that of the other direction, and can be told of marks only by round
 * trips that look longer than they are.
 *
 * A report goes with what is sent anyway, from the time on when it has changed until something that
 * it went with is acknowledged; so on a path that neither loses nor marks there is none.
 */

#include <stdbool.h>
#include <stdint.h>

#include "wire/pathreport.h"

#define REPORT_LOSS_STEP 10 /* thousandths; a smaller change is not worth telling */

struct report {
    bool on; /* the peer understands it */

    /* the path towards us */
    struct pathreport ours; /* as told last, or to be told */
    bool owed;
    uint64_t told_after; /* states beyond this one went with it */

    /* the path towards the peer */
    struct pathreport theirs;
    bool known; /* it has said so, of this path */
};

/* What the path towards us is like now; `newest_num` is the newest of our states so far. */
void report_update(struct report *r, const struct pathreport *now, uint64_t newest_num);

/* The peer has a state of ours. */
void report_acked(struct report *r, uint64_t num);

/* The peer's report. Returns whether more was marked since the last one. */
bool report_take(struct report *r, const struct pathreport *theirs);

/* The path is another one: of what was lost on the old one nothing follows. */
void report_path_changed(struct report *r);

#endif
