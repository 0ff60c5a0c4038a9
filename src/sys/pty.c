/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sys/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static int open_master(struct pty *p, const char **failed)
{
    *failed = "opening a pseudo-terminal";
    p->master = posix_openpt(O_RDWR | O_NOCTTY);
    if (p->master < 0)
        return -1;
    *failed = "preparing the pseudo-terminal";
    if (fcntl(p->master, F_SETFD, FD_CLOEXEC) != 0 || fcntl(p->master, F_SETFL, O_NONBLOCK) != 0 ||
        grantpt(p->master) != 0 || unlockpt(p->master) != 0)
        return -1;
    int error = ptsname_r(p->master, p->slave_name, sizeof p->slave_name);
    if (error) {
        errno = error;
        return -1;
    }
    return 0;
}

static int open_slave(struct pty *p, const char **failed)
{
    struct termios modes;

    *failed = "opening the pseudo-terminal's other side";
    p->slave = open(p->slave_name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (p->slave < 0 || tcgetattr(p->slave, &modes) != 0)
        return -1;
#ifdef IUTF8
    modes.c_iflag |= IUTF8; /* so that erasing a character in line mode erases all its bytes */
#endif
    return tcsetattr(p->slave, TCSANOW, &modes);
}

int pty_open(struct pty *p, size_t rows, size_t cols, const char **failed)
{
    *p = (struct pty){.master = -1, .slave = -1};
    if (open_master(p, failed) == 0 && open_slave(p, failed) == 0) {
        pty_resize(p, rows, cols);
        return 0;
    }
    int error = errno;
    pty_close(p);
    errno = error;
    return -1;
}

int pty_take_over(struct pty *p)
{
    if (setsid() < 0 || ioctl(p->slave, TIOCSCTTY, 0) != 0)
        return -1;
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (dup2(p->slave, fd) < 0)
            return -1;
    }
    return 0;
}

static void close_one(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void pty_close_slave(struct pty *p)
{
    close_one(&p->slave);
}

void pty_close(struct pty *p)
{
    close_one(&p->slave);
    close_one(&p->master);
}

/* A key that is switched off has a value that no key has. */
static uint8_t special_key(const struct termios *t, size_t which)
{
    return t->c_cc[which] == (cc_t)_POSIX_VDISABLE ? 0 : (uint8_t)t->c_cc[which];
}

struct facts pty_facts(const struct pty *p)
{
    struct facts facts = {0};
    struct termios t;
    pid_t job;

    if (tcgetattr(p->master, &t) != 0)
        return facts;
    job = tcgetpgrp(p->master);
    facts.known = true;
    facts.echo = t.c_lflag & ECHO;
    facts.canonical = t.c_lflag & ICANON;
    facts.erase = special_key(&t, VERASE);
    facts.kill = special_key(&t, VKILL);
#ifdef VWERASE
    if (t.c_lflag & IEXTEN)
        facts.word_erase = special_key(&t, VWERASE);
#endif
    facts.job = job > 0 ? (uint32_t)job : 0;
    return facts;
}

void pty_resize(const struct pty *p, size_t rows, size_t cols)
{
    struct winsize size = {0};

    size.ws_row = (unsigned short)(rows < USHRT_MAX ? rows : USHRT_MAX);
    size.ws_col = (unsigned short)(cols < USHRT_MAX ? cols : USHRT_MAX);
    (void)ioctl(p->master, TIOCSWINSZ, &size);
}
