#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# wire.sh OUR-SERVER OTHER-SERVER SLICE ROWS COLS RECORDING...: what both send for each recording
# (bench_wire.c), as a table. BENCH_WIRE is the program to use, BENCH_JOBS how many run at once:
# they wait most of the time.

set -eu

ours=$1 other=$2
shift 2
wire=${BENCH_WIRE:-bench/bench_wire}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
slice=$1 rows=$2 cols=$3
shift 3

run() # NAME SERVER RECORDING
{
    "$wire" "$2" "$slice" "$rows" "$cols" "$3" >"$work/$1.$(basename "$3")"
}

# Two sessions for each recording, several recordings at once.
running=0
for recording in "$@"; do
    run ours "$ours" "$recording" &
    run other "$other" "$recording" &
    running=$((running + 2))
    if [ "$running" -ge "${BENCH_JOBS:-8}" ]; then
        wait -n
        running=$((running - 1))
    fi
done
wait

printf '\nbytes to the client, a frame for each %d bytes of output, %dx%d\n' "$slice" "$cols" "$rows"
printf '%-12s %7s %10s %10s %6s %10s %10s %6s\n' \
    program frames screen other ratio compressed other ratio
for recording in "$@"; do
    name=$(basename "$recording")
    paste "$work/ours.$name" "$work/other.$name"
done | awk -F '\t' '
    {
        printf "%-12s %7d %10d %10d %6.2f %10d %10d %6.2f%s\n", $1, $2, $3, $7, $3 / $7, $4, $8,
            $4 / $8, ($4 > $8 ? "  above" : "")
        ours += $4
        other += $8
    }
    END { printf "%-12s %7s %10s %10s %6s %10d %10d %6.2f\n", "all", "", "", "", "", ours, other,
            ours / other }'
