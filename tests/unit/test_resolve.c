/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdlib.h>

#include <sys/socket.h>

#include "launch/resolve.h"

static void check_ip(const struct endpoint *a, const char *expected)
{
    char ip[ENDPOINT_CHARS];
    endpoint_print_ip(a, ip);
    assert_string_equal(ip, expected);
}

static void knows_the_families(void **state)
{
    (void)state;
    enum family f;
    for (int i = FAMILY_INET; i <= FAMILY_PREFER_INET6; i++) {
        assert_true(family_parse(family_name((enum family)i), &f));
        assert_int_equal(f, i);
    }
    assert_true(family_parse("Prefer-INET6", &f));
    assert_int_equal(f, FAMILY_PREFER_INET6);
    assert_false(family_parse("inet7", &f));
    assert_false(family_parse("", &f));
}

static void resolves_literals_of_both_families(void **state)
{
    (void)state;
    struct endpoints list;
    const char *why = NULL;
    assert_int_equal(resolve("127.0.0.1", 22, FAMILY_PREFER_INET6, &list, &why), 0);
    assert_int_equal(list.count, 1);
    check_ip(&list.at[0], "127.0.0.1");
    assert_int_equal(endpoint_port(&list.at[0]), 22);
    assert_int_equal(resolve("[::1]", 0, FAMILY_PREFER_INET, &list, &why), 0); /* R34, no -6 */
    assert_int_equal(list.count, 1);
    check_ip(&list.at[0], "::1");
    assert_int_equal(resolve("fe80::1%lo", 22, FAMILY_AUTO, &list, &why), 0);
    check_ip(&list.at[0], "fe80::1%lo");
}

static void says_why_not(void **state)
{
    (void)state;
    struct endpoints list = {.count = 7};
    const char *why = NULL;
    assert_int_equal(resolve("127.0.0.1", 0, FAMILY_INET6, &list, &why), -1);
    assert_non_null(why);
    why = NULL;
    assert_int_equal(resolve("::1", 0, FAMILY_INET, &list, &why), -1);
    assert_non_null(why);
    why = NULL;
    assert_int_equal(resolve("no..name", 0, FAMILY_ALL, &list, &why), -1);
    assert_non_null(why);
    assert_int_equal(list.count, 7);
}

/* `localhost` has one address or two; what the families mean must hold either way. */
static void orders_and_filters_by_family(void **state)
{
    (void)state;
    struct endpoints all, v4, v6, first4, first6;
    const char *why = NULL;
    assert_int_equal(resolve("localhost", 22, FAMILY_ALL, &all, &why), 0);
    bool has4 = resolve("localhost", 22, FAMILY_INET, &v4, &why) == 0;
    bool has6 = resolve("localhost", 22, FAMILY_INET6, &v6, &why) == 0;
    assert_int_equal(resolve("localhost", 22, FAMILY_PREFER_INET, &first4, &why), 0);
    assert_int_equal(resolve("localhost", 22, FAMILY_PREFER_INET6, &first6, &why), 0);
    assert_int_equal(first4.count, all.count);
    if (has4)
        check_ip(&first4.at[0], "127.0.0.1");
    if (has6)
        assert_int_equal(endpoint_family(&first6.at[0]), AF_INET6);
    bool has_both = endpoint_family(&first4.at[0]) != endpoint_family(&first6.at[0]);
    struct endpoints list;
    int err = resolve("localhost", 22, FAMILY_AUTO, &list, &why);
    assert_int_equal(err, has_both ? -1 : 0);
    if (has_both)
        assert_non_null(strstr(why, "both"));
}

static enum reach reach_of(const char *text)
{
    struct endpoint a;
    assert_int_equal(endpoint_parse(text, 0, &a), 0);
    return endpoint_reach(&a);
}

static void tells_how_far_an_address_reaches(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum reach reach;
    } cases[] = {
        {"0.0.0.0", REACH_NOBODY},
        {"224.0.0.1", REACH_NOBODY},
        {"255.255.255.255", REACH_NOBODY},
        {"127.0.0.1", REACH_HOST},
        {"127.255.0.9", REACH_HOST},
        {"169.254.1.1", REACH_LINK},
        {"10.0.0.1", REACH_SITE},
        {"172.16.0.1", REACH_SITE},
        {"172.31.255.255", REACH_SITE},
        {"172.32.0.0", REACH_WORLD},
        {"172.15.255.255", REACH_WORLD},
        {"192.168.0.1", REACH_SITE},
        {"192.169.0.1", REACH_WORLD},
        {"100.64.0.1", REACH_SITE},
        {"100.127.255.255", REACH_SITE},
        {"100.128.0.0", REACH_WORLD},
        {"8.8.8.8", REACH_WORLD},
        {"223.255.255.255", REACH_WORLD},
        {"11.0.0.0", REACH_WORLD},
        {"1.0.0.0", REACH_WORLD},
        {"::", REACH_NOBODY},
        {"ff02::1", REACH_NOBODY},
        {"::1", REACH_HOST},
        {"fe80::1", REACH_LINK},
        {"fc00::1", REACH_SITE},
        {"fdff::1", REACH_SITE},
        {"fe00::1", REACH_WORLD},
        {"2001:db8::1", REACH_WORLD},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(reach_of(cases[i].text), cases[i].reach);
}

static void takes_brackets_off(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"[::1]", "::1"},
        {"[fe80::1%a]", "fe80::1%a"},
        {"[host]", "[host]"},
        {"[]", "[]"},
        {"::1", "::1"},
        {"[::1", "[::1"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *host = host_without_brackets(cases[i].in);
        assert_string_equal(host, cases[i].out);
        free(host);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_families),
        cmocka_unit_test(resolves_literals_of_both_families),
        cmocka_unit_test(says_why_not),
        cmocka_unit_test(orders_and_filters_by_family),
        cmocka_unit_test(tells_how_far_an_address_reaches),
        cmocka_unit_test(takes_brackets_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
