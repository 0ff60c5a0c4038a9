#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What `mosh` says while it starts: one line that changes and leaves nothing behind, out of the way of
# what ssh asks on the terminal; each step with -v; nothing with --quiet, or without a terminal.

# shellcheck disable=SC2317  # functions that are called by name
# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$SRC_DIR/tests/lib/tmux.sh"
need_tools ssh tmux

MOSH=$OURS_BINDIR/mosh
unset MOSH_KEY MOSH_PREDICTION_DISPLAY SSH_CONNECTION LANG LANGUAGE
export WORK XDG_CONFIG_HOME=$WORK/no-config

# ssh that goes a step further for each file that appears: $WORK/1, $WORK/2...
cat >"$WORK/ssh" <<'END'
#!/bin/bash
[ "$1" != -G ] || { echo "hostname far"; exit; }
wait_for() { until [ -e "$WORK/$1" ]; do sleep 0.02; done; }
wait_for 1
echo "MOSH IP 192.0.2.1"
wait_for 2
case $* in
*asking*)
    printf "The key of far is not known.\r\nIt is 0123456789012345678901234567890123456789.\r\nGo on? " >/dev/tty
    read -r answer </dev/tty
    printf "Password: " >/dev/tty
    read -rs password </dev/tty
    echo >/dev/tty
    [ "$answer $password" = "yes sesame" ] || echo "wrong: $answer $password"
    ;;
*banner*) echo "Welcome to far" ;;
esac
wait_for 3
[[ $* != *failing* ]] || { echo "Permission denied"; exit 255; }
printf '\nMOSH SSH_CONNECTION 192.0.2.9 5 192.0.2.1 22\n'
wait_for 4
echo "MOSH CONNECT 60001 4NeCCgvZFe2RnPgrcU1PQw"
END
cat >"$WORK/client" <<'END'
#!/bin/sh
[ "$1" != -c ] || { echo 256; exit; }
echo "the client was here"
END
chmod +x "$WORK/ssh" "$WORK/client"

# open NAME WORD...: mosh in a pane, at the bottom of its screen if NAME ends in "low".
open() {
    local name=$1
    shift
    rm -f "$WORK"/[1-4]
    echo "[ '${name%low}' = '$name' ] || seq 30" >"$WORK/in-$name"
    echo "$MOSH --ssh=$WORK/ssh --client=$WORK/client $*" >>"$WORK/in-$name"
    printf '%s\n' "echo \"status \$?\"" 'exec cat' >>"$WORK/in-$name"
    pane_open "$name" 60x12 "sh $WORK/in-$name"
}

step() {
    : >"$WORK/$1"
}

for name in plain low; do
    open $name far
    check "$name: connecting" pane_wait $name "connecting to far by $WORK/ssh"
    step 1
    check "$name: connected" pane_wait $name "connected to 192.0.2.1, logging in"
    check_lacks "$name: one line that changes" "connecting to" "$(pane_text $name)"
    step 2
    step 3
    check "$name: logged in" pane_wait $name "logged in, starting mosh-server"
    step 4
    check "$name: the session starts" pane_wait $name "status 0"
    check_equal "$name: and nothing else is left" $'the client was here\nstatus 0' \
        "$(pane_text $name | grep -v '^[0-9]*$')"
    pane_close $name
done

for name in asking askinglow; do
    open $name asking
    check "$name: connecting" pane_wait $name "connecting to asking"
    step 1
    check "$name: connected" pane_wait $name "connected to 192.0.2.1, logging in"
    step 2
    check "$name: ssh asks" pane_wait $name "Go on?"
    check_equal "$name: its question is whole" \
        $'The key of far is not known.\nIt is 0123456789012345678901234567890123456789.\nGo on?' \
        "$(pane_text $name | grep -v '^[0-9]*$' | head -n 3)"
    pane_line $name yes
    check "$name: ssh asks for a password" pane_wait $name "Password:"
    pane_line $name sesame
    step 3
    step 4
    check "$name: the session starts" pane_wait $name "status 0"
    check_equal "$name: all that is left is what ssh said" \
        $'The key of far is not known.\nIt is 0123456789012345678901234567890123456789.\nGo on? yes\nPassword:\nthe client was here\nstatus 0' \
        "$(pane_text $name | grep -v '^[0-9]*$')"
    pane_close $name
done

open banner banner
step 1
step 2
check "what ssh shows is shown" pane_wait banner "Welcome to far"
check "and our line goes on beneath it" pane_wait banner "logging in"
step 3
step 4
check "a banner: the session starts" pane_wait banner "status 0"
check_equal "a banner: nothing else is left" $'Welcome to far\nthe client was here\nstatus 0' \
    "$(pane_text banner)"
pane_close banner

open failing failing
for i in 1 2 3; do step $i; done
check "a failure is told" pane_wait failing "status 255"
check_equal "and nothing else is left" "Permission denied|mosh: $WORK/ssh could not connect to failing or log in there (status 255); what it said is above|status 255|" \
    "$(tmux_do capture-pane -pJ -t =failing: | sed 's/ *$//' | grep . | tr '\n' '|')"
pane_close failing

open stopped far
check "before Ctrl-C" pane_wait stopped "connecting to far"
pane_keys stopped C-c
check "Ctrl-C: the line vanishes" wait_until 10 eval '! pane_shows stopped "connecting to far"'
pane_close stopped

open quiet --quiet far
step 1
step 2
step 3
step 4
check "--quiet: the session starts" pane_wait quiet "status 0"
pane_close quiet
open dumb "; TERM=dumb $MOSH --ssh=$WORK/ssh --client=$WORK/client far"
for i in 1 2 3 4; do step $i; done
check "a dumb terminal" pane_wait dumb "the client was here"
check_equal "gets no line that it could not take away" "" "$(pane_text dumb | grep 'ing to')"
pane_close dumb

output=$("$MOSH" --ssh="$WORK/ssh" --client="$WORK/client" far 2>&1)
check_equal "without a terminal nothing is said" "0 the client was here" "$? $output"
output=$("$MOSH" -v --ssh="$WORK/ssh" --client="$WORK/client" far 2>&1)
check_equal "-v: each step, with its time" "mosh: T s: asking $WORK/ssh for its configuration
mosh: T s: connecting to far by $WORK/ssh
mosh: T s: connected to 192.0.2.1, logging in
mosh: T s: logged in, starting mosh-server
mosh: T s: waiting for 192.0.2.1, UDP port 60001
the client was here" "$(sed -E 's/^mosh: [0-9]+\.[0-9]{3} s/mosh: T s/' <<<"$output")"
output=$("$MOSH" -v --local --client="$WORK/client" --server="env MOSH_SERVER_NETWORK_TMOUT=1 $OURS_BINDIR/mosh-server" 127.0.0.1 2>&1)
check_contains "-v --local" "s: looking up 127.0.0.1" "$output"
check_contains "-v --local: then" "s: starting mosh-server" "$output"
finish
