/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_CHARSET_H
#define MOSH_SYS_CHARSET_H

/*
 * The locale of the program that a server runs. Mosh itself needs none: UTF-8 and widths are its
 * own. But its screen is UTF-8, so a program that writes another charset would be garbled.
 */

#include <stddef.h>

#define CHARSET_SETTINGS_MAX 64

/*
 * Sees to it, by changing the environment, that the locale is a UTF-8 one: that of the client's
 * `settings` (NAME=VALUE each), if it is one and is installed here; C.UTF-8, if it is not
 * installed; the native one, if the client has none; else C.UTF-8. Where that is missing, too,
 * everything stays as it was. There is always a way on (R19, F41).
 */
void charset_settle(const char *const *settings, size_t count);

#endif
