#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# wire.sh OUR-SERVER OTHER-SERVER [RECORDING...]: what both send for each payload, and for files with
# the output of programs (bench_wire.c), as a table for each size of slice.
#
#   BENCH_SLICES   bytes of output for a frame ("200 2000")
#   BENCH_SIZES    of the terminal, rows x columns (24x80)
#   BENCH_JOBS     sessions at once, which wait most of the time (8)

set -eu

ours=$1 other=$2
shift 2
bench=${BENCH_DIR:-bench}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Payloads of 100 slices at most.
payloads() # SLICE ROWS COLS
{
    mkdir -p "$work/payloads"
    for name in $("$bench/bench_payload" --list | cut -f 1); do
        "$bench/bench_payload" "$name" $(($1 * 100 < 40000 ? $1 * 100 : 40000)) "$2" "$3" \
            >"$work/payloads/$name"
    done
}

run() # NAME SERVER SLICE ROWS COLS RECORDING
{
    "$bench/bench_wire" "$2" "$3" "$4" "$5" "$6" >"$work/$1.$(basename "$6")"
}

# Two sessions for each recording, several recordings at once.
run_all() # SLICE ROWS COLS RECORDING...
{
    local slice=$1 rows=$2 cols=$3 running=0
    shift 3
    for recording in "$@"; do
        run ours "$ours" "$slice" "$rows" "$cols" "$recording" &
        run other "$other" "$slice" "$rows" "$cols" "$recording" &
        running=$((running + 2))
        if [ "$running" -ge "${BENCH_JOBS:-8}" ]; then
            wait
            running=0
        fi
    done
    wait
}

table() # SLICE ROWS COLS RECORDING...
{
    run_all "$@"
    printf '\nbytes to the client, %d bytes of output for each frame, at %dx%d\n' "$1" "$3" "$2"
    printf '%-12s %7s %10s %10s %6s %10s %10s %6s\n' \
        program frames screen other ratio compressed other ratio
    shift 3
    for recording in "$@"; do
        paste "$work/ours.$(basename "$recording")" "$work/other.$(basename "$recording")"
    done | awk -F '\t' '
        {
            printf "%-12s %7d %10d %10d %6.2f %10d %10d %6.2f%s\n", $1, $2, $3, $7, $3 / $7, $4, $8,
                $4 / $8, ($4 > $8 ? "  above" : "")
            ours += $4
            other += $8
        }
        END {
            printf "%-12s %7s %10s %10s %6s %10d %10d %6.2f\n", "all", "", "", "", "", ours, other,
                ours / other
        }'
}

for size in ${BENCH_SIZES:-24x80}; do
    for slice in ${BENCH_SLICES:-200 2000}; do
        payloads "$slice" "${size%x*}" "${size#*x}"
        table "$slice" "${size%x*}" "${size#*x}" "$work"/payloads/* "$@"
    done
done
