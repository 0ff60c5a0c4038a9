/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/escape.h"

#include <stdio.h>

#include "session/client.h"

#define CTRL(letter) ((letter)-64)
#define ESC          0x1B
#define DELETE       0x7F

static bool is_control(int key)
{
    return key < ' ' || key == DELETE;
}

/* What the key's cap shows: the letter of a control key. */
static char key_letter(int key)
{
    return (char)(key == DELETE ? '?' : key < ' ' ? key + 64 : key);
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* --- the value of MOSH_ESCAPE_KEY --- */

/* Keys without which nobody can work at a terminal. */
static bool is_indispensable(int key)
{
    return key == CTRL('C') || key == CTRL('D') || key == CTRL('J') || key == CTRL('L') ||
           key == CTRL('M');
}

int escape_parse(const char *value, bool *understood)
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

/* --- typing --- */

static enum escape_verdict command(const struct escape *e, uint8_t byte, bool last)
{
    char letter = key_letter(e->key);

    if (byte == '.')
        return ESCAPE_QUIT;
    if (byte == CTRL('Z'))
        return ESCAPE_SUSPEND;
    if (byte == e->key || byte == letter || byte == lower(letter))
        return ESCAPE_SEND_KEY;
    if (byte == ESC && last)
        return ESCAPE_SWALLOW;
    return ESCAPE_SEND_TWO;
}

enum escape_verdict escape_feed(struct escape *e, uint8_t byte, bool last)
{
    enum escape_verdict verdict = ESCAPE_SEND;

    if (e->pending) {
        e->pending = false;
        verdict = command(e, byte, last);
    } else if (byte == e->key && (is_control(e->key) || e->line_start)) {
        e->pending = true;
        return ESCAPE_SWALLOW;
    }
    if (verdict != ESCAPE_SWALLOW)
        e->line_start = verdict != ESCAPE_SEND_KEY && (byte == '\r' || byte == '\n');
    return verdict;
}

/* --- names --- */

void escape_name(int key, char *out, size_t size)
{
    snprintf(out, size, is_control(key) ? "Ctrl-%c" : "%c", key_letter(key));
}

void escape_help(const struct escape *e, char *out, size_t size)
{
    char name[16];

    escape_name(e->key, name, sizeof name);
    snprintf(out, size, "press . to quit, Ctrl-Z to suspend, %c to send %s, Esc to go back",
             key_letter(e->key), name);
}

void escape_quit_keys(const struct escape *e, char *out, size_t size)
{
    char name[16];

    out[0] = '\0';
    if (e->key == ESCAPE_KEY_NONE)
        return;
    escape_name(e->key, name, sizeof name);
    snprintf(out, size, is_control(e->key) ? "%s ." : "Enter %s .", name);
}
