#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# load.sh OURS OTHERS: what many sessions, many starts and a long session take, with mosh-server and
# mosh-client of the one folder beside those of the other. bench_load.c says what the columns are.
#
# From the environment: BENCH_DIR where the benchmark's programs are; LOAD_SESSIONS (50 500) at a time,
# LOAD_SECONDS (30) idle, and as many typing, LOAD_CYCLES (10000) starts of ours, a tenth of the other's,
# LOAD_SOAK (3600) seconds of a session whose link changes, of both at the same time.

set -eu

ours=$1 others=$2
tools=${BENCH_DIR:-bench}
sessions=${LOAD_SESSIONS:-50 500}
seconds=${LOAD_SECONDS:-30}
cycles=${LOAD_CYCLES:-10000}
soak=${LOAD_SOAK:-3600}

folder() # WHOSE
{
    [ "$1" = ours ] && echo "$ours" || echo "$others"
}

load() # WHAT WHOSE ARGUMENT...
{
    local what=$1 dir
    dir=$(folder "$2")
    shift 2
    "$tools/bench_load" "--$what" "$dir/mosh-server" "$dir/mosh-client" "$@"
}

# What a session could leave behind: lines of the login record, bound ports of mosh's range.
leavings()
{
    echo "$(who | wc -l) login lines, $(awk 'FNR > 1 { split($2, a, ":"); port = a[2] }
        FNR > 1 && port >= "EA60" && port <= "EE48"' /proc/net/udp /proc/net/udp6 | wc -l) ports"
}

echo "sessions at a time, each with 24x80; kB of memory and milliseconds of CPU a minute, for one session"
printf '\t\t\tserver\t\tclient\t\tserver\tclient\n'
printf 'whose\twhat\tcount\tprivate\tPSS\tprivate\tPSS\tCPU\tCPU\n'
for count in $sessions; do
    for whose in ours other; do
        load many "$whose" "$count" "$seconds" | sed "s/^/$whose\t/"
    done
done

echo
echo "starts and ends, one after the other: count, seconds"
before=$(leavings)
printf 'ours\t%s\n' "$(load cycles ours "$cycles")"
printf 'other\t%s\n' "$(load cycles other $((cycles / 10)))"
echo "before: $before; after: $(leavings)"

echo
echo "a session of $soak seconds, whose link is cut, loses, and moves: minute, kB private and resident of"
echo "server and client, datagrams up and down; at first, then after each tenth of the time"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for whose in ours other; do
    load soak "$whose" "$soak" >"$work/$whose" &
done
wait
for whose in ours other; do
    awk -v whose="$whose" -v step=$((soak / 600)) \
        'FNR < 3 || step < 1 || (FNR - 1) % step == 0 { print whose "\t" $0 }' "$work/$whose"
done
