/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sys/utmp.h"

#include <errno.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <utmpx.h>

#ifdef HAVE_UTEMPTER
#include <fcntl.h>
#include <utempter.h>

#include "sys/process.h"

/* An order is the new contents of the host field, NUL-terminated; written and read whole. */
#define ORDER_BYTES 256

static void keep(int orders, int pty_master)
{
    char host[ORDER_BYTES];
    bool recorded = false;
    ssize_t n;

    while ((n = read(orders, host, sizeof host)) != 0) {
        if (n < 0 && errno != EINTR)
            break;
        if (n == (ssize_t)sizeof host)
            recorded |= utempter_add_record(pty_master, host) != 0;
    }
    if (recorded)
        (void)utempter_remove_record(pty_master);
}

void utmp_start(struct utmp *u, int pty_master)
{
    int ends[2];

    u->orders = -1;
    if (process_pipe(ends) != 0)
        return;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        process_default_signals();
        process_null_stdio(process_open_null());
        process_close_all_but(ends[0], pty_master);
        keep(ends[0], pty_master);
        _exit(0);
    }
    close(ends[0]);
    if (pid < 0 || fcntl(ends[1], F_SETFL, O_NONBLOCK) != 0)
        close(ends[1]);
    else
        u->orders = ends[1];
}

void utmp_set(struct utmp *u, const char *client)
{
    char host[ORDER_BYTES] = "";

    if (u->orders < 0)
        return;
    if (client)
        snprintf(host, sizeof host, "%s via mosh [%ld]", client, (long)getpid());
    else
        snprintf(host, sizeof host, "mosh [%ld]", (long)getpid());
    if (write(u->orders, host, sizeof host) < 0 && errno != EAGAIN && errno != EINTR)
        utmp_stop(u); /* the keeper is gone, and with it the record */
}

void utmp_stop(struct utmp *u)
{
    if (u->orders >= 0)
        close(u->orders);
    u->orders = -1;
}
#else
void utmp_start(struct utmp *u, int pty_master)
{
    (void)pty_master;
    u->orders = -1;
}

void utmp_set(struct utmp *u, const char *client)
{
    (void)u;
    (void)client;
}

void utmp_stop(struct utmp *u)
{
    (void)u;
}
#endif

/* A record has to be as old as this: what another implementation just began looks the same. */
#define SETTLED_SECONDS 60

/* The N of "mosh [N]" if that is all of the field; else 0. */
static pid_t detached_pid(const char *host, size_t size)
{
    char text[64];
    int end = 0;
    long pid = 0;

    snprintf(text, sizeof text, "%.*s", (int)(size < sizeof text ? size : sizeof text - 1), host);
    /* NOLINTNEXTLINE(cert-err34-c): nine digits are in the range of a long. */
    if (sscanf(text, "mosh [%9ld]%n", &pid, &end) != 1 || end == 0 || text[end] != '\0')
        return 0;
    return pid > 1 ? (pid_t)pid : 0;
}

static bool is_detached_session(const struct utmpx *u, const char *user, pid_t *pid)
{
    char device[8 + sizeof u->ut_line];

    if (u->ut_type != USER_PROCESS || strncmp(u->ut_user, user, sizeof u->ut_user) != 0)
        return false;
    *pid = detached_pid(u->ut_host, sizeof u->ut_host);
    if (*pid == 0 || (kill(*pid, 0) != 0 && errno == ESRCH))
        return false;
    if (time(NULL) - (time_t)u->ut_tv.tv_sec < SETTLED_SECONDS)
        return false;
    snprintf(device, sizeof device, "/dev/%.*s", (int)sizeof u->ut_line, u->ut_line);
    return access(device, F_OK) == 0;
}

/* Of what the records say, nothing is repeated but numbers: others may have written them (S26). */
void utmp_show_detached(void)
{
    const struct passwd *me = getpwuid(getuid());
    const struct utmpx *u;
    bool any = false;
    pid_t pid;

    if (!me)
        return;
    setutxent();
    while ((u = getutxent())) {
        if (!is_detached_session(u, me->pw_name, &pid))
            continue;
        if (!any)
            printf("mosh: these sessions of yours have not heard from their client for a while;"
                   " to end one, kill its process:\n");
        any = true;
        printf("mosh:   kill %ld\n", (long)pid);
    }
    endutxent();
    fflush(stdout);
}
