#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# {our, stock} client with {our, stock} server over emulated links of eight kinds (bench/lab): 32
# sessions at a time, which wait for their links most of it. Each goes through the same scenarios
# (scenarios.sh), and has to come to the screens that stock with stock has without a link between
# them, but for those of which expected/README says why not.
#
# LONG=1 goes through all scenarios that do not measure time, LINKS_ONLY and LINKS_CELLS choose links
# and pairs (`roam`, `ours-stock`), INTEROP_ONLY scenarios. INTEROP_KEEP=DIR copies all captures there.

# shellcheck disable=SC2317 # functions are called by name
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/testlib.sh
. "$here/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$here/../lib/tmux.sh"
# shellcheck source=tests/interop/scenarios.sh
. "$here/scenarios.sh"

STOCK_BINDIR=${STOCK_BINDIR:-/usr/bin}
SCENARIOS_QUICK="text colours wide editing keys"
SCENARIOS_LONG="$SCENARIOS_QUICK boxes modes vim nano less alternate resize"
SCREEN_SECONDS=90 # so long a screen may take to come, on the slowest link

# What happens to a datagram, each way.
link_settings() {
    case $1 in
    none) echo delay=0ms ;;
    near) echo delay=30ms ;;
    far) echo delay=300ms ;;
    loss1) echo delay=30ms,loss=1% ;;
    loss29) echo delay=30ms,loss=29% ;;
    reorder) echo delay=30ms,reorder=25%/60ms ;;
    roam) echo delay=30ms ;; # and the client's address changes all the time
    awful) echo delay=500ms,loss=10% ;;
    esac
}
LINKS="none near far loss1 loss29 reorder roam awful"
PAIRS="stock-stock ours-stock stock-ours ours-ours"

need_tools tmux ip
[ -x "$STOCK_BINDIR/mosh-server" ] || need_tools mosh-server
lab=$BUILD_DIR/bench/lab/lab
[ -x "$lab" ] || skip_all "there is no $lab"
"$lab" true 2>"$WORK/no-rights"
[ $? -ne 77 ] || skip_all "$(cat "$WORK/no-rights")"
# The leak sanitizer looks at a process from one that it makes, which is in another PID namespace here.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0

mkdir "$WORK/captures" "$WORK/completed" "$WORK/home"
cat >"$WORK/session" <<END
#!/bin/sh
exec env -i PATH='$PATH' HOME='$WORK/home' TERM=xterm-256color LC_ALL=C.UTF-8 \
    bash --noprofile --rcfile '$here/scenes.bashrc' -i
END
# Every second and a half the client has another address, and no other; but it always has one.
cat >"$WORK/roam" <<'END'
#!/bin/bash
at=1
ip route replace 10.91.0.2 dev link0
while sleep 1.5; do
    next=$((at % 7 + 3))
    ip addr add "10.91.0.$next/32" dev link0
    ip addr del "10.91.0.$at/$([ $at = 1 ] && echo 24 || echo 32)" dev link0
    ip route replace 10.91.0.2 dev link0
    at=$next
done
END
cat >"$WORK/client" <<'END'
#!/bin/bash
[ "$1" != roam ] || "$WORK/roam" 2>/dev/null &
exec "$CONNECT" "$2"
END
chmod +x "$WORK/session" "$WORK/roam" "$WORK/client"

# --- what the scenarios use, for slow links ---

pane_wait() {
    if ! sees "${3:-$SCREEN_SECONDS}" pane_shows "$1" "$2"; then
        note "waited in vain for: $2" "in pane $1, which shows:" "$(pane_text "$1")"
        return 1
    fi
}

# sees SECONDS COMMAND...: as wait_until, but 32 of them do not keep the machine busy.
sees() {
    local end=$((SECONDS + $1 * SLOW))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.4
    done
}

wait_until() {
    sees "$((SCREEN_SECONDS * $1 / 10))" "${@:2}"
}

is_as() {
    pane_screen "$1" | cmp -s - "$2"
}

