/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif

/* Where close_range is missing: nobody opens more than this before starting a program. */
#define INHERITED_MAX 4096

static struct rlimit core_limit;
static bool core_limit_known;
static void (*fatal_hook)(void);

void process_open_stdio(void)
{
    static const char trouble[] = "mosh: cannot open /dev/null for a standard stream\n";

    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF || open("/dev/null", O_RDWR) == fd)
            continue;
        if (fcntl(STDERR_FILENO, F_GETFD) >= 0 &&
            write(STDERR_FILENO, trouble, sizeof trouble - 1) < 0)
            _exit(1);
        _exit(1);
    }
}

int process_open_null(void)
{
    return open("/dev/null", O_RDWR | O_CLOEXEC);
}

void process_null_stdio(int null)
{
    for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++) {
        if (null < 0)
            close(i);
        else
            dup2(null, i);
    }
    if (null > STDERR_FILENO)
        close(null);
}

static void close_span(int first, int last)
{
    if (first > last)
        return;
#ifdef HAVE_CLOSE_RANGE
    if (close_range((unsigned)first, (unsigned)last, 0) == 0)
        return;
#endif
    for (int fd = first; fd <= last && fd < INHERITED_MAX; fd++)
        close(fd);
}

void process_close_inherited(void)
{
    close_span(STDERR_FILENO + 1, INT_MAX);
}

void process_close_all_but(int a, int b)
{
    int low = a < b ? a : b, high = a < b ? b : a;

    close_span(STDERR_FILENO + 1, low - 1);
    close_span(low + 1, high - 1);
    if (high < INT_MAX)
        close_span((high > STDERR_FILENO ? high : STDERR_FILENO) + 1, INT_MAX);
}

void process_protect(void)
{
    struct rlimit none;

    if (getrlimit(RLIMIT_CORE, &core_limit) == 0) {
        core_limit_known = true;
        none = core_limit;
        none.rlim_cur = 0;
        (void)setrlimit(RLIMIT_CORE, &none);
    }
#ifdef PR_SET_DUMPABLE
    (void)prctl(PR_SET_DUMPABLE, 0);
#endif
}

void process_unprotect(void)
{
    /* Being dumpable comes back with exec. */
    if (core_limit_known)
        (void)setrlimit(RLIMIT_CORE, &core_limit);
}

void process_default_signals(void)
{
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigset_t none;

    for (int s = 1; s < NSIG; s++)
        (void)sigaction(s, &standard, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void fatal(int signal)
{
    fatal_hook();
    raise(signal); /* SA_RESETHAND has put the default action back */
}

void process_on_fatal_signal(void (*hook)(void))
{
    static const int signals[] = {SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,    SIGABRT, SIGSYS, SIGTRAP,
                                  SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU};
    struct sigaction handle = {.sa_handler = fatal, .sa_flags = (int)SA_RESETHAND | SA_NODEFER};

    fatal_hook = hook;
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        sigaction(signals[i], &handle, NULL);
}

/* The whole group, or a script that wraps us would run on, and its shell would not notice that
   there is something to wait for (R43). */
void process_stop_group(void)
{
    struct sigaction standard = {.sa_handler = SIG_DFL}, ignore = {.sa_handler = SIG_IGN};
    struct sigaction stopping, continuing;
    sigset_t stop, mask;

    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    sigaction(SIGTSTP, &standard, &stopping);
    sigprocmask(SIG_UNBLOCK, &stop, &mask);
    kill(0, SIGTSTP);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    sigaction(SIGTSTP, &stopping, NULL);
    /* To ignore a signal discards one that is pending: the caller knows that it was continued. */
    sigaction(SIGCONT, &ignore, &continuing);
    sigaction(SIGCONT, &continuing, NULL);
}

int process_pipe(int ends[2])
{
    if (pipe(ends) != 0)
        return -1;
    (void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return 0;
}
