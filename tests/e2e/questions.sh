#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The client and a terminal that answers its questions at once, late, in pieces, wrongly or never: the
# session works in each, no answer reaches the program in it or the shell after it, and the terminal is
# left as it was, however the client ends.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
need_tools ps pgrep prlimit
FAKETERM=$BUILD_DIR/tests/lib/faketerm
[ -x "$FAKETERM" ] || skip_all "there is no $FAKETERM"
[ -x "$OURS_BINDIR/mosh-client" ] || skip_all "there is no $OURS_BINDIR/mosh-client"
export MOSH_SERVER_NETWORK_TMOUT=300
unset MOSH_NO_PROBE COLORTERM TERM_PROGRAM

# fake_start NAME HOW [VARIABLE=VALUE...]: a session in such a terminal. What its program sees of the
# keyboard is shown by cat -v; what is left for a shell after it goes to the file left.
fake_start() {
    local name=$1 how=$2 dir=$WORK/$1
    shift 2
    mkdir -p "$dir"
    cat >"$dir/inside.sh" <<END
stty -echo -icanon
printf 'inside-%s-begins\r\n' here
exec cat -v
END
    cat >"$dir/outside.sh" <<END
echo \$\$ >"$dir/outside.pid"
set -m
bash "$SRC_DIR/tests/lib/direct.sh" "$OURS_BINDIR/mosh-client" "$OURS_BINDIR/mosh-server" \
    bash "$dir/inside.sh" 2>"$dir/client.err"
status=\$?
while [ -n "\$(jobs -s)" ]; do
    until [ -e "$dir/go" ]; do sleep 0.05; done
    fg
    status=\$?
done
echo \$status >"$dir/status"
stty raw -echo min 0 time 5
cat -v >"$dir/left"
touch "$dir/over"
END
    env TERM=xterm-256color NOTES="$dir" "$@" "$FAKETERM" "$how" "$dir" bash "$dir/outside.sh" \
        >"$dir/faketerm.out" 2>&1 </dev/null &
    eval "fake_pid_$name=$!"
    at_exit fake_kill "$name"
    check "$name: the session begins" wait_until 20 fake_wrote "$name" inside-here-begins
}

# shellcheck disable=SC2317
fake_kill() {
    local pid
    for pid in $(fake_client "$1") $(fake_server "$1"); do
        kill -KILL "$pid" 2>/dev/null
    done
    eval "end_process \$fake_pid_$1"
}

fake_client() {
    is_gone "$(cat "$WORK/$1/outside.pid")" || ps -o pid=,args= -t "$(ps -o tty= -p "$(cat "$WORK/$1/outside.pid")")" |
        awk '$2 ~ /mosh-client$/ { print $1 }'
}

fake_server() {
    sed -n 's/.*pid = \([0-9]*\).*/\1/p' "$WORK/$1/server.err" 2>/dev/null
}

fake_program() {
    pgrep -P "$(fake_server "$1")" -x cat
}

# shellcheck disable=SC2317
fake_wrote() { # NAME TEXT
    grep -qaF -e "$2" "$WORK/$1/written"
}

fake_type() { # NAME BYTES as printf has them
    # shellcheck disable=SC2059
    printf "$2" >"$WORK/$1/keys"
}

# What is typed reaches the program, and what comes before it there is that alone.
_marks=0
# shellcheck disable=SC2317
fake_works() {
    _marks=$((_marks + 1))
    fake_type "$1" "$2<$_marks>"
    wait_until 10 fake_wrote "$1" "<$_marks>"
}

# shellcheck disable=SC2317
is_over() {
    [ -e "$WORK/$1/over" ]
}

# The program in the session has no end of its own, so its terminal is the end of it.
fake_over() { # NAME WHAT [STATUS]
    check "$1: $2" wait_until 20 is_over "$1"
    [ $# -lt 3 ] || check_equal "$1: with this status" "$3" "$(cat "$WORK/$1/status")"
    check_equal "$1: nothing is left for the shell" "" "$(cat "$WORK/$1/left")"
    eval "wait \$fake_pid_$1"
    check_equal "$1: the terminal is as it was" "" "$(cat "$WORK/$1/state")"
}

# cat -v shows an ESC in two characters, and nobody has typed one.
# shellcheck disable=SC2317
fake_saw_no_answer() {
    not fake_wrote "$1" '^[' && not fake_wrote "$1" 'rgb:'
}

for how in now late:300 pieces wrong never; do
    name=${how%:*}
    fake_start "$name" "$how"
    check "$name: it is asked" fake_wrote "$name" $'\e[c'
    check "$name: keys reach the program" fake_works "$name" "abc"
    case $how in
    now | late:* | pieces)
        check "$name: it learns that frames can be shown whole" wait_until 10 fake_wrote "$name" $'\e[?2031h'
        fake_type "$name" "$(printf '%0150d' 7)"
        check "$name: and does so" wait_until 10 fake_wrote "$name" $'\e[?2026h'
        ;;
    esac
    check "$name: no answer reaches the program" fake_works "$name" "def"
    check "$name: none at all" fake_saw_no_answer "$name"
    fake_type "$name" '\036.'
    fake_over "$name" "Ctrl-^ . ends it" 0
done

