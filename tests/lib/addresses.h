/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_ADDRESSES_H
#define MOSH_TESTS_ADDRESSES_H

/* Addresses for tests of sockets. */

#include <unistd.h>

#include "sys/udp.h"
#include "unit.h"

static inline struct endpoint parsed(const char *ip, uint16_t port)
{
    struct endpoint a;

    assert_int_equal(endpoint_parse(ip, port, &a), 0);
    return a;
}

static inline bool have_ipv6(void)
{
    struct endpoint bound, loopback = parsed("::1", 0);
    int fd = udp_bind(&loopback, 0, 0, &bound);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

#endif
