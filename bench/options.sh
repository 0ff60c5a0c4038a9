#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# options.sh [FOLDER]: builds with each compiler and each set of options in a folder of its own, and
# prints the size of the programs without symbols and the speed of the emulator: the geometric mean
# over the payloads (bench_emulator.c), all variants in turns. BENCH_VARIANTS has lines of a
# compiler and its options; BENCH_ROUNDS (3) how often; BENCH_KILOBYTES (1000) a payload.

set -eu

source_dir=$(cd "$(dirname "$0")/.." && pwd)
work=${1:-$(mktemp -d)}
rounds=${BENCH_ROUNDS:-3}
kilobytes=${BENCH_KILOBYTES:-1000}
variants=${BENCH_VARIANTS:-'gcc -O2
gcc -Os
gcc -O3
gcc -O2 -flto
clang -O2
clang -Os'}
programs='mosh mosh-client mosh-server'

folder_of()
{
    echo "$work/$(printf '%s' "$1" | tr -d ' ')"
}

build() # VARIANT
{
    local folder compiler=${1%% *} options=${1#* }
    folder=$(folder_of "$1")
    mkdir -p "$folder"
    (
        cd "$folder"
        [ -f Makefile ] ||
            CC=$compiler AR=${compiler/clang/llvm}-ar RANLIB=${compiler/clang/llvm}-ranlib \
                "$source_dir/configure" CFLAGS="$options"
        make -j"$(nproc)" && make bench/bench_emulator
        for program in $programs; do
            strip -o "$program.stripped" "src/$program"
        done
    ) >"$folder.log" 2>&1 || {
        tail "$folder.log" >&2
        exit 1
    }
}

# The geometric mean of our speeds at both sizes of the screen.
speed() # VARIANT
{
    "$(folder_of "$1")/bench/bench_emulator" "$kilobytes" 1 |
        awk '$NF != "ours" && $2 + 0 > 0 && $4 + 0 > 0 { sum += log($2); n++ }
             END { printf "%.1f\n", exp(sum / n) }'
}

while read -r variant; do
    build "$variant"
done <<<"$variants"
for ((round = 0; round < rounds; round++)); do
    while read -r variant; do
        speed "$variant" >>"$(folder_of "$variant").speed"
    done <<<"$variants"
done
printf '%-16s %8s %12s %12s %8s\n' compiler mosh mosh-client mosh-server MB/s
while read -r variant; do
    folder=$(folder_of "$variant")
    printf '%-16s' "$variant"
    for program in $programs; do
        printf ' %*d' $((${#program} < 8 ? 8 : ${#program} + 1)) \
            "$(stat -c %s "$folder/$program.stripped")"
    done
    sort -n "$folder.speed" | awk '{ v[NR] = $1 } END { printf " %8.1f\n", v[int((NR + 1) / 2)] }'
done <<<"$variants"
