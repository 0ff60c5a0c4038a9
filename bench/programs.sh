#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# programs.sh OURS OTHERS: mosh-server and mosh-client of the one folder beside those of the other.
# For every payload a program writes it on the server as fast as the terminal takes it, until the
# client shows its end (bench_session.c). The two take turns, with a program that only reads the same
# from a terminal: the floor, which no server comes under. The medians count. Then memory.
#
# From the environment: BENCH_DIR where the two programs of the benchmark are;
# BENCH_PROGRAMS_KILOBYTES (4096) a payload, BENCH_PROGRAMS_ROUNDS (3), BENCH_SIZES (24x80 60x200),
# BENCH_ONLY names of payloads (all), BENCH_JSON a file for all numbers (programs.json).

set -eu

ours=$1 others=$2
tools=${BENCH_DIR:-bench}
kilobytes=${BENCH_PROGRAMS_KILOBYTES:-4096}
rounds=${BENCH_PROGRAMS_ROUNDS:-3}
sizes=${BENCH_SIZES:-24x80 60x200}
only=${BENCH_ONLY:-$("$tools/bench_payload" --list | cut -f 1)}
json=${BENCH_JSON:-programs.json}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

export MOSH_PREDICTION_DISPLAY=never

session() # WHOSE ARGUMENTS-OF-BENCH_SESSION-BEHIND-THE-PROGRAMS...: its line
{
    local folder=$ours
    [ "$1" = ours ] || folder=$others
    shift
    if [ "$1" = --memory ]; then
        shift
        "$tools/bench_session" --memory "$folder/mosh-server" "$folder/mosh-client" "$@"
    else
        "$tools/bench_session" "$folder/mosh-server" "$folder/mosh-client" "$@"
    fi
}

