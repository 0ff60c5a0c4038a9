#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# mosh-server without a client: what it prints, how it goes into the background, what ends it.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
need_tools ps ss
server=$OURS_BINDIR/mosh-server
[ -x "$server" ] || skip_all "there is no $server"
unset MOSH_SERVER_NETWORK_TMOUT MOSH_SERVER_SIGNAL_TMOUT

# start ARGUMENT...: sets status, output, said, pid, port.
start() {
    "$server" "$@" </dev/null >"$WORK/out" 2>"$WORK/err"
    status=$?
    output=$(tr -d '\r' <"$WORK/out" | grep -v '^$')
    said=$(cat "$WORK/err")
    pid=$(sed -n 's/.*pid = \([0-9]*\).*/\1/p' <<<"$said")
    [ -z "$pid" ] || at_exit end_process "$pid"
    port=$(sed -n 's/^MOSH CONNECT \([0-9]*\) .*/\1/p' <<<"$output")
}

ends_by() { # SIGNAL NAME
    start new -i 127.0.0.1
    kill -"$1" "$pid"
    check "$2" wait_until 3 is_gone "$pid"
}

start new -i 127.0.0.1
check_equal "starting succeeds" 0 "$status"
check "it prints one line, with port and key" \
    grep -qxE 'MOSH CONNECT [0-9]+ [A-Za-z0-9/+]{21}[AQgw]' <<<"$output"
check_equal "and nothing else" 1 "$(wc -l <<<"$output")"
check "the port is one of the default range" test "$port" -ge 60001 -a "$port" -le 60999
check "it stays in the background" not is_gone "$pid"
check_equal "R16: it leads a session of its own" "$pid" "$(ps -o sid= -p "$pid" | tr -d ' ')"
check_equal "S28: no file is open but the socket, the terminal and /dev/null" "" \
    "$(find "/proc/$pid/fd" -type l -printf '%l\n' |
        grep -vE '^(/dev/null|/dev/ptmx|/dev/pts/ptmx|socket:.*|pipe:.*|anon_inode:.*)$')"
check "it listens on the address that was asked for" \
    grep -q "127.0.0.1:$port " <<<"$(ss -Hlun)"
check_equal "R16: the end of its terminal does not concern it" 1 \
    $((0x$(awk '/^SigIgn:/ { print $2 }' "/proc/$pid/status") & 1))
kill -TERM "$pid"
check "without a client it ends at SIGTERM" wait_until 3 is_gone "$pid"
ends_by INT "without a client it ends at SIGINT"
ends_by USR1 "without a client it ends at SIGUSR1"

start new -i 127.0.0.1 -p 60711
check_equal "-p PORT" 60711 "$port"
first=$pid
start new -i 127.0.0.1 -p 60711
check "S29: an occupied port is an error" test "$status" -eq 1 -a -z "$output" -a -n "$said"
start new -i 127.0.0.1 -p 60711:60713
check_equal "F45: -p LOW:HIGH goes on to the next port" 60712 "$port"
end_process "$pid" "$first"
start new -i 127.0.0.1 -p 0
check "F45: -p 0 takes any port" test "$port" -gt 1023
end_process "$pid"

for ports in x 1x 70000 5:3 0:9 1: :5 1:2:3 -1; do
    start new -i 127.0.0.1 -p "$ports"
    check_equal "-p $ports is refused" "1:" "$status:$output"
    check_contains "with the words that the wrapper looks for" "Bad UDP port" "$said"
    check_equal "in one line" 1 "$(wc -l <<<"$said")"
done
start new -i 127.0.0.1 -c many
check_equal "-c takes numbers only" "1:" "$status:$output"
start new -i 127.0.0.1 -p
check_equal "an option without its argument is refused" "1:" "$status:$output"
check_contains "by name" "-p" "$said"
start 127.0.0.1 60720 60721
check_equal "so is a word too much" "1:" "$status:$output"
check_contains "by name, too" "60721" "$said"

