#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# S15, S28: where the key is not, and what the program in a session does not inherit.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$(dirname "$0")/../lib/tmux.sh"
# shellcheck source=tests/lib/session.sh
. "$(dirname "$0")/../lib/session.sh"
need_tools tmux ps
[ -x "$OURS_BINDIR/mosh-client" ] || skip_all "there is no $OURS_BINDIR/mosh-client"

session_open secret
key=$(cat "$WORK/secret/key")
client=$(client_pid secret)
server=$(server_pid secret)

# remote COMMAND: runs it in the session; its output is in $result.
rounds=0
remote() {
    rounds=$((rounds + 1))
    pane_line secret "clear; ($1) >$WORK/result 2>&1; echo finished-\$(($rounds))-now"
    pane_wait secret "finished-$rounds-now"
    result=$(cat "$WORK/result")
}

check_lacks "S15: the key is on no command line" "$key" "$(ps axww -o args)"
for pid in "$client" "$server"; do
    check_lacks "S15: the key is not in the environment of $(ps -o comm= -p "$pid")" "$key" \
        "$(tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null)"
    check_equal "S15: $(ps -o comm= -p "$pid") writes no core dump" 0 \
        "$(awk '/^Max core file size/ { print $5 }' "/proc/$pid/limits")"
done

remote 'env'
check_lacks "S28: the program does not have the key" "$key" "$result"
check_lacks "S28: nor a variable for it" "MOSH_KEY" "$result"
check_contains "its terminal is of the kind that was asked for" "TERM=xterm-256color" "$result"
check_contains "and it is told not to draw lines by charsets" "NCURSES_NO_UTF8_ACS=1" "$result"
check_lacks "nor does it think itself within screen" "STY=" "$result"
remote 'ls /proc/$$/fd'
check_equal "S28: it has three descriptors, and its shell's own" "0 1 2 255" "$(xargs <<<"$result")"
# The C library keeps the signals 32 and 33 to itself; what make starts has them ignored.
remote 'grep -E "^Sig(Blk|Ign)" /proc/self/status'
while read -r name mask; do
    check_equal "S28: no signal counts in ${name%:}" 0 $((0x$mask & 0x7FFFFFFF))
done <<<"$result"
remote 'grep NoNewPrivs /proc/self/status; ulimit -c'
check_equal "S28: sudo would work, and core dumps are as they were outside" \
    "NoNewPrivs: 0 $(ulimit -c)" "$(xargs <<<"$result")"
remote 'grep -E "^Seccomp:" /proc/self/status; ulimit -u; ulimit -f; ls /etc/passwd'
check_equal "S28: nor does the server's sandbox hold it" \
    "$(awk '/^Seccomp:/' /proc/self/status; ulimit -u; ulimit -f; echo /etc/passwd)" "$result"
remote 'pwd'
check_equal "it begins in the home directory" "$HOME" "$result"
remote 'stty -a'
check_contains "its terminal knows UTF-8" " iutf8" "$result"
finish
