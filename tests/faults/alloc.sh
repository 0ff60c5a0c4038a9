#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# F31: each call site that allocates, in a session from its start to its end, gets no memory once; and
# from some allocations on there is none at all. The program then ends in order, or does without: the
# session is as it would have been, or PROGRAM ends with a message and status 1 (or, for mosh, one of
# its own) and the terminal as it was. Where there is none from amid the session on, the other end is told
# and ends, too. With LONG=1 every single allocation fails, and all from each on; STEP=10 takes one of
# ten, ON_STEP=10 one of ten from which on all fail. PROGRAM=mosh-client tries that one alone, and
# with SITE=HASH one call site of it, and shows all of it.

# shellcheck disable=SC2317  # functions that are called by name
# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/faults.sh
. "$SRC_DIR/tests/lib/faults.sh"
[ -z "${INSTRUMENT_CFLAGS:-}" ] || skip_all "a sanitizer has an allocator of its own"
faults_prepare
faults_shim alloc.so "$SRC_DIR/tests/faults/alloc.c" || skip_all "no such shim for this C library"
: "${STEP:=1}" "${ON_STEP:=$STEP}"
SITES=$BUILD_DIR/tests/faults/faultsites

# try PROGRAM MODE AT: AT, how many allocations failed, and what faultsession says.
try() {
    local table=$WORK/table.$1.$2.$3 said
    "$SITES" new "$table"
    said=$(FAULT_PRELOAD=$WORK/alloc.so FAULT_PROGRAM=$1 FAULT_TABLE=$table FAULT_MODE=$2 FAULT_AT=$3 \
        faults_session "$1")
    printf '%s\t%s\t%s\n' "$3" "$("$SITES" failed "$table")" "$said"
    rm -f "$table"
}
export -f try
export SITES

# Of OpenSSL's sites, of which there are hundreds and for which one function of ours allocates, one of
# eight has to do, but for LONG.
look() {
    "$SITES" new "$WORK/look"
    FAULT_PRELOAD=$WORK/alloc.so FAULT_PROGRAM=$1 FAULT_TABLE=$WORK/look FAULT_MODE=look \
        faults_session "$1" >"$WORK/$1.look"
    "$SITES" list "$WORK/look" | sort |
        awk -F '\t' -v all="${LONG:-}" 'all || $3 !~ /libcrypto/ || ++n % 8 == 0' >"$WORK/$1.sites"
}

judge() { # NAME FILE
    local bad
    bad=$(awk -F '\t' '$3 !~ /^(goes-on|ends)$/' "$2")
    if [ -n "$bad" ]; then
        fail "$1" "$(head -n 5 <<<"$bad")"
        note "$(grep -hF -f <(cut -f1 <<<"$bad") "$WORK"/*.sites | head -n 5)"
    else
        pass "$1"
    fi
    note "figure F31: $(awk -F '\t' '{ n[$3]++; if ($2 > 0) failed++ }
        END { printf "%d runs, %d with a failure; %d ended, %d went on", NR, failed, n["ends"], n["goes-on"] }' "$2")"
}

if [ -n "${SITE:-}" ]; then
    program=${PROGRAM:-mosh-client}
    LONG=1 look "$program"
    grep "$SITE" "$WORK/$program.sites"
    try "$program" site "$SITE"
    skip_all "one site alone"
fi

for program in ${PROGRAM:-mosh-server mosh-client mosh}; do
    look "$program"
    if ! grep -q '^goes-on' "$WORK/$program.look"; then
        fail "F31: $program: a session where nothing fails" "$(cat "$WORK/$program.look")"
        continue
    fi
    calls=$("$SITES" calls "$WORK/look")
    cut -f1 "$WORK/$program.sites" | faults_each try "$program" site >"$WORK/$program.site"
    judge "F31: $program: each call site that allocates gets nothing once" "$WORK/$program.site"
    check_equal "F31: $program: all its sites are tried" "$(wc -l <"$WORK/$program.sites")" \
        "$(wc -l <"$WORK/$program.site")"
    if [ -n "${LONG:-}" ]; then
        seq 1 "$STEP" "$calls" | xargs printf '%x\n' | faults_each try "$program" once >"$WORK/$program.once"
        judge "F31: $program: each of $calls allocations fails" "$WORK/$program.once"
        step=$ON_STEP
    else
        step=$((calls / 20 + 1))
    fi
    # Most are allocated before there is a session.
    { seq 1 "$step" "$calls"; seq $((calls * 9 / 10)) $((calls / 100 + 1)) "$calls"; } | xargs printf '%x\n' | FAULT_TOLD=yes faults_each try "$program" on >"$WORK/$program.on"
    judge "F31: $program: from an allocation on all fail, and the other end is told" "$WORK/$program.on"
done
finish
