#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Roaming, between two hosts with two links: the client changes its address, its link, the family of
# IP; sleeps; reaches another of the server's addresses; with stock mosh at either end, too. How soon
# the screen is there is the simulator's business (tests/sim/test_roam_sim.c); here it has to come
# without being waited for: before the ten seconds are over after which a client tries another port
# anyway.

# shellcheck disable=SC2317 # functions are called by name
# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$SRC_DIR/tests/lib/tmux.sh"
need_tools ip tmux unshare mount
STOCK_BINDIR=${STOCK_BINDIR:-/usr/bin}

# All of it in a network of its own, of which nothing is left when the test ends.
if [ "${ROAMING_INSIDE:-}" != yes ]; then
    if ! unshare -Urnm sh -c 'mount -t tmpfs none /run && mkdir /run/netns && ip netns add x &&
        ip link add va type veth peer name vb netns x' 2>"$WORK/why"; then
        skip_all "no network namespaces with veth links here: $(head -1 "$WORK/why")"
    fi
    # The leak sanitizer cannot look at processes of other namespaces.
    export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
    unshare -Urnm env ROAMING_INSIDE=yes bash "$0"
    status=$?
    _finished=yes # in there
    exit $status
fi

# --- two hosts, two links, and a server with three addresses behind a router of its own ---

mount -t tmpfs none /run
mkdir /run/netns
far() { ip -n far "$@"; }

ip netns add far
for n in 1 2; do
    ip link add "near$n" type veth peer name "far$n" netns far
    far link set "far$n" up
    far addr add "10.$n.0.1/24" dev "far$n"
    far addr add "fd0$n::1/64" dev "far$n" nodad
done
ip link set lo up
far link set lo up
for ip in 10.9.0.1/32 10.9.0.2/32 fd09::1/128; do
    far addr add "$ip" dev lo
done

# comes N FAMILY...: the client has link N, and there these families, and nothing else.
comes() {
    local n=$1 other=$((3 - $1)) family
    shift
    ip link set "near$other" down
    ip link set "near$n" down
    ip addr flush dev "near$other"
    ip addr flush dev "near$n"
    ip link set "near$n" up
    for family in "$@"; do
        if [ "$family" = 4 ]; then
            ip addr add "10.$n.0.2/24" dev "near$n"
            ip route replace 10.9.0.0/24 via "10.$n.0.1"
        else
            ip addr add "fd0$n::2/64" dev "near$n" nodad
            ip -6 route replace fd09::/64 via "fd0$n::1"
        fi
    done
}

goes() {
    local n
    for n in 1 2; do
        ip link set "near$n" down
        ip addr flush dev "near$n"
    done
}

# --- sessions ---

export TERM=xterm-256color MOSH_SERVER_NETWORK_TMOUT=300
counter=0

cat >"$WORK/program" <<'END'
stty -echo
echo begun
while read -r x; do echo "read $x"; done
END

bin_of() {
    if [ "$1" = ours ]; then echo "$OURS_BINDIR"; else echo "$STOCK_BINDIR"; fi
}

# begin CLIENT SERVER ADDRESS OTHERS [OPTION...]: a session of theirs, which has begun. The options
# are the server's, which says in $dir/server what it does if it is ours.
begin() {
    local client=$1 server=$2 address=$3 others=$4 port key verbose=
    shift 4
    counter=$((counter + 1))
    pane=s$counter
    dir=$WORK/$pane
    mkdir "$dir"
    [ "$client" = stock ] || verbose=-v
    ip netns exec far "$(bin_of "$server")/mosh-server" new "$@" -- bash "$WORK/program" \
        </dev/null >"$dir/out" 2>"$dir/err"
    read -r _ _ port key <<<"$(grep '^MOSH CONNECT' "$dir/out")"
    server_pid=$(sed -n 's/.*pid = \([0-9]*\).*/\1/p' "$dir/err")
    at_exit end_process "$server_pid"
    # shellcheck disable=SC2016 # for the shell in the pane
    pane_open "$pane" 80x24 "MOSH_KEY=$key MOSH_OTHER_ADDRESSES='$others' bash -c 'echo \$\$ >$dir/pid
        exec $(bin_of "$client")/mosh-client $verbose $address $port 2>$dir/client'; exec cat"
    check "$client with $server: the session begins" pane_wait "$pane" begun 20
}

