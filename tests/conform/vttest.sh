#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# vttest, with nobody at the keyboard (vttest_walk.c). SCREENS=update writes the screens anew.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"

need_tools vttest
walk=$BUILD_DIR/tests/conform/vttest_walk
[ -x "$walk" ] || skip_all "there is no $walk"
[ "${SCREENS:-}" = update ] && set -- --update

_finished=yes # the program prints the plan
"$walk" "$@" "$SRC_DIR/tests/conform/vttest"
