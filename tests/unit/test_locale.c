/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/charset.h"

/*
 * The program's locale. glibc is shown a folder with one locale in it, xx_XX.UTF-8, which is a copy
 * of its C.UTF-8. Each case runs in a process of its own, since the library remembers what it has
 * found.
 */

static char folder[] = "/tmp/mosh-test-locale.XXXXXX";
static bool have_folder;

struct settled {
    const char *native[4];   /* NAME=VALUE */
    const char *settings[4]; /* of the client */
    const char *expected;    /* the variables that are set then, as "NAME=VALUE NAME=VALUE" */
};

#define X "xx_XX.UTF-8"

/* clang-format off */
static const struct settled cases[] = {
    /* the client's, if it is here, whatever is native */
    {{NULL}, {"LANG=" X}, "LANG=" X},
    {{"LANG=C.UTF-8"}, {"LANG=" X}, "LANG=" X},
    {{"LC_ALL=C"}, {"LANG=C.UTF-8", "LC_CTYPE=" X}, "LANG=C.UTF-8 LC_CTYPE=" X},
    {{"LANG=yy_YY.UTF-8"}, {"LC_ALL=" X}, "LC_ALL=" X},
    /* some of it may be missing */
    {{NULL}, {"LANG=" X, "LC_TIME=yy_YY.UTF-8"}, "LANG=" X},
    {{NULL}, {"LANG=yy_YY.UTF-8", "LC_CTYPE=" X}, "LC_CTYPE=" X},
    {{NULL}, {"LANG=" X, "LANGUAGE=yy:xx"}, "LANG=" X " LANGUAGE=yy:xx"},
    /* it is missing */
    {{NULL}, {"LANG=yy_YY.UTF-8"}, "LANG=C.UTF-8"},
    {{"LANG=yy_YY.UTF-8", "LC_TIME=yy_YY.UTF-8"}, {"LANG=yy_YY.UTF-8"}, "LANG=C.UTF-8"},
    {{"LANG=" X}, {"LC_ALL=yy_YY.UTF-8"}, "LANG=C.UTF-8"},
    /* there is none that could show this session */
    {{"LANG=" X}, {"LANG=C"}, "LANG=" X},
    {{"LANG=" X}, {NULL}, "LANG=" X},
    {{"LC_CTYPE=" X}, {"LC_ALL=POSIX"}, "LC_CTYPE=" X},
    {{NULL}, {NULL}, "LC_CTYPE=C.UTF-8"},
    {{"LANG=C"}, {"LANG=C"}, "LANG=C LC_CTYPE=C.UTF-8"},
    {{"LC_ALL=C"}, {NULL}, "LC_ALL=C.UTF-8"},
    {{"LC_ALL=yy_YY"}, {NULL}, "LANG=C.UTF-8"},
};
/* clang-format on */

static int make_folder(void **state)
{
    char command[1024];
    const char *locales = getenv("MOSH_TEST_LOCALES"); /* of another processor's bytes */

    (void)state;
    if (!locales)
        locales = "/usr/lib/locale";
    if (!mkdtemp(folder))
        return -1;
    snprintf(command, sizeof command,
             "cp -r %s/C.utf8 %s/xx_XX.utf8 2>/dev/null && cp -r %s/C.utf8 %s/C.utf8", locales,
             folder, locales, folder);
#ifdef __GLIBC__
    have_folder = system(command) == 0;
#endif
    return 0;
}

static int remove_folder(void **state)
{
    char command[256];

    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command) == 0 ? 0 : -1;
}

static void set(const char *setting)
{
    char name[64];
    const char *equals = strchr(setting, '=');

    snprintf(name, sizeof name, "%.*s", (int)(equals - setting), setting);
    setenv(name, equals + 1, 1);
}

static void clear_locale(void)
{
    static const char *const names[] = {"LANG",        "LANGUAGE",    "LC_CTYPE",
                                        "LC_NUMERIC",  "LC_TIME",     "LC_COLLATE",
                                        "LC_MONETARY", "LC_MESSAGES", "LC_ALL"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unsetenv(names[i]);
}

static bool settles(const struct settled *c)
{
    static const char *const names[] = {"LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_TIME"};
    char got[256] = "";
    size_t count = 0;

    clear_locale();
    for (size_t i = 0; i < 4 && c->native[i]; i++)
        set(c->native[i]);
    while (count < 4 && c->settings[count])
        count++;
    charset_settle(c->settings, count);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t len = strlen(got);
        if (getenv(names[i]))
            snprintf(got + len, sizeof got - len, "%s%s=%s", len ? " " : "", names[i],
                     getenv(names[i]));
    }
    if (strcmp(got, c->expected) != 0)
        fprintf(stderr, "expected %s, got %s\n", c->expected, got);
    return strcmp(got, c->expected) == 0;
}

/* In a process that looks for locales in `locpath`. */
static void check(const struct settled *c, const char *locpath)
{
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        setenv("LOCPATH", locpath, 1);
        _exit(settles(c) ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void the_program_gets_the_best_that_there_is(void **state)
{
    (void)state;
    if (!have_folder)
        skip();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check(&cases[i], folder);
}

/* Without any locale (but C.UTF-8 where it is built in) there is a way on, too. */
static void R19_without_locales_there_is_a_way_on(void **state)
{
    static const struct settled missing = {
        {"LANG=xx_XX.UTF-8"}, {"LANG=yy_YY.UTF-8", "LC_TIME=zz"}, "LANG=C.UTF-8"};
    static const struct settled as_before = {
        {"LANG=xx_XX.UTF-8"}, {"LANG=yy_YY.UTF-8", "LC_TIME=zz"}, "LANG=xx_XX.UTF-8"};

    (void)state;
    if (!have_folder) /* whose library is not glibc, has them all */
        skip();
    setenv("LOCPATH", "/nonexistent", 1);
    check(setlocale(LC_CTYPE, "C.UTF-8") ? &missing : &as_before, "/nonexistent");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_program_gets_the_best_that_there_is),
        cmocka_unit_test(R19_without_locales_there_is_a_way_on),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
