#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# `mosh` itself: with an ssh and a client that only play their parts, so that every answer can be
# given and every command line seen; then with a real sshd, in the configurations that users have.

# shellcheck disable=SC2317  # functions that are called by name
# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/sshd.sh
. "$SRC_DIR/tests/lib/sshd.sh"
# shellcheck source=tests/lib/tmux.sh
. "$SRC_DIR/tests/lib/tmux.sh"

need_tools ssh sshd tmux ps

MOSH=$OURS_BINDIR/mosh
KEY=4NeCCgvZFe2RnPgrcU1PQw
unset MOSH_KEY MOSH_PREDICTION_DISPLAY MOSH_PREDICTION_OVERWRITE MOSH_NO_TERM_INIT
unset SSH_CONNECTION LANG LANGUAGE MOSH_ESCAPE_KEY MOSH_TITLE_NOPREFIX MOSH_TITLE_PREFIX
export XDG_CONFIG_HOME=$WORK/no-config
export WORK

# --- the players ---

# ssh -G prints $WORK/config, ssh -O check says what $WORK/master holds; otherwise it says what
# $WORK/transcript holds and exits with the status in $WORK/status.
cat >"$WORK/ssh" <<'END'
#!/bin/sh
case "$1" in
-G) cat "$WORK/config"; exit ;;
-O) exit "$(cat "$WORK/master")" ;;
esac
for word in "$@"; do
    printf '%s\n' "$word"
done >"$WORK/ssh-words"
env >"$WORK/ssh-environment"
cat "$WORK/transcript"
if [ -e "$WORK/linger" ]; then
    echo $$ >"$WORK/ssh-pid"
    while [ -e "$WORK/linger" ]; do sleep 0.05; done
    dd if=/dev/zero bs=1000 count=200 2>/dev/null && echo all >"$WORK/ssh-wrote"
fi
exit "$(cat "$WORK/status")"
END

cat >"$WORK/client" <<'END'
#!/bin/sh
[ "$1" != -c ] || { echo 256; exit; }
printf '%s\n' "$@" >"$WORK/client-words"
env >"$WORK/client-environment"
ps -o ppid= -o stat= -o args= -A | awk -v me=$$ '$1 == me' >"$WORK/client-children"
tr '\0' ' ' </proc/$$/cmdline >"$WORK/client-cmdline" 2>/dev/null
[ ! -t 0 ] || stty -g >"$WORK/client-modes"
echo "the client was here"
exit 42
END
chmod +x "$WORK/ssh" "$WORK/client"

# answer STATUS TEXT: what ssh will say, with escapes as printf knows them.
answer() {
    echo "$1" >"$WORK/status"
    printf '%b' "$2" >"$WORK/transcript"
}

# run_mosh WORD...: sets $output and $status.
run_mosh() {
    rm -f "$WORK"/client-* "$WORK"/ssh-*
    output=$(timeout 60 "$MOSH" --ssh="$WORK/ssh" --client="$WORK/client" "$@" 2>&1 </dev/null)
    status=$?
}

# word NUMBER: of what the last client was called with.
word() {
    sed -n "$1p" "$WORK/client-words"
}

client_has() {
    grep -qxF -- "$1" "$WORK/client-environment"
}

ssh_word_after() {
    grep -A1 -xF -e "$1" "$WORK/ssh-words" | tail -n 1
}

# check_fails NAME STATUS-OF-SSH ANSWER STATUS MESSAGE: the answer makes mosh fail with this status, and
# say this and nothing else.
check_fails() {
    answer "$2" "$3"
    run_mosh far
    check_equal "$1: status" "$4" "$status"
    check_equal "$1: message" "mosh: $5" "$(printf '%s\n' "$output" | grep '^mosh: ')"
    check "$1: no client" not test -e "$WORK/client-words"
}

good="MOSH IP 192.0.2.1\nMOSH CONNECT 60001 $KEY\n"
printf 'hostname far\n' >"$WORK/config"
echo 255 >"$WORK/master"

# --- a start that goes well ---

answer 0 "$good"
run_mosh -p 60001:60009 far ls -l "it's"
check_equal "the status is the client's" 42 "$status"
check_equal "the address" 192.0.2.1 "$(word 2)"
check_equal "the port" 60001 "$(word 3)"
check_contains "the own command line for ps" "-p 60001:60009 far ls -l it's |" "$(word 1)"
check "the key is in the client's environment" client_has "MOSH_KEY=$KEY"
check_lacks "S15: the key is in no argument vector" "$KEY" \
    "$(cat "$WORK/client-words" "$WORK/client-cmdline" "$WORK/ssh-words")"
