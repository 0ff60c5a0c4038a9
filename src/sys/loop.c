/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sys/loop.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <time.h>

#ifndef HAVE_PPOLL
#include <sys/select.h>
#endif

#ifdef HAVE_TIMERFD_CREATE
#include <sys/timerfd.h>
#endif

static volatile sig_atomic_t came[NSIG];

static void note(int signal)
{
    came[signal] = 1;
}

/* The span that ppoll waits stands still with the machine. */
static int open_timer(void)
{
#ifdef HAVE_TIMERFD_CREATE
    return timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
#else
    return -1;
#endif
}

/* Watches the timer for as long as ppoll is called. Returns how many descriptors it took. */
static size_t set_timer(struct loop *l, msec_t now, msec_t deadline)
{
#ifdef HAVE_TIMERFD_CREATE
    const struct itimerspec at = {
        .it_value = {.tv_sec = (time_t)(deadline / 1000),
                     .tv_nsec = (long)(deadline % 1000) * 1000000},
    };

    if (l->timer < 0 || deadline == MSEC_NEVER || deadline <= msec_after(now, LOOP_LONG_MS) ||
        l->count == LOOP_FDS_MAX || timerfd_settime(l->timer, TFD_TIMER_ABSTIME, &at, NULL) != 0)
        return 0;
    l->fd[l->count] = (struct pollfd){.fd = l->timer, .events = POLLIN};
    return 1;
#else
    (void)l;
    (void)now;
    (void)deadline;
    return 0;
#endif
}

void loop_init(struct loop *l, const int *signals)
{
    struct sigaction handle = {.sa_handler = note};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t handled;

    sigaction(SIGPIPE, &ignore, NULL);
    sigemptyset(&handled);
    for (const int *s = signals; *s; s++)
        sigaddset(&handled, *s);
    sigprocmask(SIG_BLOCK, &handled, &l->waiting_mask);
    for (const int *s = signals; *s; s++) {
        sigaction(*s, &handle, NULL);
        sigdelset(&l->waiting_mask, *s); /* whoever started us may have had it blocked */
    }
    l->timer = open_timer();
    l->rests = false;
    loop_clear(l);
}

void loop_clear(struct loop *l)
{
    l->count = 0;
}

void loop_watch(struct loop *l, int fd, short events)
{
    if (fd < 0)
        return;
    for (size_t i = 0; i < l->count; i++) {
        if (l->fd[i].fd == fd) {
            l->fd[i].events = (short)(l->fd[i].events | events);
            return;
        }
    }
    assert(l->count < LOOP_FDS_MAX);
    l->fd[l->count++] = (struct pollfd){.fd = fd, .events = events};
}

/* ppoll delivers pending signals only if no descriptor is ready: under a flood none would come. */
static void let_signals_in(const struct loop *l)
{
    sigset_t blocked;

    sigprocmask(SIG_SETMASK, &l->waiting_mask, &blocked);
    sigprocmask(SIG_SETMASK, &blocked, NULL);
}

#ifdef HAVE_PPOLL

static int wait_ready(struct pollfd *fd, size_t count, const struct timespec *timeout,
                      const sigset_t *mask)
{
    return ppoll(fd, (nfds_t)count, timeout, mask);
}

#else

/* pselect is in POSIX, and takes the mask and the wait in one step, too; but it knows no descriptor
   from FD_SETSIZE on, which are taken for ready, and says nothing of those that are closed. */
static int wait_ready(struct pollfd *fd, size_t count, const struct timespec *timeout,
                      const sigset_t *mask)
{
    static const struct timespec at_once;
    fd_set in, out;
    int highest = -1;

    FD_ZERO(&in);
    FD_ZERO(&out);
    for (size_t i = 0; i < count; i++) {
        if (fd[i].fd >= FD_SETSIZE) {
            timeout = &at_once;
            continue;
        }
        if (fd[i].events & POLLIN)
            FD_SET(fd[i].fd, &in);
        if (fd[i].events & POLLOUT)
            FD_SET(fd[i].fd, &out);
        highest = fd[i].fd > highest ? fd[i].fd : highest;
    }
    int ready = pselect(highest + 1, &in, &out, NULL, timeout, mask);
    if (ready < 0)
        return ready;
    for (size_t i = 0; i < count; i++) {
        bool all = fd[i].fd >= FD_SETSIZE;
        fd[i].revents = (short)(((all || FD_ISSET(fd[i].fd, &in)) ? fd[i].events & POLLIN : 0) |
                                ((all || FD_ISSET(fd[i].fd, &out)) ? fd[i].events & POLLOUT : 0));
        ready += all;
    }
    return ready;
}

#endif

static void rest(void)
{
    static const struct timespec span = {.tv_nsec = 10000000};

    (void)nanosleep(&span, NULL);
}

void loop_rest(struct loop *l)
{
    l->rests = true;
}

void loop_wait(struct loop *l, msec_t now, msec_t deadline)
{
    struct timespec span, *timeout = NULL;
    int ready;

    if (l->rests)
        rest();
    l->rests = false;
    if (deadline != MSEC_NEVER) {
        msec_t ms = deadline > now ? deadline - now : 0;
        ms = msec_min(ms, INT_MAX);
        span.tv_sec = (time_t)(ms / 1000);
        span.tv_nsec = (long)(ms % 1000) * 1000000;
        timeout = &span;
    }
    size_t timers = set_timer(l, now, deadline);
    ready = wait_ready(l->fd, l->count + timers, timeout, &l->waiting_mask);
    if (ready <= 0) {
        for (size_t i = 0; i < l->count; i++)
            l->fd[i].revents = 0; /* undefined after an error */
    }
    if (ready < 0 && errno != EINTR)
        rest();
    if (ready != 0)
        let_signals_in(l);
}

short loop_ready(const struct loop *l, int fd)
{
    for (size_t i = 0; i < l->count; i++) {
        if (l->fd[i].fd == fd)
            return l->fd[i].revents;
    }
    return 0;
}

bool loop_signalled(int signal)
{
    bool did = came[signal] != 0;

    came[signal] = 0;
    return did;
}