# The end comes before the answers.
fake_start early late:150
fake_type early '\036.'
fake_over early "it ends while answers are on their way" 0

# Who is not to be asked is not.
fake_start unasked now MOSH_NO_PROBE=
check "unasked: with MOSH_NO_PROBE nothing is asked" not fake_wrote unasked $'\e[c'
fake_type unasked '\036.'
fake_over unasked "it ends" 0
for term in linux vt220; do
    fake_start "$term" now TERM="$term"
    check "$term: a terminal that may not know questions is asked nothing" not fake_wrote "$term" $'\e[c'
    fake_type "$term" '\036.'
    fake_over "$term" "it ends" 0
done
fake_start screen now TERM=screen
check "screen: is asked" fake_wrote screen $'\e[c'
check "screen: but in no string that it would pass on" not fake_wrote screen $'\eP+q'
fake_type screen '\036.'
fake_over screen "it ends" 0

# A program asks for a keyboard protocol, and the escape key works in it.
fake_start keyboard now
check "keyboard: it is known what the terminal can do" wait_until 10 fake_wrote keyboard $'\e[>u'
# shellcheck disable=SC2317
asks_for_protocol() {
    printf '\033[=5u' >"/proc/$(fake_program keyboard)/fd/1"
    wait_until 1 fake_wrote keyboard $'\e[=5;1u'
}
check "keyboard: the program gets the protocol that it asks for" wait_until 10 asks_for_protocol
fake_type keyboard '\033[97;1:1u\033[97;1:3u'
check "keyboard: keys go through as they are" wait_until 10 fake_wrote keyboard '^[[97;1:1u^[[97;1:3u'
fake_type keyboard '\033[94;5u\033[94;5:3u\033[94;5u\033[94;5:3u'
check "keyboard: the escape key twice is one" wait_until 10 fake_wrote keyboard '^[[94;5u^[[94;5:3u'
check "keyboard: not two" not fake_wrote keyboard '^[[94;5u^[[94;5:3u^[[94;5u'
fake_type keyboard '\033[94;5u\033[94;5:3u\033[46u'
fake_over keyboard "Ctrl-^ . ends it" 0

# Ends of all kinds, with modes set.
modes='\033[?1003;1006;1004;2004;1007h\033[?5h\033[?25l\033]0;title\007\033[1;4;31mstyled'
# The program's terminal is written to from outside.
set_modes() {
    # shellcheck disable=SC2059
    printf "$modes" >"/proc/$(fake_program "$1")/fd/1"
    check "$1: the program sets modes" wait_until 10 fake_wrote "$1" $'\e[?1003h'
}

# Suspended, the terminal is as clean as at the end; resumed, it has all again.
fake_start stop now
check "stop: it is known what the terminal can do" wait_until 10 fake_wrote stop $'\e[?2031h'
set_modes stop
fake_type stop '\036\032'
# shellcheck disable=SC2317
is_stopped() {
    [ "$(ps -o stat= -p "$(fake_client "$1")" | cut -c1)" = T ]
}
check "stop: Ctrl-^ Ctrl-Z suspends it" wait_until 10 is_stopped stop
rm -f "$WORK/stop/state"
eval "kill -USR1 \$fake_pid_stop"
check "stop: the terminal tells its state" wait_until 10 test -e "$WORK/stop/state"
check_equal "stop: the terminal is as it was" "" "$(cat "$WORK/stop/state")"
: >"$WORK/stop/written"
touch "$WORK/stop/go"
check "stop: resumed, modes are back" wait_until 10 fake_wrote stop $'\e[?1003h'
check "stop: and the terminal is asked again" fake_wrote stop $'\e[c'
check "stop: keys reach the program" fake_works stop "abc"
fake_type stop '\036.'
fake_over stop "Ctrl-^ . ends it" 0

fake_start term now
set_modes term
kill -TERM "$(fake_client term)"
fake_over term "SIGTERM ends it" 0

fake_start server now
set_modes server
kill -HUP "$(fake_program server)"
fake_over server "the end of the program ends it, with its status" 129

fake_start crash now
check "crash: it is known what the terminal can do" wait_until 10 fake_wrote crash $'\e[?2031h'
set_modes crash
kill -SEGV "$(fake_client crash)"
check "crash: it is dead" wait_until 10 is_over crash
eval "wait \$fake_pid_crash"
check_equal "crash: all is as it was, but for what cannot be known" " mode 1007 is 1" \
    "$(cat "$WORK/crash/state")"

if [ -n "${INSTRUMENT_CFLAGS:-}" ]; then
    skip "memory: without any it ends" "a sanitizer has its own way to end then"
else
    fake_start memory now
    check "memory: it is known what the terminal can do" wait_until 10 fake_wrote memory $'\e[?2031h'
    set_modes memory
    prlimit --as=1 --pid "$(fake_client memory)"
    head -c 400000 /dev/zero | tr '\0' x >"$WORK/memory/keys" # it keeps what the server has not got
    check "memory: without any it ends" wait_until 20 is_over memory
    check "memory: and says so" grep -q 'out of memory' "$WORK/memory/client.err"
    eval "wait \$fake_pid_memory"
    check_equal "memory: all is as it was, but for what cannot be known" " mode 1007 is 1" \
        "$(cat "$WORK/memory/state")"
fi
finish
