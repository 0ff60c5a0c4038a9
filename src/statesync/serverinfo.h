/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_STATESYNC_SERVERINFO_H
#define MOSH_STATESYNC_SERVERINFO_H

/*
 * What a client is told of the server beyond the screen: its version, for those who want to know,
 * and how the command ended that it was asked to run. Plain data; PROTOCOL.md section 9 says how it
 * travels.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/hostmsg.h"

#define SERVERINFO_VERSION_MAX 63
#define SERVERINFO_STATUS_MAX  255

struct serverinfo {
    char version[SERVERINFO_VERSION_MAX + 1]; /* printable ASCII; empty: not known */
    bool ended;                               /* the command has, with this */
    uint8_t status;                           /* as a shell tells it: 128 and the signal's number */
};

bool serverinfo_equal(const struct serverinfo *a, const struct serverinfo *b);

/* Takes over a message of the peer's; what cannot be in it is ignored. */
void serverinfo_take(struct serverinfo *info, const struct hostmsg_server *message);

/* Appends the difference, if there is any. */
void serverinfo_put_diff(const struct serverinfo *from, const struct serverinfo *to,
                         struct buf *out);

#endif
