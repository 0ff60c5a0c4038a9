/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_TTY_H
#define MOSH_SYS_TTY_H

/*
 * The user's terminal: standard input and output of the client. It has to be left as it was found
 * on every way out, so what that takes is remembered in this module, where a signal handler and
 * the allocator's last words can reach it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/err.h"

#define TTY_CLOSE_BYTES_MAX 512

/* Standard input goes raw. `close_bytes` are what the screen needs at the end; they are kept.
   Returns 0, or -1 with errno set. May be called again after tty_leave, or after others have
   changed the modes: it then remembers those. */
int tty_enter(const uint8_t *close_bytes, size_t len) MUST_CHECK;

/* Other bytes from now on. */
void tty_set_close_bytes(const uint8_t *close_bytes, size_t len);

/* Raw again after the process was stopped behind our back; what is remembered stays. */
void tty_again(void);

/* The modes as they were; the close bytes are the caller's to write, in order with the rest. */
void tty_leave(void);

/* From anywhere, also a signal handler: close bytes and modes, if there is need. Never waits. */
void tty_emergency(void);

/* The window's size; 80x24 for what is not known (R2: some terminals say 0x0). False if nothing is
   known because `fd` is no terminal, or none any more. */
bool tty_size(int fd, size_t *rows, size_t *cols);

#endif
