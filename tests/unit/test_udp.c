/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/addresses.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/endpoint.h"
#include "sys/hops.h"
#include "sys/udp.h"

#define SECONDS_PATIENCE 5

/* True once something can be read. */
static bool wait_readable(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};

    return poll(&p, 1, SECONDS_PATIENCE * 1000) == 1;
}

/* The linker gives this one to who calls the system's. */
static bool no_options;

__typeof__(setsockopt) __wrap_setsockopt, __real_setsockopt;

int __wrap_setsockopt(int fd, int level, int option, const void *value, socklen_t len)
{
    if (!no_options)
        return __real_setsockopt(fd, level, option, value, len);
    errno = EPERM;
    return -1;
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

/* An address that is not this machine's is refused at once, whatever the range. */
static void R36_foreign_address(void **state)
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

/* What is too long to be ours becomes nothing, and what follows it is whole. */
static void S03_oversize(void **state)
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
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    if (is_emulated())
        skip(); /* qemu-user gives the value of IP_TOS in the bytes of the machine that it runs on
                 */
#endif
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

/* A system that refuses each of the options that sockets have here. */
static void R31_options_may_be_refused(void **state)
{
    (void)state;
    no_options = true;
    for (int six = 0; six <= (have_ipv6() ? 1 : 0); six++) {
        struct pair p = make_pair(six ? "::1" : "127.0.0.1");
        struct udp_arrival arrival;
        uint8_t bytes[16];

        assert_int_equal(udp_send(p.client, &p.to, (const uint8_t *)"a", 1), 0);
        assert_true(wait_readable(p.server));
        assert_int_equal(udp_receive(p.server, bytes, sizeof bytes, &arrival), 1);
        assert_int_equal(arrival.len, 1);
        assert_int_equal(udp_send(p.server, &arrival.from, (const uint8_t *)"bc", 2), 0);
        assert_true(wait_readable(p.client));
        assert_int_equal(udp_receive(p.client, bytes, sizeof bytes, &arrival), 1);
        assert_int_equal(arrival.len, 2);
        close_pair(&p);
    }
    no_options = false;
}

/* Whether what the socket sends may be cut on the way; -1 where that cannot be asked. */
static int may_be_cut(int fd, int family)
{
    int value = -1;
    socklen_t len = sizeof value;

#ifdef IPV6_MTU_DISCOVER
    if (family == AF_INET6 && getsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &value, &len) == 0)
        return value == IPV6_PMTUDISC_DONT;
#endif
#ifdef IP_MTU_DISCOVER
    if (family == AF_INET && getsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &value, &len) == 0)
        return value == IP_PMTUDISC_DONT;
#endif
    return -1;
}

/* A probe travels in one piece; what is sent before and after it may be cut. */
static void probes(void **state)
{
    static const char *const ips[] = {"127.0.0.1", "::1"};
    static const uint8_t huge[70000];
    uint8_t bytes[16];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        if (i == 1 && !have_ipv6())
            continue;
        struct pair p = make_pair(ips[i]);
        int family = endpoint_family(&p.to);
        struct udp_arrival arrival;
        struct hops h;

        if (may_be_cut(p.client, family) == -1)
            skip();
        assert_int_equal(may_be_cut(p.client, family), 1);
        assert_int_equal(udp_forbid_fragments(p.client, family, true), 0);
        assert_int_equal(may_be_cut(p.client, family), 0);
        assert_int_equal(hops_init(&h, &p.to, 0), 0);
        assert_int_equal(hops_probe(&h, 0, (const uint8_t *)"probe", 5), 0);
        assert_true(wait_readable(p.server));
        assert_int_equal(udp_receive(p.server, bytes, sizeof bytes, &arrival), 1);
        check_bytes(bytes, arrival.len, "probe", 5);
        assert_int_equal(hops_probe(&h, 0, huge, sizeof huge), EMSGSIZE);
        assert_int_equal(may_be_cut(h.fd[0], family), 1);
        hops_release(&h);
        close_pair(&p);
    }
}

