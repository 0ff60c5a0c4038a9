#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What happens to a session on the way: the shell ends while the client is away, the terminal vanishes,
# signals come at bad moments and without a network, descriptors and locales are missing.

# shellcheck disable=SC2317  # functions that are called by name
# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$SRC_DIR/tests/lib/tmux.sh"
# shellcheck source=tests/lib/session.sh
. "$SRC_DIR/tests/lib/session.sh"
need_tools tmux ps prlimit pgrep
[ -x "$OURS_BINDIR/mosh-client" ] || skip_all "there is no $OURS_BINDIR/mosh-client"
SLOW=$((SLOW * 6)) # what is waited for is not measured: a limit is for what never comes

is_stopped() {
    [ "$(ps -o stat= -p "$1" | cut -c1)" = T ]
}

shell_pid() {
    pgrep -P "$(server_pid "$1")" -x bash
}

# --- what takes ten seconds begins first ---

# Without an answer the client takes another port: for that there is no descriptor.
session_open hop
fds=$(find /proc/"$(client_pid hop)"/fd -type l -printf '%f\n' | sort -n | tail -n 1)
prlimit --nofile=$((fds + 1)) --pid "$(client_pid hop)"
descriptors() {
    find /proc/"$(client_pid hop)"/fd -type l | wc -l
}
before=$(descriptors)
hop_began=$(_now_ms)
kill -STOP "$(server_pid hop)"

session_open mute
kill -STOP "$(server_pid mute)"
kill -TERM "$(client_pid mute)"

# --- F19: nobody whom the system knows ---

if unshare -U --map-user=54321 true 2>/dev/null; then
    printf '#!/bin/sh\nexec env -u SHELL -u HOME -u USER -u LOGNAME unshare -U --map-user=54321 %s "$@"\n' \
        "$OURS_BINDIR/mosh-server" >"$WORK/stranger-server"
    chmod +x "$WORK/stranger-server"
    mkdir "$WORK/stranger"
    at_exit session_close stranger
    pane_open stranger 80x24 "env NOTES=$WORK/stranger bash $LIB_DIR/in-pane.sh $WORK/stranger \
        bash $LIB_DIR/direct.sh $OURS_BINDIR/mosh-client $WORK/stranger-server; exec cat"
    check "F19: without an account it is said that there is no home" \
        pane_wait stranger 'no home directory is known' 20
    pane_line stranger 'exit 4'
    check "F19: there is a shell" session_ended stranger
else
    skip "F19: no account" "no user namespaces here"
fi

# --- F20: the shell ends while the client is away ---

session_open away MOSH_NO_TERM_INIT=1 # which leaves the screen to be seen
pane_line away "echo it-\$((40 + 1))-waits; until [ -e $WORK/away/go ]; do sleep 0.05; done; echo these-are-\$((40 + 2))-last-words; exit 5"
check "the shell has the line" pane_wait away it-41-waits 20
kill -STOP "$(client_pid away)"
check "the client is away" wait_until 10 is_stopped "$(client_pid away)"
touch "$WORK/away/go"
shell=$(shell_pid away)
check "F20: the shell ends" wait_until 10 is_gone "$shell"
check "F20: the server stays for the client" not is_gone "$(server_pid away)"
pane_keys away ''
kill -CONT "$(client_pid away)"
check "F20: who comes back is told of the end" session_ended away
check "F20: and sees the last words" pane_shows away these-are-42-last-words
check "F20: with the shell's status" pane_shows away 'client ended: 5'
check "F20: and the server goes" server_gone away

# --- F21: others hold the terminal ---

session_open held
pane_line held "(trap '' HUP; exec -a held sleep 1000) & echo \$! >$WORK/held/child; echo the-last-\$((1 + 1)); exit 6"
check "F21: with a child of the shell that holds the terminal, the session ends" session_ended held
check "F21: with the shell's status" pane_shows held 'client ended: 6'
check "F21: and the server goes, and leaves no zombie" server_gone held
kill "$(cat "$WORK/held/child")" 2>/dev/null

# --- F25: the terminal vanishes ---

