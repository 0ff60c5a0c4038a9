# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# faults: whole sessions in which something is made to fail, many at a time. Needs testlib.sh.
#
#   faults_prepare                    first of all; ends the test where it cannot be run
#   faults_shim NAME SOURCE           compiles something for LD_PRELOAD into $WORK/NAME
#   faults_session PROGRAM            one session, judged by tests/faults/faultsession, which see;
#                                     PROGRAM is mosh-server, mosh-client or mosh
#   faults_each COMMAND WORD...       calls the function, which is exported, with each line of its input
#                                     as the last word, several at a time

FAULTSESSION=$BUILD_DIR/tests/faults/faultsession
FAULTS_FOLDER=$WORK/session
: "${FAULT_JOBS:=$(($(nproc) * 2))}"
: "${PATIENCE_MS:=$((30000 * SLOW))}"
export FAULTSESSION FAULTS_FOLDER PATIENCE_MS WORK

faults_prepare() {
    local program
    [ -x "$FAULTSESSION" ] || skip_all "there is no $FAULTSESSION"
    mkdir -p "$FAULTS_FOLDER"
    for program in mosh-server mosh-client mosh; do
        [ -x "$OURS_BINDIR/$program" ] || skip_all "there is no $OURS_BINDIR/$program"
        ln -sf "$OURS_BINDIR/$program" "$FAULTS_FOLDER/$program"
    done
    cp "$SRC_DIR/tests/faults/inside.sh" "$FAULTS_FOLDER/inside.sh"
    # An ssh that has this machine at its other end.
    cat >"$FAULTS_FOLDER/ssh" <<'END'
#!/bin/sh
case $1 in
-G) echo 'hostname 127.0.0.1' && exit ;;
esac
export SSH_CONNECTION='127.0.0.1 1 127.0.0.1 22'
for word; do :; done
exec sh -c "$word"
END
    chmod +x "$FAULTS_FOLDER/ssh"
    export TERM=xterm-256color MOSH_SERVER_NETWORK_TMOUT=300
    unset COLORTERM TERM_PROGRAM MOSH_KEY MOSH_SANDBOX
}

faults_shim() {
    local cc
    read -ra cc <<<"${CC:-cc}"
    "${cc[@]}" -O1 -Wall -shared -fPIC -o "$WORK/$1" "$2" 2>"$WORK/$1.log"
}

faults_session() {
    local how=direct
    [ "$1" != mosh ] || how=mosh
    "$FAULTSESSION" "$how" "$1" "$FAULTS_FOLDER"
}
export -f faults_session

faults_each() {
    # shellcheck disable=SC2016  # for the inner shell
    tr '\n' '\0' | xargs -0 -P "$FAULT_JOBS" -n 1 bash -c '"$@"' faults "$@"
}
