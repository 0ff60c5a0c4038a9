#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every function of the terminal, mode and OSC is used by some script, and every script is run.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"

check "the scripts use every function that there is" \
    "$BUILD_DIR/tests/vt/runner" --coverage "$SRC_DIR"/tests/vt/*.vt
for file in "$SRC_DIR"/tests/vt/*.vt; do
    grep -q "^VT_TESTS += tests/vt/${file##*/}$" "$SRC_DIR/tests/Makefile.am" ||
        forgotten="${forgotten:-}${file##*/} "
done
check_equal "scripts that make does not run" "" "${forgotten:-}"
finish
