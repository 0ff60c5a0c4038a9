/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "../lib/unit.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/xalloc.h"

/* The address sanitizer would end the test itself when there is no memory. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void nothing_is_something(void **state)
{
    (void)state;
    void *all[] = {xmalloc(0), xcalloc(0, 8), xcalloc(8, 0), xreallocarray(NULL, 0, 8),
                   xmemdup(NULL, 0)};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        assert_non_null(all[i]);
        free(all[i]);
    }
}

static void copies(void **state)
{
    (void)state;
    char *s = xstrdup("abc");
    assert_string_equal(s, "abc");
    s = xreallocarray(s, 2, 8);
    assert_string_equal(s, "abc");
    free(s);
}

static void (*fault)(void);

/* The end is one without exit(), in which a build for scripts/coverage would lose its counts. */
#ifdef BUILD_COVERAGE
void __gcov_dump(void);
#define KEEP_COUNTS() __gcov_dump()
#else
#define KEEP_COUNTS() ((void)0)
#endif

static void say(void)
{
    (void)!write(STDOUT_FILENO, "hook", 4);
    KEEP_COUNTS();
}

static void say_and_fail_again(void)
{
    say();
    fault();
}

/* Runs `fault` in a child. Returns its exit status and how many bytes the hook wrote. */
static int die(void (*hook)(void), size_t *written)
{
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fds[1], STDOUT_FILENO);
        close(fds[0]);
        close(fds[1]);
        xalloc_set_hook(hook);
        fault();
        _exit(99);
    }
    close(fds[1]);
    char bytes[64];
    *written = 0;
    for (ssize_t n; (n = read(fds[0], bytes, sizeof bytes)) > 0;)
        *written += (size_t)n;
    close(fds[0]);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void overflow_of_the_product(void)
{
    volatile size_t huge = SIZE_MAX / 2 + 1;
    free(xreallocarray(NULL, huge, 2));
}

static void more_than_there_is(void)
{
    /* With 32 bits the half may be there; with 64 it is not, and valgrind takes more for a mistake.
     */
    volatile size_t huge = sizeof(size_t) > 4 ? SIZE_MAX / 2 - 4096 : SIZE_MAX - 4096;
    free(xmalloc(huge));
}

/* With status 1, after the hook. */
static void F31_there_is_one_way_out(void **state)
{
    (void)state;
    void (*const faults[])(void) = {overflow_of_the_product, more_than_there_is};
    for (size_t i = 0; i < 2; i++) {
        size_t written;
        fault = faults[i];
        assert_int_equal(die(NULL, &written), 1);
        assert_int_equal(written, 0);
        assert_int_equal(die(say, &written), 1);
        assert_int_equal(written, 4);
        assert_int_equal(die(say_and_fail_again, &written), 1);
        assert_int_equal(written, 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_something),
        cmocka_unit_test(copies),
        cmocka_unit_test(F31_there_is_one_way_out),
    };
    return cmocka_run_group_tests_name("xalloc", tests, NULL, NULL);
}
