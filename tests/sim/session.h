/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_SESSION_H
#define MOSH_TESTS_SESSION_H

/* Carries out a plan, heals the network, looks whether everything is there, and ends the session.
 */

#include "plan.h"
#include "sim.h"

struct session_result {
    msec_t lasted_ms; /* on the virtual clock */
    msec_t healed_ms; /* from a good network to the same screen everywhere */
    size_t memory_most;
};

/* Fails the test, or whatever sim_set_failure_hook says, if something is wrong. */
void session_run(const struct plan *p, struct session_result *result);

/* Parts of it, for tests with a course of their own. */
void session_act(struct sim *s, const struct act *e);
void session_heal(struct sim *s);
void session_type(struct sim *s, uint64_t seed, size_t count);

#endif
