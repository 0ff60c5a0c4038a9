#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# `mosh --doctor`, between two hosts that are joined by a link (bench/lab): for each thing that can be
# wrong the whole of what it says about it, and its exit status; and that its advice helps. ssh is
# played by a program that runs the command on the other host, where it is needed.

# shellcheck disable=SC2317,SC2016  # functions called by name; scripts in quotes
# shellcheck disable=SC2030,SC2031  # what `start` is given is for it alone
# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/tmux.sh
. "$SRC_DIR/tests/lib/tmux.sh"
# shellcheck source=tests/lib/sshd.sh
. "$SRC_DIR/tests/lib/sshd.sh"
need_tools ip tmux mount ssh sshd
# The leak sanitizer looks at a process from one that it makes, which is in another PID namespace here.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
LAB=$BUILD_DIR/bench/lab/lab
[ -x "$LAB" ] || skip_all "there is no $LAB"
"$LAB" true 2>"$WORK/no-rights"
[ $? -ne 77 ] || skip_all "$(cat "$WORK/no-rights")"
MOSH=$OURS_BINDIR/mosh
STOCK=/usr/bin/mosh-server
export LAB MOSH STOCK WORK OURS_BINDIR
export HOME=$WORK/home XDG_CONFIG_HOME=$WORK/home/config
unset MOSH_KEY SSH_CONNECTION LANG LANGUAGE
mkdir -p "$HOME"

# --- the players ---

# The far host has nothing in its PATH but the system's programs, without any mosh, and $FAR_BIN before
# them. No variable of ours gets there but those that are told here.
mkdir "$WORK/bin" "$WORK/ours" "$WORK/stock" "$WORK/old" "$WORK/none"
ln -s /usr/bin/* /bin/* "$WORK/bin" 2>/dev/null
rm -f "$WORK"/bin/mosh*
ln -s "$OURS_BINDIR/mosh-server" "$WORK/ours"
ln -s "$STOCK" "$WORK/stock"

# FAR_SAYS is how ssh's server knows itself, FAR_CONFIG what `ssh -G` says besides.
cat >"$WORK/ssh" <<'END'
#!/bin/sh
case "$1" in
-G) printf 'hostname far\n%s\n' "${FAR_CONFIG:-}"; exit ;;
-O) exit 255 ;;
esac
while [ "$1" != -- ]; do shift; done
shift
[ -z "${FAR_IP:-}" ] || echo "MOSH IP $FAR_IP" >&2
exec "$LAB" in b env -i ASAN_OPTIONS="$ASAN_OPTIONS" HOME="$HOME" PATH="$FAR_BIN:$WORK/bin" \
    ${FAR_LOCALE:+"LANG=$FAR_LOCALE"} SSH_CONNECTION="10.91.0.1 5000 ${FAR_SAYS:-10.91.0.2} 22" \
    ${FAR_SHELL:-sh} -c "$*"
END

# A server as it was before there were ranges of ports.
cat >"$WORK/old/mosh-server" <<'END'
#!/bin/sh
case "$*" in
*--version*) echo "Usage: mosh-server new [-s] [-v] [-i LOCALADDR] [-p PORT] [-c COLORS]"; exit 1 ;;
*-p\ *:*) echo "mosh-server (mosh 1.2.4)"; echo "mosh-server: Bad UDP port (60001:60010)"; exit 1 ;;
esac
exec /usr/bin/mosh-server "$@"
END
chmod +x "$WORK/ssh" "$WORK/old/mosh-server"

# In the laboratory: NAMES are the addresses of `far`; PREPARE is what has to be done before.
cat >"$WORK/inside" <<'END'
#!/bin/bash
printf '127.0.0.1 localhost\n' >"$OUT.hosts"
for address in $NAMES; do
    printf '%s far\n' "$address" >>"$OUT.hosts"
done
mount --bind "$OUT.hosts" /etc/hosts || exit 99
eval "${PREPARE:-}"
exec "$MOSH" --doctor --client="$OURS_BINDIR/mosh-client" --ssh="$WORK/ssh" "$@" far
END
chmod +x "$WORK/inside"

# examine NAME SETTINGS WORD...: runs it behind a link with these settings; the variables above are
# the caller's. Several may run at a time.
running=()
examine() {
    local name=$1 settings=$2
    shift 2
    # shellcheck disable=SC2086  # settings are words
    FAR_BIN=${FAR_BIN:-$WORK/ours} FAR_LOCALE=${FAR_LOCALE-C.UTF-8} OUT=$WORK/$name \
        NAMES=${NAMES:-10.91.0.2} "$LAB" $settings -- "$WORK/inside" "$@" \
        >"$WORK/$name.out" 2>"$WORK/$name.err" </dev/null
    echo $? >"$WORK/$name.status"
}

start() {
    examine "$@" &
    running+=($!)
}

await_all() {
    wait "${running[@]}"
    running=()
}

# conclusion NAME: what it says below the table, each text in one line.
conclusion() {
    sed -e '1,/^$/d' "$WORK/$1.out" | sed -e ':a' -e '$!N' -e 's/\n  *\(->\)/\n\1/;tb' -e 's/\n   */ /;ta' -e ':b' -e 'P;D' | sed 's/^remark  */remark /; s/^PROBLEM  */PROBLEM /'
}

