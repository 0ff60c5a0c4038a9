/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/keypress.h"

#include <string.h>

#define ESC 0x1B
#define DEL 0x7F

/* Numbers of the kitty protocol in Unicode's private area. */
enum {
    KITTY_FIRST = 57344,
    KITTY_LAST = 63743,
    KITTY_CAPS_LOCK = 57358,
    KITTY_NUM_LOCK = 57360,
    KITTY_LEFT_SHIFT = 57441,
    KITTY_ISO_LEVEL5 = 57454,
};

/* The keypad, from number 57399 on: what these keys send. */
static const char keypad[] = "0123456789./*-+\r=,";
#define KITTY_KEYPAD 57399u

/* What Shift makes of a key, on a keyboard of which we know nothing. */
static const char unshifted[] = "`1234567890-=[]\\;',./";
static const char shifted[] = "~!@#$%^&*()_+{}|:\"<>?";

static uint32_t with_shift(uint32_t code)
{
    const char *at;

    if (code >= 'a' && code <= 'z')
        return code - 'a' + 'A';
    at = code > 0 && code < DEL ? strchr(unshifted, (int)code) : NULL;
    return at ? (uint32_t)shifted[at - unshifted] : code;
}

/* What Ctrl makes of a character: by the VT220, which has it on digits and signs, too. */
static int with_ctrl(uint32_t code)
{
    static const char signs[] = " 2345678/";
    static const uint8_t made[] = {0, 0, 0x1B, 0x1C, 0x1D, 0x1E, 0x1F, DEL, 0x1F};
    const char *at;

    if (code >= 'a' && code <= '~')
        return code == '~' ? 0x1E : (int)(code & 0x1F);
    if (code >= '@' && code <= '_')
        return (int)(code & 0x1F);
    if (code == '?')
        return DEL;
    if (code == '\r' || code == '\t' || code == ESC || code == DEL)
        return code == DEL ? '\b' : (int)code;
    at = code > 0 && code < DEL ? strchr(signs, (int)code) : NULL;
    return at ? made[at - signs] : -1;
}

static uint32_t param_or(const struct token *t, size_t index, size_t sub, uint32_t other)
{
    uint32_t n = token_param(t, index, sub);

    return n == TOKEN_ABSENT ? other : n;
}

static unsigned modifiers_of(uint32_t param)
{
    const unsigned all = KEYPRESS_SHIFT | KEYPRESS_ALT | KEYPRESS_CTRL | KEYPRESS_OTHER_MODIFIERS;

    return param > 0 && param <= 256 ? (param - 1) & all : 0; /* without the locks */
}

static enum keypress_event event_of(uint32_t param)
{
    return param == KEYPRESS_REPEATED || param == KEYPRESS_UP ? (enum keypress_event)param
                                                              : KEYPRESS_DOWN;
}

static bool is_on_keypad(uint32_t code)
{
    return code >= KITTY_KEYPAD && code < KITTY_KEYPAD + sizeof keypad - 1;
}

/* The character of a key of these protocols. A key of another script has beside its own character
   that of the same place on a Latin keyboard, which Ctrl is typed with. */
static uint32_t character(const struct token *t, uint32_t code, unsigned modifiers, bool kitty)
{
    uint32_t text = kitty ? token_param(t, 2, 0) : TOKEN_ABSENT;
    uint32_t shifted_code = kitty ? token_param(t, 0, 1) : TOKEN_ABSENT;
    uint32_t base = kitty ? token_param(t, 0, 2) : TOKEN_ABSENT;

    if (is_on_keypad(code))
        return (uint32_t)(unsigned char)keypad[code - KITTY_KEYPAD];
    if (modifiers & KEYPRESS_CTRL)
        return code > DEL && base != TOKEN_ABSENT ? base : code;
    if (text != TOKEN_ABSENT && text >= ' ')
        return text;
    if (!(modifiers & KEYPRESS_SHIFT))
        return code;
    return shifted_code != TOKEN_ABSENT ? shifted_code : with_shift(code);
}

/* Ctrl with the character that Shift makes, if the one without it has no such meaning: Ctrl-^ where
   ^ is Shift and another key. */
