#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Random output of programs (differential.c): the emulator in stock's server sees what ours does, but
# for what tests/vt/DIFFERENCES.md names; our own server with a client of the old kind carries all of
# it exactly. STREAMS says how many of each class; scripts/differential runs many.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"

STOCK_BINDIR=${STOCK_BINDIR:-/usr/bin}
differential=$BUILD_DIR/tests/conform/differential
[ -x "$differential" ] || skip_all "there is no $differential"
[ -x "$STOCK_BINDIR/mosh-server" ] || need_tools mosh-server

# take_tap COMMAND...: its checks as ours.
take_tap() {
    local line
    while read -r line; do
        case $line in
        "ok "*) pass "${line#ok * - }" ;;
        "not ok "*) fail "${line#not ok * - }" ;;
        "# "*) echo "$line" ;;
        esac
    done < <("$@" 2>&1 || true)
}

take_tap "$differential" "$STOCK_BINDIR/mosh-server" "${STREAMS:-60}"
take_tap "$differential" --exact "$OURS_BINDIR/mosh-server" "${STREAMS:-60}"
check "both said something" test "$_tests_run" -eq 16
"$differential" --habits | cut -f1 >"$WORK/habits"
sed -n 's/^| \([A-Z_]*\) |.*/\1/p' "$SRC_DIR/tests/vt/DIFFERENCES.md" >"$WORK/listed"
check_equal "each difference that is known is in DIFFERENCES.md, with its reason" \
    "$(sort "$WORK/habits")" "$(sort "$WORK/listed")"
finish