# check_says NAME WHAT STATUS LINE...: the whole of it.
check_says() {
    local name=$1 what=$2 status=$3 expected
    shift 3
    expected=$(printf '%s\n' "$@")
    check_equal "$what: status" "$status" "$(cat "$WORK/$name.status")"
    check_equal "$what: verdict and advice" "$expected" "$(conclusion "$name")"
    [ ! -s "$WORK/$name.err" ] || note "$(head -n 5 "$WORK/$name.err")"
}

table() {
    sed '/^$/,$d' "$WORK/$1.out"
}

well="A session would work."
blocked="No session: UDP does not get through."
let_in="-> let UDP 60001-60999 in to far: in its firewall (nft add rule inet filter input udp dport 60001-60999 accept), and in what stands before it (router, security group)"

# --- all is well ---

NAMES="10.91.0.2 fd91::2" start well "--both delay=5ms"
NAMES="10.91.0.2 fd91::2" start well-json "--both delay=5ms" --json
FAR_BIN=$WORK/stock NAMES="10.91.0.2 fd91::2" start well-stock "--both delay=5ms"

# --- UDP is blocked ---

start out "--a-to-b down"
start back "--b-to-a down"
start both "--both down"
FAR_BIN=$WORK/stock start stock-out "--a-to-b down"
FAR_BIN=$WORK/stock start stock-back "--b-to-a down"
# A router says so: host b forwards to where it is forbidden to go.
NAMES=10.91.0.9 FAR_IP=10.91.0.9 FAR_SAYS=10.91.0.9 \
    PREPARE='"$LAB" in b sh -c "echo 1 >/proc/sys/net/ipv4/ip_forward; ip route add prohibit 10.91.0.9"' \
    start prohibited "--both delay=1ms"
NAMES="10.91.0.2 fd91::9" \
    PREPARE='"$LAB" in b sh -c "echo 1 >/proc/sys/net/ipv6/conf/all/forwarding; ip route add prohibit fd91::9"' \
    start v6-prohibited "--both delay=1ms"
# Behind a router that lets ssh through to the server, which knows itself by another address.
FAR_IP=10.91.0.2 FAR_SAYS=192.168.77.5 start nat "--a-to-b down"
# This machine has no way to there.
NAMES=203.0.113.9 FAR_IP=203.0.113.9 FAR_SAYS=203.0.113.9 start unsent ""
await_all

