/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/addresses.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#include "sys/listener.h"

#define SECONDS_PATIENCE 5

static void wait_readable(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};

    assert_int_equal(poll(&p, 1, SECONDS_PATIENCE * 1000), 1);
}

/* The index of the socket for a family. */
static size_t socket_for(const struct listener *l, int family)
{
    for (size_t i = 0; i < l->count; i++) {
        if (l->family[i] == family)
            return i;
    }
    fail_msg("no socket for family %d", family);
    return 0;
}

/* A client asks at `ip` and is answered from there. */
static void ask_at(const struct listener *l, const char *ip)
{
    struct endpoint to = parsed(ip, l->port);
    struct udp_arrival arrival;
    struct peer peer;
    uint8_t bytes[16];
    int client = udp_open(endpoint_family(&to));
    size_t i = socket_for(l, endpoint_family(&to));

    assert_true(client >= 0);
    assert_int_equal(udp_send(client, &to, (const uint8_t *)"hello", 5), 0);
    wait_readable(l->fd[i]);
    assert_int_equal(listener_receive(l, i, bytes, sizeof bytes, &arrival, &peer), 1);
    check_bytes(bytes, arrival.len, "hello", 5);
    struct endpoint from = peer_endpoint(&peer);
    assert_true(endpoint_equal(&from, &arrival.from));

    assert_int_equal(listener_send(l, &peer, (const uint8_t *)"yes", 3), 0);
    wait_readable(client);
    assert_int_equal(udp_receive(client, bytes, sizeof bytes, &arrival), 1);
    check_bytes(bytes, arrival.len, "yes", 3);
    if (!endpoint_equal(&arrival.from, &to))
        fail_msg("asked at %s, answered from elsewhere", ip);
    assert_int_equal(listener_probe(l, &peer, (const uint8_t *)"probe", 5), 0);
    wait_readable(client);
    assert_int_equal(udp_receive(client, bytes, sizeof bytes, &arrival), 1);
    check_bytes(bytes, arrival.len, "probe", 5);
    close(client);
}

/* A server on every address hears both families at one port, and answers from where it was asked.
 */
static void every_address(void **state)
{
    struct listener l;

    (void)state;
    assert_int_equal(listener_open(&l, NULL, 0, 0), 0);
    assert_int_equal(l.count, have_ipv6() ? 2 : 1);
    ask_at(&l, "127.0.0.1");
#ifdef __linux__ /* where all of 127/8 is ours */
    ask_at(&l, "127.1.2.3");
#endif
    if (have_ipv6())
        ask_at(&l, "::1");
    listener_close(&l);
}

static void the_wildcard_of_ipv6_means_both(void **state)
{
    struct endpoint any = parsed("::", 0);
    struct listener l;

    (void)state;
    assert_int_equal(listener_open(&l, &any, 0, 0), 0);
    ask_at(&l, "127.0.0.1");
    if (have_ipv6())
        ask_at(&l, "::1");
    listener_close(&l);
}

static void one_address_is_one(void **state)
{
    struct endpoint here = parsed("127.0.0.1", 0), any = parsed("0.0.0.0", 0);
    struct listener l;

    (void)state;
    assert_int_equal(listener_open(&l, &here, 0, 0), 0);
    assert_int_equal(l.count, 1);
    ask_at(&l, "127.0.0.1");
    listener_close(&l);
    assert_int_equal(listener_open(&l, &any, 0, 0), 0);
    assert_int_equal(l.count, 1);
    ask_at(&l, "127.0.0.1");
    listener_close(&l);
}

/* Also if only one of the families has it free. */
static void a_port_is_taken_for_both_or_not_at_all(void **state)
{
    struct endpoint v4 = parsed("127.0.0.1", 0), bound;
    struct listener l;

    (void)state;
    int taken = udp_bind(&v4, 0, 0, &bound);
    uint16_t port = endpoint_port(&bound);
    assert_true(taken >= 0);
    assert_int_equal(listener_open(&l, NULL, port, port), -1);
    assert_int_equal(errno, EADDRINUSE);
    assert_int_equal(l.count, 0);
    if (port < UINT16_MAX - 20) {
        assert_int_equal(listener_open(&l, NULL, port, (uint16_t)(port + 20)), 0);
        assert_true(l.port > port);
        ask_at(&l, "127.0.0.1");
        listener_close(&l);
    }
    close(taken);
}

/* Our address may go while the client is there: better an answer from another than none. */
static void an_address_that_is_gone(void **state)
{
    struct listener l;
    struct udp_arrival arrival;
    struct peer peer;
    uint8_t bytes[16];

    (void)state;
    assert_int_equal(listener_open(&l, NULL, 0, 0), 0);
    struct endpoint to = parsed("127.0.0.1", l.port);
    int client = udp_open(AF_INET);
    size_t i = socket_for(&l, AF_INET);
    assert_int_equal(udp_send(client, &to, (const uint8_t *)"hello", 5), 0);
    wait_readable(l.fd[i]);
    assert_int_equal(listener_receive(&l, i, bytes, sizeof bytes, &arrival, &peer), 1);
    memcpy(peer.own_ip, "\xC0\x00\x02\x01", 4); /* 192.0.2.1 */
    assert_int_equal(listener_send(&l, &peer, (const uint8_t *)"yes", 3), 0);
    wait_readable(client);
    assert_int_equal(udp_receive(client, bytes, sizeof bytes, &arrival), 1);
    check_bytes(bytes, arrival.len, "yes", 3);
    close(client);
    listener_close(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_address),
        cmocka_unit_test(the_wildcard_of_ipv6_means_both),
        cmocka_unit_test(one_address_is_one),
        cmocka_unit_test(a_port_is_taken_for_both_or_not_at_all),
        cmocka_unit_test(an_address_that_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
