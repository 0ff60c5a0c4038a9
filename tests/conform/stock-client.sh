#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# All that our server can emit is played into a stock client, in a pane: what the terminal scripts in
# tests/vt write, the recordings, and random streams. The client stays alive, and what it shows is
# what our emulator shows, but for the attributes that it does not know. STREAMS says how many of
# each class of random streams. (tests/vt/DIFFERENCES.md has the reasons for what is left out.)

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$(dirname "$0")/../lib/tmux.sh"
# shellcheck source=tests/conform/bytes.sh
. "$(dirname "$0")/bytes.sh"

need_tools tmux mosh-client
STOCK_BINDIR=${STOCK_BINDIR:-/usr/bin}
# Opens a session of our server, and a way to write in it as its program.
open_session() {
    mkdir -p "$WORK/session"
    mkfifo "$WORK/fifo"
    pane_open client 80x24 "env NOTES=$WORK/session MOSH_PREDICTION_DISPLAY=never LC_ALL=C.UTF-8 \
        bash $SRC_DIR/tests/lib/in-pane.sh $WORK/session bash $SRC_DIR/tests/lib/direct.sh \
        $STOCK_BINDIR/mosh-client $OURS_BINDIR/mosh-server $differential --player $WORK/fifo"
}

# shellcheck disable=SC2317  # called by wait_until
shows_it() {
    tmux_do capture-pane -p -e -N -t "=client:" >"$WORK/captured"
    "$replay" --shown "$WORK/captured" "$WORK/bytes" 24 80 >"$WORK/said"
}

# show NAME: what is in $WORK/bytes.
show() {
    cat "$WORK/bytes" >&3
    if wait_until 6 shows_it; then
        pass "$1"
    else
        fail "$1" "$(cat "$WORK/said")"
    fi
}

open_session
exec 3>"$WORK/fifo"
show_all
check "the client is alive" kill -0 "$(cat "$WORK/session/client.pid")"
exec 3>&-
check "and ends as it should" pane_wait client 'client ended: 0' 10
finish
