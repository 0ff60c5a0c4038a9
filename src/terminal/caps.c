/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/caps.h"

const struct caps caps_mirror = {.erase_chars = true, .back_color_erase = true, .title = true};
