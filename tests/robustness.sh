#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# tests/robustness.tsv is complete: every promise has a test, and every test that is named there has a
# check of that name.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/lib/testlib.sh"
cd "$SRC_DIR" || exit 1
table=tests/robustness.tsv

# The contract: S01 to S34, F01 to F48 and F41b, R1 to R50.
contract() {
    printf 'S%02d\n' {1..34}
    printf 'F%02d\n' {1..41}
    echo F41b
    printf 'F%02d\n' {42..48}
    printf 'R%d\n' {1..50}
}

rows() {
    grep -v '^#' "$table"
}

# has_check ID PROGRAM: whether its source has a check whose name begins with the id, perhaps among others.
has_check() {
    local ids='[SFR][0-9]+b?'
    case $2 in
    *.vt) grep -qE "^#.*\b$1\b" "$2" ;;
    tests/fuzz/corpora.sh) grep -qE "^/\* ($ids, )*$1[,:]" tests/fuzz/*.c ;;
    *.sh) grep -v '^ *#' "$2" | grep -qE "[\" ]($ids, )*$1(, $ids)*(: |[\" ]|\$)" ;; # in a name, or given to a function
    *) grep -qE "\bvoid (${ids}_)*$1_" "$2.c" ;;
    esac
}

check_equal "each line has an id, a test program, and what was tried" "" \
    "$(rows | awk -F '\t' 'NF != 3 || $1 == "" || $2 == "" || $3 == ""')"
check_equal "every id has a line, and there are no others" "$(contract)" "$(rows | cut -f 1 | uniq)"
missing=$(rows | while IFS=$'\t' read -r id program _; do
    has_check "$id" "$program" || echo "$id: $program"
done)
check_equal "each program is there, and has a check of that name" "" "$missing"
finish
