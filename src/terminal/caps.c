/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/caps.h"

#define EVERY_MIRROR                                                                               \
    .mirror = true, .erase_chars = true, .back_color_erase = true, .title = true,                  \
    .colours = COLOURS_DIRECT

const struct caps caps_mirror = {EVERY_MIRROR, .stock_widths = true};

const struct caps caps_extended = {
    EVERY_MIRROR,
    .faint = true,
    .struck = true,
    .overline = true,
    .rapid_blink = true,
    .double_underline = true,
    .underline_styles = true,
    .underline_colour = true,
    .links = true,
    .clusters = true,
    .cursor_style = true,
    .cursor_colour = true,
    .default_colours = true,
    .palette = true,
    .directory = true,
    .progress = true,
    .prompt_marks = true,
    .synchronized_output = true,
    .keypad = true,
    .kitty_keyboard = true,
    .modify_other_keys = true,
    .pixel_mouse = true,
    .clipboard = true,
    .notifications = NOTE_OSC9,
};
