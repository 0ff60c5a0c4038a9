#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# S32: the take-over drill. Somebody else's code (tests/lib/intruder.c) runs in the server, and in the
# client, as they are in a session. It gets at no file, process or network of the user's; what it has all
# the same is the session. SECURITY.md says both.

# shellcheck disable=SC2317  # functions are called by their names
# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$(dirname "$0")/../lib/tmux.sh"
need_tools tmux ps
export MOSH_SANDBOX= # as by default: what is not allowed is refused
[ -x "$OURS_BINDIR/mosh-client" ] || skip_all "there is no $OURS_BINDIR/mosh-client"
[ -z "${INSTRUMENT_CFLAGS:-}" ] || skip_all "sanitizers want to be loaded first, and there is no sandbox"
"$OURS_BINDIR/mosh-server" --sandbox-status | grep -q '^calls *confined' ||
    skip_all "this build, or this kernel, has no filter of system calls"
# shellcheck disable=SC2086  # a command with its options
if ! ${CC:-cc} -shared -fPIC -o "$WORK/intruder.so" "$SRC_DIR/tests/lib/intruder.c" 2>"$WORK/cc.err"; then
    cannot_run "S32: the take-over drill" "$(cat "$WORK/cc.err")"
    finish
fi

export HOME=$WORK/home
mkdir -p "$HOME/.ssh"
echo "a private key" >"$HOME/.ssh/id_ed25519"

# in_server ACT...: they are tried in a server that has just begun. What was said is in $WORK/said.
in_server() {
    INTRUDER_PROGRAM=mosh-server INTRUDER_ACTS="$*" INTRUDER_FILE=$HOME/.ssh/id_ed25519 \
        LD_PRELOAD=$WORK/intruder.so "$OURS_BINDIR/mosh-server" new -v -i 127.0.0.1 -- \
        bash -c "IFS= read -r line; printf %s \"\$line\" >$WORK/typed; exec sleep 1000" \
        </dev/null >"$WORK/out" 2>"$WORK/said" &
    wait_until 10 said_all || note "$(cat "$WORK/said")"
    pid=$(sed -n 's/.*pid = \([0-9]*\).*/\1/p' "$WORK/said")
}

# It has tried all, or has been ended for it.
said_all() {
    grep -q '^all: tried' "$WORK/said" || {
        pid=$(sed -n 's/.*pid = \([0-9]*\).*/\1/p' "$WORK/said")
        [ -n "$pid" ] && grep -q ': tries' "$WORK/said" && is_gone "$pid"
    }
}

# in_client ACT...: the same in a client; its status is in $status.
in_client() {
    local pane=client-$1
    rm -f "$WORK/said" "$WORK/status"
    pane_open "$pane" 80x24 "env MOSH_KEY=AAAAAAAAAAAAAAAAAAAAAA INTRUDER_PROGRAM=mosh-client \
        INTRUDER_ACTS='$*' INTRUDER_FILE=$HOME/.ssh/id_ed25519 LD_PRELOAD=$WORK/intruder.so \
        $OURS_BINDIR/mosh-client 127.0.0.1 60999 2>$WORK/said; echo \$? >$WORK/status; exec cat"
    wait_until 10 client_has_tried
    status=$(cat "$WORK/status" 2>/dev/null)
    pane_close "$pane"
}

client_has_tried() {
    [ -s "$WORK/status" ] || grep -q '^all: tried' "$WORK/said"
}

outcome() {
    sed -n "s/^$1: //p" "$WORK/said" | tail -n 1
}

refused=(read remove list signal code dump push limits)
lethal=(write create exec clone tcp trace memory)

in_server "${refused[@]}"
for act in "${refused[@]}"; do
    check_equal "S32: in the server: $act" refused "$(outcome "$act")"
done
check "S32: the server lives on" not is_gone "$pid"
end_process "$pid"
for act in "${lethal[@]}" agent; do
    in_server "$act"
    check_equal "S32: in the server: $act ends it" tries "$(outcome "$act")"
done

in_client "${refused[@]}" agent
for act in "${refused[@]}" agent; do
    check_equal "S32: in the client: $act" refused "$(outcome "$act")"
done
for act in "${lethal[@]}"; do
    in_client "$act"
    check_equal "S32: in the client: $act ends it" "tries 159" "$(outcome "$act") $status" # SIGSYS
done
check_equal "S32: the private key is as it was" "a private key" "$(cat "$HOME/.ssh/id_ed25519")"
check_equal "S32: and nothing has come" ".ssh" "$(ls -A "$HOME")"

in_server type
check_equal "S32: what is left to it is the session: it can type into the shell" "done" "$(outcome type)"
read -r _ _ port key <<<"$(tr -d '\r' <"$WORK/out" | grep '^MOSH CONNECT')"
pane_open typist 80x24 "env MOSH_KEY=$key $OURS_BINDIR/mosh-client 127.0.0.1 $port"
check "S32: where that arrives" wait_until 10 grep -qx 'intruder typed this' "$WORK/typed"
end_process "$pid"
note "figure S32: ${#refused[@]} attempts refused, ${#lethal[@]} ended the program, in both programs"
finish
