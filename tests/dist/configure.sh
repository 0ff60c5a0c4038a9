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
with_module libprotobuf-c 1.3.3
check_equal "S34: protobuf-c with a fault that is known is refused" 1 "$status"
check_contains "S34: by name" "protobuf-c 1.3.3 has a fault that 1.4.1 has not" "$output"
with_module libprotobuf-c 1.3.3 --enable-old-libraries
check_lacks "S34: but where the distribution says that it has repaired it" "has a fault" "$output"
# A compiler for 32-bit x86, as far as configure looks.
printf '%s\n' '#!/bin/sh' 'exec gcc -D__i386__ "$@"' >"$WORK/ia32"
chmod +x "$WORK/ia32"
with_module libcrypto 3.0.4 CC="$WORK/ia32"
check_equal "S34: OpenSSL with a fault on 32-bit x86 is refused there" 1 "$status"
check_contains "S34: by name" "OpenSSL 3.0.4 has a fault that 3.0.5 has not" "$output"
with_module libcrypto 3.0.4
check_lacks "S34: but not elsewhere" "has a fault" "$output"
with_module zlib 1.2.8
check_equal "zlib 1.2.8 is refused" 1 "$status"
check_contains "with what is needed" "zlib >= 1.2.11" "$output"
with_module zlib 1.2.13 --enable-static
check_equal "static programs without static libraries are refused" 1 "$status"
check_contains "with the reason" "is there as a shared library only" "$output"
with_module tinfo 6.4 --disable-client --enable-static --enable-sanitize
check_contains "static programs with sanitizers are refused" "neither sanitizers nor coverage" "$output"

# What README says is what configure wants.
for line in "OpenSSL|libcrypto >= 3.0|3.0" "zlib|zlib >= 1.2.11|1.2.11" "ncurses|tinfo >= 6.2|6.2" "libseccomp|libseccomp >= 2.5|2.5" "protobuf-c|[libprotobuf-c], [protobuf-c], [1.4.1]|1.4.1"; do
    IFS='|' read -r name module version <<<"$line"
    check "configure.ac and m4 ask for $name $version" grep -rqF "$module" "$SRC_DIR/configure.ac" "$SRC_DIR/m4"
    check "README.md says so" grep -qE "$name $version" "$SRC_DIR/README.md"
done
finish
