#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# S16 and others: each fuzz target takes all files of its corpus, which has what fuzzing has found
# to be worth keeping, and every input that ever was a fault.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"

# ids_of TARGET: "S16, S19: " as its source begins with.
ids_of() {
    sed -nE 's|^/\* (([SFR][0-9]+b?(, )?)+: ).*|\1|p' "$SRC_DIR/tests/fuzz/$1.c" | head -n 1
}

for corpus in "$SRC_DIR"/tests/fuzz/corpus/*/; do
    target=$(basename "$corpus")
    name="$(ids_of "$target")$target: all files of its corpus"
    program=$BUILD_DIR/tests/fuzz/$target
    [ -x "$program" ] || skip_all "there is no $program"
    files=$(find "$corpus" -type f | wc -l)
    if ran=$("$program" "$corpus" 2>"$WORK/last"); then
        check_equal "$name" "$files" "$ran"
    else
        fail "$name" "$(tail -n 5 "$WORK/last")"
    fi
done
finish
