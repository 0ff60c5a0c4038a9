/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/terminfo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

#include "util/xalloc.h"

/* term.h makes a macro of every capability's long name. */
#undef erase_chars
#undef back_color_erase

/* Beginnings of $TERM whose terminals understand OSC 0 to 2; others would print the text (R21). */
static const char *const with_title[] = {
    "xterm", "rxvt",    "kterm",   "Eterm",   "alacritty", "screen", "tmux",
    "foot",  "contour", "ghostty", "konsole", "mintty",    "vte",    "wezterm",
};

/* Beginnings of $TERM that promise xterm's sequences, for a machine that has no entry. */
static const char *const xterm_like[] = {
    "xterm", "rxvt",   "alacritty", "contour", "foot", "gnome",  "iterm", "kitty", "konsole",
    "kterm", "mintty", "putty",     "rio",     "st-",  "screen", "tmux",  "vte",   "wezterm",
};

/* Beginnings of $TERM whose terminals may be asked what they can do; and those among them that
   print device control strings, or hand them on to a terminal around them. */
static const char *const answering[] = {
    "alacritty", "contour", "foot",   "ghostty", "gnome",   "iterm",
    "kitty",     "konsole", "mintty", "putty",   "rio",     "rxvt-unicode",
    "st-",       "screen",  "tmux",   "vte",     "wezterm", "xterm",
};
static const char *const without_strings[] = {"putty", "screen"};

static bool begins_with_one_of(const char *name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strncmp(name, list[i], strlen(list[i])) == 0)
            return true;
    }
    return false;
}
#define ENTRY_BYTES                                                                                \
    ((size_t)128 * 1024) /* twice of the largest that ncurses reads, and copies of it */
#define BEGINS_WITH(name, list) begins_with_one_of(name, list, sizeof(list) / sizeof(list)[0])

enum source { FROM_TERMINFO, FROM_NAME, FROM_NOTHING };

static enum source look_up(const char **term, char *remark, size_t remark_size)
{
    int found = 0;

    *remark = '\0';
    *term = getenv("TERM");
    if (!*term || !**term) {
        snprintf(remark, remark_size, "TERM is not set, so nothing is known of the terminal");
        return FROM_NOTHING;
    }
    if (cur_term) /* of an earlier call */
        (void)del_curterm(cur_term);
    xalloc_set_aside(ENTRY_BYTES); /* it does not look whether it gets all that it asks for */
    if (setupterm(NULL, STDOUT_FILENO, &found) == OK)
        return FROM_TERMINFO;
    if (found == 1) { /* there is an entry, but for paper */
        snprintf(remark, remark_size, "TERM is \"%.40s\", which cannot move its cursor", *term);
        return FROM_NOTHING;
    }
    if (BEGINS_WITH(*term, xterm_like)) {
        snprintf(remark, remark_size,
                 "no terminfo entry for TERM \"%.40s\": going on as with an xterm", *term);
        return FROM_NAME;
    }
    snprintf(remark, remark_size,
             "no terminfo entry for TERM \"%.40s\"; set TERM to what the terminal is, for example"
             " xterm-256color, or install the entry (ncurses-term)",
             *term);
    return FROM_NOTHING;
}

static const char *capability(const char *name)
{
    char query[16];
    const char *s;

    snprintf(query, sizeof query, "%s", name);
    s = tigetstr(query);
    return s == (const char *)-1 ? NULL : s;
}

/* Copies without padding, "$<5/>", which only hardware of the last century needs. What does not
   fit is left out whole. */
static void copy_unpadded(const char *from, char *out, size_t size)
{
    size_t len = 0;

    while (from && *from) {
        const char *end = strncmp(from, "$<", 2) == 0 ? strchr(from, '>') : NULL;
        if (end) {
            from = end + 1;
        } else if (len + 1 < size) {
            out[len++] = *from++;
        } else {
            len = 0;
            break;
        }
    }
    out[len] = '\0';
}

