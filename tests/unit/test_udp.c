/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#include "sys/endpoint.h"
#include "sys/hops.h"
#include "sys/udp.h"

#define SECONDS_PATIENCE 5

static struct endpoint parsed(const char *ip, uint16_t port)
{
    struct endpoint a;

    assert_int_equal(endpoint_parse(ip, port, &a), 0);
    return a;
}

/* True once something can be read. */
static bool wait_readable(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};

    return poll(&p, 1, SECONDS_PATIENCE * 1000) == 1;
}

static bool have_ipv6(void)
{
    struct endpoint bound, loopback = parsed("::1", 0);
    int fd = udp_bind(&loopback, 0, 0, &bound);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* --- addresses --- */

static void addresses(void **state)
{
    static const struct {
        const char *ip, *shown, *shown_with_port;
    } cases[] = {
        {"127.0.0.1", "127.0.0.1", "127.0.0.1:60001"},
        {"::1", "::1", "[::1]:60001"},
        {"2001:DB8:0::1", "2001:db8::1", "[2001:db8::1]:60001"},
        {"::ffff:10.1.2.3", "10.1.2.3", "10.1.2.3:60001"},
        {"fe80::1%lo", "fe80::1%lo", "[fe80::1%lo]:60001"}, /* R34 */
    };
    char text[ENDPOINT_CHARS];
    struct endpoint a;
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        a = parsed(cases[i].ip, 60001);
        assert_int_equal(endpoint_port(&a), 60001);
        endpoint_print_ip(&a, text);
        assert_string_equal(text, cases[i].shown);
        endpoint_print(&a, text);
        assert_string_equal(text, cases[i].shown_with_port);
    }
}

static void no_addresses(void **state)
{
    static const char *const cases[] = {
        "",   "localhost",  "127.0.0.1:60001", "[::1]", "1.2.3.256", "::1%nosuchzone",
        "-1", " 127.0.0.1",
    };
    struct endpoint a = {0};
    char text[ENDPOINT_CHARS];
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (endpoint_parse(cases[i], 1, &a) == 0)
            fail_msg("\"%s\" was accepted", cases[i]);
    }
    endpoint_print_ip(&a, text);
    assert_string_equal(text, "?");
}

static void equality(void **state)
{
    struct endpoint a = parsed("127.0.0.1", 1), b = parsed("127.0.0.1", 2), none = {0};
    (void)state;

    assert_false(endpoint_equal(&a, &b));
    endpoint_set_port(&b, 1);
    assert_true(endpoint_equal(&a, &b));
    assert_false(endpoint_equal(&a, &none));
}

/* --- binding --- */

/* A port with `more` free ones after it, held by a socket of ours. */
static int occupy(const char *ip, uint16_t *port, unsigned more)
{
    struct endpoint at = parsed(ip, 0), bound, next;

    for (int attempt = 0; attempt < 100; attempt++) {
        int fd = udp_bind(&at, 0, 0, &bound);
        bool good = fd >= 0 && endpoint_port(&bound) <= UINT16_MAX - more;
        *port = endpoint_port(&bound);
        for (unsigned i = 1; good && i <= more; i++) {
            uint16_t p = (uint16_t)(*port + i);
            int other = udp_bind(&at, p, p, &next);
            good = other >= 0;
            if (good)
                close(other);
        }
        if (good)
            return fd;
        close(fd);
    }
    fail_msg("no free ports");
    return -1;
}

/* F45: the next port of the range is taken; a full range is an error that says so. */
static void port_ranges(void **state)
{
    struct endpoint at = parsed("127.0.0.1", 0), bound;
    uint16_t port;
    (void)state;

    int taken = occupy("127.0.0.1", &port, 1);
    int fd = udp_bind(&at, port, (uint16_t)(port + 1), &bound);
    assert_true(fd >= 0);
    assert_int_equal(endpoint_port(&bound), port + 1);

    assert_int_equal(udp_bind(&at, port, (uint16_t)(port + 1), &bound), -1);
    assert_int_equal(errno, EADDRINUSE);
    assert_int_equal(udp_bind(&at, port, port, &bound), -1);
    assert_int_equal(errno, EADDRINUSE);
    close(fd);
    close(taken);
}

static void highest_port(void **state)
{
    struct endpoint at = parsed("127.0.0.1", 0), bound;
    (void)state;

    /* Whether it is free or not, the search has to end there. */
    int fd = udp_bind(&at, UINT16_MAX, UINT16_MAX, &bound);
    if (fd < 0)
        assert_int_equal(errno, EADDRINUSE);
    else
        close(fd);
}

/* R36: an address that is not this machine's is refused at once, whatever the range. */
static void foreign_address(void **state)
{
    struct endpoint at = parsed("192.0.2.1", 0), bound;
    (void)state;

    assert_int_equal(udp_bind(&at, 60001, 60999, &bound), -1);
    assert_int_equal(errno, EADDRNOTAVAIL);
}

/* --- datagrams --- */

struct pair {
    int server, client;
    struct endpoint to;
};

static struct pair make_pair(const char *ip)
{
    struct pair p;
    struct endpoint at = parsed(ip, 0);

    p.server = udp_bind(&at, 0, 0, &p.to);
    p.client = udp_open(endpoint_family(&at));
    assert_true(p.server >= 0 && p.client >= 0);
    return p;
}

