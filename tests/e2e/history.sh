#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Looking back: lines that scrolled off the screen, with our server, and without one that keeps them.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$(dirname "$0")/../lib/tmux.sh"
# shellcheck source=tests/lib/session.sh
. "$(dirname "$0")/../lib/session.sh"
need_tools tmux seq
[ -x "$OURS_BINDIR/mosh-client" ] || skip_all "there is no $OURS_BINDIR/mosh-client"

# shellcheck disable=SC2317  # called by check
shows_lines() { # NAME FIRST LAST: what `seq` wrote, in rows one behind the other
    [ "$(pane_text "$1" | grep -xE '[0-9]+' | tr '\n' ' ')" = "$(seq "$2" "$3" | tr '\n' ' ')" ]
}

look_back() { # NAME
    pane_keys "$1" C-^ && pane_type "$1" '['
}

session_open back
pane_line back "clear; seq 1 500; printf '\\033[?1003h'; echo every-\$((400 + 99))-line"
pane_wait back 'every-499-line'
pane_settle back
before=$(pane_screen back)

pane_keys back C-^
check "the escape key tells of it" pane_wait back '[ look back'
pane_type back '['
check "escape [ looks back" pane_wait back 'q to leave'
check "and says at which lines" pane_wait back 'of 502'
pane_keys back PPage
check "PgUp shows what scrolled off" wait_until 10 shows_lines back 458 480
check "the mouse is the terminal's meanwhile" [ "$(pane_get back '#{mouse_all_flag}')" = 0 ]
pane_keys back Home
check "Home goes to the first line" wait_until 10 shows_lines back 1 23
pane_type back 'G'
pane_type back '?'
pane_wait back 'search up'
pane_type back '123'
pane_keys back Enter
check "a search fetches what it needs" wait_until 10 shows_lines back 112 134
pane_type back '/zebra'
pane_keys back Enter
check "and says when there is nothing" pane_wait back 'not found below'
pane_type back 'q'
check "q leaves" wait_until 10 pane_shows back 'every-499-line'
pane_settle back
check "and the screen is as it was" [ "$(pane_screen back)" = "$before" ]
check "and nothing of this went to the program" session_works back

look_back back
pane_wait back 'q to leave'
pane_resize back 60x12
pane_keys back Home
check "it goes on in a window of another size" wait_until 10 shows_lines back 1 11
pane_resize back 80x24
pane_keys back Escape
check "Esc leaves, too" wait_until 10 not pane_shows back 'q to leave' # lest what follows makes an Alt key of it
check "and one types again" session_works back

pane_line back "for i in 1 2 3 4 5 6; do sleep 0.5; echo behind-\$i; done"
look_back back
pane_wait back 'q to leave'
pane_keys back PPage
pane_wait back '490'
pane_keys back C-c
check "the session goes on behind it" pane_wait back 'behind-6'

pane_line back "clear; printf '\\033[3J'; seq 1 30; echo after-\$((1 + 1))-clearing"
pane_wait back 'after-2-clearing'
look_back back
pane_wait back 'q to leave'
pane_keys back Home
check "ED 3 erases what could be looked back at" wait_until 10 shows_lines back 1 23
pane_type back q

# A server that keeps nothing.
if command -v mosh-server >/dev/null; then
    OURS_BINDIR_SERVER=$(command -v mosh-server)
    mkdir -p "$WORK/stock"
    at_exit session_close stock
    pane_open stock 80x24 "env NOTES=$WORK/stock bash $LIB_DIR/direct.sh $OURS_BINDIR/mosh-client \
        $OURS_BINDIR_SERVER env PS1='ready$ ' HISTFILE= bash --noprofile --norc -i; exec cat"
    pane_wait stock 'ready$' 20
    look_back stock
    check "with a stock server the bar says so" pane_wait stock 'keeps no lines'
    check "and the session goes on" session_works stock
    pane_line stock exit
else
    skip "with a stock server the bar says so" "there is no stock mosh"
fi
finish
