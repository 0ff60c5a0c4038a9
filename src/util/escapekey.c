/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "util/escapekey.h"

#define CTRL(letter) ((letter)-64)
#define DELETE       0x7F

/* Keys without which nobody can work at a terminal. */
static bool is_indispensable(int key)
{
    return key == CTRL('C') || key == CTRL('D') || key == CTRL('J') || key == CTRL('L') ||
           key == CTRL('M');
}

int escapekey_parse(const char *value, bool *understood)
{
    int key = -1;

    *understood = true;
    if (!value)
        return ESCAPE_KEY_DEFAULT;
    if (!value[0])
        return ESCAPE_KEY_NONE;
    if (!value[1])
        key = (unsigned char)value[0];
    else if (value[0] == '^' && !value[2] && value[1] == '?')
        key = DELETE;
    else if (value[0] == '^' && !value[2] && value[1] > '@' && value[1] < DELETE)
        key = value[1] & 0x1F;
    if (key >= 1 && key <= DELETE && !is_indispensable(key))
        return key;
    *understood = false;
    return ESCAPE_KEY_DEFAULT;
}
