#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Recordings of real programs, replayed (replay.c).

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"

replay=$BUILD_DIR/tests/conform/replay
[ -x "$replay" ] || skip_all "there is no $replay"

_finished=yes # the program prints the plan
"$replay" "$SRC_DIR/tests/recordings"
