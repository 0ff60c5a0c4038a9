#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Configuration files: which value counts, what is said of a line that is wrong, and that nothing is
# started then. ssh and the client only play their parts.

# shellcheck disable=SC2317  # functions that are called by name
# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
need_tools ssh

MOSH=$OURS_BINDIR/mosh
unset MOSH_KEY MOSH_PREDICTION_DISPLAY MOSH_PREDICTION_OVERWRITE MOSH_NO_TERM_INIT MOSH_ESCAPE_KEY
unset MOSH_TITLE_NOPREFIX MOSH_TITLE_PREFIX SSH_CONNECTION LANG LANGUAGE XDG_CONFIG_HOME
export WORK HOME=$WORK/home
mkdir -p "$HOME/.config/mosh"
config=$HOME/.config/mosh/config
umask 022

cat >"$WORK/ssh" <<'END'
#!/bin/sh
[ "$1" != -G ] || { echo "hostname far"; exit; }
printf '%s\n' "$@" >"$WORK/ssh-words"
echo "MOSH IP 192.0.2.1"
echo "MOSH CONNECT 60001 4NeCCgvZFe2RnPgrcU1PQw"
END
cat >"$WORK/client" <<'END'
#!/bin/sh
[ "$1" != -c ] || { echo started >"$WORK/client-asked"; echo 256; exit; }
env >"$WORK/client-environment"
END
chmod +x "$WORK/ssh" "$WORK/client"

run_mosh() {
    rm -f "$WORK"/client-* "$WORK"/ssh-words
    output=$(timeout 60 "$MOSH" "$@" 2>&1 </dev/null)
    status=$?
}

client_has() {
    grep -qxF -- "$1" "$WORK/client-environment"
}

# printed KEYWORD: the line of --print-config, with one blank where there are more.
printed() {
    printf '%s\n' "$output" | grep "^$1 " | tr -s ' '
}

cat >"$config" <<END
# for all
Host far *.example !no.example
    Port 61000:61010
    Predict never
    EscapeKey ^B
    TitlePrefix "far: "
Host *
    SSHCommand $WORK/ssh -o "X y"
    ClientCommand $WORK/client
    Predict always
    SendLocale none
END

run_mosh u@far true
check_equal "a session with all from the file" "0 " "$status $output"
check_contains "the port" "'-p' '61000:61010'" "$(tail -n 1 "$WORK/ssh-words")"
check_lacks "no locale" "'-l'" "$(tail -n 1 "$WORK/ssh-words")"
check_equal "the words of ssh" $'-o\nX y' "$(head -n 2 "$WORK/ssh-words")"
check "the first value is heeded" client_has MOSH_PREDICTION_DISPLAY=never
check "the escape key" client_has MOSH_ESCAPE_KEY=^B
check "the title's prefix" client_has "MOSH_TITLE_PREFIX=far: "

run_mosh --print-config far
check_equal "--print-config: status" 0 "$status"
check_equal "--print-config: a line of a Host" "Port 61000:61010 # $config:3" "$(printed Port)"
check_equal "--print-config: a value with blanks" "TitlePrefix \"far: \" # $config:6" \
    "$(printed TitlePrefix)"
check_equal "--print-config: a default" "SSHPty yes # default" "$(printed SSHPty)"
check "--print-config starts nothing" not test -e "$WORK/client-asked"
MOSH_PREDICTION_DISPLAY=adaptive run_mosh -p 5 --no-ssh-pty --print-config no.example
check_equal "--print-config: an option" "Port 5 # option --port" "$(printed Port)"
check_equal "--print-config: a denied one" "SSHPty no # option --no-ssh-pty" "$(printed SSHPty)"
check_equal "--print-config: the environment beats the file" \
    "Predict adaptive # environment MOSH_PREDICTION_DISPLAY" "$(printed Predict)"
check_equal "--print-config: a pattern that is denied" "EscapeKey ^^ # default" "$(printed EscapeKey)"

run_mosh -a --escape-key=none --title-prefix= far true
check "an option beats the file" client_has MOSH_PREDICTION_DISPLAY=always
check "no escape key" client_has MOSH_ESCAPE_KEY=
check "no prefix" client_has MOSH_TITLE_PREFIX=

mkdir -p "$WORK/xdg/mosh"
echo "Port 7" >"$WORK/xdg/mosh/config"
XDG_CONFIG_HOME=$WORK/xdg run_mosh --print-config far
check_equal "XDG_CONFIG_HOME" "Port 7 # $WORK/xdg/mosh/config:1" "$(printed Port)"
run_mosh --config="$WORK/xdg/mosh/config" --print-config far
check_equal "--config" "Port 7 # $WORK/xdg/mosh/config:1" "$(printed Port)"
check_equal "--config alone" "Predict adaptive # default" "$(printed Predict)"
run_mosh -F none --print-config far
check_equal "--config=none" "# Port # default: the server's, 60001:60999" "$(printed '# Port')"

# refuses NAME MESSAGE: nothing is started.
refuses() {
    run_mosh far
    check_equal "$1" "251 mosh: $2" "$status $output"
    check "$1: nothing is started" not test -e "$WORK/client-asked" -o -e "$WORK/ssh-words"
}

printf 'Host other\nPredict sometimes\n' >"$config"
refuses "a value that is wrong, though for another host" \
    "$config:2: Predict sometimes: expected adaptive, always, never or experimental"
printf '\nPridict always\n' >"$config"
refuses "a keyword that there is not" \
    "$config:2: Pridict: not a keyword; expected Predict, PredictOverwrite, AddressFamily, Port, BindServer, SSHCommand, SSHPty, ClientCommand, ServerCommand, AlternateScreen, EscapeKey, TitlePrefix, SendLocale, RemoteIP, Verbose, Quiet or Host"
printf 'Port' >"$config"
refuses "a value that is missing" \
    "$config:1: Port: its value is missing; expected PORT or LOW:HIGH"
echo "Port 7" >"$config"
chmod 666 "$config"
refuses "a file that others can write" \
    "$config: others can write it, and there may be commands in it; try chmod go-w"
rm "$config" && mkdir "$config"
refuses "a directory" "$config: a directory; expected a file"
rmdir "$config"
run_mosh -F "$WORK/nothing" far
check_equal "a file that was named and is not there" \
    "251 mosh: $WORK/nothing: No such file or directory" "$status $output"
run_mosh --print-config far
check_equal "without a file" "0 # Port # default: the server's, 60001:60999" "$status $(printed '# Port')"
finish
