# SPDX-License-Identifier: GPL-3.0-or-later
#
# looks: what `tmux capture-pane -e` prints, such that screens that look alike are equal. tmux prints
# what changes from one cell to the next, in an order that depends on what the cells were before; and
# it tells a cell that was erased from one with a space, and both from one with a space in red, which
# nobody who looks at the screen can. Here each line begins and ends with the plain style, a style is
# named as a whole where it begins, a space has only what shows in a space, and lines have no plain
# spaces at their end. What is in this form already stays as it is.

# Sets style[], by the attribute, to the number of SGR (ECMA-48 8.3.117) that asks for it.
function change(parameters,    count, number, i, n) {
    count = split(parameters == "" ? "0" : parameters, number, ";")
    for (i = 1; i <= count; i++) {
        n = number[i]
        if (n ~ /^[345]8$/) {
            n = n ";" number[i + 1] ";" number[i + 2]
            if (number[i + 1] == 2)
                n = n ";" number[i + 3] ";" number[i + 4]
            i += number[i + 1] == 2 ? 4 : 2
        }
        set(n)
    }
}

function set(n,    attribute) {
    if (n == 0)
        for (attribute in style)
            delete style[attribute]
    else if (n == 22) {
        delete style["bold"]
        delete style["faint"]
    } else if (n == 24 || n == "4:0")
        delete style["line"]
    else if (n in ends)
        delete style[ends[n]]
    else if (n in begins)
        style[begins[n]] = n
    else if (n ~ /^4:/ || n == 21)
        style["line"] = n
    else if (n ~ /^(3[0-7]|9[0-7]|38[;:].*)$/)
        style["colour"] = n
    else if (n ~ /^(4[0-7]|10[0-7]|48[;:].*)$/)
        style["ground"] = n
    else if (n ~ /^58[;:]/)
        style["lined"] = n
}

function whole(    i, text) {
    text = "0"
    for (i = 1; i <= attributes; i++)
        if (order[i] in style)
            text = text ";" style[order[i]]
    return text
}

function of_space() {
    if ("inverse" in style || "line" in style || "struck" in style || "over" in style)
        return whole()
    return "ground" in style ? "0;" style["ground"] : "0"
}

function put(text, how) {
    if (how != shown)
        out = out "\033[" how "m"
    shown = how
    out = out text
}

# Fills a table from its keys and values in turn.
function tabulate(text, table,    word, count, i) {
    count = split(text, word, " ")
    for (i = 1; i < count; i += 2)
        table[word[i]] = word[i + 1]
}

BEGIN {
    attributes = split("bold faint italic line blink inverse hidden struck over colour ground lined", order, " ")
    tabulate("1 bold 2 faint 3 italic 4 line 5 blink 7 inverse 8 hidden 9 struck 53 over", begins)
    tabulate("23 italic 25 blink 27 inverse 28 hidden 29 struck 55 over 39 colour 49 ground 59 lined", ends)
}

{
    out = plain_spaces = ""
    shown = "0"
    for (rest = $0; rest != ""; rest = substr(rest, len + 1)) {
        if (match(rest, /^\033\[[0-9;:]*m/)) {
            len = RLENGTH
            change(substr(rest, 3, len - 3))
            continue
        }
        len = match(rest, /^(  *|[^ \033][^ \033]*)/) ? RLENGTH : 1
        text = substr(rest, 1, len)
        how = text ~ /^ / ? of_space() : whole()
        if (text ~ /^ / && how == "0")
            plain_spaces = plain_spaces text
        else {
            if (plain_spaces != "")
                put(plain_spaces, "0")
            plain_spaces = ""
            put(text, how)
        }
    }
    print out (shown == "0" ? "" : "\033[0m")
}
