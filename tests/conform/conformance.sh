#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# tests/vt/CONFORMANCE.md does not say more than holds: nothing fails, every category is in its table,
# and there are at least as many checks as it says.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"

claims=$SRC_DIR/tests/vt/CONFORMANCE.md
[ -x "$BUILD_DIR/tests/vt/runner" ] || skip_all "there is no $BUILD_DIR/tests/vt/runner"

# The row of a table about WHAT: checks and failures.
row_of() {
    sed -n "s/^| $1 | \([0-9]*\) | \([0-9]*\) |$/\1 \2/p" <<<"$2"
}

check_row() {
    local claimed actual
    claimed=$(row_of "$1" "$(cat "$claims")")
    actual=$(row_of "$1" "$counted")
    if [ -z "$claimed" ]; then
        fail "$1: in the table" "scripts/conformance says: $actual"
    elif [ "${actual#* }" != 0 ] || [ "${claimed#* }" != 0 ]; then
        fail "$1: nothing fails" "counted $actual, claimed $claimed"
    else
        check "$1: at least ${claimed% *} checks" test "${actual% *}" -ge "${claimed% *}"
    fi
}

counted=$(BUILD_DIR=$BUILD_DIR "$SRC_DIR/scripts/conformance" --scripts)
categories=$(sed -n 's/^| \([a-z][a-z ]*\) | [0-9].*/\1/p' <<<"$counted")
check "there are categories" test "$(wc -l <<<"$categories")" -gt 10
while read -r category; do
    check_row "$category"
done <<<"$categories"
items=$(grep -c '^[0-9]' "$SRC_DIR/tests/conform/vttest/ITEMS")
check_equal "the items of vttest" "$items 0" \
    "$(row_of 'vttest: items whose screens are right' "$(cat "$claims")")"
names=$(grep -c . "$SRC_DIR/tests/recordings/NAMES")
check_equal "the recordings" "$names 0" \
    "$(row_of 'recordings: as libvterm shows them' "$(cat "$claims")")"
finish
