#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The client and its terminal: sizes, suspending, the escape key, and the variables that change these.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$(dirname "$0")/../lib/tmux.sh"
# shellcheck source=tests/lib/session.sh
. "$(dirname "$0")/../lib/session.sh"
need_tools tmux ps
[ -x "$OURS_BINDIR/mosh-client" ] || skip_all "there is no $OURS_BINDIR/mosh-client"

# The change of a size is on its way beside the keys, so the first answer may be of the old size, and
# may have scrolled off a small screen.
# shellcheck disable=SC2317  # called by check
size_is() { # NAME ROWS COLS
    local try
    for try in 1 2 3 4 5; do
        pane_line "$1" "clear; stty size; echo size-\$(($try))-shown"
        if wait_until 3 pane_shows "$1" "size-$try-shown" && pane_shows "$1" "$2 $3"; then
            return 0
        fi
    done
    pane_text "$1"
    return 1
}

# shellcheck disable=SC2317
is_stopped() {
    [ "$(ps -o stat= -p "$(client_pid "$1")" | cut -c1)" = T ]
}

# shellcheck disable=SC2317
test_flag() { # NAME FLAG VALUE
    [ "$(pane_get "$1" "#{$2}")" = "$3" ]
}

tty_of() {
    ps -o tty= -p "$(client_pid "$1")" | sed 's|^|/dev/|; s/ //g'
}

# The window.
session_open window
check "the program sees the window's size" size_is window 24 80
pane_resize window 100x40
check "and a new one" size_is window 40 100
for size in 81x20 82x21 83x22 84x23 120x33; do
    pane_resize window "$size"
done
check "R38: after a storm of sizes, the last one" size_is window 33 120
pane_resize window 1x1
pane_resize window 80x24
check "F29: a window of one cell is survived" size_is window 24 80
tty=$(tty_of window)
stty rows 0 cols 0 <"$tty"
kill -WINCH "$(client_pid window)"
check "R2: so is one without a size" session_works window

# Suspending: under a shell with job control, and with another script between (R43).
mkdir -p "$WORK/job"
at_exit session_close job
pane_open job 80x24 "env PS1='outer\$ ' HISTFILE= bash --noprofile --norc -i"
pane_wait job 'outer$'
pane_line job "$(session_command job)"
# The prompt is in the command that the outer shell shows, too.
wait_until 20 test_flag job alternate_on 1
check "R43, F30: a session under a shell and a script" pane_wait job 'ready$'
# shellcheck disable=SC2016  # for the shell in the session
pane_line job 'printf "\033[?1003h"; echo on-the-$((6 * 7))-screen'
pane_wait job 'on-the-42-screen'
for round in first second; do
    pane_keys job C-^
    pane_keys job C-z
    check "R43, F30: Ctrl-^ Ctrl-Z stops it ($round time)" wait_until 10 is_stopped job
    check "and the shell has its terminal back" wait_until 10 test_flag job mouse_any_flag 0
    check "in working order" pane_wait job 'Stopped'
    pane_line job 'clear; fg'
    check "fg brings the session back, with its screen" pane_wait job 'on-the-42-screen'
    check "and it works" session_works job
done
pane_line job 'exit'
check "and ends" session_ended job

# The escape key.
session_open escape
pane_line escape 'stty -echo; cat -v'
pane_keys escape C-^ && pane_type escape '^' && pane_keys escape Enter
check "R20: the escape key and its pass key send it once" pane_wait escape '^^'
check "R20: once" not pane_shows escape '^^^^'
pane_keys escape C-^
check "while it waits, the bar tells the commands" pane_wait escape 'mosh: '
pane_type escape 'x' && pane_keys escape Enter
check "any other key follows it to the program" pane_wait escape '^^x'
check "and the bar is gone" wait_until 5 not pane_shows escape 'mosh: '

session_open own-key MOSH_ESCAPE_KEY=^B
pane_keys own-key C-^ && pane_type own-key . && pane_keys own-key C-u
pane_keys own-key C-b
check "R20: and the bar names that key" pane_wait own-key 'B send Ctrl-B, Esc go on'
pane_type own-key i
version=$("$OURS_BINDIR/mosh-client" --version | sed -n '1s/.* //p')
check "the status has the versions of both ends" \
    pane_wait own-key "mosh-client $version; mosh-server $version"
check_contains "and the address" "127.0.0.1, UDP port" "$(pane_text own-key)"
pane_type own-key x
check "and goes by any key" wait_until 10 not pane_shows own-key "mosh-client $version"
check "R20: with MOSH_ESCAPE_KEY=^B, Ctrl-^ is a key as others" session_works own-key
pane_keys own-key C-b && pane_type own-key .
check "and Ctrl-B . quits" session_ended own-key

session_open no-key MOSH_ESCAPE_KEY=
pane_keys no-key C-^ && pane_type no-key . && pane_keys no-key C-u
check "an empty MOSH_ESCAPE_KEY leaves no escape key" session_works no-key

# R37: tmux sends what the Linux console does for Home and End; the program, which believes in an
# xterm, gets an xterm's keys, as its mode of cursor keys wants them.
session_open keys
pane_line keys 'stty -echo; printf "normal-%s\n" mode; cat -v'
pane_wait keys 'normal-mode'
pane_keys keys Home End F1 F5 Up && pane_keys keys Enter
check "R37: Home, End and function keys are an xterm's" pane_wait keys '^[[H^[[F^[OP^[[15~^[[A'
pane_keys keys C-c
# What is typed before the shell is back goes with what the interrupt throws away.
# shellcheck disable=SC2317  # wait_until calls it
is_back() {
    [ "$(pane_text keys | grep -c '^ready\$')" -eq 2 ]
}
wait_until 10 is_back
# shellcheck disable=SC2016
pane_line keys 'stty -echo; printf "\033[?1happlication-%s\n" mode; cat -v'
pane_wait keys 'application-mode'
pane_keys keys Home End F1 F5 Up && pane_keys keys Enter
check "R37: and in application mode" pane_wait keys '^[OH^[OF^[OP^[[15~^[OA'

# The alternate screen and the title.
check_equal "a session has the alternate screen" 1 "$(pane_get window '#{alternate_on}')"
session_open no-init MOSH_NO_TERM_INIT=
check_equal "but not with MOSH_NO_TERM_INIT" 0 "$(pane_get no-init '#{alternate_on}')"

check_equal "R21: a session that sets no title leaves the title alone" \
    "$(pane_get keeper '#{pane_title}')" "$(pane_get window '#{pane_title}')"
# shellcheck disable=SC2317
title_is() {
    [ "$(pane_get "$1" '#{pane_title}')" = "$2" ]
}
pane_line window 'printf "\033]0;first\007"'
check "a title gets the prefix" wait_until 10 title_is window '[mosh] first'
session_open no-prefix MOSH_TITLE_NOPREFIX=
pane_line no-prefix 'printf "\033]0;second\007"'
check "but not with MOSH_TITLE_NOPREFIX" wait_until 10 title_is no-prefix 'second'
finish
