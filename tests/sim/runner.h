/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_RUNNER_H
#define MOSH_TESTS_RUNNER_H

/*
 * Many sessions in processes of their own, so that a crash or a session that does not end is one
 * failure among others; and the shortest plan that still fails.
 */

#include "plan.h"
#include "session.h"

#define RUNNER_WHY_MAX 200

struct runner_sums {
    uint64_t sessions, failures;
    uint64_t lasted_ms;
    msec_t healed_most_ms;
    size_t memory_most;
};

/*
 * Runs the sessions of `runs` seeds in so many processes at a time. Plans of those that fail are
 * shrunk and written to files in the current folder; what is said of them goes to standard error.
 */
struct runner_sums runner_seeds(uint64_t first, uint64_t runs, unsigned jobs);

/* Runs one plan in a process of its own. False, and why, if it fails. */
bool runner_plan(const struct plan *p, char why[RUNNER_WHY_MAX]);

/* Takes from the plan what it does not need to fail like that. Returns how many it tried. */
unsigned runner_shrink(struct plan *p, const char *why);

#endif
