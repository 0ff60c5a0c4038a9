# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# tmux: terminals to run programs in, whose screens can be read. A tmux server of the test's own
# (its socket is in $WORK, the user's configuration is not read) holds one session for each pane.
# Needs testlib.sh.
#
#   pane_open NAME COLSxROWS COMMAND    starts the shell command in a new pane
#   pane_close NAME
#   pane_keys NAME KEY...               keys as tmux names them: Enter, C-^, Up, or plain text
#   pane_type NAME TEXT                 the text as it is
#   pane_line NAME TEXT                 the text and Enter
#   pane_paste NAME FILE                the bytes of the file, without brackets or translation
#   pane_resize NAME COLSxROWS
#   pane_text NAME                      what is on the screen
#   pane_screen NAME                    the same with colours, cursor, and modes
#   pane_get NAME FORMAT                a tmux format, such as '#{pane_title}'
#   pane_wait NAME TEXT [SECONDS]       until the text is on the screen; shows the screen if not
#   pane_settle NAME                    until the screen has stopped changing

_tmux_started=no

tmux_do() {
    env -u TMUX -u TMUX_PANE tmux -S "$WORK/tmux" -f /dev/null "$@"
}

_tmux_start() {
    [ "$_tmux_started" = no ] || return 0
    _tmux_started=yes
    at_exit _tmux_stop
    # The first session keeps the server; it also makes a pane's end leave the server running.
    tmux_do new-session -d -s keeper "exec cat" \; \
        set-option -g status off \; \
        set-option -g escape-time 0 \; \
        set-option -g default-terminal tmux-256color \; \
        set-option -g remain-on-exit on \; \
        set-option -g allow-rename off \; \
        set-option -g set-clipboard on
}

# shellcheck disable=SC2317  # reached by the trap
_tmux_stop() {
    tmux_do kill-server 2>/dev/null
}

pane_open() {
    _tmux_start
    tmux_do new-session -d -s "$1" -x "${2%x*}" -y "${2#*x}" "$3"
}

pane_close() {
    tmux_do kill-session -t "=$1" 2>/dev/null
}

pane_keys() {
    local pane=$1
    shift
    tmux_do send-keys -t "=$pane:" "$@"
}

pane_type() {
    tmux_do send-keys -t "=$1:" -l -- "$2"
}

pane_line() {
    pane_type "$1" "$2" && pane_keys "$1" Enter
}

pane_paste() {
    tmux_do load-buffer -b "paste-$1" "$2" \; paste-buffer -d -r -b "paste-$1" -t "=$1:"
}

pane_resize() {
    tmux_do resize-window -t "=$1:" -x "${2%x*}" -y "${2#*x}"
}

# Blanks at the ends of lines are cut off: tmux tells cells that were cleared from cells that were
# written with spaces, and nobody who looks at the screen can.
pane_text() {
    tmux_do capture-pane -p -t "=$1:" | sed 's/ *$//'
}

pane_screen() {
    tmux_do capture-pane -p -e -t "=$1:" | awk -f "$SRC_DIR/tests/lib/looks.awk"
    pane_get "$1" 'cursor: row #{cursor_y}, column #{cursor_x}, visible #{cursor_flag}'
    pane_get "$1" 'size: #{pane_width}x#{pane_height}, alternate screen #{alternate_on}'
    pane_get "$1" 'mouse: #{mouse_standard_flag}#{mouse_button_flag}#{mouse_all_flag}, utf8 #{mouse_utf8_flag}, sgr #{mouse_sgr_flag}'
}

pane_get() {
    tmux_do display-message -p -t "=$1:" "$2"
}

pane_shows() {
    pane_text "$1" | grep -qF -e "$2"
}

pane_wait() {
    if ! wait_until "${3:-10}" pane_shows "$1" "$2"; then
        note "waited in vain for: $2" "in pane $1, which shows:"
        note "$(pane_text "$1")"
        return 1
    fi
}

# Frames come at intervals of up to 250 ms, so a screen that has not changed for 300 ms, and shows
# what was waited for before, is the last one.
pane_settle() {
    local before='' now same=0 rounds=0
    while [ "$same" -lt 6 ] && [ "$rounds" -lt 200 ]; do
        sleep 0.05
        now=$(pane_screen "$1")
        if [ "$now" = "$before" ]; then
            same=$((same + 1))
        else
            same=0
        fi
        before=$now
        rounds=$((rounds + 1))
    done
    [ "$same" -ge 6 ]
}