finish_session() {
    end_process "$(cat "$dir/pid")"
    end_process "$server_pid"
    pane_close "$pane"
}

# works [SECONDS]: something that is typed now is answered.
works() {
    counter=$((counter + 1))
    pane_line "$pane" "line-$counter"
    pane_wait "$pane" "read line-$counter" "${1:-8}"
}

# changes: how often the client has noticed a change of the network.
changes() {
    grep -c 'the network has changed' "$dir/client"
}

noticed_more_than() { [ "$(changes)" -gt "$1" ]; }

# --- ours ---

comes 1 4 6
begin ours ours 10.9.0.1 fd09::1 -v -p 60001:60999
check "it works" works
before=$(changes)
comes 2 4 6
check "the client notices another link and address" wait_until 8 noticed_more_than "$before"
check "and goes on there" works
goes
pane_line "$pane" "typed on the way"
sleep_until_unheard() { pane_shows "$pane" 'Network is unreachable' || pane_shows "$pane" 'contact'; }
check "without a network the user is told" wait_until 20 sleep_until_unheard
comes 1 4
check "what was typed meanwhile is read when there is one again" \
    pane_wait "$pane" "read typed on the way" 8
comes 1 6
check "where there is IPv6 alone, the other address does it" works
comes 2 4
check "and back to IPv4" works
check "the server saw both families" grep -q 'the client is at \[fd01::2\]' "$dir/err"

# Others come and go, and that is not our business.
before=$(changes)
for i in 1 2 3 4 5 6 7 8; do
    ip link add "x$i" type veth peer name "y$i"
    ip addr add "10.77.$i.1/24" dev "x$i"
    ip link set "x$i" up
    ip link del "x$i"
done
check "it works while other links come and go" works
# One more may be the end of what was before.
check "which are not taken for changes" test "$(changes)" -le $((before + 1))

# Asleep: the program goes on meanwhile.
kill -STOP "$(cat "$dir/pid")"
before=$(changes)
kill -CONT "$(cat "$dir/pid")"
check "waking up is a change" wait_until 8 noticed_more_than "$before"
check "after which it works" works
# An address of the server dies, and nobody says so.
far addr del 10.9.0.1/32 dev lo
comes 2 4 6
check "the server's IPv4 address is gone: the other one is found" works 20
far addr add 10.9.0.1/32 dev lo
finish_session

# The first contact, where the first of the addresses does not answer.
comes 1 4 6
begin ours ours 10.9.0.77 "10.9.0.1 fd09::1" -v
check "the first address is nobody's, and it works" works
finish_session

# An answer comes from the address that was asked: behind one that lets nothing else in, it counts.
comes 1 4
ip route add blackhole 10.9.0.1
begin ours ours 10.9.0.2 "" -v
check "at the server's second address it works" works
check_equal "without anything from its first" 0 "$(grep -c 'from 10.9.0.1' "$dir/client")"
finish_session
ip route del blackhole 10.9.0.1

# Link-local addresses have a zone (R34).
comes 1 6
zone() { far -6 -o addr show dev far1 scope link | sed -n 's/.*inet6 \(fe80[^/]*\).*/\1/p;q'; }
has_zone() { ip -6 -o addr show dev near1 scope link -tentative | grep -q fe80; }
check "there are link-local addresses" wait_until 10 has_zone
begin ours ours "$(zone)%near1" "" -v
check "which work" works
finish_session

# --- with stock mosh ---

if [ -x "$STOCK_BINDIR/mosh-server" ]; then
    comes 1 4 6
    begin ours stock 10.9.0.1 fd09::1 -i ::
    check "ours with a stock server: it works" works
    comes 2 4 6
    check "on another link" works
    comes 1 6
    check "with the other family" works
    comes 1 4
    check "and back" works
    finish_session

    comes 1 4
    begin stock ours 10.9.0.1 "" -v
    check "a stock client with ours: it works" works
    comes 2 4
    check "on another link" works 30
    check "the server has followed" grep -q 'the client is at 10.2.0.2' "$dir/err"
    finish_session
else
    skip "with stock mosh" "there is no $STOCK_BINDIR/mosh-server"
fi
finish
