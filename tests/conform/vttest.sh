#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# vttest, with nobody at the keyboard (vttest_walk.c). SCREENS=update writes the screens anew.

# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/../lib/testlib.sh"

need_tools vttest
walk=$BUILD_DIR/tests/conform/vttest_walk
[ -x "$walk" ] || skip_all "there is no $walk"
[ "${SCREENS:-}" = update ] && set -- --update

# vttest spends its time waiting: several of them at once.
folder=$SRC_DIR/tests/conform/vttest
mapfile -t items < <(sed -n 's/^\([0-9][0-9.]*\) .*/\1/p' "$folder/ITEMS")
shares=6
for ((share = 0; share < shares; share++)); do
    mine=()
    for ((i = share; i < ${#items[@]}; i += shares)); do
        mine+=("${items[i]}")
    done
    "$walk" "$@" "$folder" "${mine[@]}" >"$WORK/share.$share" 2>&1 &
done
wait
cat "$WORK"/share.* | grep -v '^1\.\.' | awk '
    /^(not )?ok / { sub(/ok [0-9]+/, "ok " ++n) }
    { print }
    END { print "1.." n }'
_finished=yes
! grep -q '^not ok' "$WORK"/share.*
