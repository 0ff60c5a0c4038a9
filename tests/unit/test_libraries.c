/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "sys/libraries.h"

static const struct library_versions good = {
    .openssl = 0x30000050UL, .protobuf_c = 1004001, .ia32 = true};

static void S34_takes_what_is_repaired(void **state)
{
    (void)state;
    struct library_versions newer = {.openssl = 0x30500040UL, .protobuf_c = 1005002, .ia32 = true};
    assert_null(libraries_fault(&good));
    assert_null(libraries_fault(&newer));
}

static void S34_names_an_old_openssl_where_it_is_wrong(void **state)
{
    (void)state;
    struct library_versions old = good;
    old.openssl = 0x30000040UL;
    assert_non_null(libraries_fault(&old));
    assert_non_null(strstr(libraries_fault(&old), "OpenSSL"));
    old.ia32 = false;
    assert_null(libraries_fault(&old));
}

static void S34_names_an_old_protobuf_c(void **state)
{
    (void)state;
    struct library_versions old = good;
    old.protobuf_c = 1004000;
    assert_non_null(libraries_fault(&old));
    assert_non_null(strstr(libraries_fault(&old), "protobuf-c"));
    old.protobuf_c = 1003003;
    assert_non_null(libraries_fault(&old));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S34_takes_what_is_repaired),
        cmocka_unit_test(S34_names_an_old_openssl_where_it_is_wrong),
        cmocka_unit_test(S34_names_an_old_protobuf_c),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