check "the prediction mode" client_has "MOSH_PREDICTION_DISPLAY=adaptive"
check "R42: the output of a command stays on the screen" client_has "MOSH_KEEP_SCREEN=1"
run_mosh --server=mosh-server -p 60001:60009 far ls -l "it's"
check_equal "the remote command" \
    "mosh-server 'new' '-c' '256' '-s' '-@' 'everywhere' '-p' '60001:60009' '-l' 'LC_ALL=C.UTF-8' '--' 'ls' '-l' 'it'\\''s'" \
    "$(tail -n 1 "$WORK/ssh-words")"
check_equal "S15: no key of another session reaches ssh" "" \
    "$(MOSH_KEY=x run_mosh far && grep ^MOSH_KEY "$WORK/ssh-environment")"
run_mosh far
check "R42: that of a login shell does not" not client_has "MOSH_KEEP_SCREEN=1"
MOSH_NO_TERM_INIT=1 run_mosh --init far ls
check "--init" not client_has "MOSH_NO_TERM_INIT=1"
run_mosh --no-init -a -o far
check "--no-init" client_has "MOSH_NO_TERM_INIT=1"
check "-a" client_has "MOSH_PREDICTION_DISPLAY=always"
check "-o" client_has "MOSH_PREDICTION_OVERWRITE=yes"
MOSH_PREDICTION_DISPLAY=never run_mosh far
check "MOSH_PREDICTION_DISPLAY" client_has "MOSH_PREDICTION_DISPLAY=never"

# --- where else the server may be found ---

answer 0 "MOSH IP 192.0.2.1\nMOSH ALSO 2001:db8::1\nMOSH ALSO 127.0.0.1\nMOSH SSH_CONNECTION 192.0.2.9 5 10.0.0.7 22\nMOSH CONNECT 60001 $KEY\n"
run_mosh far
check "the client gets the server's other addresses" client_has "MOSH_OTHER_ADDRESSES=2001:db8::1 10.0.0.7"
check_equal "after the one that ssh is connected to" 192.0.2.1 "$(word 2)"
MOSH_OTHER_ADDRESSES=192.0.2.3 run_mosh --bind-server=ssh far
check_lacks "none where the server listens at one alone" MOSH_OTHER_ADDRESSES "$(cat "$WORK/client-environment")"

# --- R16: what stands around the line ---

for around in 'banner\n@' '\r\n\n@' 'Welcome!\r\n\r\n@' 'ls\\b\\bx\r\n\r\n@' '\0377\0376\0\n@' '$ \n@after\nMOSH CONNECT x\n'; do
    answer 0 "${around/@/$good}"
    run_mosh far
    check_equal "R16: found amid $around" "42 60001" "$status $(word 3)"
done
answer 0 "MOSH IP 192.0.2.1\r\nMOSH CONNECT 60001 $KEY \r\n"
run_mosh far
check_equal "R16: found with CRLF" "42 60001" "$status $(word 3)"
answer 0 "MOSH IP 2001:db8::1\nMOSH CONNECT 60001 $KEY"
run_mosh far
check_equal "R34: an IPv6 address" "2001:db8::1" "$(word 2)"
answer 0 "a \033]0;evil\007\033[31mred\n$good"
run_mosh far
check_contains "S26: escapes are made visible" 'a ^[]0;evil^G^[[31mred' "$output"
check_lacks "S26: and none passes" $'\033' "$output"

# --- R17: each failure in its own words ---

above="; what it said is above"
elsewhere="or say where it is with --server=/PATH/TO/mosh-server"
places="neither in the PATH nor in ~/.local/bin, /usr/local/bin, /opt/homebrew/bin, /opt/local/bin, ~/bin"
no_server="mosh-server was not found on far; install mosh there, $elsewhere"
bad_line="the answer from far has a line MOSH CONNECT that is not understood; expected MOSH CONNECT, a port from 1 to 65535, and a key of 22 characters"
no_line="mosh-server on far ended without opening a session: no line MOSH CONNECT came"
check_fails "R17: ssh fails" 255 'Permission denied\n' 255 \
    "$WORK/ssh could not connect to far or log in there (status 255)$above"
