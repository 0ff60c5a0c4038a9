/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sys/sandbox_internal.h"

#ifdef __linux__

#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * The kernel's headers of the machine that builds may be older than the kernel that runs, so the
 * numbers stand here (linux/landlock.h; they are the same on every architecture). Each version of
 * the interface knows more rights than the one before, and refuses those that it does not know.
 */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_restrict_self  446
#endif

#define VERSION_FLAG       1u
#define FILES_SINCE_1      0x1FFFu /* execute to make_sym */
#define FILES_SINCE_2      0x2000u /* refer */
#define FILES_SINCE_3      0x4000u /* truncate */
#define FILES_SINCE_5      0x8000u /* ioctl_dev */
#define NET_SINCE_4        0x3u    /* bind_tcp, connect_tcp */
#define SCOPE_SINCE_6      0x1u    /* abstract_unix_socket */
#define SCOPE_SIGNAL_FROM6 0x2u

struct ruleset {
    uint64_t files, net, scope;
};

static struct ruleset all_that_it_knows(int abi, enum sandbox_role role)
{
    struct ruleset r = {.files = FILES_SINCE_1};

    if (abi >= 2)
        r.files |= FILES_SINCE_2;
    if (abi >= 3)
        r.files |= FILES_SINCE_3;
    if (abi >= 4)
        r.net = NET_SINCE_4;
    if (abi >= 5)
        r.files |= FILES_SINCE_5;
    if (abi >= 6)
        r.scope = SCOPE_SINCE_6;
    if (abi >= 6 && role == SANDBOX_SERVER)
        r.scope |= SCOPE_SIGNAL_FROM6;
    return r;
}

/* What is handled and allowed by no rule is refused. */
bool sandbox_landlock(enum sandbox_role role, int *abi)
{
    struct ruleset r;
    long version = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, VERSION_FLAG);
    bool holds;

    *abi = version > 0 ? (int)version : 0;
    if (*abi == 0)
        return false;
    r = all_that_it_knows(*abi, role);
    /* Older kernels take the longer structure as long as what they do not know is zero. */
    long fd = syscall(SYS_landlock_create_ruleset, &r, sizeof r, 0u);
    if (fd < 0)
        return false;
    holds = syscall(SYS_landlock_restrict_self, (int)fd, 0u) == 0;
    close((int)fd);
    return holds;
}

#else

bool sandbox_landlock(enum sandbox_role role, int *abi)
{
    (void)role;
    *abi = 0;
    return false;
}

#endif