# gone NAME: a session whose terminal vanishes; what is around the client stays to see how it ends.
mkdir "$WORK/gone"
# The kernel sends SIGCONT with SIGHUP, and once more when the session's leader ends. That takes back the
# stop that a leak checker has ordered, as a debugger would, and then it waits for ever.
cat >"$WORK/gone/around" <<END
trap '' HUP
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
NOTES=$WORK/gone bash $LIB_DIR/direct.sh $OURS_BINDIR/mosh-client $OURS_BINDIR/mosh-server \
    sh -c 'echo in-the-session; exec cat' 2>/dev/null &
echo \$! >$WORK/gone/client.pid
fg >/dev/null 2>&1
wait \$!
echo \$? >$WORK/gone/status
END
at_exit session_close gone
pane_open gone 80x24 "bash -m $WORK/gone/around"
check "a session in a terminal that will vanish" pane_wait gone in-the-session 20
vanished=$(_now_ms)
pane_close gone
check "F25: without its terminal the client ends" wait_until 10 is_gone "$(client_pid gone)"
note "figure F25: $(($(_now_ms) - vanished)) ms"
check "F25: with a status that is not 0" wait_until 10 grep -qx '[1-9][0-9]*' "$WORK/gone/status"
check "F25: and so does the server, who was told" server_gone gone

# --- F26: signals in the midst of things ---

session_open flood
pane_line flood "while :; do echo 'many words that fill the window'; done"
check "a flood of output" pane_wait flood 'that fill'
kill -TERM "$(client_pid flood)"
check "F26: SIGTERM during a flood ends the client" session_ended flood
check "F26: the terminal is restored" pane_shows flood 'terminal restored'
check "F26: and the server goes" server_gone flood
session_open flood2
pane_line flood2 "while :; do echo 'many words that fill the window'; done"
check "another flood" pane_wait flood2 'that fill'
kill -TERM "$(server_pid flood2)"
check "F26: SIGTERM to the server during a flood" session_ended flood2
check "F26: the client's terminal is restored" pane_shows flood2 'terminal restored'
check "F26: and the server goes (2)" server_gone flood2

# --- F32: how much memory a session takes that has seen much ---

session_open fat
pane_line fat "seq 100000; for i in 1 2 3 4 5 6 7 8 9; do seq -s ' ' 4000; done; echo all-of-\$((3 + 4))"
check "much output" pane_wait fat all-of-7 30
for end in client server; do
    kib=$(awk '/^VmHWM:/ { print $2 }' "/proc/$("${end}_pid" fat)/status")
    if [ -z "${INSTRUMENT_CFLAGS:-}" ]; then
        check "F32: the $end has at most 64 MiB" test "$kib" -le 65536
    fi
    note "figure F32: $end $kib KiB"
done
session_close fat

# --- F41: no locale that is of use ---

session_open posix LC_ALL=POSIX LANG=xx_YY.ISO-8859-15
pane_line posix "printf '\\303\\251 \\344\\270\\255 in-utf8\\n'; locale charmap 2>/dev/null"
check "F41: in a POSIX locale UTF-8 is shown" pane_wait posix 'é 中 in-utf8'
if command -v locale >/dev/null; then
    check "F41: and the program in the session has UTF-8" pane_wait posix 'UTF-8'
fi
session_close posix

# --- F41b: a terminal of which little is known ---

mkdir "$WORK/terminfo"
session_open unknown TERM=xterm-frobozz TERMINFO="$WORK/terminfo"
check "F41b: an unknown kind of xterm is used as an xterm" session_works unknown
pane_line unknown 'exit'
check "F41b: and ends" session_ended unknown
for term in '' dumb; do
    pane_open "term-$term" 80x24 "env TERM=$term MOSH_KEY=AAAAAAAAAAAAAAAAAAAAAA $OURS_BINDIR/mosh-client 127.0.0.1 60001
        echo \"status \$?\"; exec cat"
    check "F41b: TERM=\"$term\" is an error" pane_wait "term-$term" 'status 1'
    check_contains "F41b: that names it ($term)" "TERM is" "$(pane_text "term-$term")"
done

# --- what began first ---

check "F26: without an answer from the server SIGTERM ends the client" session_ended mute
check "F26: and its terminal is restored" pane_shows mute 'terminal restored'
kill -CONT "$(server_pid mute)"
hopped() {
    [ $(($(_now_ms) - hop_began)) -ge 11000 ]
}
wait_until 20 hopped
check_equal "F33: there is none for another port" "$before" "$(descriptors)"
kill -CONT "$(server_pid hop)"
check "F33: without a descriptor for another port the old one goes on" session_works hop
finish
