#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# R18: how mosh-server is found on the other machine, whatever the login shell there is. An ssh that
# only plays its part runs the remote command as sshd does: by the login shell, with -c.

# shellcheck disable=SC2016  # words that are not to be expanded
# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
need_tools ssh

MOSH=$OURS_BINDIR/mosh
KEY=4NeCCgvZFe2RnPgrcU1PQw
unset MOSH_KEY MOSH_PREDICTION_DISPLAY SSH_CONNECTION LANG LANGUAGE
export WORK LOGIN_SHELL ELSEWHERE

mkdir "$WORK/tools" "$WORK/home"
for tool in sh uname; do
    ln -s "$(command -v $tool)" "$WORK/tools/$tool"
done

cat >"$WORK/ssh" <<'END_OF_SSH'
#!/bin/bash
[ "$1" != -G ] || { echo "hostname far"; exit; }
echo "MOSH IP 192.0.2.1"
export HOME=$WORK/home PATH=$WORK/tools:$ELSEWHERE SSH_CONNECTION="192.0.2.9 5 192.0.2.77 22"
exec $LOGIN_SHELL -c "${@: -1}"
END_OF_SSH
cat >"$WORK/client" <<'END_OF_CLIENT'
#!/bin/bash
[ "$1" != -c ] || { echo 256; exit; }
echo "joined $2 $3"
END_OF_CLIENT
# A server that says by what name, and with which words, it was called.
cat >"$WORK/server" <<END_OF_SERVER
#!/bin/bash
printf '%s\n' "\$0" "\$@" >"$WORK/server-words"
echo "MOSH CONNECT 60001 $KEY"
END_OF_SERVER
chmod +x "$WORK/ssh" "$WORK/client" "$WORK/server"

run_mosh() {
    rm -f "$WORK/server-words"
    output=$(timeout 60 "$MOSH" --ssh="$WORK/ssh" --client="$WORK/client" "$@" 2>&1 </dev/null)
    status=$?
}

put_server() {
    mkdir -p "$1"
    cp "$WORK/server" "$1/mosh-server"
}

expected_words() {
    printf '%s\n' "$1/mosh-server" new -c 256 -s -@ everywhere -l LC_ALL=C.UTF-8 -- "it's" "a b" 'c\d' '!e' '$f' '*'
}

places="neither in the PATH nor in ~/.local/bin, /usr/local/bin, /opt/homebrew/bin, /opt/local/bin, ~/bin"
# Some of these may be there for other reasons, and then there is nothing to be missed.
found_here=
for place in /usr/local/bin /opt/homebrew/bin /opt/local/bin; do
    [ ! -x "$place/mosh-server" ] || found_here=$place
done

# With its -c a C shell reads the file of settings that others read at login alone: -f.
for shell in sh bash zsh "tcsh -f" fish "busybox sh"; do
    if ! path=$(command -v "${shell%% *}"); then
        cannot_run "$shell as the login shell" "it is not installed"
        continue
    fi
    LOGIN_SHELL=$path
    [ "$shell" = "${shell%% *}" ] || LOGIN_SHELL="$path ${shell#* }"
    rm -rf "${WORK:?}/home" "$WORK/elsewhere"
    ELSEWHERE=$WORK/elsewhere
    mkdir "$WORK/home"
    put_server "$WORK/elsewhere"
    put_server "$WORK/home/bin"
    run_mosh far "it's" "a b" 'c\d' '!e' '$f' '*'
    check_equal "$shell: the one in the PATH" "0 joined 192.0.2.1 60001" "$status $output"
    check_equal "$shell: and its words" "$(expected_words "$WORK/elsewhere")" "$(cat "$WORK/server-words")"
    rm -r "$WORK/elsewhere"
    if [ -n "$found_here" ]; then
        skip "$shell: the others" "$found_here has a mosh-server"
        continue
    fi
    run_mosh far "it's" "a b" 'c\d' '!e' '$f' '*'
    check_equal "$shell: the one in ~/bin" "0 joined 192.0.2.1 60001" "$status $output"
    check_equal "$shell: and its words, too" "$(expected_words "$WORK/home/bin")" \
        "$(cat "$WORK/server-words")"
    put_server "$WORK/home/.local/bin"
    run_mosh far "it's" "a b" 'c\d' '!e' '$f' '*'
    check_equal "$shell: ~/.local/bin comes first" "$(expected_words "$WORK/home/.local/bin")" \
        "$(cat "$WORK/server-words")"
    run_mosh --experimental-remote-ip=remote far
    check_equal "$shell: with the connection" "0 joined 192.0.2.1 60001" "$status $output"
    rm -r "$WORK/home/bin" "$WORK/home/.local"
    run_mosh far
    check_equal "$shell: there is none: status" 254 "$status"
    id=$(sed -n 's/^ID=//p' /etc/os-release 2>/dev/null)
    if [ "$id" = debian ]; then
        check_equal "$shell: there is none: all that is said" \
            "mosh: mosh-server was not found on far, $places; install it there (on debian: apt install mosh), or say where it is with --server=/PATH/TO/mosh-server" \
            "$output"
    else
        check_contains "$shell: there is none: what is said" \
            "mosh: mosh-server was not found on far, $places; install " "$output"
    fi
    run_mosh --server=mosh-server far
    check_equal "$shell: one that was named is not looked for: status" 254 "$status"
    check_contains "$shell: one that was named is not looked for" "mosh-server was not found on far; " \
        "$output"
done
finish
