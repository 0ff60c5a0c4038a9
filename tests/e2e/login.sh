#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a session begins with: the login shell, the messages of the day, and what is said where there
# is no shell, no home, or no such command.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$(dirname "$0")/../lib/tmux.sh"
# shellcheck source=tests/lib/session.sh
. "$(dirname "$0")/../lib/session.sh"
need_tools tmux ps
[ -x "$OURS_BINDIR/mosh-client" ] || skip_all "there is no $OURS_BINDIR/mosh-client"

mkdir "$WORK/home"
cat >"$WORK/home/.bash_profile" <<'END'
PS1='ready$ '
echo "begun as $0 in $PWD"
shopt -q login_shell && echo "a login shell"
END

# login NAME [VARIABLE=VALUE...] [-- COMMAND...]: a session in the pane NAME, with a home of its own.
login() {
    local name=$1 variables=
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        variables="$variables $1"
        shift
    done
    [ $# -eq 0 ] || shift
    mkdir -p "$WORK/$name"
    at_exit session_close "$name"
    pane_open "$name" 100x40 "env SHELL=/bin/bash HOME=$WORK/home $variables NOTES=$WORK/$name \
        bash $LIB_DIR/in-pane.sh $WORK/$name bash $LIB_DIR/direct.sh \
        $OURS_BINDIR/mosh-client $OURS_BINDIR/mosh-server $*; exec cat"
}

login shell
check "without a command there is a shell" pane_wait shell 'ready$' 20
check_contains "a login shell by its name" "begun as -bash" "$(pane_text shell)"
check_contains "and by its own account" "a login shell" "$(pane_text shell)"
check_contains "in the home directory" "in $WORK/home" "$(pane_text shell)"
begun=$(pane_text shell)
pane_line shell 'exit'
check "and the session ends with it" session_ended shell

# Those of this machine, which may have none.
motd=$(grep -hm 1 '[[:alnum:]]' /run/motd.dynamic /etc/motd 2>/dev/null | head -n 1 | cut -c1-60)
if [ -n "$motd" ]; then
    check_contains "the messages of the day come first" "$motd" "$begun"
    : >"$WORK/home/.hushlogin"
    login hushed
    check "with .hushlogin there is a shell, too" pane_wait hushed 'ready$' 20
    check_lacks "but no message of the day" "$motd" "$(pane_text hushed)"
    rm "$WORK/home/.hushlogin"
    login command -- bash --noprofile --norc -c "'echo begun; read x'"
    check "with a command that is run" pane_wait command 'begun' 20
    check_lacks "there is none either" "$motd" "$(pane_text command)"
else
    skip "the messages of the day" "this machine has none"
fi

# R39: nothing above what the program writes, neither a blank line nor what waited for the client.
login first -- echo first
check "a command that only writes is seen" pane_wait first 'client ended: 0' 20
login top -- bash --noprofile --norc -c "'echo at the top; read x'"
check "what is written first" pane_wait top 'at the top' 20
check_equal "R39: is in the first row" "at the top" "$(pane_text top | head -n 1)"

login no-shell SHELL=/nonexistent/shell
check "F19: a shell that cannot be run is named in the session" \
    pane_wait no-shell 'cannot run /nonexistent/shell: No such file' 20
check "F19: and the session ends" session_ended no-shell
login no-command -- /nonexistent/command
check "F19: so is a command" pane_wait no-command 'cannot run /nonexistent/command' 20
check "F19: whose status is what a shell would say" session_ended no-command
check "F19: 127" pane_shows no-command 'client ended: 127'
login not-executable -- /etc/passwd
check "F19: and a file that is no program" pane_wait not-executable 'cannot run /etc/passwd: Permission' 20
login no-home HOME=/nonexistent/home -- cat
check "a home that is not there is named" pane_wait no-home '/nonexistent/home: No such file' 20
pane_line no-home 'still a session'
check "and the session goes on" pane_wait no-home 'still a session'
finish