check_says well "a healthy host" 0 "$well"
check_contains "its terminal" "terminal  none here: nobody was asked" "$(table well)"
check_contains "its server" "server    $WORK/ours/mosh-server, version" "$(table well)"
check_contains "its locale" "locale C.UTF-8 (UTF-8)" "$(table well)"
address_line=' *\(<1\|[0-9]*\) ms *[0-9]*/[0-9]*/[0-9]* *[0-9]*/20 *[0-9]*/[0-9]* *1500 *<*[0-9]* ms$'
check "IPv4 is measured, and would be used" grep -q "^ *10[.]91[.]0[.]2 \*$address_line" "$WORK/well.out"
check "IPv6 is measured" grep -q "^ *fd91::2 $address_line" "$WORK/well.out"
check "no line is longer than 80 columns" not grep -q '^.\{81\}' "$WORK/well.out"
check_equal "nothing on standard error" "" "$(cat "$WORK/well.err")"

# values NAME KEY: all of them, with blanks between them.
values() {
    sed -n "s/^ *\"$2\": \(.*[^,]\),*\$/\1/p" "$WORK/$1.out" | tr '\n' ' ' | sed 's/ $//'
}
check_equal "JSON: status" 0 "$(cat "$WORK/well-json.status")"
check_equal "JSON: the verdict" '"well" 0' "$(values well-json verdict) $(values well-json status)"
check_equal "JSON: the findings" "[]" "$(values well-json findings)"
check_contains "JSON: the addresses" '"10.91.0.2" "fd91::2"' "$(values well-json address)"
check_equal "JSON: which would be used" "true false" "$(values well-json chosen)"
check_equal "JSON: path MTU" "1500 1500" "$(values well-json mtu)"
check_equal "JSON: a full screen came back" "true null" "$(values well-json large_screen)"

check_says out "nothing gets there" 250 \
    "PROBLEM no datagram gets to UDP port 60001 of far (10.91.0.2: silence)" "$let_in" "$blocked"
check_says back "nothing comes back" 250 \
    "PROBLEM datagrams get to far, but none comes back from UDP port 60001 (10.91.0.2: silence)" \
    "-> let answers from UDP 60001-60999 out of far and in to this machine: a firewall at either end, or on the way, drops them" \
    "$blocked"
check_says both "nothing goes either way" 250 \
    "PROBLEM no datagram gets to UDP port 60001 of far (10.91.0.2: silence)" "$let_in" "$blocked"
check_says prohibited "a router says that it is prohibited" 250 \
    "PROBLEM no datagram gets to UDP port 60001 of far (10.91.0.9: prohibited, says 10.91.0.2)" \
    "$let_in" "$blocked"
check_says nat "address translation without a forwarded port" 250 \
    "PROBLEM no datagram gets to UDP port 60001 of far (10.91.0.2: silence; 192.168.77.5: Network is unreachable, says this machine)" \
    "-> far is at 192.168.77.5 behind address translation: have the router before it forward UDP 60001-60999 to there" \
    "$blocked"
check_says unsent "nothing leaves this machine" 250 \
    "PROBLEM this machine sends nothing to far (203.0.113.9: Network is unreachable, says this machine)" \
    "-> look at its network, its routes, its VPN, and what its own firewall lets out" "$blocked"
check_says v6-prohibited "IPv6 is prohibited, IPv4 works" 0 \
    "remark nothing answers at fd91::9, another address of far (prohibited, says fd91::2)" \
    "-> mosh does not need it; but it could not go over to IPv6 if it had to" "$well"

if [ -x "$STOCK" ]; then
    check_says well-stock "a healthy host with stock's server" 0 "$well"
    check_equal "stock: IPv4 and IPv6 are measured" 2 \
        "$(grep -c "^ *[0-9a-f.:]* [* ]$address_line" "$WORK/well-stock.out")"
    check_says stock-out "stock: nothing gets there" 250 \
        "PROBLEM no datagram gets to UDP port 60001 of far (10.91.0.2: silence)" "$let_in" "$blocked"
    check_says stock-back "stock: nothing comes back" 250 \
        "PROBLEM datagrams get to far, but none comes back from UDP port 60001 (10.91.0.2: silence)" \
        "-> let answers from UDP 60001-60999 out of far and in to this machine: a firewall at either end, or on the way, drops them" \
        "$blocked"