start new -i 127.0.0.1 -@ something
check_contains "-@ swallows a word" "MOSH CONNECT" "$output"
end_process "$pid"
start new -i 127.0.0.1 --frobnicate
check_contains "an unknown option is no reason not to start" "MOSH CONNECT" "$output"
end_process "$pid"
start 127.0.0.1
check_contains "the old form with an address" "MOSH CONNECT" "$output"
end_process "$pid"
start 127.0.0.1 60720
check_equal "the old form with address and port" 60720 "$port"
end_process "$pid"
SSH_CONNECTION="127.0.0.1 4000 127.0.0.1 22" start new -s
check "-s takes the address from ssh" grep -q "127.0.0.1:$port " <<<"$(ss -Hlun)"
end_process "$pid"
SSH_CONNECTION="127.0.0.1 4000 127.0.0.1 22" start new -s -@ everywhere
check "with the hint that it may, it listens on all" grep -q "0.0.0.0:$port " <<<"$(ss -Hlun)"
if ip -6 addr show dev lo 2>/dev/null | grep -q ::1; then
    check "of both families" grep -qF "[::]:$port " <<<"$(ss -Hlun)"
fi
end_process "$pid"
start new -i 127.0.0.1 -@ everywhere
check "but where it was told to" grep -q "127.0.0.1:$port " <<<"$(ss -Hlun)"
end_process "$pid"

check "--help" grep -q new <<<"$("$server" --help)"
check "--version" grep -q mosh <<<"$("$server" --version)"

MOSH_SERVER_NETWORK_TMOUT=1 start new -i 127.0.0.1
check "without a client, the network timeout ends it too" wait_until 8 is_gone "$pid"
MOSH_SERVER_NETWORK_TMOUT=soon start new -i 127.0.0.1
check_contains "a timeout that is no number is ignored, and said to be" \
    "MOSH_SERVER_NETWORK_TMOUT" "$said"
check_contains "and the server starts" "MOSH CONNECT" "$output"
end_process "$pid"

env -i PATH="$PATH" "$server" new -i 127.0.0.1 -- true </dev/null >"$WORK/out" 2>"$WORK/err"
check "R19: it starts with an empty environment" grep -q 'MOSH CONNECT' "$WORK/out"
end_process "$(sed -n 's/.*pid = \([0-9]*\).*/\1/p' "$WORK/err")"

# --- libraries with faults that are known ---

# old_library OPENSSL PROTOBUF-C: what the libraries say of themselves, in front of the real ones.
old_library() {
    printf '%s\n' "unsigned long OpenSSL_version_num(void); unsigned protobuf_c_version_number(void);" \
        "unsigned long OpenSSL_version_num(void) { return $1; }" \
        "unsigned protobuf_c_version_number(void) { return $2; }" >"$WORK/old.c"
    ${CC:-cc} -shared -fPIC -o "$WORK/old.so" "$WORK/old.c" && LD_PRELOAD=$WORK/old.so start new -i 127.0.0.1
}
if [ -n "${INSTRUMENT_CFLAGS:-}" ]; then
    skip "S34: old libraries" "sanitizers want to be first"
elif ! grep -q '^/\* #undef OLD_LIBRARIES_REPAIRED' "$BUILD_DIR/config.h"; then
    skip "S34: old libraries" "built with --enable-old-libraries"
else
    old_library 0x30000040UL 1003003
    check_contains "S34: an old protobuf-c is warned about" "protobuf-c here is older than 1.4.1" "$said"
    check_contains "S34: and the session starts" "MOSH CONNECT" "$output"
    end_process "$pid"
    check_contains "S34: the client warns, too" "protobuf-c here is older than 1.4.1" \
        "$(LD_PRELOAD=$WORK/old.so MOSH_KEY=AAECAwQFBgcICQoLDA0ODw "$OURS_BINDIR/mosh-client" 127.0.0.1 60999 2>&1 </dev/null)"
    old_library 0x30000040UL 1004001
    check_lacks "S34: on amd64 and others, the old OpenSSL is right" "older than" "$said"
    end_process "$pid"
fi
finish
