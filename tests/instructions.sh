#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# How many instructions the terminal takes for a byte and for a frame, counted by callgrind: unlike
# times they are the same in every run. What is bounded is what bench/bench_instructions does.
# A bound says what must not happen again: it is 5 % above what gcc 12 or clang 14 made of it.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/lib/testlib.sh"

per_byte='
plain-80x24 19         log-80x24 28         source-80x24 23
styled-80x24 29        sgr-80x24 46         truecolour-80x24 32
cjk-80x24 37           emoji-80x24 41       combining-80x24 51
latin-80x24 28         motion-80x24 40      alternate-80x24 33
scroll-80x24 74        region-80x24 45      tui-80x24 31
progress-80x24 25      yes-80x24 126        yes-80x60 126
yes-80x200 126
'
# Of 200 bytes of output.
per_frame='
frame-plain-80x24 23500      frame-plain-200x60 28500
frame-log-80x24 26000        frame-log-200x60 31000
frame-styled-80x24 24500     frame-styled-200x60 30500
frame-tui-80x24 24500        frame-tui-200x60 26500
frame-alternate-80x24 30000  frame-alternate-200x60 36500
frame-region-80x24 30000     frame-region-200x60 42500
'

# instructions NAME: by what its divisor says.
instructions() {
    local total
    total=$(sed -n 's/^totals: //p' "$WORK/counts.$(awk -v name="$1" '$1 == name { print NR }' "$WORK/names")")
    awk -v name="$1" -v total="$total" '$1 == name { printf "%.0f\n", total / $2 }' "$WORK/names"
}

# at_most NAME BOUND UNIT
at_most() {
    local found
    found=$(instructions "$1")
    check "$1: at most $2 instructions a $3 ($found)" test "${found:-$(($2 + 1))}" -le "$2"
}

bound_all() {
    local unit=$1
    shift
    while [ $# -gt 0 ]; do
        at_most "$1" "$2" "$unit"
        shift 2
    done
}

if ! command -v valgrind >/dev/null; then
    skip "instructions are within their bounds" "valgrind is not installed"
    finish
fi
if [ -n "${INSTRUMENT_CFLAGS:-}" ]; then
    skip "instructions are within their bounds" "built with sanitizers or for coverage"
    finish
fi
"$BUILD_DIR/bench/bench_instructions" none
if [ $? -eq 77 ]; then
    skip "instructions are within their bounds" "built without optimization"
    finish
fi
# Without debug information, which valgrind may be too old to read, when clang has made it.
strip --strip-debug -o "$WORK/bench_instructions" "$BUILD_DIR/bench/bench_instructions"
valgrind --tool=callgrind --toggle-collect=measured --dump-after=measured \
    --callgrind-out-file="$WORK/counts" "$WORK/bench_instructions" \
    >"$WORK/names" 2>"$WORK/valgrind.log" || cat "$WORK/valgrind.log"
# shellcheck disable=SC2086  # names and bounds
bound_all byte $per_byte
# shellcheck disable=SC2086
bound_all frame $per_frame
one=$(instructions diff-1-200x60) all=$(instructions diff-60-200x60)
check "one changed row costs at most a tenth of a full difference ($one, $all)" \
    test $((10 * one)) -le "$all"
none=$(instructions diff-0-200x60)
check "rows that are the same cost nothing but a look at each ($none)" test "$none" -le 8000
finish
