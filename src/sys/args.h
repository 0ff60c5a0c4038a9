/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_ARGS_H
#define MOSH_SYS_ARGS_H

/* What the programs share in reading their arguments and their environment. */

#include <stdbool.h>
#include <stdint.h>

#include "util/err.h"

/* What --version prints; needs config.h. */
#define ARGS_VERSION(program)                                                                      \
    program " (mosh in C) " PACKAGE_VERSION "\n"                                                   \
            "Free software under the GNU General Public License, version 3 or later;\n"            \
            "there is no warranty, as far as the law allows.\n"

/* Whether there are control characters in a text that is to get to a terminal. */
bool args_has_controls(const char *text);

/* Decimal digits alone, from `min` to `max`. Returns 0, or -1. */
int args_decimal(const char *text, uint64_t min, uint64_t max, uint64_t *out) MUST_CHECK;

struct port_range {
    uint16_t low, high; /* 0 and 0: the system chooses */
};

/* "LOW", "LOW:HIGH", or nothing, which means 0. Returns NULL, or what is wrong with it, as the
   end of a sentence. */
const char *args_port_range(const char *text, struct port_range *out) MUST_CHECK;

/* Says "PROGRAM: ..." on standard error and ends with status 1. */
NORETURN void args_fail(const char *program, const char *format, ...) PRINTF_LIKE(2, 3);

/* The same for a remark: the program goes on. */
void args_warn(const char *program, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
