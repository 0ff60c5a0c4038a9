#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Starts on machines where something is missing or full: pseudo-terminals, descriptors, memory, ports,
# standard streams, a disk that can be written, accounts, login records. What lacks is made with
# namespaces of the test's own; where there are none, that is skipped.

# shellcheck disable=SC2317  # functions that are called by name
# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
# shellcheck source=tests/lib/faults.sh
. "$SRC_DIR/tests/lib/faults.sh"
need_tools pgrep ps prlimit unshare mount
SLOW=$((SLOW * 6)) # what is waited for is not measured: a limit is for what never comes
faults_prepare
server=$OURS_BINDIR/mosh-server
client=$OURS_BINDIR/mosh-client
unset MOSH_SERVER_NETWORK_TMOUT
key=AAAAAAAAAAAAAAAAAAAAAA

# --- in namespaces of our own ---

namespace=
for try in "unshare -m" "unshare -Urm"; do
    # shellcheck disable=SC2086  # words
    $try mount -t tmpfs none /mnt 2>/dev/null && namespace=$try && break
done

# inside COMMANDS: a shell with mounts of its own; sets $status, $output and $said.
inside() {
    # shellcheck disable=SC2086
    output=$(timeout $((60 * SLOW)) $namespace sh -c "$1" 2>"$WORK/said" </dev/null)
    status=$?
    said=$(cat "$WORK/said")
}

# Processes are found by a word on their command line that no others have.
new_mark() {
    mark=mark-$RANDOM$RANDOM
}

nobody_is_left() {
    not pgrep -f -- "$mark"
}

# refused NAME COMMANDS WORD: the server ends with status 1 and says why; nothing stays behind. In the
# commands, START starts it.
refused() {
    new_mark
    inside "${2//START/$server new -p 0 -- sleep 20 $mark}"
    check_equal "$1: it ends in front of the user" "1 " "$status $output"
    check_contains "$1: and says why" "$3" "$said"
    check "$1: nobody stays behind" wait_until 10 nobody_is_left
}

# A /dev of $1, with what else is listed.
mkdir "$WORK/dev"
touch "$WORK/dev/null" "$WORK/dev/urandom"
small_dev="mount --bind /dev/null $WORK/dev/null && mount --bind /dev/urandom $WORK/dev/urandom"
if [ -n "$namespace" ]; then
    refused "F17: no /dev/ptmx" "$small_dev && mount --rbind $WORK/dev /dev && START" \
        "mosh-server: opening a pseudo-terminal"
    mkdir -p "$WORK/dev/pts"
    ln -s pts/ptmx "$WORK/dev/ptmx"
    # The only one there may be is the shell's.
    refused "F17: no pseudo-terminal is left" "$small_dev && mount --rbind $WORK/dev /dev &&
        mount -t devpts -o newinstance,ptmxmode=666,max=1 devpts /dev/pts && exec 3<>/dev/ptmx &&
        { START; exit \$?; }" "mosh-server: opening a pseudo-terminal"

    # faultsession itself needs no file to write.
    inside "mount --make-rprivate / && mount -o remount,bind,ro / &&
        for d in /tmp /var/tmp /run /dev/shm; do mount -o remount,bind,ro \$d 2>/dev/null; done
        ! touch $WORK/probe 2>/dev/null && $FAULTSESSION direct mosh-server $FAULTS_FOLDER"
    check_equal "F48: on a root that is read-only a session goes on" goes-on "$(cut -f1 <<<"$output")"
    note "$said"
    mkdir "$WORK/full"
    inside "mount -t tmpfs -o size=4k none $WORK/full && cd $WORK/full && { cat /dev/zero >all 2>/dev/null; :; } &&
        ! echo more >more && export HOME=$WORK/full TMPDIR=$WORK/full && $FAULTSESSION direct mosh-client $FAULTS_FOLDER"
    check_equal "F48: and on a disk that is full" goes-on "$(cut -f1 <<<"$output")"

    # Neither records nor a helper for them; records that are nonsense; a helper that never ends.
    : >"$WORK/empty"
    head -c 5000 /dev/urandom >"$WORK/nonsense"
    nap=30.$RANDOM$RANDOM
    printf '#!/bin/sh\nexec sleep %s\n' $nap >"$WORK/helper"
    chmod +x "$WORK/helper"
    helper=$(find /usr/lib* -path '*/utempter/utempter' 2>/dev/null | head -n 1)
    records=/run/utmp
    [ -e $records ] || records=/var/log/wtmp
    for what in empty nonsense; do
        [ -e $records ] || break
        inside "mount --bind $WORK/$what $records && $FAULTSESSION direct mosh-server $FAULTS_FOLDER"
        check_equal "F42: login records that are $what" goes-on "$(cut -f1 <<<"$output")"
    done
    if [ -n "$helper" ]; then
        inside "mount --bind $WORK/helper $helper && $FAULTSESSION direct mosh-server $FAULTS_FOLDER; :"
        check_contains "F42: a helper that hangs does not hold the session up" 'at "the end"' "$output"
        check_lacks "F42: nor its end" "mosh-server does not end" "$output"
        pgrep -f "^sleep $nap\$" | xargs -r kill
        inside "mount --bind /dev/null $helper && $FAULTSESSION direct mosh-server $FAULTS_FOLDER"
        check_equal "F42: nor does one that cannot be run" goes-on "$(cut -f1 <<<"$output")"
    fi