else
    cannot_run "stock's server" "there is none"
fi

# --- the server is not there, or does not start ---

# One that is ended as soon as it has started.
mkdir "$WORK/dying"
cat >"$WORK/dying/mosh-server" <<END
#!/bin/sh
case "\$*" in *--version*) exec "$OURS_BINDIR/mosh-server" --version ;; esac
"$OURS_BINDIR/mosh-server" "\$@" 2>"$WORK/dying/words"
status=\$?
sed 's/.*pid = \([0-9]*\).*/\1/;t;d' "$WORK/dying/words" | xargs kill -9
cat "$WORK/dying/words"
echo "Out of memory: Killed process (mosh-server)"
exit \$status
END
chmod +x "$WORK/dying/mosh-server"
FAR_BIN=$WORK/dying start dying ""

FAR_BIN=$WORK/none start missing ""
FAR_BIN=$WORK/old start old "" -p 60001:60010
FAR_BIN=$WORK/old start old-one-port "" -p 60001
FAR_LOCALE='' start locale "" --send-locale=none
FAR_BIN=$WORK/stock FAR_LOCALE='' start stock-locale "" --send-locale=none
FAR_BIN=$WORK/stock FAR_LOCALE='' start stock-locale-helped "" --send-locale=none \
    --server="env LC_ALL=$(locale -a | grep -i '^C[.]utf-*8$' | head -n 1) mosh-server"

# --- addresses and sizes ---

# The server is behind address translation, and a jump host keeps mosh from connecting by itself.
translated() {
    FAR_CONFIG="proxyjump gate" FAR_SAYS=192.168.77.5 \
        PREPARE='ip route add 192.168.77.0/24 dev link0' start "$@"
}
translated detour ""
translated detour-helped "" --experimental-remote-ip=local
translated wrong "" --bind-server=ssh
translated wrong-helped "" --bind-server=ssh --experimental-remote-ip=local
start hole "--both mtu=1280"
NAMES=fd91::2 FAR_SAYS=fd91::2 start hole-v6 "--both mtu=1400"
start lossy "--both delay=20ms,loss=20%"

# --- what becomes of the server ---

cat >"$WORK/none/busctl" <<'END'
#!/bin/sh
echo "b true"
END
cat >"$WORK/none/systemctl" <<'END'
#!/bin/sh
[ "$*" != "is-active firewalld" ] || echo active
END
cat >"$WORK/none/id" <<'END'
#!/bin/sh
echo somebody
END
chmod +x "$WORK/none/"*
mkdir "$WORK/systemd"
cp "$WORK/none/"* "$WORK/systemd"
ln -s "$OURS_BINDIR/mosh-server" "$WORK/systemd/mosh-server"
rm "$WORK/none/busctl" "$WORK/none/id"
mkdir "$WORK/firewalld"
mv "$WORK/none/systemctl" "$WORK/firewalld"
ln -s "$OURS_BINDIR/mosh-server" "$WORK/firewalld/mosh-server"
FAR_BIN=$WORK/systemd PREPARE='mount -t tmpfs none /run && mkdir -p /run/systemd/system' \
    start killed ""
FAR_BIN=$WORK/firewalld start firewalld "--a-to-b down"
await_all

# What the distribution of this very machine calls the package.
package=$(sed -n 's/.*PROBLEM .* mosh-server was not found.*//p' "$WORK/missing.out")
check_equal "the server is missing: status" 254 "$(cat "$WORK/missing.status")"
check_equal "the server is missing: verdict" \
    "PROBLEM mosh-server was not found on far|No session: there is no mosh-server." \
    "$(conclusion missing | sed '/^->/d' | paste -sd '|')"
check_contains "the server is missing: advice" "or say where it is: --server=/PATH/TO/mosh-server" \
    "$package$(conclusion missing)"