# Lines: size payload whose bytes server-cpu seconds client-cpu, and bytes and datagrams down and up
measure() # SIZE
{
    local size=$1 rows=${1%x*} cols=${1#*x} name round
    for name in $only; do
        "$tools/bench_payload" "$name" $((kilobytes * 1024)) "$rows" "$cols" >"$work/payload"
        for ((round = 0; round < rounds; round++)); do
            for whose in ours other; do
                printf '%s\t%s\t%s\t' "$size" "$name" "$whose"
                session "$whose" "$rows" "$cols" "$work/payload"
            done
            printf '%s\t%s\tfloor\t' "$size" "$name"
            "$tools/bench_session" --floor "$rows" "$cols" "$work/payload"
        done
    done >>"$work/speed"
}

measure_memory()
{
    local round whose
    for ((round = 0; round < rounds; round++)); do
        for whose in ours other; do
            session "$whose" --memory 60 200 | sed "s/^/$whose\t/"
        done
    done >>"$work/memory"
}

# shellcheck disable=SC2016  # awk's
medians='
    function median(key,    n, i, j, v, t) {
        n = split(values[key], v, " ")
        for (i = 2; i <= n; i++)
            for (j = i; j > 1 && v[j - 1] + 0 > v[j] + 0; j--) {
                t = v[j]; v[j] = v[j - 1]; v[j - 1] = t
            }
        return v[int(n / 2) + 1]
    }
    function add(key, value) { values[key] = values[key] " " value }
    function ratio(a, b) { return b > 0 ? a / b : 0 }'

# shellcheck disable=SC2016
speed_table() # SIZE
{
    printf '\n%s (rows x columns), %d kB each, medians of %d\n' "$1" "$kilobytes" "$rounds"
    printf '%-11s %8s %8s %6s %6s %7s %7s %8s %8s %6s %9s %9s %6s %6s %6s\n' \
        '' 'server' 'MB/CPUs' '' '' 'end at' 's' 'client' 'CPU s' '' 'bytes to' 'client' '' \
        'data-' 'grams'
    printf '%-11s %8s %8s %6s %6s %7s %7s %8s %8s %6s %9s %9s %6s %6s %6s\n' \
        payload ours other ratio floor ours other ours other ratio ours other ratio ours other
    awk -F '\t' -v size="$1" "$medians"'
        $1 == size {
            if (!seen[$2]++)
                order[++count] = $2
            add($2 "rate" $3, $4 / 1e6 / $5)
            add($2 "took" $3, $6)
            add($2 "client" $3, $7)
            add($2 "bytes" $3, $8)
            add($2 "datagrams" $3, $9)
        }
        END {
            for (i = 1; i <= count; i++) {
                n = order[i]
                rate = ratio(median(n "rateours"), median(n "rateother"))
                client = ratio(median(n "clientours"), median(n "clientother"))
                bytes = ratio(median(n "bytesours"), median(n "bytesother"))
                printf "%-11s %8.1f %8.2f %6.1f %6.0f %7.2f %7.2f %8.4f %8.4f %6.2f %9d %9d %6.2f %6d %6d\n",
                    n, median(n "rateours"), median(n "rateother"), rate, median(n "ratefloor"),
                    median(n "tookours"),
                    median(n "tookother"), median(n "clientours"), median(n "clientother"), client,
                    median(n "bytesours"), median(n "bytesother"), bytes,
                    median(n "datagramsours"), median(n "datagramsother")
                product += log(rate)
            }
            if (count)
                printf "%-11s %24.1f\n", "geom. mean", exp(product / count)
        }' "$work/speed"
}

# shellcheck disable=SC2016
memory_table()
{
    printf '\nmemory in kB, 60x200, medians of %d\n' "$rounds"
    printf '%-24s %8s %8s %6s %8s %8s %6s %12s\n' '' resident '' '' private '' '' proportional
    printf '%-24s %8s %8s %6s %8s %8s %6s %8s %8s\n' '' ours other ratio ours other ratio ours other
    awk -F '\t' "$medians"'
        {
            if (!seen[$2]++)
                order[++count] = $2
            add($2 "rss" $1, $3)
            add($2 "uss" $1, $4)
            add($2 "pss" $1, $5)
        }
        END {
            for (i = 1; i <= count; i++) {
                n = order[i]
                printf "%-24s %8d %8d %6.2f %8d %8d %6.2f %8d %8d\n", n, median(n "rssours"),
                    median(n "rssother"), ratio(median(n "rssours"), median(n "rssother")),
                    median(n "ussours"), median(n "ussother"),
                    ratio(median(n "ussours"), median(n "ussother")), median(n "pssours"),
                    median(n "pssother")
            }
        }' "$work/memory"
}

# Every number of every round.
write_json()
{
    awk -F '\t' -v kilobytes="$kilobytes" '
        FNR == 1 { file++ }
        file == 1 && $3 == "floor" {
            floor = floor fsep sprintf("  {\"size\": \"%s\", \"payload\": \"%s\", " \
                "\"bytes\": %s, \"reader_cpu_s\": %s}", $1, $2, $4, $5)
            fsep = ",\n"
            next
        }
        file == 1 {
            speed = speed sep sprintf("  {\"size\": \"%s\", \"payload\": \"%s\", \"whose\": \"%s\", " \
                "\"bytes\": %s, \"server_cpu_s\": %s, \"seconds\": %s, \"client_cpu_s\": %s, " \
                "\"down_bytes\": %s, \"down_datagrams\": %s, \"up_bytes\": %s, " \
                "\"up_datagrams\": %s}", $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            sep = ",\n"
        }
        file == 2 {
            memory = memory msep sprintf("  {\"whose\": \"%s\", \"when\": \"%s\", " \
                "\"resident_kb\": %s, \"private_kb\": %s, \"proportional_kb\": %s}", $1, $2, $3,
                $4, $5)
            msep = ",\n"
        }
        END {
            printf "{\"speed\": [\n%s\n], \"floor\": [\n%s\n], \"memory\": [\n%s\n]}\n", speed,
                floor, memory
        }
    ' "$work/speed" "$work/memory" >"$json"
}

printf '%s cores, %s, %s\n' "$(nproc)" "$(uname -sm)" "$(date -u +%F)"
: >"$work/speed"
: >"$work/memory"
for size in $sizes; do
    measure "$size"
    speed_table "$size"
done
measure_memory
memory_table
write_json
