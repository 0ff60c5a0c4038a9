/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_DOCTOR_CLIENT_H
#define MOSH_LAUNCH_DOCTOR_CLIENT_H

/*
 * Reads what mosh-client prints with --probe and --probe-terminal: lines NAME=VALUE. Names that are
 * not known, and numbers that are none, are passed over. Pure.
 */

#include "launch/doctor_facts.h"
#include "util/buf.h"

/* The client's addresses are those of `paths`, in their order. */
void doctor_read_paths(const struct buf *text, struct doctor_path *paths, size_t count);
void doctor_read_terminal(const struct buf *text, struct doctor_terminal *out);

#endif
