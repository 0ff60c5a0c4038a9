#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The static mosh-server in a root that has nothing in it but the server itself, a program to run, the
# kernel's /proc, and pseudo-terminals. STATIC_SERVER is the server (scripts/build-static makes one).

# shellcheck disable=SC2016,SC2317  # for shells elsewhere; called by name
# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$SRC_DIR/tests/lib/tmux.sh"
need_tools tmux unshare chroot readelf
server=${STATIC_SERVER:?is not set}
CC=${CC:-cc}

check_lacks "it asks for no loader" "INTERP" "$(readelf -lW "$server")"
check_equal "and for no library" "" "$(readelf -dW "$server" 2>&1 | grep NEEDED)"

# A program that answers: there is no shell there.
cat >"$WORK/echo.c" <<'END'
#include <stdio.h>
int main(void)
{
    char line[100];
    puts("ready");
    while (fgets(line, sizeof line, stdin) && line[0] != 'q')
        printf("heard %s", line);
    return 0;
}
END
$CC -static -o "$WORK/echo" "$WORK/echo.c" || skip_all "$CC links no static programs"

root=$WORK/root
mkdir -p "$root/dev/pts" "$root/proc"
cp "$server" "$root/mosh-server"
cp "$WORK/echo" "$root/echo"
printf '%s\n' 'mount -t proc proc "$1/proc" && mount -t devpts -o newinstance,ptmxmode=666 devpts "$1/dev/pts" &&' \
    'ln -sf pts/ptmx "$1/dev/ptmx" && : >"$1/dev/null" && mount --bind /dev/null "$1/dev/null" &&' \
    'root=$1 && shift && cd "$root" && exec chroot "$root" /mosh-server "$@"' >"$WORK/start"
# In a terminal, whose size the session gets; the server stays the child of this shell.
unshare --mount true 2>/dev/null || skip_all "only root may have a root of its own here"
check_contains "there it gives up what it does not need, system calls with the rest" "calls       confined" \
    "$(unshare --mount sh "$WORK/start" "$root" --sandbox-status 2>&1)"
env -i MOSH_SANDBOX=strict MOSH_SERVER_NETWORK_TMOUT=300 PATH=/usr/sbin:/usr/bin:/sbin:/bin unshare --mount sh "$WORK/start" "$root" \
    new -v -i 127.0.0.1 -- /echo >"$WORK/out" 2>"$WORK/err" </dev/null &
pid=$!
at_exit end_process "$pid"
connected() {
    grep -q '^MOSH CONNECT' "$WORK/out"
}
if ! wait_until 20 connected; then
    fail "it starts" "$(cat "$WORK/err" "$WORK/out")"
    finish
fi
pass "it starts"
end_server() {
    kill "$(sed -n 's/.*pid = \([0-9]*\).*/\1/p' "$WORK/err")" 2>/dev/null
}
at_exit end_server
read -r _ _ port key < <(grep '^MOSH CONNECT' "$WORK/out" | tr -d '\r')
pane_open client 80x24 "env MOSH_KEY=$key $OURS_BINDIR/mosh-client 127.0.0.1 $port; exec cat"
check "the program there is seen" pane_wait client ready 20
pane_line client "what is typed"
check "it hears what is typed" pane_wait client "heard what is typed"
pane_line client q
check "and the session ends with it" pane_wait client "exit" 20
note "$(stat -c %s "$server") bytes"
finish
