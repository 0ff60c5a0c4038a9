/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_COLOUR_H
#define MOSH_TERMINAL_COLOUR_H

/*
 * Colours as text, as X names them (XParseColor) and programs write them in OSC 4 and 10 to 12:
 * #RGB to #RRRRGGGGBBBB, rgb:R/G/B with one to four digits each, and the commonest names.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

/* False if it is no colour. *rgb is 0xRRGGBB. */
bool colour_parse(const uint8_t *text, size_t len, uint32_t *rgb);

/* Appends rgb:RR/GG/BB. */
void colour_put(uint32_t rgb, struct buf *out);

#endif