check_contains "R17: what ssh said is shown" "Permission denied" "$output"
check_fails "R17: ssh fails silently" 255 '' 255 \
    "$WORK/ssh could not connect to far or log in there (status 255), and said nothing"
check_fails "R17: no server there" 127 'bash: mosh-server: command not found\n' 254 "$no_server"
check_fails "R17: no server there, csh" 1 'mosh-server: Command not found.\n' 254 "$no_server"
while read -r system id command; do
    check_fails "R18: no server on $id" 127 "\nMOSH MISSING ${system//_/ }\n" 254 \
        "mosh-server was not found on far, $places; install it there (on $id: $command), $elsewhere"
done <<'END'
Linux_debian debian apt install mosh
Linux_pop_ubuntu_debian ubuntu apt install mosh
Linux_fedora fedora dnf install mosh
Linux_alpine alpine apk add mosh
Linux_endeavouros_arch arch pacman -S mosh
Linux_opensuse-tumbleweed_opensuse_suse suse zypper install mosh
FreeBSD_freebsd FreeBSD pkg install mosh
Darwin Darwin brew install mosh
END
check_fails "R18: no server on a system without a name" 127 '\nMOSH MISSING Linux\n' 254 \
    "mosh-server was not found on far, $places; install mosh there, $elsewhere"
check_fails "R17: the server dies" 1 'no locale\n' 253 "mosh-server on far failed with status 1$above"
check_contains "R17: what the server said is shown" "no locale" "$output"
check_fails "R17: the server cannot be executed" 126 'sh: Permission denied\n' 253 \
    "mosh-server on far cannot be executed (status 126)$above"
check_fails "R17: nothing comes" 0 '' 253 "$no_line, and said nothing"
check_fails "R17: the line is bad" 0 "MOSH CONNECT 60001\n" 252 "$bad_line"
check_fails "S27: port 0" 0 "MOSH CONNECT 0 $KEY\n" 252 "$bad_line"
check_fails "S27: port 65536" 0 "MOSH CONNECT 65536 $KEY\n" 252 "$bad_line"
check_fails "R47: the key is no key" 0 "MOSH CONNECT 60001 ${KEY}x\n" 252 "$bad_line"
check_fails "S27: a second address" 0 "MOSH IP ::1\nMOSH IP ::1\n$good" 252 \
    "the answer from far has a second line MOSH IP, so it cannot be trusted"
check_fails "F46: the line is cut off" 0 "MOSH CONNECT 60001 4NeCC" 252 "$bad_line"
check_fails "F46: text before the line" 0 "x MOSH CONNECT 60001 $KEY\n" 253 "$no_line$above"
check_fails "no address" 0 "MOSH CONNECT 60001 $KEY\n" 252 \
    "the server is running, but its address is not known; does the ssh command ignore ProxyCommand? Try --experimental-remote-ip=remote"

output=$("$MOSH" --ssh=/nonexistent/ssh --client="$WORK/client" far 2>&1)
check_equal "R17: no ssh" "251 mosh: cannot run /nonexistent/ssh: No such file or directory" "$? $output"
output=$("$MOSH" --client=/nonexistent/client far 2>&1)
check_equal "R17: no client" "251 mosh: cannot run /nonexistent/client: No such file or directory" \
    "$? $output"
output=$("$MOSH" --client=/bin/false far 2>&1)
check_equal "R17: a client that fails: status" 251 $?
check_contains "R17: a client that fails: message" "/bin/false -c failed" "$output"
run_mosh --ssh="ssh 'x" far
check_contains "--ssh that is not completed" "--ssh ssh 'x:" "$output"

# --- hosts and options ---

for host in '' -oProxyCommand=x 'a b' $'a\nb' $'a\033b' u@ @h u@-x 'h;id'; do
    run_mosh -- "$host"
    check "S27: not a host: $(printf %q "$host")" test "$status" = 251 -a ! -e "$WORK/ssh-words"
done
run_mosh --port=70000 far
check_contains "a bad option is named" "--port 70000" "$output"
check_equal "a bad option's status" 251 "$status"
MOSH_PREDICTION_DISPLAY=Never run_mosh far
check_contains "a bad environment is named" "environment's MOSH_PREDICTION_DISPLAY=Never" "$output"
check_contains "--help" "Usage: mosh" "$("$MOSH" --help)"
check_contains "--version" "mosh" "$("$MOSH" --version)"
check "--help fails where it cannot be read" not sh -c "'$MOSH' --help >/dev/full"

