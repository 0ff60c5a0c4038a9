# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# testlib: what every shell test needs. A test is a bash script that sources this file first,
# makes its checks, and ends with `finish`. The output is TAP (Test Anything Protocol), which
# automake's driver counts; run by hand it reads well enough.
#
#   . "$(dirname "$0")/../lib/testlib.sh"
#   need_tools tmux
#   check "addition works" test $((1 + 1)) -eq 2
#   check_equal "the greeting" "hello" "$(greet)"
#   finish
#
# Set for the test:
#   SRC_DIR, BUILD_DIR   the source tree and the build tree
#   OURS_BINDIR          where our mosh, mosh-client and mosh-server are (default BUILD_DIR/src)
#   WORK                 an empty directory of this test's own, removed at the end
#   SLOW                 factor for time limits; more than 1 under sanitizers or valgrind
#
# In the environment: KEEP_WORK=1 keeps WORK for a look; CI=true turns missing tools into failures.

set -u
export LC_ALL=C.UTF-8
export MOSH_SANDBOX=strict # a call that the sandbox refuses is a failure

SRC_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD_DIR=${BUILD_DIR:-${abs_top_builddir:-$SRC_DIR/build}}
OURS_BINDIR=${OURS_BINDIR:-$BUILD_DIR/src}
SLOW=${SLOW:-1}
WORK=$(mktemp -d "${TMPDIR:-/tmp}/mosh-test.XXXXXX")
export XDG_CONFIG_HOME=$WORK/no-config # the user's own settings are none of a test's business

_tests_run=0
_tests_failed=0
_finished=no
_cleanups=()

# at_exit COMMAND...: runs it when the test ends, however it ends; the last one given runs first.
at_exit() {
    _cleanups+=("$(printf '%q ' "$@")")
}

# shellcheck disable=SC2317  # reached by the trap
_on_exit() {
    local status=$? i
    trap '' INT TERM HUP
    for ((i = ${#_cleanups[@]} - 1; i >= 0; i--)); do
        eval "${_cleanups[i]}"
    done
    if [ "${KEEP_WORK:-}" = 1 ]; then
        echo "# kept $WORK"
    else
        rm -rf "$WORK"
    fi
    if [ "$_finished" = no ]; then
        echo "Bail out! the test stopped before its end (status $status)"
        [ "$status" -ne 0 ] || exit 1
    fi
}
trap _on_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

note() {
    printf '%s\n' "$*" | sed 's/^/# /'
}

pass() {
    _tests_run=$((_tests_run + 1))
    echo "ok $_tests_run - $1"
}

# fail NAME [LINE...]: the lines say what was seen.
fail() {
    _tests_run=$((_tests_run + 1))
    _tests_failed=$((_tests_failed + 1))
    echo "not ok $_tests_run - $1"
    shift
    local line
    for line in "$@"; do
        [ -z "$line" ] || note "$line"
    done
}

# skip NAME WHY: for what cannot run here whatever is installed.
skip() {
    _tests_run=$((_tests_run + 1))
    echo "ok $_tests_run - $1 # SKIP $2"
}

# cannot_run NAME WHY: for what would run if all were as it should be; in CI that is a failure.
cannot_run() {
    if [ "${CI:-}" = true ]; then
        fail "$1" "cannot run in CI: $2"
    else
        skip "$1" "$2"
    fi
}

# skip_all WHY: ends the test.
skip_all() {
    _finished=yes
    if [ "$_tests_run" -eq 0 ]; then
        echo "1..0 # SKIP $1"
    else
        skip "the rest" "$1"
        echo "1..$_tests_run"
    fi
    exit 0
}

# need_tools PROGRAM...: without one of them the test is skipped, but in CI, where everything could
# have been installed, it fails.
need_tools() {
    local tool missing=
    for tool in "$@"; do
        PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null || missing="$missing $tool"
    done
    [ -n "$missing" ] || return 0
    if [ "${CI:-}" = true ]; then
        fail "the programs it needs are there" "missing:$missing"
        finish
    fi
    skip_all "not installed:$missing"
}

# check NAME COMMAND...: passes if the command succeeds.
check() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        pass "$name"
    else
        fail "$name" "failed ($?): $*" "$output"
    fi
}

not() {
    ! "$@"
}

check_equal() {
    if [ "$2" = "$3" ]; then
        pass "$1"
    else
        fail "$1" "expected: $2" "     got: $3"
    fi
}

# check_contains NAME NEEDLE TEXT
check_contains() {
    case $3 in
    *"$2"*) pass "$1" ;;
    *) fail "$1" "looked for: $2" "in: $3" ;;
    esac
}

check_lacks() {
    case $3 in
    *"$2"*) fail "$1" "unwanted: $2" "in: $3" ;;
    *) pass "$1" ;;
    esac
}

# wait_until SECONDS COMMAND...: tries the command until it succeeds; fails when the time is up.
# The limit is generous everywhere, since it costs nothing when all is well.
wait_until() {
    local deadline=$(($(_now_ms) + $1 * SLOW * 1000))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$(_now_ms)" -lt "$deadline" ] || return 1
        sleep 0.03
    done
}

_now_ms() {
    local t=${EPOCHREALTIME/[.,]/}
    echo "${t%???}"
}

# is_gone PID: whether the process has ended (a zombie has).
is_gone() {
    local state
    state=$(ps -o stat= -p "$1" 2>/dev/null) || return 0
    [ "${state:0:1}" = Z ]
}

# end_process PID...: ends processes that this test started, and waits for them.
end_process() {
    local pid
    for pid in "$@"; do
        kill "$pid" 2>/dev/null
    done
    for pid in "$@"; do
        wait_until 3 is_gone "$pid" || kill -KILL "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
    done
}

# finish: prints the plan; the status says whether all went well. Does not return.
finish() {
    _finished=yes
    echo "1..$_tests_run"
    [ "$_tests_failed" -eq 0 ]
    exit
}
