/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SESSION_OUTER_H
#define MOSH_SESSION_OUTER_H

/* What the answers of the user's terminal (session/probe.h) say that it can do, and what the server
   is told of it. */

#include "session/probe.h"
#include "terminal/caps.h"
#include "terminal/profile.h"

/* Adds what is known from the facts. What was known before stays: no answer is no answer. */
void outer_learn(struct caps *caps, const struct probe_facts *facts);

/* Whether the two make a difference to what is drawn, and not only to how it is sent or to what
   keyboard and mouse do. */
bool outer_looks_differ(const struct caps *a, const struct caps *b);

/* What the server is told. */
struct profile outer_profile(const struct caps *caps, const struct probe_facts *facts);

#endif