answer 0 "$good"
run_mosh --bind-server=any far
check_contains "--bind-server=any" "'-c' '256' '-l'" "$(tail -n 1 "$WORK/ssh-words")"
run_mosh --bind-server=::1 far
check_contains "--bind-server=IP" "'-i' '::1'" "$(tail -n 1 "$WORK/ssh-words")"
run_mosh --server='env A=b server' far
check_contains "--server is not quoted" "env A=b server 'new'" "$(tail -n 1 "$WORK/ssh-words")"
run_mosh --no-ssh-pty far
check "--no-ssh-pty" not grep -qx -- -tt "$WORK/ssh-words"
run_mosh "u@[::1]"
check "R34: no brackets for ssh" grep -qx 'u@::1' "$WORK/ssh-words"

# --- the choice of the way to the address ---

uses_proxy() {
    grep -q '^ProxyCommand=.* --fake-proxy -- %h %p$' "$WORK/ssh-words"
}
report="MOSH SSH_CONNECTION 192.0.2.9 5 192.0.2.77 22\nMOSH CONNECT 60001 $KEY\n"

run_mosh -6 far
check "by default ssh goes through our proxy" uses_proxy
check_equal "the proxy's family" 1 "$(grep -c "'--family=inet6'" "$WORK/ssh-words")"
check "the proxy's shell" grep -qx SHELL=/bin/sh "$WORK/ssh-environment"
check_equal "no master" none "$(ssh_word_after -S)"
printf 'hostname far\naddressfamily inet6\ncontrolpath /c\n' >"$WORK/config"
run_mosh far
check "no live master: our proxy" uses_proxy
check_equal "the family of ssh's configuration" 1 "$(grep -c "'--family=inet6'" "$WORK/ssh-words")"
answer 0 "$report"
echo 0 >"$WORK/master"
run_mosh far
check "a live master is used" not uses_proxy
check_equal "the reported address" "42 192.0.2.77" "$status $(word 2)"
for line in "proxyjump j" "proxycommand nc %h %p" "bindaddress 10.0.0.1"; do
    printf 'hostname far\n%s\n' "$line" >"$WORK/config"
    run_mosh far
    check "ssh is left alone with $line" not uses_proxy
    check_equal "the reported address with $line" "42 192.0.2.77" "$status $(word 2)"
done
printf 'hostname far\nproxyjump j\n' >"$WORK/config"
run_mosh far
check_lacks "behind a jump host the server listens everywhere" "'-s'" \
    "$(tail -n 1 "$WORK/ssh-words")"
run_mosh --experimental-remote-ip=proxy far
check "--experimental-remote-ip=proxy" uses_proxy
: >"$WORK/config"
run_mosh far
check "an ssh without -G is left alone" not uses_proxy
run_mosh --experimental-remote-ip=remote -4 far
check "--experimental-remote-ip=remote" grep -q 'MOSH SSH_CONNECTION' "$WORK/ssh-words"
check "-4 for ssh" grep -qx -- -4 "$WORK/ssh-words"
run_mosh --experimental-remote-ip=local u@127.0.0.1
check_equal "--experimental-remote-ip=local" "42 127.0.0.1" "$status $(word 2)"
check "ssh gets the address" grep -qx 'u@127.0.0.1' "$WORK/ssh-words"
printf 'hostname 192.0.2.4\nproxyjump j\n' >"$WORK/config"
answer 0 "${report/192.0.2.77/10.0.0.1}"
run_mosh far
check_equal "R36: a private address behind translation gives way" "42 192.0.2.4" "$status $(word 2)"

# --- the client does not wait for ssh, and ssh does not suffer from it ---

printf 'hostname far\n' >"$WORK/config"
answer 0 "$good"
: >"$WORK/linger"
run_mosh far
check_equal "the client starts while ssh still runs" 42 "$status"
check "ssh still runs" wait_until 10 test -s "$WORK/ssh-pid"
check "ssh is still there" not is_gone "$(cat "$WORK/ssh-pid")"
check_equal "ssh is not the client's child" "" "$(grep -v ' ps -o \|awk\|client -#' "$WORK/client-children")"
rm "$WORK/linger"
check "ssh could write to its end" wait_until 10 test -e "$WORK/ssh-wrote"
check "ssh has ended" wait_until 10 is_gone "$(cat "$WORK/ssh-pid")"

