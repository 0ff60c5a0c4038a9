/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launch/keeper.h"
#include "sys/clock.h"

static bool unknown_ends;

/* The system's, or one that knows no child when it is asked in passing. */
pid_t waitpid(pid_t pid, int *status, int options)
{
    if (unknown_ends && options & WNOHANG) {
        errno = ECHILD;
        return -1;
    }
    return wait4(pid, status, options, NULL);
}

/* Runs `script` with sh under a keeper and reads all that it prints. */
static void keep_script(const char *script, struct buf *out, struct keeper_end *end)
{
    char *argv[] = {(char *)"sh", (char *)"-c", (char *)script, NULL};
    struct keeper_job job = {.argv = argv, .shell = "/bin/true"};
    struct keeper k;
    assert_int_equal(keeper_start(&k, &job), 0);
    uint8_t bytes[512];
    ssize_t got;
    while ((got = read(k.output, bytes, sizeof bytes)) > 0)
        buf_append(out, bytes, (size_t)got);
    assert_int_equal(keeper_finish(&k, end), 0);
    buf_append_byte(out, '\0');
}

static void hands_on_both_outputs_and_the_status(void **state)
{
    (void)state;
    struct buf out = {0};
    struct keeper_end end;
    keep_script("echo out; echo err >&2; echo $SHELL; exit 7", &out, &end);
    assert_string_equal((char *)out.data, "out\nerr\n/bin/true\n");
    assert_int_equal(end.error, 0);
    assert_true(WIFEXITED(end.wait_status));
    assert_int_equal(WEXITSTATUS(end.wait_status), 7);
    buf_clear(&out);
    keep_script("kill -TERM $$", &out, &end);
    assert_true(WIFSIGNALED(end.wait_status));
    assert_int_equal(WTERMSIG(end.wait_status), SIGTERM);
    buf_clear(&out);
    keep_script("i=0; while [ $i -lt 9000 ]; do echo 0123456789; i=$((i+1)); done", &out, &end);
    assert_int_equal(out.len, 9000 * 11 + 1);
    buf_release(&out);
}

/* Else the keeper would wait for ever, when nobody is there any more to see it. */
static void an_end_that_cannot_be_known_is_one(void **state)
{
    (void)state;
    struct buf out = {0};
    struct keeper_end end;
    unknown_ends = true;
    alarm(60);
    keep_script("exit 7", &out, &end);
    alarm(0);
    unknown_ends = false;
    assert_int_equal(end.error, ECHILD);
    buf_release(&out);
}

static void says_when_there_is_no_such_program(void **state)
{
    (void)state;
    char *argv[] = {(char *)"/nonexistent/ssh", NULL};
    struct keeper_job job = {.argv = argv};
    struct keeper k;
    struct keeper_end end;
    uint8_t byte;
    assert_int_equal(keeper_start(&k, &job), 0);
    assert_int_equal(read(k.output, &byte, 1), 0);
    assert_int_equal(keeper_finish(&k, &end), 0);
    assert_int_equal(end.error, ENOENT);
}

/* An ssh that leaves a master connection in the background holds the pipe: its end is seen still.
 */
static void does_not_wait_for_what_is_left_behind(void **state)
{
    (void)state;
    struct buf out = {0};
    struct keeper_end end;
    msec_t before = clock_now();
    keep_script("sleep 20 & echo $!; exit 3", &out, &end);
    assert_true(clock_now() - before < 10000);
    assert_int_equal(WEXITSTATUS(end.wait_status), 3);
    pid_t left = (pid_t)strtol((char *)out.data, NULL, 10);
    assert_true(left > 1);
    assert_int_equal(kill(left, SIGTERM), 0);
    buf_release(&out);
}

/* When `mosh` has become the client, the program can still write, and ends as it likes; and it is
   no child of ours that we would have to wait for. */
static void goes_on_reading_when_we_are_gone(void **state)
{
    (void)state;
    int done[2];
    assert_int_equal(pipe(done), 0);
    char script[128];
    snprintf(script, sizeof script,
             "echo first; i=0; while [ $i -lt 9000 ]; do echo 0123456789 || exit 1; i=$((i+1)); "
             "done; echo whole >&%d",
             done[1]);
    char *argv[] = {(char *)"sh", (char *)"-c", script, NULL};
    struct keeper_job job = {.argv = argv};
    struct keeper k;
    char text[6] = "";
    assert_int_equal(keeper_start(&k, &job), 0);
    close(done[1]);
    assert_int_equal(read(k.output, text, 5), 5);
    close(k.output); /* as exec does */
    close(k.end);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
    assert_int_equal(read(done[0], text, 5), 5);
    assert_memory_equal(text, "whole", 5);
    close(done[0]);
}

static void a_login_starts_at_home(void **state)
{
    (void)state;
    char *argv[] = {(char *)"sh", (char *)"-c", (char *)"pwd; echo \"<$SSH_CONNECTION>\"", NULL};
    struct keeper_job job = {.argv = argv, .as_login = true};
    struct keeper k;
    struct keeper_end end;
    char text[64] = "";
    size_t len = 0;
    ssize_t got;
    setenv("HOME", "/", 1);
    setenv("SSH_CONNECTION", "a b c d", 1);
    assert_int_equal(keeper_start(&k, &job), 0);
    while ((got = read(k.output, text + len, sizeof text - 1 - len)) > 0)
        len += (size_t)got;
    assert_int_equal(keeper_finish(&k, &end), 0);
    assert_string_equal(text, "/\n<>\n");
    unsetenv("SSH_CONNECTION");
}

static int capture_script(const char *script, size_t bytes_max, unsigned time_max_ms,
                          struct buf *out, int *status)
{
    char *argv[] = {(char *)"sh", (char *)"-c", (char *)script, NULL};
    struct capture c = {
        .argv = argv, .quiet = true, .bytes_max = bytes_max, .time_max_ms = time_max_ms};
    return capture(&c, out, status);
}

static void captures_an_answer(void **state)
{
    (void)state;
    struct buf out = {0};
    int status;
    assert_int_equal(capture_script("cat; echo 256; echo no >&2; exit 4", 99, 20000, &out, &status),
                     0);
    assert_int_equal(out.len, 4);
    assert_memory_equal(out.data, "256\n", 4);
    assert_int_equal(WEXITSTATUS(status), 4);
    buf_clear(&out);
    assert_int_equal(capture_script("yes | head -c 100000", 10, 20000, &out, &status), 0);
    assert_int_equal(out.len, 10);
    buf_clear(&out);
    assert_int_equal(capture_script("exec sleep 20", 10, 50, &out, &status), -ETIMEDOUT);
    char *argv[] = {(char *)"/nonexistent/client", NULL};
    struct capture c = {.argv = argv, .bytes_max = 10, .time_max_ms = 1000};
    assert_int_equal(capture(&c, &out, &status), -ENOENT);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hands_on_both_outputs_and_the_status),
        cmocka_unit_test(an_end_that_cannot_be_known_is_one),
        cmocka_unit_test(says_when_there_is_no_such_program),
        cmocka_unit_test(does_not_wait_for_what_is_left_behind),
        cmocka_unit_test(goes_on_reading_when_we_are_gone),
        cmocka_unit_test(a_login_starts_at_home),
        cmocka_unit_test(captures_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
