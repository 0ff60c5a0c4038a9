#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# inside.sh: the program in a session in which something is to fail. It writes what makes both ends
# allocate: colours, links, titles, clipboard, scrolled lines, the other screen.

printf 'inside-%s\r\n' begins
while read -r line; do
    case $line in
    look)
        printf '\033]0;a title\007\033]52;c;Y29waWVk\007\033]8;;http://example.org/\007a link\033]8;;\007'
        printf '\033[38;2;1;2;3mcoloured\033[48;5;99mboth\033[4:3mcurly\033[m e\314\201\342\200\215 \344\270\255\r\n'
        i=0
        while [ $i -lt 60 ]; do
            printf '\033[%dmline %d of many\033[m\r\n' $((31 + i % 6)) $i
            i=$((i + 1))
        done
        printf 'looked-%s\r\n' all
        ;;
    other)
        printf '\033[?1049h\033[?1000h\033[?2004h\033[2;20r\033[H\033[2J\033[5;5Hother-%s' screen
        read -r line
        printf '\033[?1049l\033[?1000l\033[?2004l\033[r%s-%s\r\n' "$line" back
        ;;
    size) printf 'size-%s\r\n' "$(stty size | tr ' ' x)" ;;
    end) exit 7 ;;
    *) printf '%s-%s\r\n' got "$line" ;;
    esac
done
exit 8
