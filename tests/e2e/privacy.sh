#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# S15, S28: where the key is not, and what the program in a session does not inherit.

# shellcheck disable=SC2317  # functions are called by their names

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$(dirname "$0")/../lib/tmux.sh"
# shellcheck source=tests/lib/session.sh
. "$(dirname "$0")/../lib/session.sh"
need_tools tmux ps
[ -x "$OURS_BINDIR/mosh-client" ] || skip_all "there is no $OURS_BINDIR/mosh-client"

session_open secret
key=$(cat "$WORK/secret/key")
client=$(client_pid secret)
server=$(server_pid secret)

# remote COMMAND: runs it in the session; its output is in $result.
rounds=0
remote() {
    rounds=$((rounds + 1))
    pane_line secret "clear; ($1) >$WORK/result 2>&1; echo finished-\$(($rounds))-now"
    pane_wait secret "finished-$rounds-now"
    result=$(cat "$WORK/result")
}

check_lacks "S15: the key is on no command line" "$key" "$(ps axww -o args)"
for pid in "$client" "$server"; do
    check_lacks "S15: the key is not in the environment of $(ps -o comm= -p "$pid")" "$key" \
        "$(tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null)"
    check_equal "S15: $(ps -o comm= -p "$pid") writes no core dump" 0 \
        "$(awk '/^Max core file size/ { print $5 }' "/proc/$pid/limits")"
    check_equal "S15: what the system knows of $(ps -o comm= -p "$pid") is root's, since it is not dumpable" root \
        "$(stat -c %U "/proc/$pid/environ")"
done

# Those who do not run as root are refused themselves.
as_nobody() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
    else
        "$@"
    fi
}

environ_is_closed() {
    ! as_nobody cat "/proc/$pid/environ" 2>"$WORK/refusal" && grep -q 'Permission denied' "$WORK/refusal"
}

chmod 711 "$WORK"
(cd / && as_nobody "$OURS_BINDIR/mosh-server" new -i 127.0.0.1 -- sleep 1000) </dev/null >"$WORK/nobody.out" 2>"$WORK/nobody.err"
pid=$(sed -n 's/.*pid = \([0-9]*\).*/\1/p' "$WORK/nobody.err")
if [ -z "$pid" ]; then
    skip "S15: another process of the same user cannot read its environment" "cannot run as another user here"
elif [ -n "${INSTRUMENT_CFLAGS:-}" ]; then
    skip "S15: another process of the same user cannot read its environment" "built with sanitizers or for coverage"
    kill "$pid"
else
    check "S15: another process of the same user cannot read its environment" environ_is_closed
    kill "$pid"
fi

# What sudo and su need: a program that is another user's by its file's mode becomes so in a session.
becomes_root() {
    grep -qx 0 "$WORK/shared/uid"
}

mkdir -m 777 "$WORK/shared"
install -m 4755 "$(command -v id)" "$WORK/shared/whoami" 2>/dev/null
if [ "$(id -u)" != 0 ] || [ "$(as_nobody "$WORK/shared/whoami" -u 2>/dev/null)" != 0 ] ||
    ! as_nobody "$OURS_BINDIR/mosh-server" --version >/dev/null 2>&1; then
    skip "S28: a set-user-id program works in a session" "needs root, and folders for everybody"
else
    (cd / && as_nobody "$OURS_BINDIR/mosh-server" new -i 127.0.0.1 -- \
        sh -c "$WORK/shared/whoami -u >$WORK/shared/uid") </dev/null >"$WORK/nobody.out" 2>"$WORK/nobody.err"
    read -r _ _ port nobodys_key <<<"$(tr -d '\r' <"$WORK/nobody.out" | grep '^MOSH CONNECT')"
    pane_open nobody 80x24 "MOSH_KEY=$nobodys_key $OURS_BINDIR/mosh-client 127.0.0.1 $port"
    check "S28: a set-user-id program works in a session" wait_until 10 becomes_root
    pane_close nobody
fi

# in_memory PID: whether the key, as it is or as text, is in what the process can write to.
in_memory() {
    python3 - "$1" "$key" <<'END'
import base64, sys
pid, text = sys.argv[1:]
raw = base64.b64decode(text + "==")
with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
    for line in maps:
        span, rights = line.split()[:2]
        if not rights.startswith("rw") or "[v" in line:
            continue
        start, end = (int(n, 16) for n in span.split("-"))
        try:
            memory.seek(start)
            held = memory.read(end - start)
        except OSError:
            continue
        if raw in held or text.encode() in held:
            sys.exit(0)
sys.exit(1)
END
}

# The shell, and whoever keeps the login record, were started before there was a key.
if [ "$(id -u)" != 0 ] || ! command -v python3 >/dev/null; then
    skip "S15: children do not have the key in their memory" "needs root and Python, to read memory"
elif [ -n "${INSTRUMENT_CFLAGS:-}" ]; then
    skip "S15: children do not have the key in their memory" "sanitizers map terabytes"
else
    check "S15: the server has the key in its memory" in_memory "$server"
    for child in $(pgrep -P "$server"); do
        check "S15: its child $(ps -o comm= -p "$child") has not" not in_memory "$child"
    done
fi

remote 'env'
check_lacks "S28: the program does not have the key" "$key" "$result"
check_lacks "S28: nor a variable for it" "MOSH_KEY" "$result"
check_contains "its terminal is of the kind that was asked for" "TERM=xterm-256color" "$result"
check_contains "and it is told not to draw lines by charsets" "NCURSES_NO_UTF8_ACS=1" "$result"
check_lacks "nor does it think itself within screen" "STY=" "$result"
remote 'ls /proc/$$/fd'
check_equal "S28: it has three descriptors, and its shell's own" "0 1 2 255" "$(xargs <<<"$result")"
# The C library keeps the signals 32 and 33 to itself; what make starts has them ignored.
remote 'grep -E "^Sig(Blk|Ign)" /proc/self/status'
while read -r name mask; do
    check_equal "S28: no signal counts in ${name%:}" 0 $((0x$mask & 0x7FFFFFFF))
done <<<"$result"
remote 'grep NoNewPrivs /proc/self/status; ulimit -c'
check_equal "S28: sudo would work, and core dumps are as they were outside" \
    "NoNewPrivs: 0 $(ulimit -c)" "$(xargs <<<"$result")"
remote 'grep -E "^Seccomp:" /proc/self/status; ulimit -u; ulimit -f; ls /etc/passwd'
check_equal "S28: nor does the server's sandbox hold it" \
    "$(awk '/^Seccomp:/' /proc/self/status; ulimit -u; ulimit -f; echo /etc/passwd)" "$result"
for pid in "$client" "$server"; do
    check_equal "S28: $(ps -o comm= -p "$pid") has no file open where files come and go" "" \
        "$(find "/proc/$pid/fd" -type l -printf '%l\n' | grep -E '^(/tmp|/var|/dev/shm|/run|/home|/root)/')"
done
remote 'pwd'
check_equal "it begins in the home directory" "$HOME" "$result"
remote 'stty -a'
check_contains "its terminal knows UTF-8" " iutf8" "$result"
finish
