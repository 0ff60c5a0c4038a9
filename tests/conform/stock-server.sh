#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Two stock servers, one with a stock client and one with ours, run programs that write the same: the
# terminal scripts in tests/vt, the recordings, random streams. Both clients have to show the same.
# A title, which the program sets last, says that everything has come through. STREAMS says how many
# of each class of random streams.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$(dirname "$0")/../lib/tmux.sh"
# shellcheck source=tests/conform/bytes.sh
. "$(dirname "$0")/bytes.sh"

need_tools tmux mosh-client mosh-server
STOCK_BINDIR=${STOCK_BINDIR:-/usr/bin}

# open_session NAME CLIENT
open_session() {
    mkdir -p "$WORK/$1"
    mkfifo "$WORK/$1/fifo"
    pane_open "$1" 80x24 "env NOTES=$WORK/$1 MOSH_PREDICTION_DISPLAY=never LC_ALL=C.UTF-8 \
        bash $SRC_DIR/tests/lib/in-pane.sh $WORK/$1 bash $SRC_DIR/tests/lib/direct.sh \
        $2 $STOCK_BINDIR/mosh-server $differential --player $WORK/$1/fifo"
}

# shellcheck disable=SC2317  # called by wait_until
has_title() {
    case $(pane_get "$1" '#{pane_title}') in
    *"end $2") true ;;
    *) false ;;
    esac
}

# shellcheck disable=SC2317
same_screens() {
    pane_screen ours >"$WORK/ours.screen"
    pane_screen stock >"$WORK/stock.screen"
    cmp -s "$WORK/ours.screen" "$WORK/stock.screen"
}

# show NAME: what is in $WORK/bytes.
show() {
    number=$((number + 1))
    printf '\x18\e]2;end %d\a' "$number" >>"$WORK/bytes"
    cat "$WORK/bytes" >&3
    cat "$WORK/bytes" >&4
    if ! { wait_until 6 has_title ours "$number" && wait_until 6 has_title stock "$number"; }; then
        fail "$1" "it does not come through"
    elif wait_until 6 same_screens; then
        pass "$1"
    else
        fail "$1" "$(diff "$WORK/stock.screen" "$WORK/ours.screen" | cat -v)"
    fi
}

number=0
open_session ours "$OURS_BINDIR/mosh-client"
open_session stock "$STOCK_BINDIR/mosh-client"
exec 3>"$WORK/ours/fifo" 4>"$WORK/stock/fifo"
show_all
for name in ours stock; do
    check "the client is alive: $name" kill -0 "$(cat "$WORK/$name/client.pid")"
done
exec 3>&- 4>&-
check "ours ends as it should" pane_wait ours 'client ended: 0' 10
finish
