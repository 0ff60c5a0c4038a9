#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# S03, S04, S05: sessions go on while anybody floods their ports. LONG=1 measures how long keys take
# then, which says something on a machine that has nothing else to do.

# shellcheck disable=SC2317  # functions are called by their names
# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$(dirname "$0")/../lib/tmux.sh"
# shellcheck source=tests/lib/session.sh
. "$(dirname "$0")/../lib/session.sh"
need_tools tmux ps
flood=$BUILD_DIR/tests/lib/flood
[ -x "$OURS_BINDIR/mosh-client" ] || skip_all "there is no $OURS_BINDIR/mosh-client"
[ -x "$flood" ] || skip_all "there is no $flood"

# begin_flood NAME PORT BYTES: on this port, as much as one process can.
begin_flood() {
    nice -n 5 "$flood" 127.0.0.1 "$2" "$3" >"$WORK/flood-$1" &
    echo $! >"$WORK/flood-$1.pid"
    at_exit end_flood "$1"
}

# end_flood NAME: what it has to say is in $WORK/flood-NAME.
end_flood() {
    local pid
    pid=$(cat "$WORK/flood-$1.pid" 2>/dev/null) || return 0
    rm "$WORK/flood-$1.pid"
    kill "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
}

# The server's log says where the client is.
client_port() {
    sed -n 's/.*the client is at 127\.0\.0\.1:\([0-9]*\).*/\1/p' "$WORK/$1/server.err" | tail -n 1
}

# besiege ID BYTES: everything works while both ends are under such a flood.
besiege() {
    local id=$1 bytes=$2 name=siege-$2 began side
    session_open "$name" SERVER_OPTIONS=-v
    began=$(_now_ms)
    begin_flood "$name-server" "$(session_port "$name")" "$bytes"
    begin_flood "$name-client" "$(client_port "$name")" "$bytes"
    check "$id: $bytes bytes: the program echoes" session_works "$name"
    pane_line "$name" "seq 1 3000; echo counted-\$((40 + 2))"
    check "$id: $bytes bytes: what it writes comes" pane_wait "$name" 'counted-42' 20
    pane_line "$name" yes
    check "$id: $bytes bytes: it writes and writes" wait_until 10 endless "$name"
    pane_keys "$name" C-c
    check "$id: $bytes bytes: and is interrupted" session_works "$name"
    check_equal "S05: $bytes bytes: nothing of it is on the screen" "" \
        "$(pane_text "$name" | LC_ALL=C grep -v '^[ -~]*$')"
    check "S05: $bytes bytes: the log has at most a line in ten seconds" log_is_quiet "$name" "$began"
    pane_line "$name" exit
    check "$id: $bytes bytes: and the session ends" session_ended "$name"
    check "$id: $bytes bytes: the server, too" server_gone "$name"
    end_flood "$name-server"
    end_flood "$name-client"
    for side in server client; do
        check "S01: $bytes bytes: nothing came back from the $side" \
            grep -qx 'sent [0-9]*, came back 0' "$WORK/flood-$name-$side"
        note "figure $id: $bytes bytes at the $side: $(cat "$WORK/flood-$name-$side")"
    done
}

session_port() {
    cat "$WORK/$1/port"
}

endless() {
    [ "$(pane_text "$1" | grep -cx y)" -gt 20 ]
}

log_is_quiet() {
    [ "$(grep -c 'no effect' "$WORK/$1/server.err")" -le $((2 + ($(_now_ms) - $2) / 10000)) ]
}

besiege S04 64
[ -z "${LONG:-}" ] || besiege S03 2049
besiege S03 65507

# --- how much is done in one turn ---

# What waits at the socket is taken in pieces, and between them program and clock are looked at.
most_in_a_turn() {
    awk '{ call = $2; sub(/\(.*/, "", call) }
        call ~ /poll/ { n = 0 }
        call ~ /^recv/ && / = [0-9]/ && ++n > most { most = n }
        END { print most + 0 }' "$WORK/trace"
}

turn_is_bounded() {
    [ "$(most_in_a_turn)" -gt 1 ] && [ "$(most_in_a_turn)" -le "$1" ]
}

received_many() {
    [ "$(grep -c '^[0-9]* *recv' "$WORK/trace")" -gt 2000 ]
}

if [ -n "${INSTRUMENT_CFLAGS:-}" ]; then
    skip "S04: a turn takes a bounded number of datagrams" "built with sanitizers or for coverage"
elif ! command -v strace >/dev/null; then
    cannot_run "S04: a turn takes a bounded number of datagrams" "strace is not installed"
else
    batch=$(sed -n 's/^#define UDP_BATCH \([0-9]*\).*/\1/p' "$SRC_DIR/src/sys/udp.h")
    connect=$(grep -m 1 '^MOSH CONNECT' < <(strace -f -o "$WORK/trace" -e trace=recvmsg,recvfrom,poll,ppoll \
        "$OURS_BINDIR/mosh-server" new -i 127.0.0.1 -- cat </dev/null 2>"$WORK/traced.err"))
    read -r _ _ port _ <<<"$connect"
    begin_flood traced "$port" 64
    check "S04: a traced server is flooded" wait_until 20 received_many
    end_flood traced
    check "S04: a turn takes no more than $batch datagrams" turn_is_bounded "$batch"
    note "figure S04: $(most_in_a_turn) datagrams in one turn of the loop at most"
    kill "$(sed -n 's/.*pid = \([0-9]*\).*/\1/p' "$WORK/traced.err")"
fi

# --- how long a key takes ---

# measure NAME [BYTES RATE]: the figures of 200 keys, with and without a flood.
measure() {
    local connect port key
    connect=$("$OURS_BINDIR/mosh-server" new -i 127.0.0.1 -- cat </dev/null 2>/dev/null | grep '^MOSH CONNECT')
    read -r _ _ port key <<<"$connect"
    if [ $# -gt 1 ]; then
        nice -n 0 "$flood" 127.0.0.1 "$port" "$2" "$3" >"$WORK/flood-$1" &
        echo $! >"$WORK/flood-$1.pid"
        at_exit end_flood "$1"
    fi
    MOSH_KEY=$key "$BUILD_DIR/tests/lib/echotime" 127.0.0.1 "$port" 200
    [ $# -eq 1 ] || end_flood "$1"
}

if [ -n "${LONG:-}" ]; then
    note "keys until they are on the screen, in ms: median, 99th percentile, longest, lost"
    note "without a flood: $(measure base)"
    for load in "S03 2049 20" "S03 2049 1000" "S03 2049 20000" "S03 65507 20" "S03 65507 1000" \
        "S03 65507 20000" "S04 64 50000" "S04 64 170000"; do
        read -r id bytes rate <<<"$load"
        figures=$(measure "$bytes-$rate" "$bytes" "$rate")
        note "figure $id: $bytes bytes at $rate/s ($(cat "$WORK/flood-$bytes-$rate")): $figures ms"
        check_equal "$id: $bytes bytes at $rate/s: no key is lost" 0 "${figures##* }"
    done
fi
finish
