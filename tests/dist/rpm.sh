#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The RPM packages: what rpmlint says of the recipe, and what comes out of it here. TARBALL is the
# tarball, which has the recipe in it. What the recipe wants for building has other names on Debian.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
need_tools rpmbuild rpmlint cpio
tarball=${TARBALL:?is not set; make check-packages sets it}

if lint=$(rpmlint "$SRC_DIR/dist/mosh.spec" 2>&1); then
    pass "rpmlint accepts the recipe"
else
    fail "rpmlint accepts the recipe" "$lint"
fi
check_equal "and warns but of what cannot be: there is no page to name, and the other tag is history" \
    "invalid-url no-buildroot-tag" "$(sed -n 's/.*: [EW]: \([^ ]*\).*/\1/p' <<<"$lint" | sort | xargs)"

if ! rpmbuild -tb --nodeps --nocheck --define "_topdir $WORK/rpm" "$tarball" >"$WORK/log" 2>&1; then
    fail "the packages build" "$(tail -n 40 "$WORK/log")"
    finish
fi
pass "the packages build"

# files_of PACKAGE: what it has, without documentation.
files_of() {
    find "$WORK/rpm/RPMS" -name "$1-2*.rpm" -exec rpm -qpl {} \; 2>/dev/null |
        grep -vE '^/usr/share/(doc|licenses)|^/usr/share/[^/]*(/[^/]*)?$|^/usr/lib/(firewalld(/services)?)?$' |
        sed '/\.build-id/d; s/\.gz$//'
}
check_equal "mosh has client and wrapper" "/usr/bin/mosh
/usr/bin/mosh-client
/usr/share/bash-completion/completions/mosh
/usr/share/fish/vendor_completions.d/mosh.fish
/usr/share/man/man1/mosh-client.1
/usr/share/man/man1/mosh.1
/usr/share/zsh/site-functions/_mosh" "$(files_of mosh)"
check_equal "mosh-server has the server" "/usr/bin/mosh-server
/usr/lib/firewalld/services/mosh-server.xml
/usr/share/man/man1/mosh-server.1" "$(files_of mosh-server)"

# of PACKAGE QUERY: a line of its metadata.
of() {
    find "$WORK/rpm/RPMS" -name "$1-2*.rpm" -exec rpm -qp "$2" {} \; 2>/dev/null
}
check_lacks "the client does not need the server" "mosh-server" "$(of mosh --requires)"
check_equal "nor the server the client" "" "$(of mosh-server --requires | grep '^mosh')"
check_contains "the server's file does not go beside the other mosh" "mosh < 2.0.0~" \
    "$(of mosh-server --conflicts)"
finish