# shellcheck disable=SC1091
case "$(. /etc/os-release 2>/dev/null && echo "$ID")" in
debian) check_contains "the package is named" "-> on far: apt install mosh; or" "$(conclusion missing)" ;;
esac
check_equal "the server dies: status" 253 "$(cat "$WORK/dying.status")"
check_contains "the server dies: what is wrong" "PROBLEM mosh-server on far was started, and has ended: " \
    "$(conclusion dying)"
check_contains "the server dies: its last words" "Out of memory: Killed process" "$(conclusion dying)"
check_says old "a server that is too old" 253 \
    "PROBLEM mosh-server 1.2.4 on far is too old to take a range of ports" \
    "-> update mosh on far to 1.4.0 or later, or give one port: -p 60001" \
    "No session: mosh-server does not start."
check_says locale "no UTF-8 locale: ours needs none" 0 \
    'remark the locale on far is "POSIX"; programs in a session get UTF-8' "$well"
check_says wrong "the wrong address" 249 \
    "PROBLEM mosh would send to 192.168.77.5, which is what the server takes for its own, where nothing answers; 10.91.0.2 does" \
    "-> mosh --experimental-remote-ip=local far" "No session: mosh would use the wrong address."
check_says wrong-helped "and its advice helps" 0 "$well"
check_says detour "the wrong address, and others to go over to" 0 \
    "remark mosh begins with 192.168.77.5, which is what the server takes for its own, where nothing answers, and then finds 10.91.0.2" \
    "-> to spare the wait: mosh --experimental-remote-ip=local far" "$well"
check_says detour-helped "and its advice helps" 0 "$well"
check_says hole "a black hole behind 1280 bytes" 0 \
    "remark packets over 1280 bytes vanish on the way to far, and no router says so" \
    "-> nothing for mosh, which sends smaller ones; ssh and others may hang: MTU 1280" "$well"
check "its size is in the table" grep -q ' 1280  *<*[0-9]* ms$' "$WORK/hole.out"
check_says hole-v6 "and behind 1400 with IPv6" 0 \
    "remark packets over 1400 bytes vanish on the way to far, and no router says so" \
    "-> nothing for mosh, which sends smaller ones; ssh and others may hang: MTU 1400" "$well"
check_equal "20 % of loss each way: status" 0 "$(cat "$WORK/lossy.status")"
check "20 % of loss: it is told" grep -q '^remark    the way to far loses datagrams: [0-9]* of 20 there' \
    "$WORK/lossy.out"
check_says killed "F44: logind ends what the user leaves behind" 248 \
    "PROBLEM systemd-logind on far ends what somebody leaves behind (KillUserProcesses=yes)" \
    '-> there: sudo loginctl enable-linger somebody; then here: --server="systemd-run --user --scope --quiet mosh-server"' \
    "No session: mosh-server would be ended as soon as ssh is."
check_says firewalld "the firewall that is on is named" 250 \
    "PROBLEM no datagram gets to UDP port 60001 of far (10.91.0.2: silence)" \
    "-> on far: sudo firewall-cmd --permanent --add-port=60001-60999/udp && sudo firewall-cmd --reload" \
    "$blocked"
if [ -x "$STOCK" ]; then
    check_equal "an old server with one port works" 0 "$(cat "$WORK/old-one-port.status")"
    check_equal "no UTF-8 locale, stock: status" 253 "$(cat "$WORK/stock-locale.status")"
    check_contains "no UTF-8 locale, stock: what is wrong" \
        'PROBLEM mosh-server 1.4.0 on far needs a UTF-8 locale, and has "POSIX"' \
        "$(conclusion stock-locale)"
    check_contains "no UTF-8 locale, stock: advice" '-> --server="env LC_ALL=C.' \
        "$(conclusion stock-locale)"
    check_says stock-locale-helped "and its advice helps" 0 "$well"
fi

# --- ssh ---

