/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/profile.h"

#define FOUR PROFILE_NO_COLOUR, PROFILE_NO_COLOUR, PROFILE_NO_COLOUR, PROFILE_NO_COLOUR

const struct profile profile_silent = {
    .foreground = PROFILE_NO_COLOUR,
    .background = PROFILE_NO_COLOUR,
    .cursor = PROFILE_NO_COLOUR,
    .palette = {FOUR, FOUR, FOUR, FOUR},
};
