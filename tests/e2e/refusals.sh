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

# --- R25: nobody answers, which takes its time to be sure of ---

# explain NAME VARIABLE... -- ADDRESS PORT: the client in a pane.
explain() {
    local name=$1 variables=
    shift
    while [ "$1" != -- ]; do
        variables="$variables $(printf %q "$1")"
        shift
    done
    shift
    mkdir "$WORK/$name"
    pane_open "$name" 80x24 "env $variables bash $SRC_DIR/tests/lib/in-pane.sh $WORK/$name \
        $client $*; exec cat"
}

# At the one port nobody listens, at the other one somebody who knows another key.
explain nobody MOSH_KEY=$key -- 127.0.0.1 60999
connect=$(MOSH_SERVER_NETWORK_TMOUT=60 "$OURS_BINDIR/mosh-server" new -i 127.0.0.1 2>/dev/null)
silent_port=$(sed -n 's/^MOSH CONNECT \([0-9]*\) .*/\1/p' <<<"$connect")
explain silent MOSH_KEY=$key MOSH_SETUP="way=proxy ports=61000:61010 sees=10.0.0.5" -- \
    127.0.0.1 "$silent_port"

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

# what NAME: the explanation that stands on the screen, in its box without the bar above it.
what() {
    pane_text "$1" | sed -n '/Nothing has come back/,$p' | sed 's/^ //' | grep .
}

check "R25: while nothing has come, the bar names address and port" \
    pane_wait nobody 'no answer yet from 127.0.0.1, UDP port 60999' 10
check "R25: then the screen says why" pane_wait nobody "if it has an IPv6 address" 10
refused='The likely causes, the likeliest first ("mosh --doctor" finds out which):
1. Not the server'\''s address, behind NAT or a jump host. Try
    mosh --experimental-remote-ip=remote
   or mosh -6, if it has an IPv6 address.
2. The server'\''s firewall. To open it, as root at the server one of
    ufw allow 60001:60999/udp
    firewall-cmd --add-port=60001-60999/udp --permanent; firewall-cmd --reload
    nft add rule inet filter input udp dport 60001-60999 accept
   and in a cloud, its own firewall (security group) as well.
3. A network that lets no UDP through: try it from another one, or with
   another port, which the server'\''s firewall has to let in: mosh -p PORT'
check_equal "R25: with what ICMP said, and the causes that fit" \
    "Nothing has come back by UDP, though ssh got there. Tried was
127.0.0.1, port 60999 (IPv4).
The answer by ICMP, N times: nobody listens at that port.
$refused" "$(what nobody | sed -E 's/, ([0-9]+ times|once):/, N times:/')"
pane_keys nobody C-^ .
check "R25: who has seen enough leaves" pane_wait nobody 'client ended: 1' 40
check_equal "R25: and may read it again" \
    "Nothing has come back by UDP for N s, though ssh got there. Tried was
127.0.0.1, port 60999 (IPv4).
The answer by ICMP, N times: nobody listens at that port.
$refused" "$(pane_text nobody | sed -En '/^mosh: Nothing has come back/,/-p PORT/{
            s/^mosh: //; s/, ([0-9]+ times|once):/, N times:/; s/for [0-9]+ s/for N s/; p; }')"
check_contains "with the terminal restored" 'terminal restored' "$(pane_text nobody)"

check "R25: silence: the screen says why" pane_wait silent "was reached at" 10
check_equal "R25: silence: a firewall comes first, and what the start has shown is used" \
    "Nothing has come back by UDP, though ssh got there. Tried was
127.0.0.1, port $silent_port (IPv4).
The network says nothing (no ICMP).
The likely causes, the likeliest first (\"mosh --doctor\" finds out which):
1. The server's firewall. To open it, as root at the server one of
    ufw allow 61000:61010/udp
    firewall-cmd --add-port=61000-61010/udp --permanent; firewall-cmd --reload
    nft add rule inet filter input udp dport 61000-61010 accept
   and in a cloud, its own firewall (security group) as well.
2. A network that lets no UDP through: try it from another one, or with
   another port, which the server's firewall has to let in: mosh -p PORT
3. Not the server's address, behind NAT or a jump host. Try
    mosh --experimental-remote-ip=remote
   or mosh -6, if it has an IPv6 address.
   The server says that it was reached at 10.0.0.5." "$(what silent)"
pane_keys silent C-^ .
check "R25, R17: for mosh, it has a status of its own" pane_wait silent 'client ended: 250' 40
finish
