#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# In the place of the unit tests where they could not be built.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/lib/testlib.sh"
cannot_run "the unit tests and the simulated sessions" "cmocka was not found by configure"
finish
