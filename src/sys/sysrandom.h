/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_SYSRANDOM_H
#define MOSH_SYS_SYSRANDOM_H

#include <stddef.h>
#include <stdint.h>

#include "util/err.h"

/* Random bytes of the system for a key. Returns 0, or -1 with errno set: then do not go on. */
int sysrandom_key(uint8_t *out, size_t len) MUST_CHECK;

/* A random_fn for what need not be secret: zeros if the system has none to give. */
void sysrandom_chaff(void *context, uint8_t *out, size_t len);

#endif
