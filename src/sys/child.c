/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/child.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/motd.h"
#include "sys/process.h"
#include "sys/termname.h"
#include "sys/utmp.h"
#include "util/buf.h"

#define FAILURE_SHOWN_SECONDS 3

/* What a shell answers for a command that is missing, and for one that cannot be run. */
#define STATUS_MISSING    127
#define STATUS_UNUSABLE   126
#define STATUS_UNRELEASED 1

static void set_environment(const char *home)
{
    /* Our emulator has line drawing, but not while UTF-8 is on, as ncurses would have it. */
    setenv("NCURSES_NO_UTF8_ACS", "1", 1);
    unsetenv("STY"); /* the session is not inside the screen that the server was started from */
    unsetenv("MOSH_KEY");
    if (home)
        setenv("PWD", home, 1);
}

/* What programs go by to know the colours that they have. */
static void set_colours(uint32_t colours)
{
    setenv("TERM", termname_for(colours), 1);
    if (colours > 256)
        setenv("COLORTERM", "truecolor", 1);
    else
        unsetenv("COLORTERM");
}

static const char *home_directory(void)
{
    const char *home = getenv("HOME");
    const struct passwd *me;

    if (home && *home)
        return home;
    me = getpwuid(getuid());
    return me && me->pw_dir && *me->pw_dir ? me->pw_dir : NULL;
}

static const char *login_shell(void)
{
    const char *shell = getenv("SHELL");
    const struct passwd *me;

    if (shell && *shell)
        return shell;
    me = getpwuid(getuid());
    return me && me->pw_shell && *me->pw_shell ? me->pw_shell : "/bin/sh";
}

static void go_home(const char *home)
{
    if (!home)
        fprintf(stderr, "mosh-server: no home directory is known\n");
    else if (chdir(home) != 0)
        fprintf(stderr, "mosh-server: %s: %s\n", home, strerror(errno));
}

/* False if the server is gone, or leaves without a client: then there is nobody to run for. */
static bool wait_for_release(int fd, uint32_t *colours)
{
    ssize_t n;

    do
        n = read(fd, colours, sizeof *colours);
    while (n < 0 && errno == EINTR);
    return n == sizeof *colours;
}

static NORETURN void run(char *const *command)
{
    const char *program;

    if (command) {
        program = command[0];
        execvp(program, command);
    } else {
        program = login_shell();
        const char *slash = strrchr(program, '/');
        const char *base = slash ? slash + 1 : program;
        struct buf name = {0};
        buf_append_byte(&name, '-'); /* the sign for a shell that it is a login shell */
        buf_append(&name, base, strlen(base) + 1);
        execl(program, (const char *)name.data, (char *)NULL);
    }
    int error = errno;
    fprintf(stderr, "mosh-server: cannot run %s: %s\n", program, strerror(error));
    sleep(FAILURE_SHOWN_SECONDS); /* the session ends with this process: leave time to read */
    _exit(error == ENOENT ? STATUS_MISSING : STATUS_UNUSABLE);
}

static NORETURN void become(struct pty *p, const struct child_options *options, int release)
{
    const char *home;
    uint32_t colours;

    process_default_signals();
    process_unprotect();
    process_close_all_but(p->slave, release);
    if (pty_take_over(p) != 0) {
        /* Or the server has ended already, and with it the terminal. */
        if (dprintf(p->slave, "mosh-server: cannot take over the pseudo-terminal: %s\r\n",
                    strerror(errno)) > 0)
            sleep(FAILURE_SHOWN_SECONDS);
        _exit(STATUS_UNUSABLE);
    }
    home = home_directory();
    set_environment(home);
    go_home(home);
    if (!options->command && access(".hushlogin", F_OK) != 0) {
        motd_show();
        utmp_show_detached();
    }
    if (!wait_for_release(release, &colours))
        _exit(STATUS_UNRELEASED);
    set_colours(colours ? colours : options->colors_256 ? 256 : 8);
    run(options->command);
}

int child_start(struct child *c, struct pty *p, const struct child_options *options)
{
    int ends[2];

    if (process_pipe(ends) != 0)
        return -1;
    fflush(NULL); /* lest the child write out a second time what we have written */
    c->pid = fork();
    if (c->pid == 0) {
        become(p, options, ends[0]);
    }
    int error = errno;
    close(ends[0]);
    c->release = ends[1];
    if (c->pid < 0) {
        close(ends[1]);
        errno = error;
        return -1;
    }
    pty_close_slave(p);
    return 0;
}

void child_release(struct child *c, uint32_t colours)
{
    if (c->release < 0)
        return;
    ssize_t n;
    do
        n = write(c->release, &colours, sizeof colours);
    while (n < 0 && errno == EINTR);
    if (n < 0) {
        /* It has ended before it began; the loop learns that from the pty and from SIGCHLD. */
    }
    close(c->release);
    c->release = -1;
}

bool child_reap(const struct child *c, int *status)
{
    bool ended = false;
    int wait_status;
    pid_t pid;

    while ((pid = waitpid(-1, &wait_status, WNOHANG)) > 0) {
        if (pid != c->pid)
            continue;
        ended = true;
        *status = WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
    }
    return ended;
}
