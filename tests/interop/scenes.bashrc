# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2034
#
# What the remote side of the interoperation tests runs: a shell with one function for each scene.
# A scene clears the screen, draws, and writes its last words at the end, so that whoever sees these
# has the whole.

PS1='ready$ '
PROMPT_COMMAND=
HISTFILE=
set +o history

_clear() {
    printf '\033[0m\033[H\033[2J'
}

_done() {
    # In two pieces, so that a command line that names the scene does not show it.
    printf '%s %s\n' 'scene' "$1"
}

# Plain text: wrapping at the margin, tabs, carriage returns, backspaces, scrolling.
scene_text() {
    local i
    _clear
    for i in $(seq 1 40); do
        echo "line $i of what scrolls away"
    done
    printf '%s\n' "$(seq -s ' ' 1 60)"
    printf 'one\ttwo\tthree\n'
    printf 'overwritten\rOVER\n'
    printf 'typo\b\b\bext\n'
    printf '%79s|\n' 'at the margin'
    printf '%80s\n' 'right in the last column'
    _done text
}

# The sixteen colours, the 256, direct ones, attributes, and backgrounds that erasing fills in.
scene_colours() {
    local i
    _clear
    for i in 30 31 32 33 34 35 36 37 90 91 92 93 94 95 96 97; do
        printf '\033[%dm %d \033[0m' "$i" "$i"
    done
    printf '\n'
    for i in 40 41 42 43 44 45 46 47 100 101 102 103 104 105 106 107; do
        printf '\033[%dm%d\033[0m' "$i" "$i"
    done
    printf '\n'
    for i in $(seq 16 12 255); do
        printf '\033[38;5;%dmf\033[48;5;%dmb\033[0m' "$i" "$i"
    done
    printf '\n\033[38;2;255;128;0mdirect\033[48;2;0;64;128mboth\033[0m\n'
    printf '\033[1mbold\033[0m \033[3mitalic\033[0m \033[4munderlined\033[0m '
    printf '\033[5mblinking\033[0m \033[7minverse\033[0m \033[1;4;7;31mall\033[0m\n'
    printf '\033[44mto the end\033[K\033[0m\n'
    printf '\033[42m          \033[5D\033[K\033[0m\n'
    printf '\033[45m\033[2K\033[0mplain on a coloured line\n'
    _done colours
}

# Wide characters, also at the margin where they do not fit; combining ones; both together.
scene_wide() {
    _clear
    printf '日本語 中文 한국어 full-width\n'
    printf 'e\xcc\x81 a\xcc\x88 o\xcc\x82\xcc\xa3 n\xcc\x83\n'
    printf '%79s日本\n' 'wraps before the wide one:'
    printf '日本語\033[4D__\n'
    printf 'か\xe3\x82\x99 is one cell pair\n'
    printf 'Ελληνικά кириллица עברית ไทย\n'
    _done wide
}

# Scrolling regions, insertion and deletion of lines and characters, erasing, tab stops.
scene_editing() {
    local i
    _clear
    for i in $(seq 1 20); do
        echo "row $i ........................................"
    done
    printf '\033[5;10r\033[5;1H\033[2L\033[10;1H\n\n\033[r'
    printf '\033[12;5H\033[3@ins\033[13;5H\033[4P\033[14;5H\033[6X\033[15;20H\033[1K\033[16;20H\033[K'
    printf '\033[17;1H\033[2M\033[18;3H\033M\033M'
    printf '\0337\033[1;40Hsaved\0338*\033[21;1H\033[J'
    printf '\033[?7l\033[20;70Hno wrapping here at all\033[?7h'
    printf '\033[22;1H'
    _done editing
}

# Boxes as programs draw them that do not trust UTF-8, and what else terminfo promises.
scene_boxes() {
    _clear
    printf '\033(0lqqqqwqqqqk\033(B\n\033)0\016x\017 G0 \016x\017 G1 \016x\017\n\033(0mqqqqvqqqqj\033(B\n'
    printf 'repeated: =\033[9b|\n'
    printf 'saved: \033[s\033[1;40Hx\033[uhere\n'
    printf '\033[2Enext line\033[2Fprevious line\033[3E'
    _done boxes
}

# An editor that leaves by itself, and a pager that does not.
scene_alternate() {
    printf 'of a pager\n%.0s' $(seq 30) >"pages-$1"
    _clear
    echo 'what the shell has shown'
    vim -u NONE -i NONE -n -N +q "pages-$1"
    echo 'between them'
    LESSHISTFILE=- less -P 'end of the page' "pages-$1"
    _done alternate
}

# A window title, mouse reports, the bell, and the cursor hidden.
scene_modes() {
    _clear
    printf '\033]2;a title of its own\007\033[?1002h\033[?1006h\a\033[?25l'
    _done modes
}

# The keys arrive as the program asked for them: cursor keys in both of their forms.
scene_keys() {
    _clear
    stty -icanon -echo
    printf '\033[?1h'
    echo 'press keys'
    dd bs=1 count=12 2>/dev/null | cat -v
    printf '\033[?1l\npress more keys\n'
    dd bs=1 count=12 2>/dev/null | cat -v
    stty sane
    printf '\n'
    _done keys
}

# The size of the window, each time that it changes, until Enter.
scene_size() {
    _clear
    trap '_clear; stty size' WINCH
    _done size
    stty size
    # A signal ends `read` with a status beyond 128.
    local status=200
    while [ "$status" -gt 128 ]; do
        read -r -t 1
        status=$?
    done
    trap - WINCH
}

# Takes a paste of $1 bytes and says its hash.
scene_paste() {
    local sum
    _clear
    stty raw -echo
    printf 'paste now'
    sum=$(head -c "$1" | sha256sum | cut -c1-64)
    stty sane
    printf '\r\n%s\n' "$sum"
    _done paste
}

# A file for pagers and editors.
scene_file() {
    local i
    for i in $(seq 1 200); do
        printf 'line %d: %s\n' "$i" "$(seq -s, "$i" $((i + 12)))"
    done >"$1"
}
