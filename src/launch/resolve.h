/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_RESOLVE_H
#define MOSH_LAUNCH_RESOLVE_H

/*
 * Names to addresses, through the system's resolver, and what can be told from an address alone.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sys/endpoint.h"
#include "util/err.h"

#define ENDPOINTS_MAX 16

enum family {
    FAMILY_INET,         /* IPv4 alone */
    FAMILY_INET6,        /* IPv6 alone */
    FAMILY_AUTO,         /* whichever there is; both are an error */
    FAMILY_ALL,          /* in the resolver's order */
    FAMILY_PREFER_INET,  /* IPv4 first */
    FAMILY_PREFER_INET6, /* IPv6 first */
};

/* Reads a name as --family takes it, in any case. */
bool family_parse(const char *word, enum family *out);
const char *family_name(enum family f);

struct endpoints {
    struct endpoint at[ENDPOINTS_MAX];
    size_t count;
};

/*
 * Looks up `host` (a name, or a numeric address, also in brackets or with a zone). Returns 0 and at
 * least one address, each with the port, or -1 and in *why a text of the system or of ours.
 */
int resolve(const char *host, uint16_t port, enum family family, struct endpoints *out,
            const char **why) MUST_CHECK;

/* From how far an address can be reached. */
enum reach {
    REACH_NOBODY, /* unspecified, multicast */
    REACH_HOST,   /* loopback */
    REACH_LINK,   /* link-local */
    REACH_SITE,   /* private (RFC 1918), shared (RFC 6598), unique local (RFC 4193) */
    REACH_WORLD,
};
enum reach endpoint_reach(const struct endpoint *a);

/* A copy without brackets around an IPv6 address; to be freed. */
char *host_without_brackets(const char *host);

#endif
