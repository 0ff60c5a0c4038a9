/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/escape.h"

#include <stdio.h>
#include <string.h>

#include "session/client.h"
#include "terminal/keypress.h"

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

/* --- typing --- */

/* The byte that the key is in every protocol, or -1. Alt makes another key of it. */
static int plain_byte(const struct keypress *k)
{
    return k->modifiers & KEYPRESS_ALT ? -1 : k->byte;
}

static enum escape_verdict command(const struct escape *e, const struct keypress *k)
{
    char letter = key_letter(e->key);
    int byte = plain_byte(k);

    if (byte == '.')
        return ESCAPE_QUIT;
    if (byte == CTRL('Z'))
        return ESCAPE_SUSPEND;
    if (byte >= 0 && (byte == e->key || byte == letter || byte == lower(letter)))
        return ESCAPE_SEND_KEY;
    if (byte == '[')
        return ESCAPE_LOOK_BACK;
    if (byte == 'i')
        return ESCAPE_STATUS;
    return byte == ESC ? ESCAPE_SWALLOW : ESCAPE_SEND_TWO;
}

static bool is_escape_key(const struct escape *e, const struct keypress *k)
{
    return e->key != ESCAPE_KEY_NONE && plain_byte(k) == e->key &&
           (is_control(e->key) || e->line_start);
}

static void open_menu(struct escape *e, const uint8_t *bytes, size_t len)
{
    e->pending = true;
    e->typed_len = len < sizeof e->typed ? len : 0;
    memcpy(e->typed, bytes, e->typed_len);
}

static enum escape_verdict press(struct escape *e, const struct token *t, const struct keypress *k)
{
    enum escape_verdict verdict = ESCAPE_SEND;
    int byte = plain_byte(k);

    if (e->panel && !is_escape_key(e, k)) {
        e->panel = false;
        e->down = k->code;
        return ESCAPE_SWALLOW;
    }
    e->panel = false;
    if (e->pending) {
        e->pending = false;
        verdict = command(e, k);
        e->panel = verdict == ESCAPE_STATUS;
    } else if (is_escape_key(e, k)) {
        open_menu(e, t->bytes, t->len);
        verdict = ESCAPE_SWALLOW;
    } else if (t->kind == TOKEN_ESCAPE && (int)t->code == e->key && is_control(e->key)) {
        open_menu(e, t->bytes + 1, t->len - 1); /* Esc, and quickly after it the key */
        verdict = ESCAPE_SEND_ESC;
    }
    e->down = verdict == ESCAPE_SWALLOW || verdict == ESCAPE_LOOK_BACK || verdict == ESCAPE_STATUS
                  ? k->code
                  : 0;
    if (!e->pending && verdict != ESCAPE_SWALLOW)
        e->line_start = verdict != ESCAPE_SEND_KEY && (byte == '\r' || byte == '\n');
    return verdict;
}

/* What is not pressed leaves the menu open: reports, modifiers, keys that are let go. */
enum escape_verdict escape_feed(struct escape *e, const struct token *t)
{
    struct keypress k;

    if (t->kind == TOKEN_PASTE) {
        bool pending = e->pending;

        e->pending = e->line_start = e->panel = false;
        return pending ? ESCAPE_SEND_TWO : ESCAPE_SEND;
    }
    if (t->len == t->passed || !keypress_read(t, &k) || keypress_is_modifier(&k))
        return ESCAPE_SEND;
    if (k.event != KEYPRESS_DOWN && e->down && k.code == e->down) {
        if (k.event == KEYPRESS_UP)
            e->down = 0;
        return ESCAPE_SWALLOW;
    }
    return k.event == KEYPRESS_UP ? ESCAPE_SEND : press(e, t, &k);
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
    snprintf(out, size, ". quit, Ctrl-Z suspend, [ look back, i status, %c send %s, Esc go on",
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
