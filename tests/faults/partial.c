/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * partial: put before the C library of one of our programs with LD_PRELOAD, it makes calls come
 * back early, as they may. Of what a terminal has to give, or is given, each call carries a few
 * bytes; and of all calls that a signal may interrupt, one in three is.
 *
 * FAULT_PROGRAM is the name of the program in which it acts.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EVERY = 3, FEW = 5 };

static bool acts;
static unsigned calls;

__attribute__((constructor)) static void begin(void)
{
    const char *program = getenv("FAULT_PROGRAM");

    acts = program && strcmp(program, program_invocation_short_name) == 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static bool interrupted(void)
{
    if (!acts)
        return false;
    /* In no order that a loop of the program could fall in step with. */
    calls = calls * 1103515245 + 12345;
    if ((calls >> 16) % EVERY != 0)
        return false;
    errno = EINTR;
    return true;
}

static size_t few(int fd, size_t len)
{
    if (!acts || len <= FEW)
        return len;
    int error = errno;
    bool is_terminal = isatty(fd);
    errno = error;
    return is_terminal ? 1 + (calls >> 16) % FEW : len;
}

ssize_t read(int fd, void *bytes, size_t len)
{
    return interrupted() ? -1 : REAL(read)(fd, bytes, few(fd, len));
}

ssize_t __read_chk(int fd, void *bytes, size_t len, size_t size)
{
    return len > size ? abort(), 0 : read(fd, bytes, len);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
    return interrupted() ? -1 : REAL(write)(fd, bytes, few(fd, len));
}

ssize_t recvmsg(int fd, struct msghdr *m, int flags)
{
    return interrupted() ? -1 : REAL(recvmsg)(fd, m, flags);
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
    return interrupted() ? -1 : REAL(sendmsg)(fd, m, flags);
}

ssize_t sendto(int fd, const void *bytes, size_t len, int flags, const struct sockaddr *to,
               socklen_t to_len)
{
    return interrupted() ? -1 : REAL(sendto)(fd, bytes, len, flags, to, to_len);
}

int poll(struct pollfd *fds, nfds_t count, int timeout)
{
    return interrupted() ? -1 : REAL(poll)(fds, count, timeout);
}

int __poll_chk(struct pollfd *fds, nfds_t count, int timeout, size_t size)
{
    (void)size;
    return poll(fds, count, timeout);
}

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
    return interrupted() ? -1 : REAL(ppoll)(fds, count, timeout, mask);
}

int __ppoll_chk(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                const sigset_t *mask, size_t size)
{
    (void)size;
    return ppoll(fds, count, timeout, mask);
}

pid_t waitpid(pid_t pid, int *status, int options)
{
    return !(options & WNOHANG) && interrupted() ? -1 : REAL(waitpid)(pid, status, options);
}
