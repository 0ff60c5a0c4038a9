/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/package.h"

#include <stddef.h>
#include <string.h>

/* Those that are like none, or differ from the one that they are like. */
static const struct package packages[] = {
    {"Darwin", "brew install mosh"},     {"DragonFly", "pkg install mosh"},
    {"FreeBSD", "pkg install mosh"},     {"NetBSD", "pkgin install mosh"},
    {"OpenBSD", "pkg_add mosh"},         {"alpine", "apk add mosh"},
    {"amzn", "dnf install mosh"},        {"arch", "pacman -S mosh"},
    {"chimera", "apk add mosh"},         {"debian", "apt install mosh"},
    {"fedora", "dnf install mosh"},      {"gentoo", "emerge net-misc/mosh"},
    {"guix", "guix install mosh"},       {"mageia", "dnf install mosh"},
    {"nixos", "nix-env -iA nixos.mosh"}, {"openwrt", "opkg install mosh-server"},
    {"postmarketos", "apk add mosh"},    {"rhel", "dnf install epel-release && dnf install mosh"},
    {"solus", "eopkg install mosh"},     {"suse", "zypper install mosh"},
    {"ubuntu", "apt install mosh"},      {"void", "xbps-install mosh"},
};

static const struct package *find(const char *word, size_t len)
{
    for (size_t i = 0; i < sizeof packages / sizeof packages[0]; i++) {
        if (strlen(packages[i].id) == len && memcmp(packages[i].id, word, len) == 0)
            return &packages[i];
    }
    return NULL;
}

const struct package *package_find(const char *system)
{
    const struct package *found = NULL;
    for (const char *at = system; !found && *at;) {
        size_t len = strcspn(at, " ");
        found = find(at, len);
        at += len + (at[len] == ' ');
    }
    return found;
}
