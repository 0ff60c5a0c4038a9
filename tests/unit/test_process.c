/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/process.h"

static int told[2]; /* a pipe from the child */

static void say_so(void)
{
    if (write(told[1], "x", 1) != 1)
        _exit(1);
}

static bool was_told(void)
{
    char byte;

    close(told[1]);
    ssize_t n = read(told[0], &byte, 1);
    close(told[0]);
    return n == 1;
}

/* F26: whatever signal ends the program, the terminal is given back first. */
static void hook_runs_before_a_signal_ends_us(void **state)
{
    static const int signals[] = {SIGSEGV, SIGABRT, SIGUSR1, SIGUSR2, SIGALRM};
    int status;

    (void)state;
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        assert_int_equal(pipe(told), 0);
        pid_t child = fork();
        if (child == 0) {
            process_protect(); /* no core dump */
            process_on_fatal_signal(say_so);
            raise(signals[i]);
            _exit(0);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(was_told());
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), signals[i]);
    }
}

/* Whoever stopped itself has no SIGCONT to handle: it would draw everything twice, and save
   what it had saved already. */
static void R43_stopping_leaves_no_signal_behind(void **state)
{
    int status;
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        sigset_t set;
        setpgid(0, 0);
        sigemptyset(&set);
        sigaddset(&set, SIGCONT);
        sigaddset(&set, SIGTSTP);
        sigprocmask(SIG_BLOCK, &set, NULL);
        process_stop_group();
        sigpending(&set);
        _exit(sigismember(&set, SIGCONT) ? 1 : 0);
    }
    assert_int_equal(waitpid(child, &status, WUNTRACED), child);
    assert_true(WIFSTOPPED(status));
    kill(child, SIGCONT);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hook_runs_before_a_signal_ends_us),
        cmocka_unit_test(R43_stopping_leaves_no_signal_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