# keep PANE MOMENT: the reference files its screen, once it has come to rest; the others have to come
# to the same.
keep() {
    local cell=${1%-*} moment=${1##*-}.$2 expected
    if [ "$cell" = reference ]; then
        pane_settle "$1" || return 1
        pane_screen "$1" >"$WORK/captures/$moment"
        return
    fi
    expected=$(expected_file "$moment" "$cell" "$WORK/captures/$moment")
    sees "$SCREEN_SECONDS" is_as "$1" "$expected" && return
    note "at the moment $moment:" "$(pane_screen "$1" | diff "$expected" - | cat -v)"
    return 1
}

# Text beside the screen. In this one there is nothing to wait for.
keep_text() {
    local cell=${1%-*} moment=${1##*-}.$2
    if [ "$cell" = reference ]; then
        cat >"$WORK/captures/$moment"
    else
        diff "$WORK/captures/$moment" -
    fi
}

# --- the cells ---

# open_session PANE CLIENT-SERVER LINK
open_session() {
    pane_open "$1" 80x24 "env WORK='$WORK' LAB='$lab' OURS='$OURS_BINDIR' SESSION='$WORK/session' \
        CONNECT='$SRC_DIR/bench/lab/connect' MOSH_PREDICTION_DISPLAY=never MOSH_SERVER_NETWORK_TMOUT=300 \
        '$lab' --seed '$(cksum <<<"$1" | cut -d' ' -f1)' --both '$(link_settings "$3")' -- '$WORK/client' '$3' '$2'; \
        exec cat"
    pane_wait "$1" 'ready$'
}

# Quickly, all is one session: what draws the next screen is the same shell. Not all scenarios leave
# what others can go on from.
run_cell() {
    local name=$1 pair=$2 link=$3 scenario pane=
    for scenario in $scenarios; do
        if [ -n "$pane" ] && [ "${LONG:-0}" != 1 ]; then
            tmux_do rename-session -t "=$pane" "$name-$scenario"
        else
            [ -z "$pane" ] || pane_close "$pane"
            open_session "$name-$scenario" "$pair" "$link" || return
        fi
        pane=$name-$scenario
        "scenario_$scenario" "$pane" || return
        : >"$WORK/completed/$scenario.$name"
    done
    pane_close "$pane"
}

if [ "${LONG:-0}" = 1 ]; then scenarios=$SCENARIOS_LONG; else scenarios=$SCENARIOS_QUICK; fi
scenarios=${INTEROP_ONLY:-$scenarios}
_tmux_start
if ! run_cell reference stock-stock none >"$WORK/trouble.reference" 2>&1; then
    fail "stock with stock, for reference" "$(cat "$WORK/trouble.reference")"
    finish
fi
began=$SECONDS
runners=
for link in ${LINKS_ONLY:-$LINKS}; do
    for pair in ${LINKS_CELLS:-$PAIRS}; do
        run_cell "$pair-$link" "$pair" "$link" >"$WORK/trouble.$pair-$link" 2>&1 &
        runners="$runners $!"
    done
done
# shellcheck disable=SC2086  # a list
wait $runners
for link in ${LINKS_ONLY:-$LINKS}; do
    for pair in ${LINKS_CELLS:-$PAIRS}; do
        for scenario in $scenarios; do
            [ -e "$WORK/completed/$scenario.$pair-$link" ] || break
        done
        if [ -e "$WORK/completed/$scenario.$pair-$link" ]; then
            pass "F47: $pair, $link: the same screens"
        else
            fail "F47: $pair, $link: the same screens" "$scenario:" "$(cat "$WORK/trouble.$pair-$link")"
        fi
    done
done
completed=("$WORK/completed/"*-*)
echo "# figure F47: ${#completed[@]} scenarios in $((SECONDS - began)) s"
[ -z "${INTEROP_KEEP:-}" ] || cp -r "$WORK/captures/." "$INTEROP_KEEP"
finish