else
    skip "F17, F42, F48" "no mount namespaces here"
fi

# --- descriptors ---

# What whoever runs the tests has left open is not counted.
close_inherited()
{
    local fd
    for fd in /proc/self/fd/*; do
        fd=${fd##*/}
        [ "$fd" -le 2 ] || eval "exec $fd>&-"
    done
}

if [ -z "${INSTRUMENT_CFLAGS:-}" ]; then
    # The fourth is the loader's, and then the socket's.
    output=$( (close_inherited; ulimit -n 4; exec "$server" new -p 0) 2>&1 </dev/null)
    check_equal "F33: no descriptor is left for the server" 1 $?
    check_contains "F33: and it says so" ": Too many open files" "$output"
else
    skip "F33: no descriptor is left for the server" "a sanitizer needs some"
fi

# Without a standard stream, what is opened next must not be taken for it.
for stream in '0<&-' '1>&-' '2>&-' '0<&- 1>&- 2>&-'; do
    new_mark
    eval "MOSH_SERVER_NETWORK_TMOUT=120 $server new -p 0 -- sleep 20 $mark $stream" >"$WORK/out" 2>"$WORK/err"
    pids=$(pgrep -f -- "mosh-server new .*$mark")
    check "F34: the server starts without $stream" test -n "$pids"
    for pid in $pids; do
        [ -r "/proc/$pid/fd/0" ] || continue # not even its user may look into it
        check_lacks "F34: and none of its standard streams is something else ($stream)" "socket:" \
            "$(readlink "/proc/$pid/fd/0" "/proc/$pid/fd/1" "/proc/$pid/fd/2")"
    done
    # shellcheck disable=SC2086
    kill $pids 2>/dev/null
done
for stream in '0<&-' '1>&-' '2>&-' '0<&- 1>&- 2>&-'; do
    eval "MOSH_KEY=$key timeout 120 $client 127.0.0.1 60001 $stream" >/dev/null 2>&1 </dev/null
    check_equal "F34: the client without $stream ends with status 1" 1 $?
done

# Whose standard output has gone serves nobody.
new_mark
"$server" new -p 0 -- sleep 20 "$mark" >/dev/full 2>"$WORK/err"
check_equal "F46: without a reader of its line the server ends" 1 $?
check_contains "F46: and says so" "cannot print the key" "$(cat "$WORK/err")"
check "F46: and nobody stays behind" wait_until 10 nobody_is_left

# --- memory ---

# What the address space may be at most, from where nothing starts to where all does.
limit_one() {
    local size=${1#* } program=${1% *} said
    said=$(FAULT_WRAP="prlimit --as=$((size * 1024)) --" faults_session "$program")
    printf '%s\t%s\n' "$1" "$said"
}
export -f limit_one
step=$([ -n "${LONG:-}" ] && echo 64 || echo 640)
if [ -z "${INSTRUMENT_CFLAGS:-}" ]; then
    for program in mosh-server mosh-client mosh; do
        seq 2048 "$step" 16384 | sed "s/^/$program /"
    done | faults_each limit_one >"$WORK/limits"
    for program in mosh-server mosh-client mosh; do
        check_equal "F32: $program: whatever memory there is, it ends in order or works" "" \
            "$(grep "^$program" "$WORK/limits" | awk -F '\t' '$2 != "goes-on" && $2 != "ends"' | head -n 3)"
        note "figure F32: $program works from $(grep "^$program" "$WORK/limits" | awk -F '\t' '$2 == "goes-on" { print $1 }' |
            awk '{ print $2 }' | sort -n | head -n 1) KiB of address space on"
    done
else
    skip "F32: little memory" "a sanitizer needs much"
fi

# --- ports ---

for i in $(seq 16); do
    MOSH_SERVER_NETWORK_TMOUT=120 "$server" new -i 127.0.0.1 -p 60901:60910 -- sleep 120 \
        >"$WORK/race.$i" 2>"$WORK/race.$i.err" </dev/null &
done
wait
check_equal "F45: sixteen servers race for ten ports: each port has one" "$(seq 60901 60910)" \
    "$(sed -n 's/^MOSH CONNECT \([0-9]*\) .*/\1/p' "$WORK"/race.* | sort)"
check_equal "F45: and six say that there is none" 6 \
    "$(grep -l 'cannot listen on any UDP port from 60901 to 60910: Address already in use' "$WORK"/race.*.err | wc -l)"
# shellcheck disable=SC2046
kill $(sed -n 's/.*pid = \([0-9]*\).*/\1/p' "$WORK"/race.*.err)

# --- logs, accounts ---

if command -v strace >/dev/null && strace -qq -o /dev/null true 2>/dev/null; then
    FAULT_WRAP="strace -D -f -qq -b execve -o $WORK/trace -e trace=connect,socket,sendto" MOSH_SANDBOX=off \
        faults_session mosh-server >/dev/null
    check_equal "F43: nobody asks for a system log" "" "$(grep -a 'log' "$WORK/trace")"
else
    skip "F43: nobody asks for a system log" "strace may not trace here"
fi
finish
