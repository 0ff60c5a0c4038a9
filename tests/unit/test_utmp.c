/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "../lib/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <utmpx.h>

#include "sys/utmp.h"

/* Which sessions of the user are said to be left over, by records of our own making. */

static char records[] = "/tmp/mosh-test-utmp.XXXXXX";

static bool have_records; /* musl has the functions, and nothing behind them */

static int set_up(void **state)
{
    int fd = mkstemp(records);
    (void)state;
    if (fd < 0)
        return -1;
    have_records = utmpxname(records) == 0;
    if (!have_records && errno != ENOTSUP)
        return -1;
    close(fd);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(records);
    strcpy(records + strlen(records) - 6, "XXXXXX");
    return 0;
}

struct login {
    const char *user; /* NULL: our own */
    const char *host;
    const char *line; /* the terminal's device in /dev */
    short type;
    int seconds_old;
};

/* The process of the record is this one, so it is alive. "PID" in `host` stands for it. */
static void record(const struct login *l)
{
    static unsigned count;
    struct utmpx u = {.ut_type = l->type, .ut_pid = getpid()};
    const char *pid = strstr(l->host, "PID");

    snprintf(u.ut_id, sizeof u.ut_id, "%u", ++count);
    memccpy(u.ut_user, l->user ? l->user : getpwuid(getuid())->pw_name, 0, sizeof u.ut_user);
    memccpy(u.ut_line, l->line, 0, sizeof u.ut_line);
    if (pid)
        snprintf(u.ut_host, sizeof u.ut_host, "%.*s%ld%s", (int)(pid - l->host), l->host,
                 (long)getpid(), pid + strlen("PID"));
    else
        snprintf(u.ut_host, sizeof u.ut_host, "%s", l->host);
    u.ut_tv.tv_sec = (int32_t)(time(NULL) - l->seconds_old);
    setutxent();
    assert_non_null(pututxline(&u));
    endutxent();
}

/* What utmp_show_detached prints. */
static const char *said(void)
{
    static char text[4096];
    int ends[2], out = dup(STDOUT_FILENO);

    fflush(stdout);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDOUT_FILENO);
    close(ends[1]);
    utmp_show_detached();
    fflush(stdout);
    dup2(out, STDOUT_FILENO); /* closes the pipe's last writer */
    close(out);
    ssize_t len = read(ends[0], text, sizeof text - 1);
    close(ends[0]);
    assert_true(len >= 0);
    text[len] = '\0';
    return text;
}

static const struct login left_over = {NULL, "mosh [PID]", "null", USER_PROCESS, 3600};

static void a_session_without_its_client_is_named(void **state)
{
    char want[64];
    (void)state;
    if (!have_records)
        skip();
    record(&left_over);
    snprintf(want, sizeof want, "kill %ld\n", (long)getpid());
    assert_non_null(strstr(said(), want));
}

static void others_are_not(void **state)
{
    (void)state;
    if (!have_records)
        skip();
    struct login others[] = {left_over, left_over, left_over, left_over, left_over};
    others[0].user = "somebody-else";
    others[1].host = "192.0.2.1 via mosh [PID]";
    others[2].line = "no-such-device";
    others[3].type = DEAD_PROCESS;
    others[4].host = "mosh [1999999999]";
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        record(&others[i]);
    assert_string_equal(said(), "");
}

/* One that is just beginning is not left over. */
static void R27_a_young_one_is_not(void **state)
{
    struct login young = left_over;
    (void)state;
    if (!have_records)
        skip();
    young.seconds_old = 10;
    record(&young);
    assert_string_equal(said(), "");
}

/* Whoever may write records writes nothing to our terminal. */
static void S26_nothing_of_a_record_is_repeated(void **state)
{
    static const char *const hosts[] = {
        "mosh [PID]\033[31m", "mosh [PID] \033]0;title\007",
        "\033[2Jmosh [PID]",  "mosh [99999999999999999]",
        "mosh [-1]",          "mosh []",
    };
    (void)state;
    if (!have_records)
        skip();
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        struct login evil = left_over;
        evil.host = hosts[i];
        record(&evil);
    }
    assert_string_equal(said(), "");
}

/* What libutempter's helper does; the linker gives these to who calls the library's. */
static enum { REFUSES, HANGS } helper;

int __wrap_utempter_add_record(int pty, const char *host);
int __wrap_utempter_remove_record(int pty);

int __wrap_utempter_add_record(int pty, const char *host)
{
    (void)pty;
    (void)host;
    while (helper == HANGS && access(records, F_OK) == 0) /* until the test is over */
        usleep(10000);
    return 0;
}

int __wrap_utempter_remove_record(int pty)
{
    (void)pty;
    return 0;
}

/* Where nobody keeps records, or whoever does is in no hurry, nothing is said and nobody waits. */
static void R40_a_record_that_cannot_be_kept_holds_nobody_up(void **state)
{
    (void)state;
    for (helper = REFUSES; helper <= HANGS; helper++) {
        struct utmp u;
        int pty = posix_openpt(O_RDWR | O_NOCTTY);
        utmp_start(&u, pty);
        for (int i = 0; i < 1000; i++) /* far more than a pipe holds */
            utmp_set(&u, i % 2 ? "192.0.2.1" : NULL);
        utmp_stop(&u);
        assert_int_equal(u.orders, -1);
        utmp_set(&u, "192.0.2.1");
        close(pty);
        assert_string_equal(said(), "");
    }
}

#define UTMP_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UTMP_TEST(a_session_without_its_client_is_named),
        UTMP_TEST(others_are_not),
        UTMP_TEST(R27_a_young_one_is_not),
        UTMP_TEST(R40_a_record_that_cannot_be_kept_holds_nobody_up),
        UTMP_TEST(S26_nothing_of_a_record_is_repeated),
    };
    return cmocka_run_group_tests_name("utmp", tests, NULL, NULL);
}
