/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_STATESYNC_PROFILE_H
#define MOSH_STATESYNC_PROFILE_H

/* A client's profile as it travels: the contents of an item of the user's log. profile.proto is its
   definition. */

#include "terminal/profile.h"
#include "util/buf.h"

/* More than any profile here takes; of others, longer ones are refused. */
#define PROFILE_BYTES_MAX 1024

/* Appends; what is unknown is left out. */
void profile_encode(const struct profile *p, struct buf *out);

/* Returns 0, or ERR_MALFORMED or ERR_LIMIT, and then *p is as before. Whatever a client says that
   cannot be is taken for unknown: a colour beyond 24 bits, say. Bits that are not known here are
   kept: it is for the server to know what it knows. */
int profile_decode(const uint8_t *bytes, size_t len, struct profile *p) MUST_CHECK;

#endif
