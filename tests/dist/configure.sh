#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What configure refuses, and why it says so.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"

# with_module NAME VERSION OPTION...: configure, where pkg-config knows that version. Sets $output and
# $status.
with_module() {
    mkdir -p "$WORK/pc" "$WORK/build"
    printf '%s\n' "Name: $1" "Description: stand-in" "Version: $2" "Libs: -L/nonexistent" \
        >"$WORK/pc/$1.pc"
    shift 2
    output=$(cd "$WORK/build" && PKG_CONFIG_PATH=$WORK/pc "$SRC_DIR/configure" "$@" 2>&1)
    status=$?
    rm -r "$WORK/pc"
}

with_module libcrypto 1.1.1w
check_equal "OpenSSL 1.1.1 is refused" 1 "$status"
check_contains "by name" "OpenSSL 1.1.1w is too old: mosh needs 3.0 or later" "$output"
with_module libprotobuf-c 1.2.1
check_equal "protobuf-c 1.2 is refused" 1 "$status"
check_contains "with what is needed" "libprotobuf-c >= 1.3" "$output"
with_module zlib 1.2.2
check_equal "zlib 1.2.2 is refused" 1 "$status"
check_contains "with what is needed" "zlib >= 1.2.3" "$output"
with_module zlib 1.2.13 --enable-static
check_equal "static programs without static libraries are refused" 1 "$status"
check_contains "with the reason" "is there as a shared library only" "$output"
with_module tinfo 6.4 --disable-client --enable-static --enable-sanitize
check_contains "static programs with sanitizers are refused" "neither sanitizers nor coverage" "$output"

# What README says is what configure wants.
for line in "OpenSSL|libcrypto >= 3.0|3.0" "zlib|zlib >= 1.2.3|1.2.3" "protobuf-c|libprotobuf-c >= 1.3|1.3"; do
    IFS='|' read -r name module version <<<"$line"
    check "configure.ac and m4 ask for $name $version" grep -rqF "$module" "$SRC_DIR/configure.ac" "$SRC_DIR/m4"
    check "README.md says so" grep -qE "$name $version" "$SRC_DIR/README.md"
done
finish
