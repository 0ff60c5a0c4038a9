# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# bytes: what programs write, for tests that show it to terminals of 24 x 80. Needs testlib.sh.
#
#   show_all    leaves one thing after another in $WORK/bytes and calls `show` with its name

differential=$BUILD_DIR/tests/conform/differential
replay=$BUILD_DIR/tests/conform/replay
[ -x "$differential" ] || skip_all "there is no $differential"

# The writes of a terminal script, all of them as one stream.
script_bytes() {
    local line
    printf '\ec'
    sed -n 's/^write "\(.*\)"[^"]*$/\1/p' "$1" | while IFS= read -r line; do
        printf '%b' "${line//\\\"/\"}"
    done
}

recording_bytes() {
    printf '\ec' && "$replay" --bytes "$1" 70
}

# stream_bytes CLASS SEED
stream_bytes() {
    printf '\ec' && "$differential" --print "$1" "$2"
}

show_all() {
    local script name file first seed class
    for script in "$SRC_DIR"/tests/vt/*.vt; do
        case $script in
        */clusters.vt | */combining.vt) continue ;; # what is one cell here is several in tmux and stock
        esac
        script_bytes "$script" >"$WORK/bytes"
        show "the script $(basename "$script")"
    done
    while read -r name; do
        file=$SRC_DIR/tests/recordings/$name.rec.gz
        first=$(gzip -dc "$file" | head -n 1 | tr -d '\0')
        [ "$first" = "recording 24 80" ] || continue
        recording_bytes "$file" >"$WORK/bytes"
        show "the recording $name"
    done <"$SRC_DIR/tests/recordings/NAMES"
    for ((seed = 0; seed < ${STREAMS:-15}; seed++)); do
        for class in 0 1 2; do
            stream_bytes "$class" "$seed" >"$WORK/bytes"
            show "random stream $class $seed"
        done
    done
}
