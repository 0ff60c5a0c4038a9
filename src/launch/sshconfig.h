/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_SSHCONFIG_H
#define MOSH_LAUNCH_SSHCONFIG_H

/*
 * What `ssh -G HOST` prints: the configuration that applies to a host, a keyword and its value to a
 * line. Pure.
 */

#include <stdbool.h>
#include <stddef.h>

#include "launch/resolve.h"
#include "util/err.h"

struct sshconfig {
    char *hostname;       /* what ssh would look up */
    bool is_indirect;     /* ProxyJump or ProxyCommand */
    char *jump;           /* the former's value, or "a proxy command"; NULL if neither is set */
    bool may_have_master; /* ControlPath */
    bool is_bound;        /* BindAddress or BindInterface */
    bool has_family;      /* AddressFamily, other than any */
    enum family family;
};

/* Returns 0, or -1 if this is not what OpenSSH prints. */
int sshconfig_parse(const char *text, size_t len, struct sshconfig *out) MUST_CHECK;
void sshconfig_release(struct sshconfig *c);

#endif
