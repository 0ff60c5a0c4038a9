#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Recordings of real programs: what tmux shows of them after a quarter, a half, three quarters, and at
# the end is what our emulator shows. TMUX_DIFFERENCES beside the recordings has the reason where it
# is not.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$(dirname "$0")/../lib/tmux.sh"

need_tools tmux
replay=$BUILD_DIR/tests/conform/replay
recordings=$SRC_DIR/tests/recordings
[ -x "$replay" ] || skip_all "there is no $replay"

size_of() {
    gzip -dc "$1" | head -n 1 | tr -d '\0' | {
        read -r _ rows cols
        echo "${cols}x$rows"
    }
}

# show FILE PERCENT PANE: a pane of the recording's size that has read so much of it.
show() {
    "$replay" --bytes "$1" "$2" >"$WORK/$3.bytes"
    pane_open "$3" "$(size_of "$1")" \
        "stty raw -echo; cat $WORK/$3.bytes; : >$WORK/$3.done; exec sleep 1000"
    wait_until 10 test -e "$WORK/$3.done" && pane_settle "$3"
}

same_screen() {
    show "$1" "$2" "$3" || return 1
    tmux_do capture-pane -p -e -N -t "=$3:" >"$WORK/$3.captured"
    pane_close "$3"
    "$replay" --against "$WORK/$3.captured" "$1" "$2"
}

reason_for() {
    sed -n "s/^$1 $2 //p" "$recordings/TMUX_DIFFERENCES"
}

see() {
    same_screen "$recordings/$1.rec.gz" "$2" "$1-$2" && : >"$WORK/$1-$2.same"
}

judge() {
    local what="R44: $1, $2 %: tmux" reason
    reason=$(reason_for "$1" "$2")
    if [ -e "$WORK/$1-$2.same" ]; then
        check_equal "$what shows the same, and no difference is listed" "" "$reason"
    elif [ -n "$reason" ]; then
        pass "$what differs as listed"
    else
        fail "$what shows the same" "$(cat "$WORK/$1-$2.said")"
    fi
}

# The moments of a recording are looked at beside each other.
compare_all() {
    local name=$1 percent
    for percent in 25 50 75 100; do
        see "$name" "$percent" >"$WORK/$name-$percent.said" 2>&1 &
    done
    wait
    for percent in 25 50 75 100; do
        judge "$name" "$percent"
    done
}

_tmux_start
tmux_do set-option -g history-limit 0
while read -r name; do
    compare_all "$name"
done <"$recordings/NAMES"
finish