# --- descriptors that are closed (F34, F46) ---

rm -f "$WORK/client-words"
"$MOSH" --ssh="$WORK/ssh" --client="$WORK/client" far <&- >&- 2>&-
check_equal "F34: no standard streams" "42 60001" "$? $(word 3)"

rm -f "$WORK/client-words"
(trap '' CHLD; exec "$MOSH" --ssh="$WORK/ssh" --client="$WORK/client" far >/dev/null)
check_equal "started with SIGCHLD ignored" "42 60001" "$? $(word 3)"

# --- without ssh ---

server=$OURS_BINDIR/mosh-server
quick="env MOSH_SERVER_NETWORK_TMOUT=1 $server" # ends soon where no client comes
run_mosh --local --server="$quick" 127.0.0.1
check_equal "--local" "42 127.0.0.1" "$status $(word 2)"
run_mosh --local --server=/bin/false 127.0.0.1
check_contains "--local: the server fails" "failed with status 1" "$output"
run_mosh --local --server="sh -c 'pwd; echo \"<\$SSH_CONNECTION>\"; echo \"\$@\"' x" ::1 a\ b
check_contains "--local: the server starts at home" "$HOME" "$output"
check_contains "--local: the server's words" "-i ::1 -l LC_ALL=C.UTF-8 -- a b" "$output"

# --- the real client, on a terminal ---

cat >"$WORK/in-pane" <<END
mosh="$MOSH --local --client=$OURS_BINDIR/mosh-client --server=$server 127.0.0.1"
\$mosh sh -c 'echo output; echo here'
echo "status \$?"
\$mosh sh -c 'echo output; exit 3'
echo "then status \$?"
\$mosh sh -c 'kill -KILL \$\$'
echo "killed: status \$?"
\$mosh sh -c 'exec >/dev/tty </dev/null 2>&1; trap "" HUP; exec >&-; exit 4'
echo "without a terminal: status \$?"
exec cat
END
pane_open command 60x20 "sh $WORK/in-pane"
check "a command is run to its end" pane_wait command "without a terminal: status 4"
check_contains "R42: and its output is still there, and its status" $'output\nhere\n' \
    "$(pane_text command)"
check_contains "a command's exit status" "then status 3" "$(pane_text command)"
check_contains "a command that was killed" "killed: status 137" "$(pane_text command)"
pane_close command
cat >"$WORK/in-pane" <<END
$MOSH -v --local --client=$OURS_BINDIR/mosh-client --server=$server 127.0.0.1 true
echo "status \$?"
exec cat
END
pane_open steps 100x20 "sh $WORK/in-pane"
check "-v: the session starts" pane_wait steps "status 0"
check "-v: the last step is the first answer" \
    grep -qE '^mosh: [0-9]+\.[0-9]{3} s: the first answer came by UDP$' <<<"$(pane_text steps)"
pane_close steps

# --- a real sshd ---

if ! sshd_start "LogLevel VERBOSE"; then
    cannot_run "the rest, with a real sshd" "$SSHD_TROUBLE"
    finish
fi

# run_real WORD...: with the real ssh; sets $output and $status.
run_real() {
    rm -f "$WORK"/client-*
    output=$(timeout 60 "$MOSH" --ssh="$SSH" --client="$WORK/client" --server="$quick" "$@" 2>&1 </dev/null)
    status=$?
}

check_session() {
    check_equal "$1" "42 $2" "$status $(word 2)"
    [ "$status" = 42 ] || note "$output"
}

# The round trips of a start are those of one ssh connection with one command in it, whether
# mosh-server was named or has to be found; what comes after is counted in tests/sim/test_start_sim.c.
counted() {
    echo "$(grep -c '^Connection from' "$SSHD_LOG") connections" \
        "$(grep -c '^Accepted publickey' "$SSHD_LOG") logins" "$(grep -c '^Starting session:' "$SSHD_LOG") commands"
}

# one_start NAME WORD...: forgets what was before.
one_start() {
    local name=$1
    shift
    rm -f "$WORK"/client-*
    : >"$SSHD_LOG"
    output=$(timeout 60 "$MOSH" --ssh="$SSH" --client="$WORK/client" "$@" 2>&1 </dev/null)
    check_equal "$name: one ssh connection, with one command" "1 connections 1 logins 1 commands" "$(counted)"
}

