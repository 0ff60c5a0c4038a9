#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The ends of a session: by the shell, by the user, by signals to either side, by silence. However it
# ends, the terminal is as it was, and nobody stays behind who should not.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$(dirname "$0")/../lib/tmux.sh"
# shellcheck source=tests/lib/session.sh
. "$(dirname "$0")/../lib/session.sh"
need_tools tmux ps
[ -x "$OURS_BINDIR/mosh-client" ] || skip_all "there is no $OURS_BINDIR/mosh-client"

# shellcheck disable=SC2317  # called by check
status_is() {
    pane_shows "$1" "client ended: $2" || { pane_text "$1" && return 1; }
}

# shellcheck disable=SC2317
terminal_is_clean() {
    pane_text "$1" | grep -qx 'terminal restored' || { pane_text "$1" && return 1; }
    [ "$(pane_get "$1" '#{cursor_flag} #{alternate_on} #{keypad_cursor_flag} #{mouse_any_flag}')" = "1 0 0 0" ]
}

# The program in the session has left every mode on that the client has to undo.
mess_up() {
    pane_line "$1" "printf '\\033[?1003h\\033[?1006h\\033[?2004h\\033[?25l\\033[1;31;44m'"
    session_works "$1"
}

ended_well() { # NAME STATUS HOW
    check "$3: the client ends" session_ended "$1"
    check "$3: with status $2" status_is "$1" "$2"
    check "$3: the terminal is restored" terminal_is_clean "$1"
    check "$3: the server ends" server_gone "$1"
}

by_client_signal() { # NAME SIGNAL
    mess_up "$1"
    kill -"$2" "$(client_pid "$1")"
    ended_well "$1" 0 "F26: SIG$2 to the client"
}

# What takes long is started first.
session_open orphan MOSH_SERVER_NETWORK_TMOUT=4
kill -KILL "$(client_pid orphan)"
session_open widow
mess_up widow
kill -KILL "$(server_pid widow)"

for name in shell quit term hup int sigquit pipe; do
    session_open "$name"
done
mess_up shell
pane_line shell 'exit 3'
ended_well shell 3 "the command ends"
mess_up quit
pane_keys quit C-^
pane_type quit .
ended_well quit 0 "Ctrl-^ ."
by_client_signal term TERM
by_client_signal hup HUP
by_client_signal int INT
by_client_signal sigquit QUIT
by_client_signal pipe PIPE

session_open server-term
kill -TERM "$(server_pid server-term)"
ended_well server-term 0 "F26: SIGTERM to the server"
session_open server-int
kill -INT "$(server_pid server-int)"
ended_well server-int 0 "F26: SIGINT to the server"
session_open server-usr1
kill -USR1 "$(server_pid server-usr1)"
ended_well server-usr1 0 "SIGUSR1 to the server"

session_open usr1-tmout MOSH_SERVER_SIGNAL_TMOUT=60
kill -USR1 "$(server_pid usr1-tmout)"
check "with MOSH_SERVER_SIGNAL_TMOUT, SIGUSR1 spares a session in use" session_works usr1-tmout
kill -HUP "$(server_pid usr1-tmout)"
check "F26: the server ignores SIGHUP" session_works usr1-tmout
pane_line usr1-tmout 'sleep 1000 & exit'
check "R28: a background program does not keep the session" session_ended usr1-tmout
check "R28: nor the server" server_gone usr1-tmout

# The machine is there and says that the port is not: nobody has to wait for this server.
session_open refused
kill -KILL "$(server_pid refused)"
pane_keys refused C-^
pane_type refused .
check "F28: a client whose server was just killed can be left at once" session_ended refused 4
check "F28: with status 1" status_is refused 1

check "F27: a server whose client was killed ends after MOSH_SERVER_NETWORK_TMOUT" server_gone orphan 20
check "F28: a client whose server was killed says so" pane_wait widow 'mosh: ' 20
pane_keys widow C-^
pane_type widow .
check "and can be left" session_ended widow 20
check "with status 1" status_is widow 1
check "and the terminal is restored" terminal_is_clean widow
finish
