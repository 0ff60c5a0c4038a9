# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# session: sessions of our client and server in panes, without a wrapper. Needs testlib.sh and
# tmux.sh.
#
#   session_open NAME [VARIABLE=VALUE...]   starts one whose command is a plain shell, and waits for
#                                           its prompt, `ready$`. The variables are the client's, and
#                                           those that begin with MOSH_SERVER_ the server's. Ends
#                                           the test if it does not come
#   session_start NAME [VARIABLE=VALUE...]  the same without waiting
#   session_close NAME                      ends client and server, whatever they are doing
#   session_works NAME                      whether the shell still answers
#   session_ended NAME [SECONDS]            waits for the client's end
#   client_pid NAME, server_pid NAME        their process ids
#   server_gone NAME [SECONDS]              waits for the server's end
#
# A session's notes (server.err, key, client.pid) are in $WORK/NAME.

LIB_DIR=$(dirname "${BASH_SOURCE[0]}")
_session_counter=0

# A server that a failing test leaves behind ends by itself after so many seconds.
: "${MOSH_SERVER_NETWORK_TMOUT=300}"
export MOSH_SERVER_NETWORK_TMOUT

session_command() {
    echo "env NOTES=$WORK/$1 bash $LIB_DIR/in-pane.sh $WORK/$1 bash $LIB_DIR/direct.sh" \
        "$OURS_BINDIR/mosh-client $OURS_BINDIR/mosh-server" \
        "env PS1='ready$ ' HISTFILE= bash --noprofile --norc -i"
}

session_start() {
    local name=$1 variables
    shift
    mkdir -p "$WORK/$name"
    at_exit session_close "$name"
    variables=$(printf '%q ' "$@")
    [ $# -gt 0 ] || variables=
    pane_open "$name" 80x24 "env $variables $(session_command "$name"); exec cat"
}

# Without it there is nothing to test.
session_open() {
    session_start "$@"
    if ! pane_wait "$1" 'ready$' 20; then
        fail "the session \"$1\" begins" "$(cat "$WORK/$1/server.err" 2>/dev/null)"
        finish
    fi
}

session_close() {
    local pid
    for pid in $(client_pid "$1") $(server_pid "$1"); do
        kill -KILL "$pid" 2>/dev/null
    done
    pane_close "$1"
}

session_works() {
    _session_counter=$((_session_counter + 1))
    pane_line "$1" "echo works-\$(($_session_counter))-here"
    pane_wait "$1" "works-$_session_counter-here"
}

session_ended() {
    pane_wait "$1" 'client ended:' "${2:-15}"
}

client_pid() {
    cat "$WORK/$1/client.pid" 2>/dev/null
}

server_pid() {
    sed -n 's/.*pid = \([0-9]*\).*/\1/p' "$WORK/$1/server.err" 2>/dev/null
}

server_gone() {
    wait_until "${2:-15}" is_gone "$(server_pid "$1")"
}
