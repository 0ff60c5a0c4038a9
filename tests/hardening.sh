#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# S33: the programs, as they are built by default, have the protection that the platform offers.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/lib/testlib.sh"
need_tools readelf
[ "${HARDENED:-yes}" = yes ] || skip_all "built without hardening, or for tests"

for name in mosh mosh-client mosh-server; do
    program=$OURS_BINDIR/$name
    [ -x "$program" ] || continue
    headers=$(readelf -hldW "$program")
    check_contains "$name is position-independent" "DYN (Position-Independent Executable" "$headers"
    check_contains "$name has read-only relocations" "GNU_RELRO" "$headers"
    check_contains "$name binds at its start" "BIND_NOW" "$headers"
    check_equal "$name has a stack without code" "RW" \
        "$(awk '$1 == "GNU_STACK" { print $7 }' <<<"$headers")"
done

# The mark for indirect branch tracking and shadow stacks is in a program only if it is in all that is
# linked into it, and the C library of Debian 12 has start-up files without. Ours have it.
if [ "$(uname -m)" = x86_64 ]; then
    for archive in "$OURS_BINDIR"/lib*.a; do
        notes=$(readelf -nW "$archive")
        check_equal "all objects in $(basename "$archive") are marked for IBT and SHSTK" \
            "$(grep -c '^File:' <<<"$notes")" "$(grep -c 'IBT, SHSTK' <<<"$notes")"
    done
fi
finish
