/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_UTIL_LOG_H
#define MOSH_UTIL_LOG_H

/*
 * Debug log of the core. A program that was asked to be verbose sets a sink; without one, nothing
 * is formatted. Keys, typed text and screen contents are never logged, and control bytes in what
 * is logged are escaped, so that a log can be shown in a terminal and sent to others.
 */

#include "util/err.h"

typedef void log_sink(void *context, const char *line);

void log_set_sink(log_sink *sink, void *context); /* NULL: silent */
void log_debug(const char *format, ...) PRINTF_LIKE(1, 2);

#endif