/* A flag, number or string that is in the entry, among the names that are no standard's, too. */
static bool has(const char *name)
{
    char query[16];

    if (capability(name))
        return true;
    snprintf(query, sizeof query, "%s", name);
    if (tigetflag(query) == 1)
        return true;
    snprintf(query, sizeof query, "%s", name);
    return tigetnum(query) > 0;
}

/* xterm's relatives take 256 colours whatever their entry says: "xterm" has 8 for the sake of what
   xterm was long ago. */
static uint32_t colours_of(const char *term, int listed)
{
    const char *announced = getenv("COLORTERM");

    if (has("RGB") || has("Tc") || listed >= 1 << 24 ||
        (announced && (strcmp(announced, "truecolor") == 0 || strcmp(announced, "24bit") == 0)))
        return COLOURS_DIRECT;
    if (listed >= 256 || BEGINS_WITH(term, xterm_like))
        return 256;
    return listed >= 16 ? 16 : 8;
}

/* First guesses; the terminal may say more when it is asked. */
static void load_looks(const char *term, struct caps *caps)
{
    caps->colours = colours_of(term, tigetnum((char[]){"colors"}));
    caps->faint = has("dim");
    caps->struck = has("smxx");
    caps->overline = has("Smol");
    caps->underline_styles = caps->double_underline = has("Smulx") || has("Su");
    caps->underline_colour = has("Setulc") || has("Su");
    caps->cursor_style = has("Ss");
    caps->cursor_colour = has("Cs");
    /* Who shows titles leaves alone other commands of this kind that it does not know. */
    caps->links = caps->directory = caps->prompt_marks = caps->title;
    caps->clipboard = caps->title || has("Ms");
}

static void load_keys(struct caps *caps)
{
    const char *keypad = capability("smkx");

    caps->keypad = keypad && strstr(keypad, "\033=");
}

bool terminfo_load(struct caps *caps, char *remark, size_t remark_size)
{
    const char *term;
    enum source source = look_up(&term, remark, remark_size);

    *caps = (struct caps){0};
    if (source == FROM_NOTHING)
        return false;
    caps->title = BEGINS_WITH(term, with_title);
    if (source == FROM_NAME) {
        caps->erase_chars = true;
        caps->colours = 256;
        caps->keypad = true;
        strcpy(caps->enter_screen, "\033[?1049h");
        strcpy(caps->leave_screen, "\033[?1049l");
        return true;
    }
    if (!capability("cup")) {
        snprintf(remark, remark_size, "TERM is \"%.40s\", which cannot move its cursor", term);
        return false;
    }
    caps->erase_chars = capability("ech") != NULL;
    caps->back_color_erase = tigetflag((char[]){"bce"}) == 1;
    load_looks(term, caps);
    load_keys(caps);
    copy_unpadded(capability("smcup"), caps->enter_screen, sizeof caps->enter_screen);
    copy_unpadded(capability("rmcup"), caps->leave_screen, sizeof caps->leave_screen);
    return true;
}

enum terminfo_manners terminfo_manners(void)
{
    const char *term = getenv("TERM"), *program = getenv("TERM_PROGRAM");

    if (!term || !BEGINS_WITH(term, answering))
        return TERMINFO_UNKNOWN;
    if (BEGINS_WITH(term, without_strings) || (program && !strcmp(program, "Apple_Terminal")) ||
        getenv("ConEmuPID"))
        return TERMINFO_TAKES_QUESTIONS;
    return TERMINFO_TAKES_STRINGS;
}

bool terminfo_colors(int *colors, char *remark, size_t remark_size)
{
    const char *term;

    switch (look_up(&term, remark, remark_size)) {
    case FROM_TERMINFO:
        *colors = tigetnum((char[]){"colors"});
        return true;
    case FROM_NAME:
        *colors = strstr(term, "256color") || strstr(term, "direct") ? 256 : 8;
        return true;
    default:
        return false;
    }
}
