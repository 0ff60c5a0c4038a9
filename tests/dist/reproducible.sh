#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The tarball builds with what a compiler and the libraries bring, in any folder, by anybody, to the
# same bytes; and out of it comes the same tarball. TARBALL is the tarball, made at the time
# SOURCE_DATE_EPOCH.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
need_tools xz
tarball=${TARBALL:?is not set; make check-packages sets it}

# All commands but those that a tarball must not need.
mkdir "$WORK/bin"
find /usr/local/bin /usr/bin /bin -mindepth 1 -maxdepth 1 \
    ! -name 'git*' ! -name 'proto*' ! -name 'auto*' ! -name 'aclocal*' ! -name 'python*' ! -name 'perl*' \
    -exec ln -sf -t "$WORK/bin" {} + 2>/dev/null
check "protoc-c is hidden" not env PATH="$WORK/bin" sh -c 'command -v protoc-c'

without_network=
if unshare -rn true 2>/dev/null; then
    without_network="unshare -rn"
fi

directories='--prefix=/opt/mosh --bindir=/opt/programs --mandir=/opt/manual --datarootdir=/opt/data
    --sysconfdir=/opt/conf --with-bash-completion-dir=/opt/for/bash --with-zsh-completion-dir=/opt/for/zsh
    --with-fish-completion-dir=/opt/for/fish'

# build UMASK SOURCE BUILD DESTINATION NAME=VALUE...: from the tarball, with that environment.
build() {
    local mask=$1 source=$2 build=$3 destination=$4
    shift 4
    (
        umask "$mask"
        mkdir -p "$source" "$build"
        tar -xf "$tarball" -C "$source" --strip-components=1
        cd "$build" || exit
        # shellcheck disable=SC2016,SC2086  # the inner shell expands; lists
        env PATH="$WORK/bin" "$@" $without_network sh -e -c '
            "$0"/configure --enable-compile-warnings=error "$@"
            make -j"$(nproc)"
            make install DESTDIR="'"$destination"'"' "$source" $directories
    ) >"$WORK/log" 2>&1
}

# contents FOLDER: sums and modes of all files below it. (The folders themselves are the installing
# user's, and have the modes that his umask gives them.)
contents() {
    (cd "$1" && find . -type f -printf '%m ' -exec sha256sum {} \; | sort -k 3)
}

for try in one two; do
    case $try in
    one) build 022 "$WORK/a" "$WORK/a" "$WORK/first" LC_ALL=C TZ=UTC ;;
    two) build 077 "$WORK/quite/another/place" "$WORK/b" "$WORK/second" LC_ALL=C.UTF-8 \
        LANG=tr_TR.UTF-8 TZ=Pacific/Auckland HOME=/nonexistent USER=nobody ;;
    esac || {
        fail "the tarball builds without protoc-c, git and network" "$(tail -n 30 "$WORK/log")"
        finish
    }
done
pass "the tarball builds without protoc-c, git and network"
if [ -z "$without_network" ]; then
    skip "and without a network" "no network namespaces here"
fi

check_equal "every folder is where it was said to be" "./opt/for/bash/mosh
./opt/for/fish/mosh.fish
./opt/for/zsh/_mosh
./opt/manual/man1/mosh-client.1
./opt/manual/man1/mosh-server.1
./opt/manual/man1/mosh.1
./opt/programs/mosh
./opt/programs/mosh-client
./opt/programs/mosh-server" "$(cd "$WORK/first" && find . -type f | sort)"
check_equal "two builds are the same, byte for byte" "$(contents "$WORK/first")" \
    "$(contents "$WORK/second")"
check_equal "no file names the folder that it was built in" "" \
    "$(grep -rlF "$WORK" "$WORK/first")"

make -C "$WORK/a" uninstall DESTDIR="$WORK/first" >"$WORK/log" 2>&1
check_equal "make uninstall takes all away" "" "$(find "$WORK/first" -type f)"

# --- the system's configuration file, where configure was told that it is ---

mkdir -p "$WORK/system/mosh" "$WORK/home/.config/mosh"
(
    cd "$WORK/a" && rm src/launch/*configfile.o && env PATH="$WORK/bin" make sysconfdir="$WORK/system" src/mosh
) >"$WORK/log" 2>&1 || fail "mosh can be built with another folder for it" "$(tail -n 30 "$WORK/log")"
printf '%s\n' "Host far" "    Port 60100:60110" "Host *" "    Predict never" "    SSHPty no" >"$WORK/system/mosh/config"
echo "Predict always" >"$WORK/home/.config/mosh/config"
chmod -R go-w "$WORK/system" "$WORK/home"
print_config() {
    env -u XDG_CONFIG_HOME HOME="$WORK/home" "$WORK/a/src/mosh" "$@" 2>&1 | tr -s ' '
}
settings=$(print_config --print-config far)
check_contains "the system's file counts" "Port 60100:60110 # $WORK/system/mosh/config:2" "$settings"
check_contains "for every host" "SSHPty no # $WORK/system/mosh/config:5" "$settings"
check_contains "the user's comes before it" "Predict always # $WORK/home/.config/mosh/config:1" "$settings"
check_contains "and options before both" "Port 5 # option --port" "$(print_config -p 5 --print-config far)"
check_contains "what is for another host is not for this one" "# Port # default" "$(print_config --print-config near)"
echo "Pridict always" >>"$WORK/system/mosh/config"
check_contains "a bad line in it is named" "$WORK/system/mosh/config:6: Pridict" "$(print_config --print-config far)"
chmod 666 "$WORK/system/mosh/config"
check_contains "and not taken if others can write it" "$WORK/system/mosh/config" "$(print_config --print-config far)"

(umask 077 && TZ=Pacific/Auckland LC_ALL=C.UTF-8 make -C "$WORK/b" dist) >"$WORK/log" 2>&1
check "the tarball makes the same tarball" cmp "$tarball" "$WORK/b/$(basename "$tarball")"
finish