printf '#!/bin/sh\n[ "$1" != -G ] || exit 1\necho "far: Permission denied (publickey)." >&2\nexit 255\n' >"$WORK/denied"
chmod +x "$WORK/denied"
output=$("$MOSH" --doctor --client="$OURS_BINDIR/mosh-client" --ssh="$WORK/denied" far 2>&1 </dev/null)
check_equal "ssh fails: status" 255 $?
check_contains "ssh fails: its words" "PROBLEM   ssh cannot connect or log in: far: Permission denied (publickey)." "$output"
check_contains "ssh fails: verdict" "No session: ssh does not get there." "$output"

# --- over a real ssh ---

if sshd_start "SetEnv LANG=C.UTF-8"; then
    examine_ssh() { # NAME HOST WORD...
        local name=$1 host=$2
        shift 2
        "$MOSH" --doctor --client="$OURS_BINDIR/mosh-client" --server="$WORK/ours/mosh-server" \
            --ssh="$SSH" "$@" "$host" >"$WORK/$name.out" 2>"$WORK/$name.err" </dev/null
        echo $? >"$WORK/$name.status"
    }
    examine_ssh real testhost
    check_says real "with a real ssh" 0 "$well"
    check "ssh's address is known" grep -q '^ssh       a shell after [0-9]* ms to 127[.]0[.]0[.]1, directly$' \
        "$WORK/real.out"
    examine_ssh real-jump testhost --ssh="$SSH -o ProxyCommand='$(command -v nc || echo /nowhere/nc) %h %p'" --json
    if command -v nc >/dev/null; then
        check_equal "through a proxy command" '"a proxy command"' "$(values real-jump jump)"
        check_equal "which is no fault by itself" 0 "$(cat "$WORK/real-jump.status")"
    fi
    check_equal "ssh cannot log in: status" 255 "$(
        examine_ssh real-denied testhost --ssh="$SSH -o PubkeyAuthentication=no"
        cat "$WORK/real-denied.status"
    )"
    check_contains "ssh cannot log in: its words" "Permission denied" "$(conclusion real-denied)"
    check "every ssh has ended" wait_until 10 not pgrep -f -- "ssh -F $SSH_CONFIG"
else
    cannot_run "a real ssh" "$SSHD_TROUBLE"
fi

# --- shells ---

for shell in dash bash "busybox sh" ksh zsh fish csh tcsh; do
    command -v "${shell%% *}" >/dev/null || continue
    FAR_SHELL=$shell start "shell-${shell%% *}" "" -p 60003
done
await_all
for shell in dash bash "busybox sh" ksh zsh fish csh tcsh; do
    command -v "${shell%% *}" >/dev/null || continue
    check_says "shell-${shell%% *}" "R16: the login shell is $shell" 0 "$well"
done

# --- the command line ---

output=$("$MOSH" --doctor far ls 2>&1)
check_equal "a command: status" 251 $?
check_contains "a command is refused" "--doctor: takes no command" "$output"
output=$("$MOSH" --json far 2>&1)
check_equal "--json alone: status" 251 $?
check_contains "--json alone is refused" "only --doctor" "$output"
printf '#!/bin/sh\necho "no such option" >&2\nexit 1\n' >"$WORK/client"
chmod +x "$WORK/client"
output=$("$MOSH" --doctor --client="$WORK/client" --local 127.0.0.1 2>&1)
check_equal "a client of another version: status" 251 $?
check_contains "a client of another version" "needs the mosh-client of this version" "$output"

# --- on a terminal, with this machine ---

pane_open here 100x40 "$MOSH --doctor --client=$OURS_BINDIR/mosh-client --server=$WORK/ours/mosh-server --local 127.0.0.1; echo status \$?; stty -a >$WORK/modes; exec cat"
check "on a terminal it comes to an end" pane_wait here 'status 0' 30
check "the terminal has answered" pane_wait here 'it says that it is tmux' 10
check_contains "the local server was asked" "server    $WORK/ours/mosh-server" "$(pane_text here)"
check "the terminal's modes are as before" grep -q ' icanon' "$WORK/modes"
pane_close here

# Nothing is left running.
check "no server is left" wait_until 10 not pgrep -f -- "^$WORK/ours/mosh-server new"
finish
