/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * intruder: somebody who has taken over a program of ours, for tests/e2e/takeover.sh. It is loaded
 * into the program by LD_PRELOAD and acts when the program's loop waits for the first time, which
 * is when everything has been given up. INTRUDER_PROGRAM names the program, INTRUDER_ACTS the
 * attempts; what becomes of each is written to standard error: "ACT: tries", and if it lives, "ACT:
 * done", "ACT: refused" (EPERM) or "ACT: failed" (anything else). INTRUDER_FILE is a file that the
 * user can read and write.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <termios.h>
#include <unistd.h>

#define DESCRIPTORS 32

static const char *file, *acts;

/* The pseudo-terminal of the user's shell: the server's alone has a size here. */
static int terminal_of_the_shell(void)
{
    struct winsize size;

    for (int fd = 3; fd < DESCRIPTORS; fd++)
        if (ioctl(fd, TIOCGWINSZ, &size) == 0)
            return fd;
    return -1;
}

/* The shell, once it has begun; else whoever started the program. */
static pid_t victim(void)
{
    pid_t group = 0;
    int fd = terminal_of_the_shell();

    return fd >= 0 && ioctl(fd, TIOCGPGRP, &group) == 0 && group > 0 ? group : getppid();
}

static long read_file(void)
{
    return open(file, O_RDONLY);
}

static long write_file(void)
{
    return open(file, O_WRONLY);
}

static long create_file(void)
{
    return open("intruder-was-here", O_CREAT | O_RDWR, 0600);
}

static long remove_file(void)
{
    return unlink(file);
}

static long list_home(void)
{
    return open(".", O_RDONLY | O_DIRECTORY);
}

static long run_program(void)
{
    return execl("/bin/sh", "sh", "-c", "exit 0", (char *)NULL);
}

static long start_process(void)
{
    return syscall(SYS_clone, SIGCHLD, 0L, 0L, 0L, 0L);
}

static long connect_tcp(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(22)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&to, sizeof to);
}

static long connect_agent(void)
{
    return socket(AF_UNIX, SOCK_STREAM, 0);
}

static long signal_shell(void)
{
    return kill(victim(), SIGKILL);
}

static long trace_shell(void)
{
    return ptrace(PTRACE_SEIZE, victim(), NULL, NULL);
}

static long read_shell(void)
{
    char byte;
    struct iovec here = {&byte, 1}, there = {(void *)(uintptr_t)0x10000, 1};

    return process_vm_readv(victim(), &here, 1, &there, 1, 0);
}

static long run_own_code(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return page == MAP_FAILED ? -1 : mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

static long more_limits(void)
{
    struct rlimit many = {100, 100};

    return setrlimit(RLIMIT_NPROC, &many);
}

static long become_dumpable(void)
{
    return prctl(PR_SET_DUMPABLE, 1);
}

static long push_typing(void)
{
    return ioctl(STDIN_FILENO, TIOCSTI, "x");
}

/* What it still can. */
static long type_into_shell(void)
{
    static const char text[] = "intruder typed this\n";
    int fd = terminal_of_the_shell();

    return fd < 0 ? -1 : write(fd, text, sizeof text - 1);
}

static const struct {
    const char *name;
    long (*act)(void);
} known[] = {
    {"agent", connect_agent},  {"clone", start_process},  {"code", run_own_code},
    {"create", create_file},   {"dump", become_dumpable}, {"exec", run_program},
    {"limits", more_limits},   {"list", list_home},       {"memory", read_shell},
    {"push", push_typing},     {"read", read_file},       {"remove", remove_file},
    {"signal", signal_shell},  {"tcp", connect_tcp},      {"trace", trace_shell},
    {"type", type_into_shell}, {"write", write_file},
};

static void say(const char *name, const char *what)
{
    char line[64];
    int len = snprintf(line, sizeof line, "%s: %s\n", name, what);

    if (len > 0 && write(STDERR_FILENO, line, (size_t)len) < 0)
        return;
}

static void attempt(const char *name)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i].name, name) != 0)
            continue;
        say(name, "tries");
        errno = 0;
        long result = known[i].act();
        say(name, result >= 0 ? "done" : errno == EPERM ? "refused" : "failed");
    }
}

static void act(void)
{
    static int acted;
    char list[256], *rest = list;

    if (acted || !acts)
        return;
    acted = 1;
    snprintf(list, sizeof list, "%s", acts);
    for (const char *name; (name = strsep(&rest, " "));)
        attempt(name);
    say("all", "tried");
}

/* The programs wait by this, with the C library's checks or without. */
int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
    act();
    return (int)syscall(SYS_ppoll, fds, count, timeout, mask, _NSIG / 8);
}

int __ppoll_chk(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                const sigset_t *mask, size_t size);
int __ppoll_chk(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                const sigset_t *mask, size_t size)
{
    (void)size;
    return ppoll(fds, count, timeout, mask);
}

__attribute__((constructor)) static void begin(void)
{
    const char *program = getenv("INTRUDER_PROGRAM");
    char self[4096];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

    if (len <= 0 || !program)
        return;
    self[len] = 0;
    const char *name = strrchr(self, '/');
    if (!name || strcmp(name + 1, program) != 0)
        return;
    acts = getenv("INTRUDER_ACTS");
    file = getenv("INTRUDER_FILE");
}
