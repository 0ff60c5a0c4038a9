#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the shells complete: it comes from the table of options, names the same options as --help and
# the manual page, and works in the shells themselves.

# shellcheck disable=SC2016,SC2317  # text of other shells; functions that are called in them
# shellcheck source=tests/lib/testlib.sh
. "$(dirname "$0")/lib/testlib.sh"
cd "$SRC_DIR" || exit 1
[ -x "$OURS_BINDIR/mosh" ] || skip_all "there is no $OURS_BINDIR/mosh"

for shell in bash fish zsh; do
    file=$(find completions/$shell -type f)
    check_equal "$file is of this table (else: make update-completions)" "" \
        "$("$BUILD_DIR/completions/generate" $shell | diff - "$file" 2>&1)"
done

# --- the same options everywhere ---

# options: one a line, sorted, out of text. -- alone is none, and nor are the - within words.
options() {
    grep -oE '(^|[^[:alnum:]-])--?[[:alnum:]][[:alnum:]-]*' | grep -oE -- '-.*' | sort -u
}
help=$("$OURS_BINDIR/mosh" --help)
# What help says of all that can be denied, said one by one.
denied=$(awk -v RS= 'END { print }' <<<"$help" | tr '\n' ' ' | sed 's/can be denied.*//' | options |
    sed 's/^--/--no-/')
shown=$({ grep -oE '^ +(-.,? ?)?(--[[:alnum:]-]+)?' <<<"$help"; echo "$denied"; } | options)
check_contains "help has been understood" "--predict-overwrite" "$shown"

# mdoc: ".It Fl p Ar port , Fl -port Ns = Ns Ar port"
manual=$(sed -n '/^\.Ss Options/,/^\.Ss /s/^\.It //p' man/mosh.1 |
    grep -oE 'Fl -?[[:alnum:]][[:alnum:]-]*' | sed 's/^Fl /-/' | sort -u)
check_equal "the manual page has what help has" "" \
    "$(diff <(grep -v '^--no-' <<<"$shown") <(grep -v '^--no-' <<<"$manual"))"
check_equal "and denies nothing that help does not" "" \
    "$(comm -13 <(echo "$shown") <(echo "$manual") | grep '^--no-')"

bash_has=$(sed -n '/compgen -W "$/,/"\$cur")/p' completions/bash/mosh | sed 1d | options)
fish_has=$(sed -nE 's/^complete -c mosh (-s (.) ?)?(-l ([^ ]*))?.*/ -\2 --\4 /p' completions/fish/mosh.fish | options)
zsh_has=$(sed -nE "s/^  '\([^)]*\)'?([^[]*)\[.*/\1/p" completions/zsh/_mosh | tr '{},=+' '     ' | sed 's/^/ /' | options)
check_equal "bash completes what help has" "$shown" "$bash_has"
check_equal "fish does" "$shown" "$fish_has"
check_equal "zsh does" "$shown" "$zsh_has"

# --- in the shells ---

# in_bash WORD...: what the last word may become, where "=" is a word of its own.
in_bash() {
    bash --norc -c '. completions/bash/mosh && COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) && _mosh
        echo ${COMPREPLY[@]}' bash "$@" 2>&1
}
check_equal "bash: an option" "--port=" "$(in_bash mosh --po)"
check_equal "bash: a value" "adaptive always" "$(in_bash mosh --predict = a)"
check_equal "bash: a value at once" "inet inet6 auto all prefer-inet prefer-inet6" \
    "$(in_bash mosh --family =)"
check_contains "bash: a command behind the host" "uname" "$(in_bash mosh -p 60001 --family = inet host unam)"
check_lacks "bash: no option behind the host" "--port" "$(in_bash mosh host --po)"

if command -v fish >/dev/null; then
    in_fish() {
        HOME=$WORK XDG_CONFIG_HOME=$WORK fish --no-config -c "source completions/fish/mosh.fish
            complete -C '$1'" 2>&1 | cut -f 1 | xargs
    }
    check_contains "fish: an option" "--port" "$(in_fish 'mosh --po')"
    check_equal "fish: a value" "--predict=adaptive --predict=always" "$(in_fish 'mosh --predict=a')"
else
    cannot_run "fish: options and values" "fish is not installed"
fi

if command -v zsh >/dev/null; then
    # In a terminal of its own, since only its line editor completes.
    in_zsh() {
        # shellcheck disable=SC2016  # for zsh
        HOME=$WORK zsh -f -c '
            zmodload zsh/zpty
            zpty -b shell zsh -f -i
            zpty -w shell "PS1= fpath=($PWD/completions/zsh \$fpath); autoload -Uz compinit; compinit -u -D"
            zpty -w shell "bindkey \"^I\" complete-word; zstyle \":completion:*\" list-prompt \"\"; echo rea\"\"dy"
            zpty -r -m shell line "*ready*"
            zpty -n -w shell "$1"$'"'\\t'"'
            zpty -r -m shell line "*$2*" && print -r -- found
            zpty -d shell' zsh "$1" "$2" 2>&1 | tail -n 1
    }
    check_equal "zsh: an option" "found" "$(timeout $((20 * SLOW)) bash -c "$(declare -f in_zsh); WORK=$WORK in_zsh 'mosh --bind-s' '--bind-server'")"
    check_equal "zsh: a value" "found" "$(timeout $((20 * SLOW)) bash -c "$(declare -f in_zsh); WORK=$WORK in_zsh 'mosh --predict=exp' '--predict=experimental'")"
else
    cannot_run "zsh: options and values" "zsh is not installed"
fi
finish