one_start "a server that is named" --server="$quick" testhost
check "and the session is there" test -e "$WORK/client-words"
one_start "a server that is looked for" testhost
one_start "the address as the server reports it" --experimental-remote-ip=remote testhost
one_start "the address as the name has it" --experimental-remote-ip=local 127.0.0.1

run_real testhost
check_session "a session through a real sshd" 127.0.0.1
check_lacks "nothing of ssh is left on the screen" "losed" "$output"
if ssh -F "$SSH_CONFIG" testhost6 true 2>/dev/null; then
    run_real testhost6
    check_session "R34: over IPv6" ::1
    run_real "[::1]"
    check_session "R34: [::1]" ::1
    run_real -6 testhost6
    check_session "R34: -6" ::1
else
    skip "R34: over IPv6" "no IPv6 here"
fi
run_real --no-ssh-pty testhost
check_session "without a terminal there" 127.0.0.1
run_real --experimental-remote-ip=remote testhost
check_session "the address as the server reports it" 127.0.0.1
run_real --experimental-remote-ip=local 127.0.0.1
check_session "the address as the name has it" 127.0.0.1
run_real --server=/nonexistent/mosh-server testhost
check_contains "R17: no server, a real shell says" "was not found on testhost" "$output"
output=$("$MOSH" --ssh="$SSH -o Port=1" --client="$WORK/client" testhost 2>&1)
check_equal "R17: nobody listens: status" 255 $?
check_contains "R17: nobody listens: message" "cannot connect to 127.0.0.1 (127.0.0.1) port 1" "$output"

cat >>"$SSH_CONFIG" <<END
Host jumped
    HostName 127.0.0.1
    ProxyJump testhost
Host commanded
    HostName no-such-name.invalid
    ProxyCommand ssh -F $SSH_CONFIG -W 127.0.0.1:$SSHD_PORT testhost
Host shared
    HostName 127.0.0.1
    ControlPath $WORK/master-%C
Host sharing
    HostName 127.0.0.1
    ControlMaster auto
    ControlPersist 60
    ControlPath $WORK/sharing-%C
END
logins() {
    grep -c 'Accepted publickey' "$SSHD_LOG"
}
before=$(logins)
run_real jumped
check_session "ProxyJump is respected" 127.0.0.1
check_equal "ProxyJump: a login for each hop" 2 $(($(logins) - before))
run_real commanded
check_session "ProxyCommand is respected" 127.0.0.1
ssh -F "$SSH_CONFIG" -M -N -f shared
# With no key of its own it can log in through the master alone.
SSH="$SSH -o IdentityFile=none -o PreferredAuthentications=none" run_real shared
check_session "a live ControlMaster is used" 127.0.0.1
ssh -F "$SSH_CONFIG" -O exit shared 2>/dev/null
run_real shared
check_session "a ControlPath without a master" 127.0.0.1
run_real sharing
check_session "ControlMaster auto with ControlPersist" 127.0.0.1
ssh -F "$SSH_CONFIG" -O exit sharing 2>/dev/null

# --- what needs a terminal: questions of ssh, and its modes ---

ssh-keygen -q -p -P '' -N 'open sesame' -f "$WORK/sshd/user_key" >/dev/null
# The server, and with it ssh, stays until the client has noted the modes that it finds.
cat >"$WORK/slow-server" <<END
echo "MOSH CONNECT 60001 $KEY"
until [ -e "$WORK/client-modes" ]; do sleep 0.05; done
END
rm -f "$WORK"/client-*
cat >"$WORK/in-pane" <<END
stty -g >"$WORK/modes-before"
$MOSH --ssh="$SSH -o BatchMode=no" --client="$WORK/client" --server="sh $WORK/slow-server" testhost
echo "status \$?"
exec cat
END
pane_open asking 100x24 "sh $WORK/in-pane"
check "ssh asks for a passphrase on the terminal" pane_wait asking "Enter passphrase"
pane_line asking "open sesame"
check "and takes it" pane_wait asking "the client was here"
check "and the session starts" pane_wait asking "status 42"
check_equal "ssh leaves the terminal's modes alone" "$(cat "$WORK/modes-before")" \
    "$(cat "$WORK/client-modes")"
check_lacks "the passphrase is not shown" "sesame" "$(pane_text asking)"

finish