/* Where pieces cannot be forbidden, nothing is sent. */
static void a_probe_that_may_be_cut_is_none(void **state)
{
    struct pair p = make_pair("127.0.0.1");
    struct hops h;

    (void)state;
    assert_int_equal(hops_init(&h, &p.to, 0), 0);
    no_options = true;
    assert_int_equal(hops_probe(&h, 0, (const uint8_t *)"probe", 5), EMSGSIZE);
    no_options = false;
    uint8_t byte;
    assert_int_equal(recv(p.server, &byte, 1, MSG_DONTWAIT), -1);
    hops_release(&h);
    close_pair(&p);
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

/* The server's port is closed. The kernel says so, the socket goes on, nothing spins. */
static void R22_closed_port(void **state)
{
    struct pair p = make_pair("127.0.0.1");
    struct pollfd poll_client = {.fd = p.client, .events = POLLIN};
    struct endpoint to;
    (void)state;

    if (is_emulated())
        skip(); /* qemu-user does not say whom a message of the error queue was for */
    close(p.server);
    assert_int_equal(udp_send(p.client, &p.to, (const uint8_t *)"a", 1), 0);
    if (poll(&poll_client, 1, SECONDS_PATIENCE * 1000) == 0)
        skip(); /* a system without such reports */
    assert_true(poll_client.revents & POLLERR);
    assert_int_equal(udp_take_error(p.client, &to), ECONNREFUSED);
    assert_true(endpoint_equal(&to, &p.to));
    assert_int_equal(udp_take_error(p.client, &to), 0);
    assert_int_equal(poll(&poll_client, 1, 0), 0);
    close(p.client);
}

/* --- port hopping --- */

/* A server at two addresses, the second of which may be of another family. */
struct hopping {
    struct hops h;
    struct pair first, second;
};

static void begin_hopping(struct hopping *t, const char *second)
{
    struct endpoint none = parsed(second, 0);

    t->first = make_pair("127.0.0.1");
    assert_int_equal(hops_init(&t->h, &t->first.to, 1000), 0);
    /* Both on one port, as with a real server. */
    t->second.server =
        udp_bind(&none, endpoint_port(&t->first.to), endpoint_port(&t->first.to), &t->second.to);
    assert_true(t->second.server >= 0);
    hops_add_servers(&t->h, second);
    assert_int_equal(t->h.servers, 2);
}

static void end_hopping(struct hopping *t)
{
    hops_release(&t->h);
    assert_int_equal(t->h.count, 0);
    close_pair(&t->first);
    close(t->second.server);
}

/* What arrives, and from which port. */
static uint16_t arrives(int server)
{
    struct udp_arrival arrival;
    uint8_t bytes[16];

    assert_true(wait_readable(server));
    assert_int_equal(udp_receive(server, bytes, sizeof bytes, &arrival), 1);
    check_bytes(bytes, arrival.len, "a", 1);
    return endpoint_port(&arrival.from);
}

static void send_a(struct hops *h, size_t to, size_t beside)
{
    assert_int_equal(hops_send(h, to, beside, (const uint8_t *)"a", 1), 0);
}

/* Another port after each hop; the old sockets still listen, and go when they have had their
   time. */
static void R24_hopping(void **state)
{
    struct hopping t;
    (void)state;

    begin_hopping(&t, "127.0.0.2");
    send_a(&t.h, 0, HOPS_NOWHERE);
    uint16_t port = arrives(t.first.server);
    send_a(&t.h, 1, HOPS_NOWHERE);
    assert_int_equal(arrives(t.second.server), port);
    assert_int_equal(t.h.count, 1);
    int first = t.h.fd[0];
    hops_next(&t.h, 11000);
    send_a(&t.h, 0, 1);
    assert_int_not_equal(arrives(t.first.server), port);
    assert_int_not_equal(arrives(t.second.server), port);
    assert_int_equal(t.h.count, 2);
    assert_int_equal(t.h.fd[0], first); /* it still listens */

    for (msec_t i = 0; i < 20; i++) {
        hops_next(&t.h, 20000 + i);
        send_a(&t.h, 0, HOPS_NOWHERE);
        (void)arrives(t.first.server);
    }
    assert_int_equal(t.h.count, HOPS_MAX);
    hops_heard(&t.h, 20019 + HOPS_KEEP_MS); /* not yet */
    assert_int_equal(t.h.count, HOPS_MAX);
    hops_heard(&t.h, 20020 + HOPS_KEEP_MS);
    assert_int_equal(t.h.count, 1);
    end_hopping(&t);
}

/* A hop without anything to send leaves a socket, and what is never sent is never opened. */
static void hopping_in_silence(void **state)
{
    struct hopping t;
    (void)state;

    begin_hopping(&t, "127.0.0.2");
    for (msec_t i = 0; i < 20; i++)
        hops_next(&t.h, 20000 + i);
    assert_int_equal(t.h.count, 1);
    hops_heard(&t.h, 20020 + HOPS_KEEP_MS);
    assert_int_equal(t.h.count, 1);
    send_a(&t.h, 0, HOPS_NOWHERE);
    (void)arrives(t.first.server);
    assert_int_equal(t.h.count, 2);
    end_hopping(&t);
}

static void two_families(void **state)
{
    struct hopping t;
    (void)state;

    if (!have_ipv6())
        skip();
    begin_hopping(&t, "::1");
    send_a(&t.h, 0, 1);
    (void)arrives(t.first.server);
    (void)arrives(t.second.server);
    assert_int_equal(t.h.count, 2);
    hops_next(&t.h, 11000);
    send_a(&t.h, 1, HOPS_NOWHERE);
    (void)arrives(t.second.server);
    assert_int_equal(t.h.count, 3);
    end_hopping(&t);
}

/* The system refuses to send to one address: it goes to another, and that is no failure. */
static void no_way_to_one_address(void **state)
{
    struct hops h;
    struct pair p = make_pair("127.0.0.1");
    struct endpoint nowhere = parsed("255.255.255.255", endpoint_port(&p.to)); /* not allowed */
    (void)state;

    assert_int_equal(hops_init(&h, &nowhere, 1000), 0);
    assert_int_not_equal(hops_send(&h, 0, HOPS_NOWHERE, (const uint8_t *)"a", 1), 0);
    hops_add_servers(&h, "127.0.0.1");
    send_a(&h, 0, HOPS_NOWHERE);
    (void)arrives(p.server);
    hops_release(&h);
    close_pair(&p);
}

static void addresses_of_a_server(void **state)
{
    struct endpoint first = parsed("127.0.0.1", 60001), a;
    struct hops h;
    (void)state;

    assert_int_equal(hops_init(&h, &first, 1000), 0);
    hops_add_servers(&h, " 127.0.0.1 name  127.0.0.2\t::1 [::1] 127.0.0.2 1.2.3.4.5 ");
    assert_int_equal(h.servers, 3);
    a = parsed("::1", 60001);
    assert_int_equal(hops_server_at(&h, &a), 2);
    a = parsed("::1", 60002);
    assert_int_equal(hops_server_at(&h, &a), HOPS_NOWHERE);
    hops_add_servers(&h, "1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5 1.1.1.6 1.1.1.7");
    assert_int_equal(h.servers, HOPS_SERVERS_MAX);
    hops_release(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),
        cmocka_unit_test(no_addresses),
        cmocka_unit_test(equality),
        cmocka_unit_test(port_ranges),
        cmocka_unit_test(highest_port),
        cmocka_unit_test(R36_foreign_address),
        cmocka_unit_test(nothing_waits),
        cmocka_unit_test(S03_oversize),
        cmocka_unit_test(congestion_mark),
        cmocka_unit_test(R31_options_may_be_refused),
        cmocka_unit_test(send_errors),
        cmocka_unit_test(probes),
        cmocka_unit_test(a_probe_that_may_be_cut_is_none),
        cmocka_unit_test(R22_closed_port),
        cmocka_unit_test(R24_hopping),
        cmocka_unit_test(hopping_in_silence),
        cmocka_unit_test(two_families),
        cmocka_unit_test(no_way_to_one_address),
        cmocka_unit_test(addresses_of_a_server),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
