#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The laboratory (bench/lab): a link between two hosts, a session over it, and whether each keystroke
# is seen. How long that takes is none of this test's business.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
need_tools ip gnuplot ssh vim nano tmux
# The leak sanitizer looks at a process from one that it makes, which is in another PID namespace here.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
tools=$BUILD_DIR/bench/lab
lab=$tools/lab
[ -x "$lab" ] || skip_all "there is no $lab"
"$lab" true 2>"$WORK/no-rights"
[ $? -ne 77 ] || skip_all "$(cat "$WORK/no-rights")"

interfaces() {
    ip -o link | awk '{ print $2 }' | sort
}

before=$(interfaces)
check_equal "a command's status is the laboratory's" 7 "$("$lab" sh -c 'exit 7'; echo $?)"
check "host b is reached over IPv4" "$lab" --both delay=1ms -- \
    bash -c "'$lab' in b '$tools/bulk' send 0.0.0.0 5000 & timeout 5 '$tools/bulk' take 10.91.0.2 5000;
        test \$? -eq 124 && '$lab' stats | grep -q '\"b-to-a\": {\"packets\": [1-9][0-9]'"
check "and over IPv6" "$lab" -- ip -6 route get fd91::2
check_equal "what is set is set while it runs" '+1 -1' \
    "$("$lab" bash -c "'$lab' set both loss=10% && echo +1; '$lab' set both loss=10 2>/dev/null || echo -1" |
        tr '\n' ' ' | sed 's/ $//')"
"$lab" --both delay=5 -- true 2>"$WORK/err"
check_equal "a setting that is not understood is named" "lab: --both: not understood: delay=5" \
    "$(cat "$WORK/err")"
nap=$((100000 + $$)) # of this test alone
# shellcheck disable=SC2016  # for the shell in there
"$lab" -- bash -c 'sleep "$1" & disown; echo $$ >"$0"; exec sleep "$1"' "$WORK/pid" "$nap" &
running=$!
wait_until 10 test -s "$WORK/pid"
kill -TERM "$running"
wait "$running"
check "a signal ends it, and what runs in it" not pgrep -f "^sleep $nap\$"
if [ "$(id -u)" -eq 0 ]; then
    setpriv --bounding-set=-all "$lab" true 2>"$WORK/err"
    check_equal "without rights it says so" "77 CAP_SYS_ADMIN" "$? $(grep -o 'CAP_SYS_ADMIN' "$WORK/err")"
fi

# What was killed leaves an empty folder, which goes at the next start; nothing that ran stays.
mkdir "$WORK/t"
rm "$WORK/pid"
# shellcheck disable=SC2016  # for the shell in there
TMPDIR=$WORK/t "$lab" -- bash -c 'echo $$ >"$0"; exec sleep "$1"' "$WORK/pid" "$nap" &
running=$!
wait_until 10 test -s "$WORK/pid"
kill -KILL "$running"
wait "$running" 2>/dev/null
check "being killed ends what runs in it" wait_until 10 not pgrep -f "^sleep $nap\$"
TMPDIR=$WORK/t "$lab" true
check_equal "and its folder goes at the next start" "" "$(ls "$WORK/t")"
check_equal "no interface of the machine has come or gone" "$before" "$(interfaces)"

# All that was typed is seen, by ours with ours; a session that was away comes back; the report has it.
TMPDIR=$WORK/t SCENARIO=short SYSTEMS="ours-ours" EPISODES=wake COUNT=1 \
    "$SRC_DIR/bench/lab/compare" "$tools" "$OURS_BINDIR" "$WORK/out" wifi >"$WORK/table" 2>"$WORK/log"
check_equal "a comparison is made" 0 $?
check_equal "its table has what was asked for, and every keystroke was seen" "wifi ours-ours 0" \
    "$(awk '$2 == "wifi" && $4 == "ours-ours" { print $2, $4, $8; exit }' "$WORK/table")"
check_equal "and the session that woke up" "wake 1 0" \
    "$(awk '$2 == "wake" && $4 == "ours-ours" { print $2, $6, $8 }' "$WORK/table")"
check "there is a picture" test -s "$WORK/out/latency.svg"
check_equal "nothing is left in the folder for temporary files" "" "$(ls "$WORK/t")"
finish
