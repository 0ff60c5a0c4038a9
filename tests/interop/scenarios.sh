# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# The scenarios of the interoperation tests: each is a function that drives one session, in the
# pane named by its first argument, and keeps what the screen shows at chosen moments with `keep`.
# A scenario returns 1 as soon as something that it waits for does not come. They run in any cell of
# the matrix and know nothing of which programs they drive.

# shellcheck disable=SC2034  # for matrix.sh
SCENARIOS="text colours wide editing boxes modes keys vim nano less alternate resize paste exit quit"

# expected_file SCENARIO.MOMENT CELL ELSE: the file that what is seen there has to be equal to; ELSE,
# unless expected/README names one that is written down.
expected_file() {
    local folder=${BASH_SOURCE[0]%/*}/expected pattern file
    while read -r file pattern _; do
        # shellcheck disable=SC2254  # a pattern is what it is
        case $file:$2 in
        "$1":$pattern)
            echo "$folder/$1"
            return
            ;;
        esac
    done < <(grep -v '^#' "$folder/README")
    echo "$3"
}

scenario_text() {
    _scene "$1" text && keep "$1" screen
}

scenario_colours() {
    _scene "$1" colours && keep "$1" screen
}

scenario_wide() {
    _scene "$1" wide && keep "$1" screen
}

scenario_editing() {
    _scene "$1" editing && keep "$1" screen
}

scenario_boxes() {
    _scene "$1" boxes && keep "$1" screen
}

scenario_modes() {
    _scene "$1" modes && keep "$1" screen && pane_get "$1" 'title: #{pane_title}' | keep_text "$1" title
}

scenario_keys() {
    pane_line "$1" scene_keys
    pane_wait "$1" 'press keys' || return 1
    pane_keys "$1" Up Down Left Right
    pane_wait "$1" 'press more keys' || return 1
    pane_keys "$1" Up Down Left Right
    pane_wait "$1" 'scene keys' && keep "$1" screen
}

scenario_vim() {
    local name=vim-$1
    pane_line "$1" "cd $WORK/home && scene_file $name && cp $name edited && vim -u NONE -i NONE -n -N edited"
    pane_wait "$1" 'line 1:' && keep "$1" opened || return 1
    # noesckeys: else vim would take the escape key and what follows for a function key.
    pane_type "$1" ':set noesckeys number hlsearch ruler | syntax off'
    pane_keys "$1" Enter
    pane_wait "$1" '  1 line 1:' || return 1
    pane_type "$1" '/line 77:'
    pane_keys "$1" Enter
    pane_wait "$1" ' 77 line 77:' && keep "$1" found || return 1
    pane_type "$1" 'oinserted with 日本語'
    pane_keys "$1" Escape
    pane_type "$1" 'Onew line above'
    pane_keys "$1" Escape
    pane_type "$1" '3jdd2kp'
    pane_type "$1" ':echo "edits " . "done"'
    pane_keys "$1" Enter
    pane_wait "$1" 'edits done' && keep "$1" edited || return 1
    pane_type "$1" ':vsplit | normal G'
    pane_keys "$1" Enter
    pane_wait "$1" '201 ' && keep "$1" split || return 1
    pane_type "$1" ':qa!'
    pane_keys "$1" Enter
    _scene "$1" text && keep "$1" after
}

scenario_nano() {
    pane_line "$1" "cd $WORK/home && nano -I --ignorercfiles --restricted"
    pane_wait "$1" 'nano' || return 1
    pane_type "$1" 'written in nano, end of it'
    pane_wait "$1" 'end of it' && keep "$1" written || return 1
    pane_keys "$1" C-x
    pane_wait "$1" 'Save modified buffer?' && keep "$1" question || return 1
    pane_type "$1" n
    _scene "$1" text && keep "$1" after
}

scenario_less() {
    pane_line "$1" "cd $WORK/home && scene_file less-$1 && LESSHISTFILE=- less -P 'page of it' <less-$1"
    pane_wait "$1" 'line 1:' && keep "$1" first || return 1
    pane_type "$1" ' '
    pane_wait "$1" 'line 30:' && keep "$1" second || return 1
    pane_type "$1" 'b'
    pane_wait "$1" 'line 1:' || return 1
    pane_type "$1" '/line 150'
    pane_keys "$1" Enter
    pane_wait "$1" 'line 150:' && keep "$1" found || return 1
    pane_type "$1" 'G'
    pane_wait "$1" 'line 200:' && keep "$1" last || return 1
    pane_type "$1" 'q'
    _scene "$1" text && keep "$1" after
}

# An editor and a pager, and what there is when they have ended.
scenario_alternate() {
    pane_line "$1" "cd $WORK/home && scene_alternate $1"
    pane_wait "$1" 'end of the page' || return 1
    pane_type "$1" 'q'
    pane_wait "$1" 'scene alternate' && keep "$1" after || return 1
    _scene "$1" text && keep "$1" text
}

scenario_resize() {
    local size
    _scene "$1" size && pane_wait "$1" '24 80' || return 1
    for size in 100x30 60x15 132x50 81x24 80x25 80x24; do
        pane_resize "$1" "$size"
        pane_wait "$1" "${size#*x} ${size%x*}" && keep "$1" "$size" || return 1
    done
    # A storm: what counts is the size at its end.
    for size in 90x20 91x21 92x22 93x23 94x24 95x25 96x26; do
        pane_resize "$1" "$size"
    done
    pane_wait "$1" "26 96" && keep "$1" storm || return 1
    pane_keys "$1" Enter
    _scene "$1" text && keep "$1" after
}

# 200 kB through the keyboard, to the byte.
scenario_paste() {
    pane_line "$1" "scene_paste $(wc -c <"$WORK/paste")"
    pane_wait "$1" 'paste now' || return 1
    pane_paste "$1" "$WORK/paste"
    pane_wait "$1" 'scene paste' 30 || return 1
    pane_shows "$1" "$(sha256sum <"$WORK/paste" | cut -c1-64)" || {
        note "the bytes that arrived are not those that were pasted"
        return 1
    }
    keep "$1" screen
}

# The shell ends: the client leaves by itself, with status 0 and the terminal as it was.
scenario_exit() {
    pane_line "$1" 'exit 0'
    _ended "$1"
}

# The user leaves with the escape key: so does the server.
scenario_quit() {
    pane_keys "$1" C-^
    pane_type "$1" .
    _ended "$1"
}

_scene() {
    wait_until 10 _prompted "$1" || return 1
    pane_line "$1" "scene_$2"
    pane_wait "$1" "scene $2"
}

# Whether the cursor stands behind a prompt, and nothing else: programs throw away at their end
# what was typed ahead.
_prompted() {
    local row
    row=$(pane_get "$1" '#{cursor_y}')
    [ "$(pane_text "$1" | sed -n "$((row + 1))p")" = 'ready$' ]
}

# in-pane.sh has put the client's status and the terminal's state behind the closing words, which
# are each program's own.
_ended() {
    pane_wait "$1" 'client ended:' && pane_wait "$1" 'is exiting.]' || return 1
    pane_settle "$1"
    {
        pane_text "$1" | grep -e '^client ended:' -e '^terminal '
        pane_get "$1" 'visible #{cursor_flag}, alternate screen #{alternate_on}'
        pane_get "$1" 'cursor keys #{keypad_cursor_flag}, mouse #{mouse_any_flag}'
    } | keep_text "$1" ending
}
