/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The user's terminal in a session in which something fails: faultworld.h. */

#include "config.h"

#include "faultworld.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

void open_terminal(void)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    const char *name;

    world.master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (world.master < 0 || grantpt(world.master) || unlockpt(world.master) ||
        !(name = ptsname(world.master)))
        die("pty");
    world.slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (world.slave < 0 || tcgetattr(world.slave, &world.before) ||
        ioctl(world.master, TIOCSWINSZ, &size))
        die(name);
}

void type(const char *keys)
{
    if (write(world.master, keys, strlen(keys)) < 0)
        die("type");
}

/* Some of what the client asks. */
static void answer(void)
{
    static const char *const questions[][2] = {
        {"\033[>q", "\033P>|VTE(7600)\033\\"},
        {"\033[?2026$p", "\033[?2026;2$y"},
        {"\033]11;?\a", "\033]11;rgb:1111/1111/1111\a"},
        {"\033[c", "\033[?62;22c"},
    };

    for (; world.answered < world.written.len; world.answered++) {
        for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
            const char *asked = questions[i][0];
            size_t len = strlen(asked);
            if (len <= world.written.len - world.answered &&
                memcmp(world.written.bytes + world.answered, asked, len) == 0)
                type(questions[i][1]);
        }
    }
}

/* False at its end. */
static bool take(int fd, struct text *t)
{
    ssize_t n = read(fd, t->bytes + t->len, t->max - t->len - 1);

    if (n <= 0)
        return n < 0 && (errno == EINTR || errno == EAGAIN);
    t->len += (size_t)n;
    t->bytes[t->len] = '\0';
    return true;
}

void pump(int wait_ms)
{
    struct pollfd fd[] = {{.fd = world.master, .events = POLLIN},
                          {.fd = world.said_fd, .events = POLLIN}};

    if (poll(fd, 2, wait_ms) > 0) {
        if (fd[0].revents & POLLIN)
            (void)take(world.master, &world.written);
        if (fd[1].revents && !take(world.said_fd, &world.said)) {
            close(world.said_fd);
            world.said_fd = -1;
        }
        if (strcmp(world.program, "mosh-server") == 0 || !world.killed)
            answer();
    }
    reap();
}

void drain(void)
{
    struct pollfd fd = {.fd = world.master, .events = POLLIN};

    while (poll(&fd, 1, 0) > 0 && fd.revents & POLLIN && world.written.len + 1 < world.written.max)
        (void)take(world.master, &world.written);
}

bool has(const struct text *t, size_t from, const char *what)
{
    return memmem(t->bytes + from, t->len - from, what, strlen(what)) != NULL;
}
