/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_CAPS_H
#define MOSH_TERMINAL_CAPS_H

/*
 * What the terminal that will read the display's bytes can do. Plain data: the shell fills it from
 * what is known of the user's terminal, the server uses the constants below.
 *
 * What a terminal cannot do, the display replaces by the next best or leaves out. {0} is a terminal
 * of which nothing is known.
 */

#include <stdbool.h>
#include <stdint.h>

#define COLOURS_DIRECT ((uint32_t)1 << 24) /* caps.colours: RGB as it is */

/* Terminals have different commands for notifications: "9;text", "777;notify;title;body", and
   kitty's. */
enum note_form { NOTE_NONE, NOTE_OSC9, NOTE_OSC777, NOTE_OSC99 };

struct caps {
    bool erase_chars;      /* ech */
    bool back_color_erase; /* bce: erasing uses the current background */
    bool title;            /* shows OSC 0, 1 and 2 and does not print them */
    char enter_screen[64]; /* smcup, or empty */
    char leave_screen[64]; /* rmcup, or empty */
    bool mirror;           /* no terminal but a client's copy: nobody else has set anything on it */

    /* How a character can look. */
    uint32_t colours;      /* 8, 16, 256 or COLOURS_DIRECT; 0: not known, and as if direct */
    bool faint;            /* SGR 2 */
    bool struck;           /* SGR 9 */
    bool overline;         /* SGR 53 */
    bool rapid_blink;      /* SGR 6 */
    bool double_underline; /* SGR 21 */
    bool underline_styles; /* SGR 4:2 to 4:5 */
    bool underline_colour; /* SGR 58 */
    bool links;            /* OSC 8 */
    bool clusters_set;     /* mode 2027 was on before we came */
    bool clusters;         /* mode 2027: a grapheme cluster is one character */
    bool stock_widths; /* without: each code point surely has columns of its own, and U+FE0F none */

    /* What belongs to the whole screen. */
    bool cursor_style;        /* DECSCUSR: shape and blinking */
    bool cursor_colour;       /* OSC 12, 112 */
    bool default_colours;     /* OSC 10, 11, 110, 111 */
    bool palette;             /* OSC 4, 104 */
    bool directory;           /* OSC 7 */
    bool progress;            /* OSC 9;4 */
    bool prompt_marks;        /* OSC 133 */
    bool synchronized_output; /* mode 2026 */

    /* What its keyboard and mouse can send. */
    bool keypad;            /* DECKPAM, DECKPNM */
    bool kitty_keyboard;    /* CSI = flags ; 1 u */
    bool modify_other_keys; /* CSI > 4 ; n m */
    bool pixel_mouse;       /* mode 1016 */
    bool scheme_reports;    /* mode 2031: tells when its colours become dark or light */

    /* What happens once (terminal/events.h). */
    bool clipboard_read; /* the user lets programs read the clipboard (OSC 52 with "?") */
    bool clipboard;      /* OSC 52 with selectors, each write for itself */
    enum note_form notifications;
};

/* The client's mirror: what every mosh client understands. */
extern const struct caps caps_mirror;

/* The mirror of a client that has announced all that we know. The server takes away what it did
   not announce. */
extern const struct caps caps_extended;

#endif
