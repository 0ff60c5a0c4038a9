#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What our display sends, in a stock client (stock_client.c).

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"

need_tools mosh-client
program=$BUILD_DIR/tests/interop/stock_client
[ -x "$program" ] || skip_all "there is no $program"

_finished=yes # the program prints the plan
CMOCKA_MESSAGE_OUTPUT=TAP "$program"
