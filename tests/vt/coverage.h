/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_VT_COVERAGE_H
#define MOSH_TESTS_VT_COVERAGE_H

/* Which functions of the terminal the scripts use, and which they forget. */

#include <stddef.h>
#include <stdint.h>

/* A program writes to a new terminal; it writes so much. */
void coverage_begin(void);
void coverage_see(const uint8_t *bytes, size_t len);

/* Says on standard error which functions were never used. Returns how many. */
size_t coverage_report(void);

#endif
