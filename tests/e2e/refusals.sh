#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the client refuses to begin, and how it says so: with a message, status 1, and a terminal that
# was not touched.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$(dirname "$0")/../lib/tmux.sh"
need_tools tmux
client=$OURS_BINDIR/mosh-client
[ -x "$client" ] || skip_all "there is no $client"
key=AAECAwQFBgcICQoLDA0ODw
count=0

# refuses NAME WORD COMMAND...: WORD is part of the message.
refuses() {
    local name=$1 word=$2 pane
    shift 2
    count=$((count + 1))
    pane=refusal-$count
    mkdir "$WORK/$pane"
    pane_open "$pane" 80x24 "bash $SRC_DIR/tests/lib/in-pane.sh $WORK/$pane $(printf '%q ' "$@"); exec cat"
    check "$name: ends" pane_wait "$pane" 'client ended:'
    check_contains "$name: with status 1" 'client ended: 1' "$(pane_text "$pane")"
    check_contains "$name: says why" "$word" "$(pane_text "$pane")"
    check_contains "$name: the terminal was not touched" 'terminal restored' "$(pane_text "$pane")"
    pane_close "$pane"
}

mkdir "$WORK/nobody"
pane_open nobody 80x24 "env MOSH_KEY=$key bash $SRC_DIR/tests/lib/in-pane.sh $WORK/nobody \
    $client 127.0.0.1 60999; exec cat"

refuses "R47: no key" MOSH_KEY env -u MOSH_KEY "$client" 127.0.0.1 60001
refuses "R47: a short key" 22 env MOSH_KEY=AAECAw "$client" 127.0.0.1 60001
refuses "R47: a key with other characters" MOSH_KEY env MOSH_KEY='AAECAwQFBgcICQoLDA0O!w' "$client" 127.0.0.1 60001
refuses "R47: a key whose unused bits are set" MOSH_KEY env MOSH_KEY=AAECAwQFBgcICQoLDA0ODx "$client" 127.0.0.1 60001
refuses "a port that is none" 70000 env MOSH_KEY=$key "$client" 127.0.0.1 70000
refuses "port 0" 0 env MOSH_KEY=$key "$client" 127.0.0.1 0
refuses "an address that is a name" localhost env MOSH_KEY=$key "$client" localhost 60001
refuses "too few arguments" 'an address and a port' env MOSH_KEY=$key "$client" 127.0.0.1
refuses "a prediction mode that there is not" sometimes \
    env MOSH_KEY=$key MOSH_PREDICTION_DISPLAY=sometimes "$client" 127.0.0.1 60001
refuses "F41b: a terminal that nobody knows" frobozz \
    env MOSH_KEY=$key TERM=frobozz-1000 "$client" 127.0.0.1 60001

output=$("$client" -x 2>&1 </dev/null)
check_equal "an unknown option: one line" "1 1" "$? $(wc -l <<<"$output")"
check_contains "an unknown option: named" "-x" "$output"
check_equal "-c counts the terminal's colours" 256 "$(TERM=xterm-256color "$client" -c)"
check_equal "and says that a terminal has none" -1 "$(TERM=vt100 "$client" -c)"
check "--help" grep -q mosh-client <<<"$("$client" --help)"
check "--version" grep -q mosh <<<"$("$client" --version)"

# Nobody answers at this port.
check "R25: while nothing has come, the bar names the port" pane_wait nobody '60999' 10
check "R25: a client that reaches nobody gives up" pane_wait nobody 'client ended: 1' 40
check_contains "R25: and says what may be the cause" 'UDP' "$(pane_text nobody)"
check_contains "with the terminal restored" 'terminal restored' "$(pane_text nobody)"
finish
