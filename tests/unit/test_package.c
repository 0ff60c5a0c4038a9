/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "launch/package.h"

/* As ID and ID_LIKE are on these systems. */
static void R18_names_the_package_of_a_system(void **state)
{
    (void)state;
    static const struct {
        const char *system, *id, *command;
    } cases[] = {
        {"Linux debian", "debian", "apt install mosh"},
        {"Linux ubuntu debian", "ubuntu", "apt install mosh"},
        {"Linux linuxmint ubuntu debian", "ubuntu", "apt install mosh"},
        {"Linux raspbian debian", "debian", "apt install mosh"},
        {"Linux fedora", "fedora", "dnf install mosh"},
        {"Linux rocky rhel centos fedora", "rhel", "dnf install epel-release && dnf install mosh"},
        {"Linux amzn fedora", "amzn", "dnf install mosh"},
        {"Linux alpine", "alpine", "apk add mosh"},
        {"Linux arch", "arch", "pacman -S mosh"},
        {"Linux manjaro arch", "arch", "pacman -S mosh"},
        {"Linux opensuse-leap suse opensuse", "suse", "zypper install mosh"},
        {"Linux void", "void", "xbps-install mosh"},
        {"Linux nixos", "nixos", "nix-env -iA nixos.mosh"},
        {"Linux openwrt lede openwrt", "openwrt", "opkg install mosh-server"},
        {"FreeBSD freebsd", "FreeBSD", "pkg install mosh"},
        {"OpenBSD", "OpenBSD", "pkg_add mosh"},
        {"Darwin", "Darwin", "brew install mosh"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct package *p = package_find(cases[i].system);
        assert_non_null(p);
        assert_string_equal(p->id, cases[i].id);
        assert_string_equal(p->command, cases[i].command);
    }
}

static void knows_no_package_for_others(void **state)
{
    (void)state;
    static const char *const systems[] = {"", " ", "Linux", "Linux  ", "Linux debia", "Plan9"};
    for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++)
        assert_null(package_find(systems[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R18_names_the_package_of_a_system),
        cmocka_unit_test(knows_no_package_for_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
