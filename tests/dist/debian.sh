#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The Debian packages, built from the tarball as on a build machine: what lintian and hardening-check
# say, what is in them, that each can be installed alone and over Debian's mosh, and a session with
# the programs out of them. TARBALL is the tarball.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
need_tools dpkg-buildpackage dh lintian hardening-check tmux sshd ssh ps
[ -d "$SRC_DIR/debian" ] || skip_all "the packaging is in checkouts only"
tarball=${TARBALL:?is not set; make check-packages sets it}

# --- building ---

version=$(sed -n '1s/.*(\(.*\)-.*/\1/p' "$SRC_DIR/debian/changelog")
cp "$tarball" "$WORK/mosh_$version.orig.tar.xz"
mkdir "$WORK/source"
tar -xf "$tarball" -C "$WORK/source" --strip-components=1
cp -R "$SRC_DIR/debian" "$WORK/source/"
# The tests of the programs are run elsewhere.
if ! (cd "$WORK/source" && umask 022 && DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" \
    dpkg-buildpackage -us -uc) >"$WORK/log" 2>&1; then
    fail "the packages build" "$(tail -n 40 "$WORK/log")"
    finish
fi
pass "the packages build"
changes=$(echo "$WORK"/*.changes)
check_equal "from the version of the tarball" \
    "$(basename "$tarball" .tar.xz | sed 's/^mosh-//; s/-dev$/~dev/')" "$version"
lint=$(lintian --allow-root --display-info --pedantic --fail-on error,warning "$changes" 2>&1)
check_equal "lintian has no error and no warning" 0 $?
check_equal "and is but pedantic about this: the project has no page on the net" \
    "P: mosh source: no-homepage-field" "$lint"
check_equal "and is overridden nowhere" "" "$(find "$SRC_DIR/debian" -name '*lintian-overrides*')"

# --- what is in them ---

# package NAME: the file.
package() {
    find "$WORK" -maxdepth 1 -name "$1_${version}-*.deb"
}
server=$(package mosh-server)
client=$(package mosh)
root=$WORK/root
dpkg-deb -x "$client" "$root"
dpkg-deb -x "$server" "$root"

files_of() {
    dpkg-deb -c "$1" | awk '{ sub(/^\./, "", $6); print $6 }' | grep -v '/$' |
        grep -v ^/usr/share/doc/ | sort
}
check_equal "mosh has client and wrapper" "/usr/bin/mosh
/usr/bin/mosh-client
/usr/share/bash-completion/completions/mosh
/usr/share/fish/vendor_completions.d/mosh.fish
/usr/share/man/man1/mosh-client.1.gz
/usr/share/man/man1/mosh.1.gz
/usr/share/zsh/vendor-completions/_mosh" "$(files_of "$client")"
check_equal "mosh-server has the server" "/etc/ufw/applications.d/mosh
/usr/bin/mosh-server
/usr/lib/firewalld/services/mosh-server.xml
/usr/share/man/man1/mosh-server.1.gz" "$(files_of "$server")"

for name in mosh mosh-client mosh-server; do
    check "hardening-check is content with $name" hardening-check "$root/usr/bin/$name"
done

# --- installing ---

# dpkg_in ROOT OPTION...: a dpkg with a database of its own. What the packages depend on is outside.
dpkg_in() {
    local root=$1
    shift
    mkdir -p "$root/var/lib/dpkg/updates" "$root/var/lib/dpkg/info" "$root/var/log"
    touch "$root/var/lib/dpkg/status" "$root/var/lib/dpkg/available"
    (cd / && PATH=$PATH:/usr/sbin:/sbin dpkg --root="$root" --force-not-root --force-depends \
        --no-triggers --log=/dev/null "$@") 2>&1
}

# shellcheck disable=SC2317  # called by name
# refused ROOT DEB: whether dpkg refuses.
refused() {
    ! dpkg_in "$1" --no-force-depends --unpack "$2" >/dev/null
}
check "mosh can be unpacked alone" dpkg_in "$WORK/one" --unpack "$client"
check "mosh-server can be unpacked alone" dpkg_in "$WORK/two" --unpack "$server"
check "and mosh beside it" dpkg_in "$WORK/two" --unpack "$client"
check_lacks "the client does not need the server" "mosh-server" "$(dpkg-deb -f "$client" Depends)"
check_lacks "nor the server the client" "mosh" "$(dpkg-deb -f "$server" Depends)"

# The other mosh, as Debian has it: one package with everything.
mkdir -p "$WORK/stock/DEBIAN" "$WORK/stock/usr/bin" "$WORK/stock/etc/ufw/applications.d"
for file in usr/bin/mosh usr/bin/mosh-client usr/bin/mosh-server etc/ufw/applications.d/mosh; do
    echo "stock" >"$WORK/stock/$file"
done
printf '%s\n' "Package: mosh" "Version: 1.4.0-1" "Architecture: $(dpkg --print-architecture)" \
    "Maintainer: nobody <nobody@localhost>" "Description: stand-in" >"$WORK/stock/DEBIAN/control"
echo /etc/ufw/applications.d/mosh >"$WORK/stock/DEBIAN/conffiles"
dpkg-deb --root-owner-group -b "$WORK/stock" "$WORK/stock.deb" >/dev/null
check "Debian's mosh is there" dpkg_in "$WORK/three" --install "$WORK/stock.deb"
check "both are newer" dpkg --compare-versions "$version" gt 1.4.0-1
check "mosh-server does not go beside it" refused "$WORK/three" "$server"
check "but with mosh it takes its place" dpkg_in "$WORK/three" --unpack "$client" "$server"
check_equal "with the firewall's profile" "mosh-server" \
    "$(dpkg_in "$WORK/three" -S /etc/ufw/applications.d/mosh | cut -d: -f1 | tr '\n' ' ' | sed 's/ $//')"

# --- running ---

output=$(OURS_BINDIR=$root/usr/bin bash "$SRC_DIR/debian/tests/session" 2>&1)
check_equal "the packages' own test passes" 0 $?
[ "${output##*not ok}" = "$output" ] || note "$output"
finish
