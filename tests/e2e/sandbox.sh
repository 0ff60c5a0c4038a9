#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# S32: the programs give up what they do not need. That every test of sessions runs with
# MOSH_SANDBOX=strict (testlib.sh) shows that they need nothing else; test_sandbox what is refused.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$(dirname "$0")/../lib/tmux.sh"
# shellcheck source=tests/lib/session.sh
. "$(dirname "$0")/../lib/session.sh"
need_tools tmux ps
[ -x "$OURS_BINDIR/mosh-client" ] || skip_all "there is no $OURS_BINDIR/mosh-client"

for program in mosh-server mosh-client; do
    status=0
    stdout=$("$OURS_BINDIR/$program" --sandbox-status) || status=$?
    check_equal "$program --sandbox-status has a line for each layer" "privileges files calls limits" \
        "$(awk '{ print $1 }' <<<"$stdout" | xargs)"
    if grep -q NOT <<<"$stdout"; then
        check_equal "its status says that something is missing" 1 "$status"
    else
        check_equal "its status says that all holds" 0 "$status"
    fi
    grep -q '^calls *confined' <<<"$stdout" || no_filter=yes
done
export MOSH_KEY=AAAAAAAAAAAAAAAAAAAAAA
check_equal "another word in MOSH_SANDBOX is an error of the server" \
    'mosh-server: MOSH_SANDBOX is "on": expected require, strict or off' \
    "$(MOSH_SANDBOX=on "$OURS_BINDIR/mosh-server" new 2>&1)"
check_equal "and of the client" \
    'mosh-client: MOSH_SANDBOX is "on": expected require, strict or off' \
    "$(MOSH_SANDBOX=on "$OURS_BINDIR/mosh-client" 127.0.0.1 60001 2>&1)"
unset MOSH_KEY
[ -z "${no_filter:-}" ] || {
    echo "# this build, or this kernel, has no filter of system calls: no more to see"
    finish
}

session_open confined
for program in client server; do
    pid=$("${program}_pid" confined)
    check_equal "the $program cannot gain privileges" 1 \
        "$(awk '/^NoNewPrivs:/ { print $2 }' "/proc/$pid/status")"
    check_equal "the $program has a filter of system calls" 2 \
        "$(awk '/^Seccomp:/ { print $2 }' "/proc/$pid/status")"
    check_equal "the $program can start no process" 0 \
        "$(awk '/^Max processes/ { print $3 }' "/proc/$pid/limits")"
done
finish
