#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Interoperation: {our, stock} client with {our, stock} server, by `mosh --local` and over a real sshd,
# with the `mosh` that belongs to the client. Each cell of the matrix runs the same scenarios
# (scenarios.sh) in a tmux pane of its own, all cells at once, and what the screens showed, cursor and
# colours included, has to be equal in all of them.
#
# Where stock has a fault that we mend, what we expect instead is in expected/SCENARIO.MOMENT, whose
# name is listed, with the reason and the cells that it holds for, in expected/README.
#
# OURS_BINDIR and STOCK_BINDIR say where the programs are; INTEROP_ONLY names scenarios to run, and
# INTEROP_CELLS cells (`ours-stock-local`: our client, stock server, no ssh). INTEROP_KEEP=DIR
# copies all captures there.

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/testlib.sh
. "$here/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$here/../lib/tmux.sh"
# shellcheck source=tests/lib/sshd.sh
. "$here/../lib/sshd.sh"
# shellcheck source=tests/interop/scenarios.sh
. "$here/scenarios.sh"

STOCK_BINDIR=${STOCK_BINDIR:-/usr/bin}
ALL_CELLS="stock-stock-local stock-ours-local ours-stock-local ours-ours-local \
stock-stock-ssh stock-ours-ssh ours-stock-ssh ours-ours-ssh"
# So long a server whose client a failing test has lost stays behind, in seconds.
SERVER_TIMEOUT=120
REFERENCE_CELL=stock-stock-local
SHELL_COMMAND="env -i PATH=$PATH HOME=$WORK/home TERM=xterm-256color LC_ALL=C.UTF-8 \
bash --noprofile --rcfile $here/scenes.bashrc -i"

bindir_of() {
    if [ "$1" = ours ]; then echo "$OURS_BINDIR"; else echo "$STOCK_BINDIR"; fi
}

# client_command CELL: the shell command that opens a session.
client_command() {
    local client server way
    IFS=- read -r client server way <<<"$1"
    client=$(bindir_of "$client")
    server=$(bindir_of "$server")
    if [ "$way" = ssh ]; then
        way="--ssh='$SSH' testhost"
    else
        way="--local 127.0.0.1"
    fi
    echo "$client/mosh --client=$client/mosh-client" \
        "--server='env MOSH_SERVER_NETWORK_TMOUT=$SERVER_TIMEOUT $server/mosh-server'" \
        "$way -- $SHELL_COMMAND"
}

# open_session CELL SCENARIO: the pane is named after both. The terminal's settings before and after
# are compared by in-pane.sh.
open_session() {
    mkdir -p "$WORK/$1-$2"
    pane_open "$1-$2" 80x24 "env LC_ALL=C.UTF-8 MOSH_PREDICTION_DISPLAY=never \
        MOSH_SERVER_NETWORK_TMOUT=$SERVER_TIMEOUT \
        bash $here/../lib/in-pane.sh $WORK/$1-$2 $(client_command "$1"); exec cat"
    pane_wait "$1-$2" 'ready$' 20
}

# keep PANE MOMENT: files the screen, once it has come to rest.
# shellcheck disable=SC2317  # called by the scenarios
keep() {
    pane_settle "$1" || return 1
    pane_screen "$1" | keep_text "$1" "$2"
}

# shellcheck disable=SC2317
keep_text() {
    cat >"$WORK/captures/${1##*-}.$2.${1%-*}"
}

run_cell() {
    local scenario
    for scenario in $(scenarios); do
        if open_session "$1" "$scenario" && "scenario_$scenario" "$1-$scenario"; then
            : >"$WORK/completed/$scenario.$1"
        fi >"$WORK/trouble.$scenario.$1" 2>&1
        pane_close "$1-$scenario"
    done
}

scenarios() {
    local scenario
    for scenario in $SCENARIOS; do
        case " ${INTEROP_ONLY:-$SCENARIOS} " in *" $scenario "*) echo "$scenario" ;; esac
    done
}

choose_cells() {
    local cell
    cells=$REFERENCE_CELL
    for cell in ${INTEROP_CELLS:-$ALL_CELLS}; do
        case $have_ssh:$cell in
        no:*-ssh | *:"$REFERENCE_CELL") ;;
        *) cells="$cells $cell" ;;
        esac
    done
}

compare_scenario() {
    local cell=$1 scenario=$2 moment file expected
    if [ ! -e "$WORK/completed/$scenario.$cell" ]; then
        fail "$scenario, $cell: same screens" "did not go through:" "$(cat "$WORK/trouble.$scenario.$cell")"
        return
    fi
    for file in "$WORK/captures/$scenario".*."$cell"; do
        moment=$(basename "$file" ".$cell")
        expected=$(expected_file "$moment" "$cell" "$WORK/captures/$moment.$REFERENCE_CELL")
        if ! cmp -s "$expected" "$file"; then
            fail "$scenario, $cell: same screens" "at the moment $moment:" \
                "$(diff "$expected" "$file" | cat -v)"
            return
        fi
    done
    pass "$scenario, $cell: same screens"
}

need_tools tmux vim nano less ssh
[ -x "$STOCK_BINDIR/mosh-server" ] || need_tools mosh-server
for program in mosh-client mosh-server; do
    [ -x "$OURS_BINDIR/$program" ] || skip_all "there is no $OURS_BINDIR/$program"
done

mkdir "$WORK/captures" "$WORK/completed" "$WORK/home"
base64 -w 99 /dev/urandom | head -c 200000 >"$WORK/paste"
have_ssh=yes
# shellcheck disable=SC2119
if ! sshd_start; then
    have_ssh=no
    cannot_run "the cells over ssh" "$SSHD_TROUBLE"
fi
choose_cells
_tmux_start
runners=
for cell in $cells; do
    run_cell "$cell" &
    runners="$runners $!"
done
# shellcheck disable=SC2086  # a list
wait $runners
for cell in $cells; do
    for scenario in $(scenarios); do
        compare_scenario "$cell" "$scenario"
    done
done
if [ -n "${INTEROP_KEEP:-}" ]; then
    cp -r "$WORK/captures/." "$INTEROP_KEEP"
fi
finish
