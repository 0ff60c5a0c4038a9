#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# S14: with a library that computes wrongly, neither program starts: a message, status 1, no port and no
# terminal touched. The faults are those of tests/lib/brokencipher.c.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$(dirname "$0")/../lib/tmux.sh"
need_tools tmux
[ -x "$OURS_BINDIR/mosh-client" ] || skip_all "there is no $OURS_BINDIR/mosh-client"
[ -z "${INSTRUMENT_CFLAGS:-}" ] || skip_all "sanitizers want to be loaded first"
# shellcheck disable=SC2086  # a command with its options
if ! ${CC:-cc} -shared -fPIC -o "$WORK/brokencipher.so" "$SRC_DIR/tests/lib/brokencipher.c" 2>"$WORK/cc.err"; then
    cannot_run "S14: the self-test" "$(cat "$WORK/cc.err")"
    finish
fi
complaint='the OpenSSL library here computes AES-OCB wrongly; refusing to run'

# server FAULT: what it prints, and its status.
server() {
    local pid
    BROKEN_CIPHER=$1 LD_PRELOAD=$WORK/brokencipher.so "$OURS_BINDIR/mosh-server" new -i 127.0.0.1 -- true \
        </dev/null >"$WORK/out" 2>"$WORK/err"
    echo "$? $(cat "$WORK/out" "$WORK/err")"
    pid=$(sed -n 's/.*pid = \([0-9]*\).*/\1/p' "$WORK/err")
    [ -z "$pid" ] || kill "$pid"
}

check_contains "S14: a library that is only watched is no trouble" "MOSH CONNECT" "$(server none)"
for fault in tail nonce tag; do
    check_equal "S14: $fault: the server refuses" "1 mosh-server: $complaint" "$(server "$fault")"
    pane_open "$fault" 80x24 "env MOSH_KEY=AAAAAAAAAAAAAAAAAAAAAA BROKEN_CIPHER=$fault \
        LD_PRELOAD=$WORK/brokencipher.so $OURS_BINDIR/mosh-client 127.0.0.1 60999; echo ended: \$?; exec cat"
    check "S14: $fault: the client refuses" pane_wait "$fault" 'ended: 1'
    check_contains "S14: $fault: and says so" "mosh-client: the OpenSSL library here computes AES-OCB wrongly" \
        "$(pane_text "$fault")"
    check_equal "S14: $fault: on a terminal that was not touched" 0 "$(pane_get "$fault" '#{alternate_on}')"
done
finish
