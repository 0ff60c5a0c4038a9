#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The programs look for the largest datagrams that pass, between two hosts whose link (bench/lab) drops
# larger packets without a word. What they find is in their logs.

# shellcheck disable=SC2317 # functions are called by name
# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$SRC_DIR/tests/lib/tmux.sh"
need_tools ip tmux
# The leak sanitizer looks at a process from one that it makes, which is in another PID namespace here.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
LAB=$BUILD_DIR/bench/lab/lab
STOCK_CLIENT=/usr/bin/mosh-client
[ -x "$LAB" ] || skip_all "there is no $LAB"
"$LAB" true 2>"$WORK/no-rights"
[ $? -ne 77 ] || skip_all "$(cat "$WORK/no-rights")"
LOG_SECONDS=60

# Paints screens of many datagrams, and reads what is typed, until there is a file $OUT.still. Then it says a word, and ends when
# there is $OUT.end.
cat >"$WORK/painter" <<'END'
#!/bin/bash
stty raw -echo opost
cat <&0 >/dev/null &
until [ -e "$OUT.still" ]; do
    [ -z "$PAINTS" ] || { printf '\e[H'; head -c $((2000 + RANDOM % 3600)) /dev/urandom | base64 -w 150; }
    sleep 0.05
done
kill $!
printf '\e[H\e[2J%s\n' all-is-still
until [ -e "$OUT.end" ]; do sleep 0.1; done
END

# inside CLIENT ADDRESS, with OUT: a session between the two hosts, with logs in $OUT.log and, of a client
# of ours, $OUT.client. Further settings of the link come in $OUT.set.
cat >"$WORK/inside" <<'END'
#!/bin/bash
"$LAB" in b "$OURS_BINDIR/mosh-server" new -v -i "$2" -c 256 -- "$WORK/painter" >"$OUT.said" 2>"$OUT.log"
[[ $(<"$OUT.said") =~ MOSH\ CONNECT\ ([0-9]+)\ ([A-Za-z0-9/+]{22}) ]] || exit 1
while read -r settings; do
    "$LAB" set both "$settings"
    echo "$settings" >>"$OUT.was-set"
done < <(tail -n +1 -f "$OUT.set") &
[ "$1" != "$OURS_BINDIR/mosh-client" ] || verbose=-v
MOSH_KEY=${BASH_REMATCH[2]} "$1" $verbose "$2" "${BASH_REMATCH[1]}" 2>"$OUT.client"
echo "status $?"
END
chmod +x "$WORK/painter" "$WORK/inside"

# start NAME SETTINGS CLIENT ADDRESS, with PAINTS
start() {
    : >"$WORK/$1.set"
    pane_open "$1" 150x50 "env LAB='$LAB' WORK='$WORK' OUT='$WORK/$1' OURS_BINDIR='$OURS_BINDIR' PAINTS='$PAINTS' \
        MOSH_SANDBOX='${MOSH_SANDBOX:-}' LANG=C.UTF-8 '$LAB' --both '$2' -- '$WORK/inside' '$3' '$4'"
}

logged() { # NAME[.client] TEXT: lines of the server's log, or of the client's
    local log=$1
    [[ $log == *.client ]] || log=$log.log
    grep -c -- "$2" "$WORK/$log" 2>/dev/null
}

has_sent() { # NAME COUNT: so many instructions of the server's
    [ "$(logged "$1" "sending ")" -ge "$2" ]
}

has_logged() { # NAME[.client] TEXT
    [ "$(logged "$@")" -gt 0 ]
}

still() { # NAME
    touch "$WORK/$1.still"
    check "$1: the last screen comes" pane_wait "$1" all-is-still 20
}

end() { # NAME
    touch "$WORK/$1.end"
    check "$1: the session ends" pane_wait "$1" "status 0" 20
    pane_close "$1"
}

# The sizes of probes that arrived, in their order; those that did not show in the number of probes.
check_found() { # NAME SIZE...
    local name=$1
    shift
    check "$name: datagrams grow to ${*: -1} bytes" wait_until "$LOG_SECONDS" has_logged "$name" "up to ${*: -1} bytes"
    check_equal "$name: what passed" "$*" \
        "$(sed -n 's/.*datagrams of up to \([0-9]*\) bytes.*/\1/p' "$WORK/$name.log" | tr '\n' ' ' | sed 's/ $//')"
}

PAINTS=yes
start tunnel delay=5ms,mtu=1400 "$OURS_BINDIR/mosh-client" 10.91.0.2
start ipv6 delay=5ms "$OURS_BINDIR/mosh-client" fd91::2
check_found tunnel 1372
check_found ipv6 1452
# The link's interface takes no larger packets, and says so: that costs one attempt, and nothing else.
check "ipv6: a larger one is tried" wait_until "$LOG_SECONDS" has_logged ipv6 "probe 2 of 2028 bytes"

echo mtu=1340 >"$WORK/tunnel.set"
check "F05: tunnel: a path that becomes narrower is noticed" \
    wait_until "$LOG_SECONDS" has_logged tunnel "datagrams of 1252 bytes again"
still tunnel
still ipv6
end tunnel
end ipv6
check_equal "ipv6: what the system refuses is not tried again" 2 "$(logged ipv6 'probe ')"
check_equal "ipv6: nor is anything smaller used for that" 0 "$(logged ipv6 'bytes again')"

# The other direction: what is typed needs many datagrams.
PAINTS=
start paste delay=5ms "$OURS_BINDIR/mosh-client" 10.91.0.2
head -c 150000 /dev/urandom | base64 -w 0 >"$WORK/text"
paste_until_logged() { # TEXT
    for _ in $(seq 40); do
        pane_paste paste "$WORK/text"
        wait_until 2 has_logged paste.client "$1" && return 0
    done
    return 1
}
check "paste: the client's datagrams grow" paste_until_logged "up to 1472 bytes"
check "paste: a larger one is tried" paste_until_logged "probe 2 of 2048 bytes"
check "paste: the link's interface is no news to the user" not pane_shows paste "too long"
still paste
check_equal "paste: the server has sent none" 0 "$(logged paste 'probe ')"
end paste

PAINTS=yes
if [ -x "$STOCK_CLIENT" ]; then
    start stock delay=5ms "$STOCK_CLIENT" 10.91.0.2
    check "stock: a session that paints" wait_until "$LOG_SECONDS" has_sent stock 200
    still stock
    check_equal "F05: stock: no probe goes to who has not asked for it" 0 "$(logged stock 'probe ')"
    end stock
else
    skip "F05: stock: no probe goes to who has not asked for it" "there is no $STOCK_CLIENT"
fi
finish