static int control_byte(const struct token *t, const struct keypress *k, bool kitty)
{
    uint32_t shifted_code = kitty ? token_param(t, 0, 1) : TOKEN_ABSENT;
    int byte;

    if ((k->modifiers & KEYPRESS_SHIFT) && shifted_code != TOKEN_ABSENT) {
        byte = with_ctrl(shifted_code);
        if (byte >= 0)
            return byte;
    }
    if ((k->modifiers & KEYPRESS_SHIFT) && k->code != ' ' && !(k->code >= 'a' && k->code <= 'z')) {
        byte = with_ctrl(with_shift(k->code));
        if (byte >= 0)
            return byte;
    }
    return with_ctrl(k->code);
}

static int byte_of(const struct token *t, const struct keypress *k, bool kitty)
{
    if (k->modifiers & KEYPRESS_OTHER_MODIFIERS)
        return -1;
    if (k->modifiers & KEYPRESS_CTRL)
        return control_byte(t, k, kitty);
    return k->code <= DEL ? (int)k->code : -1;
}

/* A key that may have a character of its own. */
static bool read_other_key(const struct token *t, struct keypress *k, uint32_t code, uint32_t param)
{
    bool kitty = t->code == 'u';

    k->modifiers = modifiers_of(param);
    if (code >= KITTY_FIRST && code <= KITTY_LAST && !is_on_keypad(code)) {
        k->function = KEYPRESS_KITTY(code);
        return true;
    }
    k->code = character(t, code, k->modifiers, kitty);
    k->byte = byte_of(t, k, kitty);
    return true;
}

/* Reports that look like keys: of the cursor's position, of a window, of focus, of attributes. */
static bool is_report(const struct token *t)
{
    uint32_t marker = t->code >> 16;

    if (marker != 0 && marker != '[')
        return true;
    /* F3 with a modifier looks like a position in the first row; that one is no harm. */
    if (t->code == 'R')
        return token_param(t, 1, 0) != TOKEN_ABSENT;
    return t->code == 'n' || t->code == 'c' || t->code == 'y' || t->code == 't' || t->code == 'I' ||
           t->code == 'O' || t->code == 'M';
}

static bool read_csi(const struct token *t, struct keypress *k)
{
    enum { OTHER_KEY = 27, PASTE_BEGINS = 200, PASTE_ENDS = 201 };
    uint32_t number = param_or(t, 0, 0, t->code == '~' ? 0 : 1);

    if (is_report(t))
        return false;
    if (t->code == 'u') {
        k->event = event_of(token_param(t, 1, 1));
        return read_other_key(t, k, number, param_or(t, 1, 0, 1));
    }
    if (t->code == '~' && number == OTHER_KEY && token_param(t, 2, 0) != TOKEN_ABSENT)
        return read_other_key(t, k, token_param(t, 2, 0), param_or(t, 1, 0, 1));
    if (t->code == '~' && (number == PASTE_BEGINS || number == PASTE_ENDS))
        return false;
    k->modifiers = modifiers_of(param_or(t, 1, 0, 1));
    k->event = event_of(token_param(t, 1, 1));
    k->function = t->code == '~' ? KEYPRESS_NUMBER(number) : t->code;
    return true;
}

bool keypress_read(const struct token *t, struct keypress *k)
{
    *k = (struct keypress){.event = KEYPRESS_DOWN, .byte = -1};
    switch (t->kind) {
    case TOKEN_ESCAPE:
    case TOKEN_CHARACTER:
    case TOKEN_CONTROL:
        k->modifiers = t->kind == TOKEN_ESCAPE ? KEYPRESS_ALT : 0;
        k->code = t->code;
        k->byte = t->code <= DEL ? (int)t->code : -1;
        return true;
    case TOKEN_SS3:
        k->function = t->code;
        return true;
    case TOKEN_CSI:
        return read_csi(t, k);
    default:
        return false;
    }
}

bool keypress_is_modifier(const struct keypress *k)
{
    uint32_t number = k->function >> 8;

    return (k->function & 0xFF) == 'u' &&
           ((number >= KITTY_LEFT_SHIFT && number <= KITTY_ISO_LEVEL5) ||
            (number >= KITTY_CAPS_LOCK && number <= KITTY_NUM_LOCK));
}
