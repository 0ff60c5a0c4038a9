/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_PTY_H
#define MOSH_SYS_PTY_H

/* A pseudo-terminal: the server holds the master side, the program runs on the slave side. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/facts.h"
#include "util/err.h"

#define PTY_NAME_CHARS 128

struct pty {
    int master; /* non-blocking */
    int slave;  /* open until the child has it, so that the size stays and nothing reads as EOF */
    char slave_name[PTY_NAME_CHARS];
};

/* Both descriptors close on exec. Returns 0, or -1 with errno set and *failed naming the step. */
int pty_open(struct pty *p, size_t rows, size_t cols, const char **failed) MUST_CHECK;

/* In the child: a session of its own, with the slave as terminal and as descriptors 0 to 2. */
int pty_take_over(struct pty *p) MUST_CHECK;

/* In the parent, once the child has the slave. */
void pty_close_slave(struct pty *p);
void pty_close(struct pty *p);

/* What the system tells of them: how the terminal treats what is typed (POSIX termios), and as the
   job the process group in the foreground (tcgetpgrp). Not known if it does not tell. */
struct facts pty_facts(const struct pty *p);

void pty_resize(const struct pty *p, size_t rows, size_t cols);

#endif