static void close_pair(struct pair *p)
{
    close(p->server);
    close(p->client);
}

static void nothing_waits(void **state)
{
    struct pair p = make_pair("127.0.0.1");
    struct udp_arrival arrival;
    uint8_t bytes[16];
    (void)state;

    assert_int_equal(udp_receive(p.server, bytes, sizeof bytes, &arrival), 0);
    close_pair(&p);
}

/* S03: what is too long to be ours becomes nothing, and what follows it is whole. */
static void oversize(void **state)
{
    struct pair p = make_pair("127.0.0.1");
    struct udp_arrival arrival;
    uint8_t large[4000] = {0}, bytes[2048];
    (void)state;

    assert_int_equal(udp_send(p.client, &p.to, large, sizeof large), 0);
    assert_int_equal(udp_send(p.client, &p.to, large, 2048), 0);
    assert_true(wait_readable(p.server));
    assert_int_equal(udp_receive(p.server, bytes, sizeof bytes, &arrival), 1);
    assert_int_equal(arrival.len, 0);
    assert_int_equal(udp_receive(p.server, bytes, sizeof bytes, &arrival), 1);
    assert_int_equal(arrival.len, 2048);
    close_pair(&p);
}

/* The mark that a congested router leaves, in both kinds of IP; and ours, which is none. */
static void congestion_mark(void **state)
{
    (void)state;
    for (int six = 0; six <= (have_ipv6() ? 1 : 0); six++) {
        struct pair p = make_pair(six ? "::1" : "127.0.0.1");
        struct udp_arrival arrival;
        uint8_t bytes[16];
        int ce = 3;

        assert_int_equal(udp_send(p.client, &p.to, (const uint8_t *)"a", 1), 0);
        assert_true(wait_readable(p.server));
        assert_int_equal(udp_receive(p.server, bytes, sizeof bytes, &arrival), 1);
        assert_false(arrival.congested);

        assert_int_equal(setsockopt(p.client, six ? IPPROTO_IPV6 : IPPROTO_IP,
                                    six ? IPV6_TCLASS : IP_TOS, &ce, sizeof ce),
                         0);
        assert_int_equal(udp_send(p.client, &p.to, (const uint8_t *)"b", 1), 0);
        assert_true(wait_readable(p.server));
        assert_int_equal(udp_receive(p.server, bytes, sizeof bytes, &arrival), 1);
        assert_true(arrival.congested);
        close_pair(&p);
    }
}

/* F06: an error is told, and ends nothing. */
static void send_errors(void **state)
{
    struct pair p = make_pair("127.0.0.1");
    static const uint8_t huge[70000];
    (void)state;

    assert_int_equal(udp_send(p.client, &p.to, huge, sizeof huge), EMSGSIZE); /* F05 */
    assert_int_equal(udp_send(p.client, &p.to, (const uint8_t *)"a", 1), 0);
    close_pair(&p);
}

/* R22: the server's port is closed. The kernel says so, the socket goes on, nothing spins. */
static void closed_port(void **state)
{
    struct pair p = make_pair("127.0.0.1");
    struct pollfd poll_client = {.fd = p.client, .events = POLLIN};
    (void)state;

    close(p.server);
    assert_int_equal(udp_send(p.client, &p.to, (const uint8_t *)"a", 1), 0);
    if (poll(&poll_client, 1, SECONDS_PATIENCE * 1000) == 0)
        skip(); /* a system without such reports */
    assert_true(poll_client.revents & POLLERR);
    assert_int_equal(udp_take_error(p.client), ECONNREFUSED);
    assert_int_equal(udp_take_error(p.client), 0);
    assert_int_equal(poll(&poll_client, 1, 0), 0);
    close(p.client);
}

/* --- port hopping --- */

static void hopping(void **state)
{
    struct hops h;
    (void)state;

    assert_int_equal(hops_init(&h, AF_INET, 1000), 0);
    assert_int_equal(h.count, 1);
    int first = hops_newest(&h);
    hops_next(&h, 11000);
    assert_int_equal(h.count, 2);
    assert_int_not_equal(hops_newest(&h), first);
    assert_int_equal(h.fd[0], first); /* it still listens */

    for (msec_t t = 0; t < 20; t++)
        hops_next(&h, 20000 + t);
    assert_int_equal(h.count, HOPS_MAX);
    int newest = hops_newest(&h);

    hops_heard(&h, 20019 + HOPS_KEEP_MS); /* not yet */
    assert_int_equal(h.count, HOPS_MAX);
    hops_heard(&h, 20020 + HOPS_KEEP_MS);
    assert_int_equal(h.count, 1);
    assert_int_equal(hops_newest(&h), newest);
    hops_release(&h);
    assert_int_equal(h.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),       cmocka_unit_test(no_addresses),
        cmocka_unit_test(equality),        cmocka_unit_test(port_ranges),
        cmocka_unit_test(highest_port),    cmocka_unit_test(foreign_address),
        cmocka_unit_test(nothing_waits),   cmocka_unit_test(oversize),
        cmocka_unit_test(congestion_mark), cmocka_unit_test(send_errors),
        cmocka_unit_test(closed_port),     cmocka_unit_test(hopping),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
