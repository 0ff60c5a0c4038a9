/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_HARMLESS_H
#define MOSH_TERMINAL_HARMLESS_H

/* Text of a program that is shown outside the program's screen: titles, notifications (S24). */

#include <stddef.h>
#include <stdint.h>

#include "util/text.h"

/* The text without controls, and what breaks lines or reorders what is shown
   beside it, cut off after so many characters. The caller holds the reference. */
struct text *harmless_text(const uint8_t *bytes, size_t len, size_t characters_max);

#endif
