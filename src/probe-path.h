/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_PROBE_PATH_H
#define MOSH_PROBE_PATH_H

/*
 * mosh-client --probe: joins a session without a terminal, measures the ways to its server
 * (session/pathcheck.h), ends the session, and prints what it found, for `mosh --doctor`: lines
 * NUMBER.NAME=VALUE for each address, and closed=yes if the server knows that the session is over.
 */

#include <stddef.h>
#include <stdint.h>

#include "session/pathcheck.h"
#include "sys/endpoint.h"

/* The reporter of what this system has said of a datagram, which has not left it. */
#define PROBE_PATH_HERE "here"

/* At most PATHCHECK_PATHS_MAX addresses, with the port. Wipes the key. Returns the exit status: 0
   if one of them answered, else 1. `program` is its name for messages. */
int probe_path(const char *program, const struct endpoint *servers, size_t count,
               uint8_t key[KEY_BYTES]);

#endif
