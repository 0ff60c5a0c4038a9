#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# System calls that fail in a whole session, by strace: tests/faults/calls.tsv has the calls, the errors, and
# what is to become of the session. Never does a program hang, die of a signal, or leave the terminal
# raw. Without LONG=1 only the first call of each row fails, and of every fourth row each call; with it one
# call in twenty, too.
#
# ONLY='mosh-client sendto' chooses rows by their beginning. The sandbox is off here: it would see that
# strace has changed the call. Where strace may not trace, the test is skipped.

# shellcheck disable=SC2317  # functions that are called by name
# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/faults.sh
. "$SRC_DIR/tests/lib/faults.sh"
need_tools strace
[ -z "${INSTRUMENT_CFLAGS:-}" ] || skip_all "a sanitizer makes calls of its own"
strace -qq -o /dev/null true 2>/dev/null || skip_all "strace may not trace here"
faults_prepare
export MOSH_SANDBOX=off

# What is to wait need not be given long.
WAITS_MS=$((3000 * SLOW))
export WAITS_MS

# The calls of the loader, which come before main, are none of ours: how many there are of each kind until
# the programs look for their standard streams.
for program in mosh-server mosh-client mosh; do
    FAULT_WRAP="strace -D -f -qq -b execve -o $WORK/$program.trace" faults_session "$program" >"$WORK/$program.look"
    check "$program: a session that is watched goes on" grep -q '^goes-on' "$WORK/$program.look"
    awk '/fcntl\(0, F_GETFD\)/ { exit } { sub(/\(.*/, "", $2); n[$2]++ } END { for (call in n) print call, n[call] }' \
        "$WORK/$program.trace" >"$WORK/$program.loader"
done

# A socket that is ready and cannot be read is ready again at once: a program that tried for ever would
# take a whole processor, and say nothing.
tries_and_rests() {
    FAULT_WRAP="strace -D -f -qq -b execve -o $WORK/$1.tries -e trace=recvmsg,/nanosleep -e inject=recvmsg:error=ENOMEM" \
        PATIENCE_MS=$WAITS_MS faults_session "$1" >"$WORK/$1.rests"
    awk '/recvmsg/ { n++; most = n > most ? n : most } /nanosleep/ { n = 0; rests++ }
        END { print "# " most " tries at a time, " rests " rests"; exit !(rests > 3 && most <= 4) }' "$WORK/$1.tries"
}
for program in mosh-server mosh-client; do
    [ -n "${ONLY:-}" ] || check "F06: $program: between tries to read what cannot be read it rests" tries_and_rests "$program"
done

# run PROGRAM CALL ERROR WHEN EXPECTED, in one word with blanks between: the word, and what happened.
run() {
    local program call error when expected said
    read -r program call error when expected <<<"$1"
    local inject patience=$PATIENCE_MS before
    before=$(awk -v call="${call%%,*}" '$1 == call { n = $2 } END { print n + 0 }' "$WORK/$program.loader")
    case $when in
    first) inject=$call:error=$error:when=$((before + 1)) ;;
    every) inject=$call:error=$error:when=$((before + 1))+ ;;
    second) inject=$call:error=$error:when=$((before + 2)) ;;
    some) inject=$call:error=$error:when=$((before + ${#call} % 7 + 3))+20 ;;
    esac
    [ "$expected" != waits ] || patience=$WAITS_MS
    said=$(PATIENCE_MS=$patience FAULT_WRAP="strace -D -f -qq -b execve -o /dev/null -e trace=$call -e inject=$inject" \
        faults_session "$program")
    printf '%s\t%s\n' "$1" "$said"
}
export -f run

rows() {
    grep -v '^#' "$SRC_DIR/tests/faults/calls.tsv" | grep "^$(tr ' ' '\t' <<<"${ONLY:-}")" |
        awk -F '\t' -v long="${LONG:-}${ONLY:-}" '{
            if ($4 != "-") print $1, $2, $3, "first", $4
            if ($5 != "-" && (long || NR % 4 == 0 || $0 ~ /sendto\tENETUNREACH/)) print $1, $2, $3, "every", $5
            if ($2 == "clone") print $1, $2, $3, "second", $6 # for the server, that of the shell
            else if ($6 != "-" && long) print $1, $2, $3, "some", $6
        }'
}

rows | faults_each run >"$WORK/runs"
while IFS=$'\t' read -r what outcome rest; do
    read -r program call error when expected <<<"$what"
    case $call:$error in
    send*) id="F06: " ;;
    clone:*) id="F18: " ;;
    *:EMFILE | *:ENFILE) id="F33: " ;;
    getrandom:*) id="F35: " ;;
    *) id= ;;
    esac
    name="$id$program: $call fails with $error ($when): $expected"
    case "|$expected|" in
    *"|$outcome|"*) pass "$name" ;;
    *) fail "$name" "$outcome $rest" ;;
    esac
done <"$WORK/runs"
if grep -q 'mosh-client sendto ENETUNREACH every' "$WORK/runs"; then
    check_contains "F06: the client's screen names the error" "Network is unreachable" \
        "$(grep 'mosh-client sendto ENETUNREACH every' "$WORK/runs")"
fi

# One that may not be had is told in front of whoever has started the server.
mark=mark-$RANDOM$RANDOM
output=$(strace -f -qq -b execve -o /dev/null -e trace=ioctl -e inject=ioctl:error=EPERM \
    "$OURS_BINDIR/mosh-server" new -p 0 -- sleep 20 $mark 2>"$WORK/said" </dev/null)
check_equal "F17: without permission for a pseudo-terminal the server ends" "1 " "$? $output"
check_contains "F17: and says so" "mosh-server: preparing the pseudo-terminal: Operation not permitted" \
    "$(cat "$WORK/said")"
check "F17: nobody stays behind" not pgrep -f -- $mark

check_equal "each row is tried" "$(rows | wc -l)" "$(wc -l <"$WORK/runs")"
note "$(cut -f1 "$WORK/runs" | awk '{ print $1, $2, $3 }' | sort -u | wc -l) pairs, $(wc -l <"$WORK/runs") runs"
finish
