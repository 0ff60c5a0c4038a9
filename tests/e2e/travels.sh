#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a program sets and does beside its text reaches the user's terminal through our server and our
# client: looks of characters, hyperlinks, registers, the clipboard, marks; and at the end the terminal
# is left as it was.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"
FAKETERM=$BUILD_DIR/tests/lib/faketerm
[ -x "$FAKETERM" ] || skip_all "there is no $FAKETERM"
[ -x "$OURS_BINDIR/mosh-client" ] || skip_all "there is no $OURS_BINDIR/mosh-client"
export MOSH_SERVER_NETWORK_TMOUT=300
unset MOSH_NO_PROBE COLORTERM TERM_PROGRAM

dir=$WORK/terminal
mkdir "$dir"
head -c 76800 /dev/zero | tr '\0' x | base64 -w0 >"$dir/copied" # 100 KiB of base64

# Each line that is typed is a thing to do.
cat >"$dir/inside.sh" <<END
stty -echo
printf 'ready\r\n'
while read -r what; do
    case \$what in
    looks) printf '\e[4:3mcurly\e[0m \e[9;2mstruck\e[0m \e]8;id=1;http://example.org/\e\\\\link\e]8;;\e\\\\\r\n' ;;
    registers) printf '\e[5 q\e]12;#102030\a\e]4;1;#405060\a\e]7;file://host/tmp\a\r\n' ;;
    copy) printf '\e]52;p;%s\a' "\$(cat "$dir/copied")" ;;
    prompt) printf '\e]133;A\a\$ \e]133;B\a' ;;
    leave) exit 0 ;;
    esac
    printf 'did %s\r\n' "\$what"
done
END
cat >"$dir/outside.sh" <<END
bash "$SRC_DIR/tests/lib/direct.sh" "$OURS_BINDIR/mosh-client" "$OURS_BINDIR/mosh-server" \
    bash "$dir/inside.sh" 2>"$dir/client.err"
echo \$? >"$dir/status"
END
env TERM=xterm-256color NOTES="$dir" "$FAKETERM" now "$dir" bash "$dir/outside.sh" \
    >"$dir/faketerm.out" 2>&1 </dev/null &
terminal=$!
at_exit end_process "$terminal"

# shellcheck disable=SC2317
wrote() { # TEXT
    grep -qaF -e "$1" "$dir/written"
}

# shellcheck disable=SC2317
copies() { # COUNT
    [ "$(grep -aoE $'\e\\]52;p;[A-Za-z0-9+/=]+\a' "$dir/written" | awk 'length == 102400 + 8' | wc -l)" -eq "$1" ]
}

do_inside() {
    printf '%s\r' "$1" >"$dir/keys"
    check "the program does this: $1" wait_until 20 wrote "did $1"
}

check "the session begins" wait_until 20 wrote ready
check "the terminal's answers have been read" wait_until 20 wrote $'\e[?2031h'
do_inside looks
check "a curly underline" wrote '4:3mcurly'
check "faint and struck" wrote '2;9mstruck'
check "a hyperlink with its id" wrote $'\e]8;id=1;http://example.org/\alink'
check "which ends" wait_until 10 wrote $'\e]8;;\a'
do_inside registers
check "the cursor's style" wait_until 10 wrote $'\e[5 q'
check "its colour" wrote $'\e]12;rgb:10/20/30\a'
check "the palette" wrote $'\e]4;1;rgb:40/50/60\a'
check "the directory" wrote $'\e]7;file://host/tmp\a'
do_inside copy
check "100 KiB reach the selection whole" wait_until 30 copies 1
printf 'copy\r' >"$dir/keys"
check "and a second time" wait_until 30 copies 2
do_inside prompt
check "marks of a prompt" wait_until 10 wrote $'\e]133;B\a'
printf 'leave\r' >"$dir/keys"
# shellcheck disable=SC2317
is_over() { [ -e "$dir/status" ]; }
check "it ends" wait_until 20 is_over
wait "$terminal"
check_equal "in order" 0 "$(cat "$dir/status")"
check_equal "the terminal is as it was" "" "$(cat "$dir/state")"
check "the cursor is the user's again" wrote $'\e[0 q'
check "and its colour" wrote $'\e]112\a'
check "and the palette" wrote $'\e]104\a'
finish
