#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# S33: the programs, as they are built by default, have the protection that the platform offers.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/lib/testlib.sh"
need_tools readelf objdump
[ "${HARDENED:-yes}" = yes ] || skip_all "built without hardening, or for tests"

for name in mosh mosh-client mosh-server; do
    program=$OURS_BINDIR/$name
    [ -x "$program" ] || continue
    check_equal "S29: $name is nobody's but who starts it" "" "$(find "$program" -perm /6000)"
    headers=$(readelf -hldW "$program")
    check_contains "S33: $name is position-independent" "DYN (" "$headers"
    check_contains "S33: $name has read-only relocations" "GNU_RELRO" "$headers"
    check_contains "S33: $name binds at its start" "BIND_NOW" "$headers"
    check_equal "S33: $name has a stack without code" "RW" \
        "$(awk '$1 == "GNU_STACK" { print $7 }' <<<"$headers")"
    check_lacks "S33: $name looks for libraries where the system has them" "PATH" "$(grep -E 'R(UN)?PATH' <<<"$headers")"
    check_equal "S33: $name has nothing that is both written and executed" "" \
        "$(grep -E '^ *LOAD .* RWE ' <<<"$headers")"
    imports=$(readelf --dyn-syms -W "$program")
    check_contains "S33: $name has canaries on its stack" "__stack_chk_fail" "$imports"
    check_contains "S33: $name has the C library's checks of lengths" "_chk@" "$imports"
done

# The mark for indirect branch tracking and shadow stacks; and that it is deserved: whatever is called
# through a pointer begins with ENDBR64, also where the start-up files of the C library do not.
marked=no
if echo 'int main(void) { return 0; }' | ${CC:-cc} -O2 -fcf-protection=full -Wl,-z,ibt -Wl,-z,shstk \
    -x c - -o "$WORK/marked" 2>/dev/null && readelf -nW "$WORK/marked" | grep -q 'IBT, SHSTK'; then
    marked=yes
fi
# lands_on_endbr PROGRAM ADDRESS
# shellcheck disable=SC2317  # called by name
lands_on_endbr() {
    objdump -d --start-address="$2" "$1" 2>/dev/null | grep -m 1 -E '^ +[0-9a-f]+:' | grep -q endbr64
}
if [ "$(uname -m)" = x86_64 ] && [ "$marked" = yes ]; then
    for archive in "$OURS_BINDIR"/lib*.a; do
        notes=$(readelf -nW "$archive")
        check_equal "S33: all objects in $(basename "$archive") are marked for IBT and SHSTK" \
            "$(grep -c '^File:' <<<"$notes")" "$(grep -c 'IBT, SHSTK' <<<"$notes")"
    done
    for name in mosh mosh-client mosh-server; do
        program=$OURS_BINDIR/$name
        [ -x "$program" ] || continue
        check_contains "$name is marked for IBT and SHSTK" "IBT, SHSTK" "$(readelf -nW "$program")"
        for address in $(readelf -hW "$program" | awk '/Entry point/ { print $NF }') \
            $(readelf -dW "$program" | awk '$2 == "(INIT)" || $2 == "(FINI)" { print $3 }'); do
            check "what $name has at $address begins with ENDBR64" lands_on_endbr "$program" "$address"
        done
    done
fi
finish
