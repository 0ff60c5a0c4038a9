/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/child.h"
#include "sys/process.h"
#include "sys/pty.h"

#define PATIENCE_MS 5000

struct session {
    uint32_t colours;
    struct pty pty;
    struct child child;
    char said[8192];
    size_t said_len;
};

static void start(struct session *s, const char *command)
{
    const char *argv[] = {"/bin/sh", "-c", command, NULL};
    const struct child_options options = {.command = (char *const *)argv, .colors_256 = true};
    const char *failed;

    *s = (struct session){0};
    if (pty_open(&s->pty, 33, 99, &failed) != 0)
        fail_msg("%s failed", failed);
    assert_int_equal(child_start(&s->child, &s->pty, &options), 0);
}

/* Reads what there is; false at the end of the output. */
static bool listen_on(struct session *s, int wait_ms)
{
    struct pollfd p = {.fd = s->pty.master, .events = POLLIN};
    size_t room = sizeof s->said - 1 - s->said_len;

    if (poll(&p, 1, wait_ms) <= 0)
        return false;
    ssize_t n = read(s->pty.master, s->said + s->said_len, room);
    if (n <= 0)
        return false;
    s->said_len += (size_t)n;
    return true;
}

static void finish(struct session *s)
{
    child_release(&s->child, s->colours);
    while (listen_on(s, PATIENCE_MS))
        ;
    pty_close(&s->pty);
    int status;
    assert_int_equal(waitpid(s->child.pid, &status, 0), s->child.pid);
}

static void expect(const struct session *s, const char *text)
{
    if (!strstr(s->said, text))
        fail_msg("\"%s\" is not in \"%s\"", text, s->said);
}

static void surroundings(void **state)
{
    struct session s;
    (void)state;

    setenv("STY", "outer", 1);
    setenv("MOSH_KEY", "secret", 1);
    setenv("HOME", "/", 1);
    start(&s, "echo T=$TERM A=$NCURSES_NO_UTF8_ACS S=${STY-none} K=${MOSH_KEY-none} P=$PWD;"
              "stty size; stty -a; test -t 0 && test -t 1 && test -t 2 && echo terminals");
    finish(&s);
    expect(&s, "T=xterm-256color A=1 S=none K=none P=/\r\n");
    expect(&s, "33 99\r\n");
    expect(&s, " iutf8");
    expect(&s, "terminals");
}

/* Says what it finds in its environment on a terminal of so many colours. */
static void check_colours(uint32_t colours, const char *found)
{
    struct session s;

    setenv("COLORTERM", "of the terminal that the server was started from", 1);
    start(&s, "echo $TERM+$COLORTERM+");
    s.colours = colours;
    finish(&s);
    expect(&s, found);
}

static void colours(void **state)
{
    (void)state;
    check_colours(0, "xterm-256color++"); /* as the option says */
    check_colours(8, "xterm++");
    check_colours(16, "xterm++");
    check_colours(256, "xterm-256color++");
    check_colours(1 << 24, "xterm-256color+truecolor+");
}

/* Of a mask in /proc/PID/status, the signals 1 to 31. The C library keeps the next two to itself:
   nobody can reset them, and what make starts has them ignored. */
static unsigned long long standard_signals(const struct session *s, const char *name)
{
    const char *at = strstr(s->said, name);
    assert_non_null(at);
    return strtoull(at + strlen(name), NULL, 16) & 0x7FFFFFFF;
}

/* Nothing of ours is left with the user's program, whatever we do with signals ourselves. */
static void S28_clean_process(void **state)
{
    struct session s;
    sigset_t all;
    (void)state;

    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    process_protect();
    start(&s, "grep -E 'SigBlk|SigIgn' /proc/self/status; echo core=$(ulimit -S -c);"
              "for n in 3 4 5 6 7 8 9 10 11 12; do test ! -e /proc/$$/fd/$n || echo open $n; done;"
              "echo all");
    finish(&s);
    process_unprotect();
    sigemptyset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    if (access("/proc/self/status", R_OK) != 0)
        skip();
    assert_true(standard_signals(&s, "SigBlk:\t") == 0);
    assert_true(standard_signals(&s, "SigIgn:\t") == 0);
    expect(&s, "all");
    assert_null(strstr(s.said, "open"));
}

/* It waits until there is someone to see it. */
static void waits_for_release(void **state)
{
    struct session s;
    (void)state;

    start(&s, "echo begun");
    assert_false(listen_on(&s, 50));
    child_release(&s.child, 0);
    child_release(&s.child, 0); /* harmless */
    assert_true(listen_on(&s, PATIENCE_MS));
    finish(&s);
    expect(&s, "begun\r\n");
}

/* A server that goes without ever having had a client leaves nothing behind. */
static void ends_unreleased(void **state)
{
    struct session s;
    int status;
    (void)state;

    start(&s, "echo begun");
    close(s.child.release);
    assert_int_equal(waitpid(s.child.pid, &status, 0), s.child.pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_false(listen_on(&s, 0));
    pty_close(&s.pty);
}

/* The program's end shows though another process holds the terminal. */
static void R28_reaping(void **state)
{
    struct session s;
    sigset_t child_signal;
    siginfo_t info;
    (void)state;

    sigemptyset(&child_signal);
    sigaddset(&child_signal, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child_signal, NULL);
    start(&s, "trap '' HUP; sleep 1000 & echo $!");
    child_release(&s.child, 0);
    int status = -1;
    assert_false(child_reap(&s.child, &status));
    assert_true(listen_on(&s, PATIENCE_MS));
    assert_int_equal(sigwaitinfo(&child_signal, &info), SIGCHLD);
    assert_true(child_reap(&s.child, &status));
    assert_int_equal(status, 0);
    assert_false(child_reap(&s.child, &status));
    kill((pid_t)atoi(s.said), SIGKILL);
    pty_close(&s.pty);
}

static void resizing(void **state)
{
    struct session s;
    (void)state;

    start(&s, "stty size");
    pty_resize(&s.pty, 12, 34);
    finish(&s);
    expect(&s, "12 34\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(surroundings),      cmocka_unit_test(colours),
        cmocka_unit_test(S28_clean_process), cmocka_unit_test(waits_for_release),
        cmocka_unit_test(ends_unreleased),   cmocka_unit_test(R28_reaping),
        cmocka_unit_test(resizing),
    };

    process_close_inherited(); /* whoever runs the tests may have left us some */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
