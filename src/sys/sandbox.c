/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sys/sandbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "sys/args.h"
#include "sys/sandbox_internal.h"
#include "util/log.h"

#define DESCRIPTORS_MAX 32 /* a client on the move has ten sockets and more */

static const char *const layer_names[SANDBOX_LAYERS] = {
    [SANDBOX_PRIVILEGES] = "privileges",
    [SANDBOX_FILES] = "files",
    [SANDBOX_CALLS] = "calls",
    [SANDBOX_LIMITS] = "limits",
};

bool sandbox_parse_policy(const char *text, enum sandbox_policy *policy)
{
    static const struct {
        const char *word;
        enum sandbox_policy policy;
    } words[] = {
        {"", SANDBOX_DEFAULT},
        {"require", SANDBOX_REQUIRE},
        {"strict", SANDBOX_STRICT},
        {"off", SANDBOX_OFF},
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(text ? text : "", words[i].word) == 0) {
            *policy = words[i].policy;
            return true;
        }
    }
    return false;
}

static void lower(struct rlimit *r, rlim_t most)
{
    if (r->rlim_max == RLIM_INFINITY || r->rlim_max > most)
        r->rlim_max = most;
    if (r->rlim_cur == RLIM_INFINITY || r->rlim_cur > r->rlim_max)
        r->rlim_cur = r->rlim_max;
}

/* A macro, because systems differ in the type of `resource`. */
#define LIMIT(resource, most)                                                                      \
    (getrlimit(resource, &r) == 0 && (lower(&r, most), setrlimit(resource, &r) == 0))

/* The log, or the screen, may be on its way into a file, which then has to grow. */
static bool writes_to_a_file(void)
{
    struct stat s;

    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fstat(fd, &s) == 0 && S_ISREG(s.st_mode))
            return true;
    }
    return false;
}

static bool set_limits(void)
{
    struct rlimit r;
    bool set = LIMIT(RLIMIT_NOFILE, DESCRIPTORS_MAX);

#ifdef RLIMIT_NPROC
    set = LIMIT(RLIMIT_NPROC, 0) && set;
#endif
    if (!writes_to_a_file())
        set = LIMIT(RLIMIT_FSIZE, 0) && set;
    return set;
}

#ifdef HAVE_PLEDGE

/* OpenBSD, where this has been compiled by nobody yet. Terminal modes and sockets are in `tty` and
   `inet`; unveil comes first, since pledge takes it away. Without a path that is unveiled nothing
   is hidden, hence the root, with no right to anything below it. */
static void confine(enum sandbox_role role, bool strict, struct sandbox *s)
{
    (void)role;
    (void)strict;
    s->holds[SANDBOX_FILES] = unveil("/", "") == 0 && unveil(NULL, NULL) == 0;
    s->holds[SANDBOX_CALLS] = pledge("stdio inet tty", NULL) == 0;
    s->holds[SANDBOX_PRIVILEGES] = s->holds[SANDBOX_CALLS]; /* no exec at all */
}

#else

static bool give_up_privileges(void)
{
#ifdef PR_SET_NO_NEW_PRIVS
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
#else
    return false;
#endif
}

static void confine(enum sandbox_role role, bool strict, struct sandbox *s)
{
    s->holds[SANDBOX_PRIVILEGES] = give_up_privileges();
    s->holds[SANDBOX_FILES] = sandbox_landlock(role, &s->landlock_abi);
    s->holds[SANDBOX_CALLS] = sandbox_seccomp(role, strict);
}

#endif

const char *sandbox_missing(const struct sandbox *s)
{
    for (size_t i = 0; i < SANDBOX_LAYERS; i++) {
        if (!s->holds[i])
            return layer_names[i];
    }
    return NULL;
}

int sandbox_enter(enum sandbox_role role, enum sandbox_policy policy, struct sandbox *result)
{
    *result = (struct sandbox){0};
#ifdef BUILD_INSTRUMENTED
    /* Sanitizers and coverage open files and start processes of their own. */
    if (policy != SANDBOX_REQUIRE)
        return 0;
#endif
    if (policy == SANDBOX_OFF)
        return 0;
    result->holds[SANDBOX_LIMITS] = set_limits(); /* first: the filter has no call for it */
    confine(role, policy == SANDBOX_STRICT, result);
    return policy == SANDBOX_REQUIRE && sandbox_missing(result) ? -1 : 0;
}

enum sandbox_policy sandbox_policy_of_user(const char *program)
{
    const char *text = getenv("MOSH_SANDBOX");
    enum sandbox_policy policy = SANDBOX_DEFAULT;

    if (!sandbox_parse_policy(text, &policy))
        args_fail(program, "MOSH_SANDBOX is \"%s\": expected require, strict or off", text);
    return policy;
}

void sandbox_confine(const char *program, enum sandbox_role role, enum sandbox_policy policy)
{
    struct sandbox s;

    if (sandbox_enter(role, policy, &s) != 0)
        args_fail(program,
                  "MOSH_SANDBOX demands more than this system has: \"%s\" is missing; see"
                  " %s --sandbox-status",
                  sandbox_missing(&s), program);
    for (size_t i = 0; i < SANDBOX_LAYERS; i++)
        log_debug("sandbox: %s %s", layer_names[i], s.holds[i] ? "confined" : "not confined");
}

int sandbox_print_status(enum sandbox_role role)
{
    struct sandbox s;

    if (sandbox_enter(role, SANDBOX_DEFAULT, &s) != 0)
        return 1;
    for (size_t i = 0; i < SANDBOX_LAYERS; i++) {
        printf("%-10s  %s", layer_names[i], s.holds[i] ? "confined" : "NOT CONFINED");
        if (i == SANDBOX_FILES && s.landlock_abi)
            printf(" (Landlock %d)", s.landlock_abi);
        putchar('\n');
    }
    return fflush(stdout) == 0 && !sandbox_missing(&s) ? 0 : 1;
}
