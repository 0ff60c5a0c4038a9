#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Calls that come back early, in a whole session: a terminal that gives and takes a few bytes at a time, and
# signals that interrupt one call in three. The session is as it would be without.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/faults.sh
. "$SRC_DIR/tests/lib/faults.sh"
[ -z "${INSTRUMENT_CFLAGS:-}" ] || skip_all "a sanitizer has these calls for itself"
faults_prepare
faults_shim partial.so "$SRC_DIR/tests/faults/partial.c" || skip_all "no such shim for this C library"
for program in mosh-server mosh-client mosh; do
    said=$(FAULT_PRELOAD=$WORK/partial.so FAULT_PROGRAM=$program faults_session "$program")
    check_equal "F26: $program: interrupted calls, and a few bytes at a time" goes-on "$(cut -f1 <<<"$said")"
    note "$(cut -c1-300 <<<"$said")"
done
finish
