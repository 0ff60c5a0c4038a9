/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdlib.h>

#include "launch/route.h"
#include "launch/sshconfig.h"

static void check_ip(const struct endpoint *a, const char *expected)
{
    char ip[ENDPOINT_CHARS];
    assert_non_null(a);
    endpoint_print_ip(a, ip);
    assert_string_equal(ip, expected);
}

static void config(const char *text, struct sshconfig *out)
{
    assert_int_equal(sshconfig_parse(text, strlen(text), out), 0);
}

static void reads_what_matters_of_the_configuration(void **state)
{
    (void)state;
    struct sshconfig c;
    config("host x\nuser me\nhostname y.example\nport 22\naddressfamily any\nproxyusefdpass no\n",
           &c);
    assert_string_equal(c.hostname, "y.example");
    assert_false(c.is_indirect || c.is_bound || c.may_have_master || c.has_family);
    sshconfig_release(&c);
    config("hostname y\nproxyjump a@b:22\n", &c);
    assert_true(c.is_indirect);
    sshconfig_release(&c);
    config("proxycommand nc %h %p\nhostname y", &c);
    assert_true(c.is_indirect);
    sshconfig_release(&c);
    config("hostname y\nproxycommand none\nproxyjump none\ncontrolpath none\n", &c);
    assert_false(c.is_indirect || c.may_have_master);
    sshconfig_release(&c);
    config("hostname y\ncontrolpath /home/me/a b\nbindaddress 10.0.0.1\naddressfamily inet6\n", &c);
    assert_true(c.may_have_master && c.is_bound && c.has_family);
    assert_int_equal(c.family, FAMILY_INET6);
    sshconfig_release(&c);
}

static void refuses_what_ssh_does_not_print(void **state)
{
    (void)state;
    static const char *const texts[] = {"",          "\n\n",       "hostname",
                                        "hostname ", "usage: x\n", "Hostname y"};
    struct sshconfig c;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(sshconfig_parse(texts[i], strlen(texts[i]), &c), -1);
    static const char noise[] = "\0\n \n\xFF x\nhostname a";
    assert_int_equal(sshconfig_parse(noise, sizeof noise - 1, &c), 0);
    sshconfig_release(&c);
}

