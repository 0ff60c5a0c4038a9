/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SESSION_ECHOACK_H
#define MOSH_SESSION_ECHOACK_H

/*
 * Which of the client's states has surely had the time to be echoed: the newest one whose keys the
 * program was given at least ECHO_ACK_DELAY_MS ago.
 */

#include <stddef.h>
#include <stdint.h>

#include "util/msec.h"

#define ECHOACK_RECORDS_MAX 32

struct echoack {
    struct {
        uint64_t state_num;
        msec_t given;
    } record[ECHOACK_RECORDS_MAX]; /* oldest first */
    size_t count;
};

/* State numbers must grow. A client that is faster than the table has some of its states
   acknowledged late, together with newer ones; never one too early. */
void echoack_record(struct echoack *e, msec_t now, uint64_t state_num);

/* Takes the newest number that is due; 0 if there is none. */
uint64_t echoack_take(struct echoack *e, msec_t now);

/* All up to this state are acknowledged. */
void echoack_acknowledged(struct echoack *e, uint64_t state_num);

/* When something will be due; MSEC_NEVER. */
msec_t echoack_deadline(const struct echoack *e);

#endif
