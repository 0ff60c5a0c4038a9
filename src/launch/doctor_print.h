/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_DOCTOR_PRINT_H
#define MOSH_LAUNCH_DOCTOR_PRINT_H

/*
 * What `mosh --doctor` found out, for people and for machines. Both append to `out`. Pure.
 */

#include "launch/doctor_facts.h"
#include "launch/doctor_verdict.h"
#include "util/buf.h"

/* A table and findings, in lines of at most 80 columns but where an address or a command is longer.
   Texts of others are in it as they came: launch/visible.h. */
void doctor_print_table(const struct doctor_facts *f, const struct doctor_verdict *v,
                        struct buf *out);

/* One JSON object; mosh(1) has its members. What is not known is null. */
void doctor_print_json(const struct doctor_facts *f, const struct doctor_verdict *v,
                       struct buf *out);

#endif