static void takes_destinations_apart(void **state)
{
    (void)state;
    static const struct {
        const char *destination, *host, *plain, *replaced;
    } cases[] = {
        {"h", "h", "h", "192.0.2.1"},
        {"u@h", "h", "u@h", "u@192.0.2.1"},
        {"u@e@[::1]", "::1", "u@e@::1", "u@e@192.0.2.1"},
        {"[fe80::1%x]", "fe80::1%x", "fe80::1%x", "192.0.2.1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *host = route_host(cases[i].destination);
        char *plain = route_destination(cases[i].destination, NULL);
        char *replaced = route_destination(cases[i].destination, "192.0.2.1");
        assert_string_equal(host, cases[i].host);
        assert_string_equal(plain, cases[i].plain);
        assert_string_equal(replaced, cases[i].replaced);
        free(host);
        free(plain);
        free(replaced);
    }
}

/* R36 and the cases of route.h. */
static void R36_picks_the_address_that_can_be_reached(void **state)
{
    (void)state;
    static const struct {
        const char *reported, *named[3];
        bool is_indirect;
        const char *picked;
    } cases[] = {
        {NULL, {NULL}, false, NULL},
        {NULL, {"192.0.2.1", "192.0.2.2"}, false, "192.0.2.1"},
        {"10.0.0.1", {NULL}, true, "10.0.0.1"},
        /* one of the name's addresses, though not the first */
        {"192.0.2.2", {"192.0.2.1", "192.0.2.2"}, false, "192.0.2.2"},
        {"10.0.0.2", {"192.0.2.1", "10.0.0.2"}, true, "10.0.0.2"},
        /* behind address translation */
        {"10.0.0.1", {"192.0.2.1"}, false, "192.0.2.1"},
        {"10.0.0.1", {"192.0.2.1"}, true, "192.0.2.1"},
        {"127.0.0.1", {"10.0.0.1"}, true, "10.0.0.1"},
        {"fe80::1%lo", {"2001:db8::1"}, false, "2001:db8::1"},
        /* a tunnel that begins here */
        {"10.0.0.1", {"127.0.0.1"}, true, "10.0.0.1"},
        /* a name that has more addresses than it shows at a time */
        {"192.0.2.9", {"192.0.2.1"}, false, "192.0.2.9"},
        /* private, and the name means another private one */
        {"10.0.0.1", {"192.168.0.1"}, false, "192.168.0.1"},
        {"10.0.0.1", {"192.168.0.1"}, true, "10.0.0.1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct endpoint reported;
        struct endpoints named = {.count = 0};
        if (cases[i].reported)
            assert_int_equal(endpoint_parse(cases[i].reported, 0, &reported), 0);
        for (; cases[i].named[named.count]; named.count++)
            assert_int_equal(endpoint_parse(cases[i].named[named.count], 0, &named.at[named.count]),
                             0);
        const struct endpoint *picked =
            route_pick(cases[i].reported ? &reported : NULL, &named, cases[i].is_indirect);
        if (cases[i].picked)
            check_ip(picked, cases[i].picked);
        else
            assert_null(picked);
    }
}

static void an_address_from_the_proxy_is_final(void **state)
{
    (void)state;
    struct route r = {.way = ROUTE_REPORTED, .is_automatic = true, .hostname = (char *)"127.0.0.1"};
    struct connectline c = {.address = "192.0.2.5", .server_address = "192.0.2.6"};
    struct endpoint a;
    assert_int_equal(route_address(&r, &c, &a), 0);
    check_ip(&a, "192.0.2.5");
    c.address[0] = '\0';
    assert_int_equal(route_address(&r, &c, &a), 0);
    check_ip(&a, "192.0.2.6");
    strcpy(c.server_address, "10.0.0.1");
    r.hostname = (char *)"192.0.2.7";
    assert_int_equal(route_address(&r, &c, &a), 0);
    check_ip(&a, "192.0.2.7");
    r.is_automatic = false; /* asked for as reported */
    assert_int_equal(route_address(&r, &c, &a), 0);
    check_ip(&a, "10.0.0.1");
    c.server_address[0] = '\0';
    assert_int_equal(route_address(&r, &c, &a), -1);
}

/* What the client may try besides: all that is known, once each, of the wanted family, and no
   address that means another machine elsewhere. */
static void the_other_addresses(void **state)
{
    (void)state;
    struct route r = {.family = FAMILY_PREFER_INET};
    struct connectline c = {.server_address = "10.0.0.1",
                            .also = {"192.0.2.5", "2001:db8::1", "127.0.1.1"},
                            .also_count = 3};
    struct buf out = {0};
    assert_int_equal(endpoint_parse("192.0.2.6", 22, &r.named.at[0]), 0);
    assert_int_equal(endpoint_parse("2001:db8::1", 22, &r.named.at[1]), 0);
    r.named.count = 2;
    route_others(&r, &c, "192.0.2.5", &out);
    check_bytes(out.data, out.len, "2001:db8::1 192.0.2.6 10.0.0.1", 30);
    buf_clear(&out);
    r.family = FAMILY_INET6;
    route_others(&r, &c, "2001:db8::2", &out);
    check_bytes(out.data, out.len, "2001:db8::1", 11);
    buf_clear(&out);
    r.family = FAMILY_INET;
    route_others(&r, &c, "127.0.0.1", &out);
    check_bytes(out.data, out.len, "192.0.2.5 127.0.1.1 192.0.2.6 10.0.0.1", 38);
    buf_clear(&out);
    route_others(&r, &c, "no address", &out);
    assert_int_equal(out.len, 0);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_matters_of_the_configuration),
        cmocka_unit_test(refuses_what_ssh_does_not_print),
        cmocka_unit_test(takes_destinations_apart),
        cmocka_unit_test(R36_picks_the_address_that_can_be_reached),
        cmocka_unit_test(an_address_from_the_proxy_is_final),
        cmocka_unit_test(the_other_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
